"""What a request about campaigns names: the campaign in its path, and the reader of the places in its form."""

from __future__ import annotations

from starlette.requests import Request

from bot.core.errors import NotAllowed
from bot.core.places.resolver import Resolver
from bot.services.campaigns import acts


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
