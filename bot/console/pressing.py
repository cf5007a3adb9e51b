"""Ten seconds between a press and what it does: the console waits with the officer's keys in memory, and then does it."""

from __future__ import annotations

import asyncio
import logging

from sqlmodel import Session
from starlette.requests import Request

from bot.app import Core
from bot.core.errors import LaChanError
from bot.services.tips import pressed
from bot.services.tips.pressed import Press
from bot.services.units.signin import SignedIn

log = logging.getLogger(__name__)


class _Tried(Exception):
    """The act could be done; what the trial wrote is undone."""


async def press(request: Request, referral_id: str, wanted: Press) -> None:
    """Try an act, undo the trial, keep the press and do it when its time has come. Raises what the act raises."""
    core, officer = request.app.state.core, request.state.officer

    def attempt(session: Session) -> None:
        pressed.attempt(session, officer, core.clocks, referral_id, wanted)
        session.flush()
        raise _Tried

    try:
        await core.db.run(attempt)
    except _Tried:
        await core.db.run(lambda s: pressed.keep(s, officer, referral_id, wanted, core.now()))
    tasks: set[asyncio.Task[None]] = request.app.state.pressed
    task = asyncio.create_task(_after(core, officer, referral_id, wanted.at))
    tasks.add(task)  # the loop itself holds no task
    task.add_done_callback(tasks.discard)


async def _after(core: Core, officer: SignedIn, referral_id: str, at: float) -> None:
    await asyncio.sleep(pressed.SECONDS)
    try:
        await carry_out(core, officer, referral_id, at)
    except Exception as error:  # what is not done stays where its officer sees it
        log.error("unhandled", extra={"error": type(error).__name__})


async def carry_out(core: Core, officer: SignedIn, referral_id: str, at: float | None = None) -> None:
    """Do now what the officer pressed; where it cannot be done any more, the press says why and goes on waiting for them.

    at: only the press of that moment; one that was taken back and followed by another has a time of its own.
    """
    try:
        await core.db.run(lambda s: pressed.carry_out(s, officer, core.clocks, referral_id, core.now(), at))
    except LaChanError as error:
        problem = pressed.problem_of(error)
        await core.db.run(lambda s: pressed.fail(s, officer, referral_id, problem, at))
