"""Where in the list an officer was, so that the way back from a tip ends there: filters and page, or a search and what it found.

A search may be a name or a number, so it stands in no address. It lies in a cookie of the browser's session, sealed under a key
made of the officer's own: neither the server's disk nor the browser's holds it in words, another sign-in cannot read it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict, dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from bot.console.guard import cookie_name
from bot.services.units.signin import SignedIn
from bot.storage import sealing

_MOST_BYTES = 3800  # browsers keep 4,096 of a cookie


@dataclass(frozen=True)
class Place:
    """to: the list's address. q: what was searched for; ids: the tips found that are shown; found, searched: how many were found
    and looked through; all: whether those were all."""

    to: str = "/"
    q: str = field(default="", repr=False)
    ids: tuple[str, ...] = ()
    found: int = 0
    searched: int = 0
    all: bool = True


def keep(request: Request, response: Response, place: Place) -> None:
    """Let the browser bring this place along."""
    officer = request.state.officer
    said = asdict(place) | {"ids": "".join(place.ids)}
    value = base64.urlsafe_b64encode(sealing.seal_json(_key(officer), said, _where(officer))).decode()
    if len(value) > _MOST_BYTES:
        return
    response.set_cookie(
        _name(request), value, httponly=True, samesite="strict", secure=request.app.state.core.settings.secure_cookies,
        path="/",
    )  # fmt: skip


def kept(request: Request) -> Place:
    """Where the officer was; the list as it begins where that is not known, or another sign-in's."""
    value, officer = request.cookies.get(_name(request), ""), request.state.officer
    try:
        said = sealing.unseal_json(_key(officer), base64.urlsafe_b64decode(value.encode()), _where(officer))
        ids = str(said["ids"])
        return Place(**{**said, "ids": tuple(ids[at : at + 32] for at in range(0, len(ids), 32))})
    except (
        sealing.CannotOpen,
        binascii.Error,
        ValueError,
        KeyError,
        TypeError,
    ):  # none, another's, or of an older version
        return Place()


def forget(request: Request, response: Response) -> None:
    """Take the place out of the browser."""
    response.delete_cookie(_name(request), path="/", secure=request.app.state.core.settings.secure_cookies)


def _name(request: Request) -> str:
    return f"{cookie_name(request)}-list"


def _key(officer: SignedIn) -> bytes:
    return sealing.subkey(officer.private_key, "list-place")


def _where(officer: SignedIn) -> str:
    return f"list:{officer.session_id}"
