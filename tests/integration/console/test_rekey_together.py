"""A unit's key is changed by one officer at a time, whatever the database."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.app import Core
from bot.core.errors import InvalidInput
from bot.services.units import public_keys, rekey, signin, unit_keys
from bot.services.units.enrolment import recover_unit
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import Unit
from tests.support.office import Office

UNIT = "ca.31.10645"


def officers(core: Core, office: Office) -> list[SignedIn]:
    """The same officer twice, with the unit's key as it is now."""

    async def signed_in() -> list[SignedIn]:
        office.tip()
        head = await office.signed_in("anphu")
        token = head.cookies[next(iter(head.cookies))]
        with core.db.transaction() as session:
            return [signin.resume(session, token, office.now) for _ in range(2)]

    return asyncio.run(signed_in())


def test_who_still_holds_the_old_key_prints_no_recovery_key(core: Core) -> None:
    office = Office(core)
    first, second = officers(core, office)
    with core.db.transaction() as session:
        printed = rekey.begin(session, first, office.now)
    with core.db.transaction() as session, pytest.raises(InvalidInput, match="key_doubtful"):
        unit_keys.new_recovery(session, second, office.now)
    with core.db.reading() as session:
        unit = session.get(Unit, UNIT)
        assert unit is not None
        assert sealing.public_of(recover_unit(unit, printed)) == unit.public_key, "what was printed opens the unit"


def test_of_two_who_begin_at_the_same_moment_one_changes_the_key(core: Core) -> None:
    office = Office(core)

    both, together = officers(core, office), threading.Barrier(2)

    def begin(by: SignedIn) -> str:
        together.wait()
        try:
            with core.db.transaction() as session:
                rekey.begin(session, by, office.now)
        except InvalidInput as error:
            return error.code
        return "changed"

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(begin, both))
    assert answers[0] == "changed"
    assert answers[1] in {"key_doubtful", "rekey_running"}, "told in words, not broken off"
    with core.db.reading() as session:
        unit = session.get(Unit, UNIT)
        assert unit is not None
        assert (unit.old_key, unit.rekey_after) == (None, "")
        assert public_keys.doubtful(session) == []
