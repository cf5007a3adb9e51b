"""A key that somebody with the database alone puts in the place of a unit's opens nothing, and everybody learns of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import select, update

from bot.checks import desks as desk_checks
from bot.checks.findings import Mark
from bot.core.errors import NotAuthenticated
from bot.jobs import clocks as clock_duty
from bot.services import audit
from bot.services.units import enrolment, public_keys, unit_keys
from bot.services.units.signin import hash_token
from bot.storage import marks, sealing
from bot.storage.database import MIGRATIONS, migrate
from bot.storage.tables import Audit, Notice, Officer, Referral, TipKey, Unit, UnitKey
from tests.support import commands
from tests.support.console import post, run
from tests.support.office import Office
from tests.support.world import environment, settings_in

ROOT = Path(__file__).resolve().parents[3]
UNIT, ABOVE = "ca.31.10645", "ca.31"
STRANGER = sealing.new_pair()


@pytest.fixture
def office(core) -> Office:
    return Office(core)


def replace(office: Office, unit: str = UNIT, *, key: bytes = STRANGER.public, mark: bytes | None = None) -> Unit:
    """What a database administrator can do: write any column. Returns the unit as it was."""
    with office.core.db.transaction() as session:
        before = session.get(Unit, unit)
        session.expunge(before)
        values = {"public_key": key} | ({"key_mark": mark} if mark is not None else {})
        session.execute(update(Unit).where(Unit.id == unit).values(**values))
        return before


def sealed_keys(office: Office, referral: str) -> dict[str, bytes]:
    with office.core.db.reading() as session:
        tip_id = session.get(Referral, referral).tip_id
        rows = session.execute(select(TipKey).where(TipKey.tip_id == tip_id)).scalars()
        return {row.holder: row.sealed for row in rows}


def opens(sealed: bytes) -> bool:
    try:
        return bool(sealing.open_sealed(STRANGER.private, sealed))
    except sealing.CannotOpen:
        return False


@pytest.mark.parametrize("mark", [None, b"", b"\x01" * 32])
def test_a_tip_is_not_sealed_to_a_strangers_key_but_goes_to_the_unit_above(office, mark):
    replace(office, mark=mark)
    _, referral = office.tip(UNIT)
    keys = sealed_keys(office, referral)
    assert not any(opens(sealed) for sealed in keys.values())
    assert f"unit:{UNIT}" not in keys
    with office.core.db.reading() as session:
        row = session.get(Referral, referral)
        assert (row.unit_id, row.route_reason) == (ABOVE, "unit_key_doubtful")
        told = {(one.unit_id, one.kind) for one in session.execute(select(Notice)).scalars()}
        assert {(UNIT, "key"), (ABOVE, "key")} <= told
        assert session.execute(select(Audit.action).where(Audit.action == "unit_key_doubtful")).all()


def test_the_alarm_is_raised_once_and_without_any_tip(office):
    replace(office)
    for _ in range(3):
        clock_duty.run(office.core)
    with office.core.db.reading() as session:
        alarms = select(Audit.seq).where(Audit.action == "unit_key_doubtful")
        assert len(session.execute(alarms).all()) == 1
        assert len(session.execute(select(Notice.id).where(Notice.kind == "key")).all()) == 2


def test_the_officer_sees_it_at_sign_in_and_can_put_the_true_key_back(office):
    async def story():
        replace(office)
        client = await office.signed_in("anphu")
        for page in ("/", "/me", "/unit"):
            assert "không khớp với khóa bạn đang giữ" in (await client.get(page)).text
        assert "Công an xã An Phú" in (await client.get("/me")).text
        with office.core.db.reading() as session:
            assert session.execute(select(Audit.seq).where(Audit.action == "unit_key_doubtful")).first()
        assert (await post(client, f"/unit/mend/{UNIT}", "/me")).status_code == 303
        assert "không khớp" not in (await client.get("/me")).text
        _, referral = office.tip(UNIT)
        assert (await client.get(f"/referrals/{referral}")).status_code == 200
        with office.core.db.reading() as session:
            assert not public_keys.doubtful(session)

    run(story)


def test_check_and_audit_verify_say_so(office):
    with office.core.db.reading() as session:
        assert desk_checks._keys(session).mark is Mark.GOOD
    replace(office)
    with office.core.db.reading() as session:
        finding = desk_checks._keys(session)
        assert audit.verify(session).ok, "the chain itself is whole"
        assert [unit.id for unit in public_keys.doubtful(session)] == [UNIT]
    assert finding.mark is Mark.BAD
    assert UNIT in finding.words


def test_the_auditors_page_says_so(office):
    async def story():
        replace(office)
        assert "không phải khóa mà nhật ký ghi" in (await (await office.signed_in("kiemtra")).get("/audit")).text

    run(story)


def test_an_older_key_with_an_older_mark_shows_too(office):
    """Whoever once got a unit's old private key could put the old pair back, which the server did mark in its time."""
    with office.core.db.transaction() as session:
        unit = session.get(Unit, UNIT)
        fresh = sealing.new_pair()
        public_keys.set_unit(session, unit, fresh.public)
        detail = f"unit={UNIT} key={public_keys.fingerprint(fresh.public)}"
        audit.record(session, office.now, "system", "unit_key_restored", "", detail)
        old = marks.mark(session, "unit", UNIT, STRANGER.public)
    replace(office, mark=old)
    with office.core.db.reading() as session:
        assert public_keys.is_sound(session, session.get(Unit, UNIT))
        assert [unit.id for unit in public_keys.doubtful(session)] == [UNIT]


def test_marks_cannot_be_moved_between_units_or_states(office):
    with office.core.db.reading() as session:
        units = {unit.id: unit for unit in session.execute(select(Unit).where(Unit.public_key.is_not(None))).scalars()}
        one, other = units[UNIT], units[ABOVE]
    replace(office, key=other.public_key, mark=other.key_mark)
    with office.core.db.reading() as session:
        assert not public_keys.is_sound(session, session.get(Unit, UNIT))
    office.add_unit("moi", parent=ABOVE)
    office.enrol("moi.1", "moi")
    with office.core.db.transaction() as session:  # confirming oneself by writing to the database
        session.execute(update(Unit).where(Unit.id == "moi").values(public_key=Unit.waiting_key, waiting_key=None))
    with office.core.db.reading() as session:
        assert not public_keys.is_sound(session, session.get(Unit, "moi"))
    assert one.public_key


def test_a_waiting_key_that_was_replaced_is_not_let_in(office):
    async def story():
        office.add_unit("moi", parent=ABOVE)
        office.enrol("moi.1", "moi")
        with office.core.db.transaction() as session:
            session.execute(update(Unit).where(Unit.id == "moi").values(waiting_key=STRANGER.public))
        above = await office.signed_in("haiphong")
        with office.core.db.reading() as session:
            shown = unit_keys._waiting_one(session, session.get(Unit, "moi")).shown
        assert (await post(above, "/unit/confirm/moi", "/unit", answer="yes", shown=shown)).status_code == 400
        with office.core.db.reading() as session:
            assert session.get(Unit, "moi").public_key is None

    run(story)


def test_no_unit_key_is_given_to_an_officers_replaced_key(office):
    async def story():
        colleague = office.enrol("dong.nghiep", UNIT)
        with office.core.db.transaction() as session:
            session.execute(update(Officer).where(Officer.id == colleague.id).values(public_key=STRANGER.public))
        giver = await office.signed_in("anphu")
        assert (await post(giver, f"/unit/grant/{colleague.id}", "/unit")).status_code == 400
        with office.core.db.transaction() as session:
            session.execute(UnitKey.__table__.delete().where(UnitKey.unit_id == UNIT))
        above = await office.signed_in("haiphong")
        url = f"/unit/restore/{UNIT}"
        assert (await post(above, url, "/unit")).status_code == 409, "an answer names whom it is about"
        form = re.search(rf'action="{url}".*?</form>', (await above.get("/unit")).text, re.S)[0]
        shown = re.search(r'name="shown" value="([^"]+)"', form)[1]
        assert (await post(above, url, "/unit", shown=shown)).status_code == 303
        with office.core.db.reading() as session:
            given = session.execute(select(UnitKey).where(UnitKey.unit_id == UNIT)).scalars().all()
            assert not any(opens(row.sealed) for row in given)
            assert [one.login for one in public_keys.doubtful_officers(session)] == ["dong.nghiep"]
        owner = await office.signed_in("dong.nghiep")
        assert "Khóa của bạn" in (await owner.get("/me")).text

    run(story)


def test_nothing_is_handed_on_or_copied_to_a_replaced_key(office):
    async def story():
        _, referral = office.tip(UNIT)
        client, page = await office.signed_in("anphu"), f"/referrals/{referral}"
        replace(office, "ca.12.03390")
        form = {"act": "transfer", "reason": "other_place", "unit": "ca.12.03390"}
        refused = await post(client, f"{page}/act", page, **form)
        assert refused.status_code == 400
        assert "không khớp với khóa đã ghi" in refused.text
        assert not any(opens(sealed) for sealed in sealed_keys(office, referral).values())
        office.enrol("tramyte", "tyt.10645", vouched=True)
        replace(office, "tyt.10645")
        copy = {"unit": "tyt.10645", "parts": "what", "consent": "recorded"}
        assert (await post(client, f"{page}/copies", page, **copy)).status_code == 400

    run(story)


def emptied(office: Office, unit: str = UNIT) -> None:
    """As if the unit had never had a key, and nobody above could be asked."""
    empty = {"public_key": None, "key_mark": None, "waiting_key": None, "recovery_key": None}
    with office.core.db.transaction() as session:
        session.execute(update(Unit).where(Unit.id == unit).values(**empty))
        session.execute(update(Officer).where(Officer.login.in_(["haiphong", "trungtam"])).values(active=False))
        session.execute(UnitKey.__table__.delete().where(UnitKey.unit_id == unit))


def test_a_unit_that_was_opened_once_is_not_founded_again(office):
    emptied(office)
    newcomer = office.enrol("ke.gia", UNIT)
    with office.core.db.reading() as session:
        unit = session.get(Unit, UNIT)
        assert (unit.public_key, unit.waiting_key, unit.recovery_key) == (None, None, None)
        assert office.officers["ke.gia"].recovery_key is None
        assert session.execute(select(UnitKey.id).where(UnitKey.officer_id == newcomer.id)).first() is None
        assert session.execute(select(Audit.seq).where(Audit.action == "unit_key_doubtful")).first()
        assert [one.id for one in public_keys.doubtful(session)] == [UNIT]


def test_a_second_opening_shows_though_the_server_itself_marked_the_key(office):
    async def story():
        with office.core.db.transaction() as session:
            public_keys.set_unit(session, session.get(Unit, UNIT), STRANGER.public)
            detail = f"unit={UNIT} key={public_keys.fingerprint(STRANGER.public)}"
            audit.record(session, office.now, "system", "unit_opened", "", detail)
            session.execute(UnitKey.__table__.delete().where(UnitKey.unit_id == UNIT))
        with office.core.db.reading() as session:
            assert public_keys.is_sound(session, session.get(Unit, UNIT))
            assert [one.id for one in public_keys.doubtful(session)] == [UNIT]
            assert desk_checks._keys(session).mark is Mark.BAD
        await office.signed_in("anphu")  # who holds no key any more
        with office.core.db.reading() as session:
            assert session.execute(select(Audit.seq).where(Audit.action == "unit_key_doubtful")).first()

    run(story)


def invited(office: Office, token: str, **columns) -> str:
    """A row as somebody who can write to the database would make it."""
    row = {"id": "f" * 32, "login": "ke.gia", "name": "Kẻ giả", "unit_id": UNIT, "role": "officer"} | columns
    with office.core.db.transaction() as session:
        session.add(Officer(**row, invite_hash=hash_token(token), invite_until=office.now + 3_600))
    return token


@pytest.mark.parametrize("token", ["mine", "m" * 43, "a" * 128, "0" * 64])
def test_an_invitation_that_the_server_did_not_write_opens_nothing(office, token):
    invited(office, token)
    with office.core.db.transaction() as session:
        with pytest.raises(NotAuthenticated):
            office.redeem(session, token, UNIT)
        with pytest.raises(NotAuthenticated):
            enrolment.invited_name(session, token, office.now)


@pytest.mark.parametrize(
    "changed", [{"unit_id": ABOVE}, {"role": "supervisor"}, {"invite_until": 9e9}, {"id": "e" * 32}]
)
def test_an_invitation_is_for_whom_it_was_written(office, changed):
    with office.core.db.transaction() as session:
        token = enrolment.invite(
            session, login="moi", name="Mới", unit_id=UNIT, role="officer", by=None, now=office.now
        )
        assert enrolment.invited_name(session, token, office.now) == "Mới"
        session.execute(update(Officer).where(Officer.login == "moi").values(**changed))
        session.expire_all()
        with pytest.raises(NotAuthenticated):
            office.redeem(session, token, UNIT)


def test_the_same_strangers_key_is_told_again_after_a_repair(office):
    async def story():
        for times in (1, 2):
            replace(office)
            client = await office.signed_in("anphu")
            clock_duty.run(office.core)
            with office.core.db.reading() as session:
                assert len(session.execute(select(Notice.id).where(Notice.kind == "key")).all()) == 2 * times
            assert (await post(client, f"/unit/mend/{UNIT}", "/me")).status_code == 303

    run(story)


def older(core) -> None:
    """The schema as the release before had it, with units that have keys."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"], config.attributes["marks"] = core.settings.database_url, b""
    command.downgrade(config, "0008")
    with core.db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE audit SET detail = 'unit=x' WHERE action = 'unit_opened'"))


def test_an_older_database_is_carried_over_without_locking_anybody_out(office):
    core, url = office.core, office.core.settings.database_url
    older(core)
    with pytest.raises(RuntimeError, match="db init"):
        migrate(url)
    migrate(url, marks.key_for(core.settings.keys))
    with core.db.transaction() as session:
        known = public_keys.noted(session)
        assert UNIT not in known
        assert public_keys.note_all(session, office.now) > 3
        assert public_keys.note_all(session, office.now) == 0
        assert not public_keys.doubtful(session)
        assert not public_keys.doubtful_officers(session)
    _, referral = office.tip(UNIT)
    assert f"unit:{UNIT}" in sealed_keys(office, referral)


def test_after_a_lost_server_key_what_the_log_names_is_marked_anew_and_nothing_else(office):
    with office.core.db.transaction() as session:
        for unit in session.execute(select(Unit).where(Unit.public_key.is_not(None))).scalars():
            unit.key_mark = b"of another server"
    replace(office)
    with office.core.db.transaction() as session:
        done, left = public_keys.mark_noted(session, office.now)
        assert left == [UNIT]
        assert ABOVE in done
        assert [unit.id for unit in public_keys.doubtful(session)] == [UNIT]


def test_the_commands_of_the_server_end_badly_when_a_key_was_replaced(tmp_path):
    env = environment(tmp_path) | {"PATH": "/usr/bin:/bin"}

    def lachan(*words: str) -> subprocess.CompletedProcess[str]:
        return commands.run(*words, env=env)

    assert lachan("db", "init", "--demo").returncode == 0
    assert lachan("audit", "verify").returncode == 0
    engine = sa.create_engine(settings_in(tmp_path).database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE unit SET public_key = :key WHERE id = :id"), {"key": b"k" * 32, "id": UNIT})
    engine.dispose()
    verified, checked = lachan("audit", "verify"), lachan("check", "--offline")
    assert verified.returncode == 1
    assert UNIT in verified.stderr
    assert checked.returncode == 1
    assert "✗ Khóa đơn vị" in checked.stdout
    lachan("db", "init")
    assert lachan("audit", "verify").returncode == 1, "starting again adopts nothing"
