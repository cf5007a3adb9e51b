"""A tip put on a given unit's desk, by the product's own rules about who can open it."""

from __future__ import annotations

from sqlmodel import Session

from bot.core.units.routing import Facts, Reason, Route, deliver
from bot.services.tips import router
from bot.services.units import register


def straight(session: Session, unit_id: str, reason: Reason = Reason.COMMUNE) -> Route:
    """What routing would say of a tip whose place points to this unit."""
    directory = register.directory(session)
    return deliver(directory.units[unit_id], reason, Facts(), directory, router.keys_now(session))
