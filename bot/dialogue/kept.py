"""How a part of the conversation's state is declared, written down and read back. Pure; Python 3.10-compatible.

A field says of itself what it holds, which modules may read it and what ends it. Written down is what differs from the field's
empty value. Read back is what can be read: a value of a wrong kind leaves the field empty, and nothing else is lost.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

T = TypeVar("T")
Read = Callable[[Any], Any]
_ABOUT = "about"


class Unreadable(ValueError):
    """A stored value is not of its field's kind. Never leaves the reading of a state."""


class End(Enum):
    """What ends a field. REST, an hour without a message, ends every field but those of DAY."""

    REST = "an hour without a message"
    DAY = "a day without a message"
    CARD = "the emergency card is some turns away, or the person took their words back"
    INTERVIEW = "the interview ended: sent or given up"
    TIP = "the tip was created: it holds this now, and nothing else does"
    RECEIPT = "the person kept the receipt code or let it go"
    SAID = "the end of the matter it is about; its readers say when"


@dataclass(frozen=True)
class About:
    """what: what the field holds. readers: modules below `bot` that may read it. ends: what ends it.

    needed: without it the part it belongs to means nothing, and is lost with it.
    """

    what: str
    readers: tuple[str, ...]
    ends: frozenset[End]
    read: Read
    needed: bool


def kept(empty: Any, read: Read, what: str, readers: str, *ends: End, needed: bool = False) -> Any:
    """A field. `empty`: its value when nothing is kept, or the class of a part that makes one. `readers`: with blanks between."""
    rest = set() if End.DAY in ends else {End.REST}
    about = About(what, tuple(readers.split()), frozenset({*ends, *rest}), read, needed)
    if isinstance(empty, type):
        return field(default_factory=empty, metadata={_ABOUT: about})
    return field(default=empty, metadata={_ABOUT: about})


def about(one: Any) -> About:
    """What a field, one of `dataclasses.fields`, says of itself."""
    found: About = one.metadata[_ABOUT]
    return found


def _empty(one: Any) -> Any:
    return one.default if one.default is not MISSING else one.default_factory()


def written(part: Any) -> dict[str, Any]:
    """A part as a JSON object, without the fields that are empty, unless it cannot do without them."""
    values = ((one, getattr(part, one.name)) for one in fields(part))
    return {one.name: _json(value) for one, value in values if value != _empty(one) or about(one).needed}


def _json(value: Any) -> Any:
    if is_dataclass(value):
        return written(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return [_json(one) for one in value] if isinstance(value, tuple) else value


def read_part(kind: type[T], stored: Mapping[str, Any]) -> T:
    """The part that was written down as `stored`. Raises Unreadable only where a needed field is missing."""
    found = {}
    for one in fields(kind):  # type: ignore[arg-type]
        try:
            if one.name in stored:
                found[one.name] = about(one).read(stored[one.name])
        except Unreadable:
            pass
        if about(one).needed and one.name not in found:
            raise Unreadable(one.name)
    return kind(**found)


def ended(part: T, end: End) -> T:
    """A copy of `part` without what `end` ends, in the parts of it too."""
    left: dict[str, Any] = {}
    for one in fields(part):  # type: ignore[arg-type]
        value = getattr(part, one.name)
        if end in about(one).ends:
            left[one.name] = _empty(one)
        elif is_dataclass(value):
            left[one.name] = ended(value, end)
    return replace(part, **left)  # type: ignore[type-var]


def copied(part: T) -> T:
    """A copy that can be changed without changing `part`; values inside lists and opaque objects are never changed."""
    values = ((one.name, getattr(part, one.name)) for one in fields(part))  # type: ignore[arg-type]
    return replace(part, **{name: copied(value) for name, value in values if is_dataclass(value)})  # type: ignore[type-var]


def words(most: int) -> Read:
    """Text of which the last `most` characters are kept."""
    return lambda value: _sealable(_of(str, value))[-most:]


def name(most: int = 120) -> Read:
    """A short text that means nothing in part: a name, an id, a code."""

    def read(value: Any) -> str:
        if len(_of(str, value)) > most:
            raise Unreadable("long")
        return _sealable(value)

    return read


def number(value: Any) -> float:
    """A time in seconds, or another number."""
    try:
        found = float(_of((int, float), value))
    except OverflowError:
        raise Unreadable("large") from None
    if not math.isfinite(found):
        raise Unreadable("finite")
    return found


def count(least: int = 0, most: int = 1_000_000) -> Read:
    """A whole number between the two."""

    def read(value: Any) -> int:
        found = number(value)
        if not (least <= found <= most and found == int(found)):
            raise Unreadable("count")
        return int(found)

    return read


def flag(value: Any) -> bool:
    """A yes or a no."""
    if not isinstance(value, bool):
        raise Unreadable("flag")
    return value


def octets(value: Any) -> bytes:
    """Bytes, written in base64."""
    try:
        return base64.b64decode(_of(str, value), validate=True)
    except ValueError:
        raise Unreadable("base64") from None


def octets_of(size: int) -> Read:
    """So many bytes, written in base64."""

    def read(value: Any) -> bytes:
        found = octets(value)
        if len(found) != size:
            raise Unreadable("size")
        return found

    return read


def opaque(value: Any) -> dict[str, Any]:
    """A JSON object of somebody else's shape. One that could not be sealed again is not read."""
    try:
        json.dumps(_of(dict, value), ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError):
        raise Unreadable("json") from None
    found: dict[str, Any] = value
    return found


def many(read: Read, most: int) -> Read:
    """A list of which the last `most` are kept, as a tuple; what cannot be read is left out."""

    def all_of(value: Any) -> tuple[Any, ...]:
        found = []
        for one in _of((list, tuple), value)[-most:]:
            try:
                found.append(read(one))
            except Unreadable:
                continue
        return tuple(found)

    return all_of


def part(kind: type[Any]) -> Read:
    """A part with fields of its own."""
    return lambda value: read_part(kind, _of(dict, value))


def _of(kind: type[Any] | tuple[type[Any], ...], value: Any) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Unreadable("kind")
    return value


def _sealable(value: str) -> str:
    """Half a character, as only a broken JSON has, cannot be stored again."""
    return value.encode("utf-8", "replace").decode()
