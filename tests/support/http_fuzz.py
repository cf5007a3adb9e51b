"""Mutated HTTP requests to every route there is: methods, paths, queries, headers, bodies of every kind, from a seed."""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from tests.support.webhook_fuzz import mutated, raw

_PART = re.compile(r"\{(\w+)(?::\w+)?\}")
_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "PROPFIND", "X")
_ENDS = (
    "",
    "/",
    "/..%2f..%2fetc/passwd",
    "/%00",
    "%0d%0aX: y",
    "/%ff%fe",
    ".",
    ";a=b",
    "/" + "a" * 3_000,
    "/😀",
    "//",
    "/.git/config",
)
_HEADERS: tuple[tuple[str, str], ...] = (
    ("Host", "evil.example"), ("Origin", "null"), ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"),
    ("X-Forwarded-For", "1.2.3.4, ::1, x"), ("X-Forwarded-Proto", "gopher"), ("X-HTTP-Method-Override", "DELETE"),
    ("Range", "bytes=-1"), ("Range", "bytes=0-,5-2,999999999999999999999-"), ("If-None-Match", "*"), ("Accept", "%"),
    ("If-Modified-Since", "gestern"), ("Cookie", "a=b; ; =; __Host-x=" + "y" * 2_000), ("Accept-Language", "vi;q=x"),
    ("Last-Event-ID", "-1"), ("Last-Event-ID", "9" * 40), ("Last-Event-ID", "²"), ("Authorization", "Bearer"),
    ("Authorization", "Basic AAAA"), ("Authorization", "Bearer " + "x" * 43), ("Authorization", "Bearer " + "é" * 30),
    ("Content-Encoding", "gzip"), ("Expect", "nothing"), ("Upgrade", "websocket"), ("Content-Length", "x"),
)  # fmt: skip
_KINDS = (
    "application/json", "application/json; charset=utf-16", "application/x-www-form-urlencoded", "multipart/form-data",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=b", "text/plain", "", "application/xml", "\xff",
)  # fmt: skip
_WORDS = (
    "", "0", "-1", "x", "yes", "%00", "\x00", "ước", "'; DROP TABLE tip;--", "{{7*7}}", "<script>", "=1+1", "9" * 30, "1e400",
    "\u202e", "a" * 9_000, "2027-02-30", "25:61", "😀" * 50, "../../etc/passwd", "null", "ca.31.10645", "²",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A route: its path with {names}, its methods, and forms or JSON bodies that mean something there."""

    path: str
    methods: tuple[str, ...]
    bodies: Sequence[Mapping[str, object]] = ()


@dataclass
class Shot:
    """One request."""

    method: str
    path: str
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""


def places(app: Starlette, bodies: Mapping[str, Sequence[Mapping[str, object]]]) -> list[Place]:
    """Every route of `app`. bodies: by path."""
    found = []
    for route in app.routes:
        if isinstance(route, Mount):
            found.append(Place(f"{route.path}/{{file}}", ("GET",)))
        elif isinstance(route, Route):
            path = route.path
            found.append(Place(path, tuple(sorted(route.methods or {"GET"})), bodies.get(path, ())))
    return found


def shot(
    where: Sequence[Place], values: Mapping[str, Sequence[str]], proofs: Sequence[Mapping[str, str]], seed: int
) -> Shot:
    """The request that `seed` makes. values: what may stand for a name in a path. proofs: headers of who may come in."""
    rng = random.Random(seed)
    place = rng.choice(where)
    path = _PART.sub(lambda part: quote(_value(part[1], values, rng), safe=""), place.path)
    if rng.random() < 0.15:
        path += rng.choice(_ENDS)
    if rng.random() < 0.3:
        names = ("after", "page", "q", "unit", "month", "from", "to", "format", rng.choice(_WORDS))
        path += "?" + urlencode([(rng.choice(names), rng.choice(_WORDS)) for _ in range(rng.randrange(1, 4))])
    method = rng.choice(place.methods) if rng.random() < 0.85 else rng.choice(_METHODS)
    made = Shot(method, path.encode("utf-8", "replace").decode())
    said = dict(rng.choice(proofs)) if proofs and rng.random() < 0.85 else {}
    if method not in {"GET", "HEAD", "OPTIONS"} or rng.random() < 0.05:
        kind, made.body = _body(place, rng)
        said["Content-Type"] = kind
    pairs = [*said.items(), *(rng.choice(_HEADERS) for _ in range(rng.randrange(3) if rng.random() < 0.4 else 0))]
    made.headers = [(name.encode(), value.encode("utf-8")) for name, value in pairs]
    return made


def _value(name: str, values: Mapping[str, Sequence[str]], rng: random.Random) -> str:
    known = values.get(name, ())
    return rng.choice(known) if known and rng.random() < 0.75 else rng.choice(_WORDS) or "x"


def _body(place: Place, rng: random.Random) -> tuple[str, bytes]:
    sample = copy.deepcopy(dict(rng.choice(place.bodies))) if place.bodies else {"text": "x", "message_id": "m"}
    if "message_id" in sample:
        sample["message_id"] = f"m{rng.randrange(10**9)}"
    if rng.random() < 0.8:
        sample = mutated(sample, rng, rng.randrange(1, 4))
    kind = rng.choice(_KINDS[:4]) if rng.random() < 0.85 else rng.choice(_KINDS)
    if kind.startswith("multipart"):
        boundary = "b" if "boundary" in kind else f"b{rng.randrange(99)}"
        header = kind if "boundary" in kind else f"{kind}; boundary={boundary}"
        return header, _cut(_multipart(sample, boundary, rng), rng)
    if "urlencoded" in kind:
        flat = sample.items() if isinstance(sample, dict) else [("x", sample)]
        return kind, _cut(urlencode([(str(key), _text(value)) for key, value in flat], errors="replace").encode(), rng)
    return kind, raw(sample, rng)


def _multipart(sample: object, boundary: str, rng: random.Random) -> bytes:
    pieces = []
    for key, value in sample.items() if isinstance(sample, dict) else [("x", sample)]:
        pieces.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{_text(value)}\r\n'.encode(
                "utf-8", "replace"
            )
        )
    for _ in range(rng.choice((0, 1, 1, 2, 12))):
        name = rng.choice(("a.jpg", "", "../x", "é" * 100, 'a"b', "a.exe"))
        data = rng.choice(
            (b"", b"\xff\xd8\xff\xe0" + rng.randbytes(40), b"%PDF-1.4", b"OggS" + bytes(60), rng.randbytes(300))
        )
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{rng.choice(("file", "file[]", "x"))}"; filename="{name}"\r\n\r\n'
        pieces.append(head.encode() + data + b"\r\n")
    return b"".join(pieces) + f"--{boundary}--\r\n".encode()


def _text(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", "replace").decode()


def _cut(body: bytes, rng: random.Random) -> bytes:
    return body[: rng.randrange(len(body) + 1)] if rng.random() < 0.1 else body
