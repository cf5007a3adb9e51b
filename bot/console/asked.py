"""What forms name: the campaign in the path, and places in the words of whoever writes them."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request

from bot.core.errors import InvalidInput, NotAllowed
from bot.core.places.model import Status
from bot.core.places.resolver import Resolver
from bot.core.text import nfc
from bot.core.written import MOST_MARKS
from bot.services.campaigns import acts

MOST_OFFERED = 12  # communes of one name to choose from
MOST_PLACE_CHARS = 300


def resolver(request: Request) -> Resolver:
    """Reads the places of a form; built once for the process."""
    state = request.app.state
    if not hasattr(state, "resolver"):
        state.resolver = Resolver(state.core.gazetteer)
    return state.resolver


def number(request: Request) -> int:
    """The campaign in the path. Raises NotAllowed for one that no database could hold."""
    found = int(request.path_params["id"])
    if found > acts.MOST_ID:
        raise NotAllowed("campaign")
    return found


def text(form: FormData, name: str) -> str:
    """A field of a form, without blanks around it; "" where it is none or a file."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def count(written: str) -> int:
    """A number of people; nonsense is one that no rule accepts."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 6 else -1


@dataclass(frozen=True)
class Place:
    """A place that was read: commune and province, codes or "", and the communes it may be where that is not clear."""

    commune: str = ""
    province: str = ""
    choices: tuple[str, ...] = ()


def place(request: Request, form: FormData) -> Place:
    """The place in the fields "place" and "pick" (a commune chosen among those offered before).

    Raises InvalidInput('place_unknown' | 'place_unclear') for words that lead nowhere.
    """
    gazetteer = request.app.state.core.gazetteer
    picked = text(form, "pick")
    if picked in gazetteer.communes:
        return Place(picked, gazetteer.communes[picked].province)
    written = place_written(form)
    if not written:
        return Place()
    found = resolver(request).resolve(written)
    if found.status is Status.COMMUNE and not found.alternatives:
        return Place(found.codes[0], gazetteer.communes[found.codes[0]].province)
    if found.status is Status.PROVINCE and found.province:
        return Place("", found.province)
    choices = tuple(dict.fromkeys([*found.codes, *found.alternatives]))[:MOST_OFFERED]
    if not choices:
        raise InvalidInput("place_unknown" if found.status is Status.NONE else "place_unclear")
    return Place(choices=choices)


def place_written(form: FormData) -> str:
    """The words of the field "place", as they are read."""
    return nfc(text(form, "place")[: MOST_MARKS * MOST_PLACE_CHARS])[:MOST_PLACE_CHARS]
