"""Somebody who can write to the database and has an account, or an accomplice with one: writes rows with unit keys of their own, puts
their unit above another or in its place, makes an account a supervisor's, turns a tip to another desk."""

from __future__ import annotations

import sqlite3

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import delete, select, update

from bot.checks import desks as desk_checks
from bot.checks.findings import Mark
from bot.core.errors import InvalidInput, LaChanError
from bot.jobs import clocks as clock_duty
from bot.jobs import retention as retention_duty
from bot.services import audit
from bot.services.tips import binding, clocks, record, router
from bot.services.units import (
    accounts,
    enrolment,
    hierarchy,
    notify,
    officer_address,
    posts,
    public_keys,
    register,
    signin,
    unit_keys,
)
from bot.storage import marks, sealing
from bot.storage.database import MIGRATIONS, migrate
from bot.storage.tables import Audit, Notice, Officer, Raised, Referral, TipKey, Unit, UnitKey
from bot.storage.vault import queue_key
from tests.support import commands
from tests.support.console import post, run
from tests.support.office import Office
from tests.support.world import environment

UNIT, ABOVE, DESK = "ca.31.10645", "ca.31", "trung-uong.tiep-nhan"
OTHER = "ca.12.03390"  # the writer's own unit
STRANGER = sealing.new_pair()


@pytest.fixture
def office(core) -> Office:
    return Office(core)


def write_key(office: Office, unit: str, login: str) -> None:
    """A row as whoever writes to the database makes it: a key of their own, sealed to an officer whose public key stands there."""
    with office.core.db.transaction() as session:
        officer = office.account(session, login)
        session.execute(delete(UnitKey).where(UnitKey.unit_id == unit, UnitKey.officer_id == officer.id))
        sealed = sealing.seal_to(officer.public_key, STRANGER.private)
        session.add(UnitKey(unit_id=unit, officer_id=officer.id, sealed=sealed))


def given(office: Office, login: str) -> list[bytes]:
    with office.core.db.reading() as session:
        officer = office.account(session, login)
        return list(session.execute(select(UnitKey.sealed).where(UnitKey.officer_id == officer.id)).scalars())


def test_a_written_unit_key_is_not_given_on(office):
    async def story():
        colleague = office.enrol("dong.nghiep", UNIT)
        write_key(office, UNIT, "anphu")
        giver = await office.signed_in("anphu")
        refused = await post(giver, f"/unit/grant/{colleague.id}", "/unit")
        assert refused.status_code == 400
        assert not given(office, "dong.nghiep")
        with office.core.db.reading() as session:
            before = session.get(Unit, UNIT).recovery_key
        assert (await post(giver, "/unit/recovery", "/unit")).status_code == 400
        with office.core.db.reading() as session:
            assert session.get(Unit, UNIT).recovery_key == before, "the true recovery key is still what opens"

    run(story)


def test_an_invitation_does_not_carry_a_written_unit_key(office):
    write_key(office, UNIT, "anphu")
    with office.core.db.transaction() as session:
        officer = office.account(session, "anphu")
        by = signin.SignedIn(
            officer.id, "", "officer", UNIT, "", "", 0.0, b"", unit_keys={UNIT: STRANGER.private}
        )  # fmt: skip
        enrolment.invite(session, login="moi", name="Mới", unit_id=UNIT, role="officer", by=by, now=office.now)
        assert office.account(session, "moi").invite_key is None


def test_who_holds_a_written_key_confirms_and_restores_nobody(office):
    async def story():
        office.add_unit("moi", parent=ABOVE)
        office.enrol("moi.1", "moi")
        write_key(office, ABOVE, "haiphong")
        with office.core.db.transaction() as session:
            session.execute(delete(UnitKey).where(UnitKey.unit_id == UNIT))
        above = await office.signed_in("haiphong")
        page = (await above.get("/unit")).text
        assert "/unit/confirm/moi" not in page
        assert f"/unit/restore/{UNIT}" not in page
        with office.core.db.reading() as session:
            shown = unit_keys._waiting_one(session, session.get(Unit, "moi")).shown
        assert (await post(above, "/unit/confirm/moi", "/unit", answer="yes", shown=shown)).status_code == 404
        with office.core.db.reading() as session:
            assert session.get(Unit, "moi").public_key is None

    run(story)


def test_nothing_but_the_units_own_key_is_sealed_to_anybody(office):
    """The one way by which keys are given on, and the one by which recovery keys are made."""
    with office.core.db.transaction() as session:
        officer, unit = office.account(session, "anphu"), session.get(Unit, UNIT)
        for give in (
            lambda: enrolment.give_unit_key(session, UNIT, officer, STRANGER.private),
            lambda: enrolment.lock_with_recovery(session, unit, STRANGER.private),
        ):
            with pytest.raises(InvalidInput, match="key_doubtful"):
                give()
        session.execute(update(Unit).where(Unit.id == UNIT).values(public_key=STRANGER.public))
        session.expire_all()
        with pytest.raises(LaChanError):
            enrolment.give_unit_key(session, UNIT, officer, STRANGER.private)
        assert not public_keys.is_sound(session, session.get(Unit, UNIT))
        assert session.execute(select(Officer.id)).first()


def write(office: Office, table: type, which: object, **values: object) -> None:
    """What a database administrator can do: write any column."""
    with office.core.db.transaction() as session:
        session.execute(update(table).where(which).values(**values))


def marked_by_nobody(office: Office, table: type, which: object) -> None:
    """The same row as the release before would have believed it: marked as it is now."""
    with office.core.db.transaction() as session:
        for row in session.execute(select(table).where(which)).scalars().all():
            (posts.set_unit if table is Unit else posts.set_officer)(session, row)


def holders(office: Office, referral: str) -> set[str]:
    with office.core.db.reading() as session:
        tip_id = session.get(Referral, referral).tip_id
        return set(session.execute(select(TipKey.holder).where(TipKey.tip_id == tip_id)).scalars())


def routed(office: Office, commune: str = "10645", province: str = "31") -> tuple[str, ...]:
    """Whom a fresh tip from there would be sealed to, as the gateway routes it."""
    with office.core.db.transaction() as session:
        draft = {"where": {"code": commune, "province": province}}
        return router.decide(session, register.directory(session), draft).readers


def test_a_unit_put_above_another_is_sealed_nothing_and_told_nothing(office):
    assert routed(office) == (UNIT, ABOVE)
    write(office, Unit, Unit.id == UNIT, parent_id=OTHER)
    assert routed(office) == (ABOVE,), "the place counts as one without a unit of its own"
    with office.core.db.transaction() as session:
        assert OTHER not in [unit.id for unit in router.readers_of(session, UNIT, office.now)]
        assert hierarchy.above(session, UNIT) == ""
        assert hierarchy.asked(session, UNIT) == DESK
        assert OTHER not in clocks.desks_of(session, UNIT).values()


def test_without_its_mark_the_way_would_be_open(office):
    write(office, Unit, Unit.id == UNIT, parent_id=OTHER)
    marked_by_nobody(office, Unit, Unit.id == UNIT)
    assert routed(office) == (UNIT, OTHER)


def test_a_directory_read_a_moment_before_does_not_help(office):
    """The gateway reads it every few seconds; the marks are looked at for each tip."""
    with office.core.db.transaction() as session:
        directory = register.directory(session)
        session.execute(update(Unit).where(Unit.id == UNIT).values(parent_id=OTHER))
        session.expire_all()
        draft = {"where": {"code": "10645", "province": "31"}}
        made = router.decide(session, directory, draft)
        assert (made.readers[0], made.doubtful) == (ABOVE, (UNIT,))
        assert OTHER not in made.readers


@pytest.mark.parametrize(
    "values",
    [{"commune_code": "10645", "province_code": "31"}, {"kind": "province_police", "province_code": "31", "commune_code": ""},
     {"kind": "central_desk", "commune_code": "", "province_code": ""}],
    ids=["commune", "province", "centre"],
)  # fmt: skip
def test_a_unit_put_in_the_place_of_another_is_sealed_nothing(office, values):
    write(office, Unit, Unit.id == OTHER, **values)
    assert routed(office) == (UNIT, ABOVE)
    assert OTHER not in routed(office, "", "31")
    assert OTHER not in routed(office, "", "")
    with office.core.db.reading() as session:
        assert hierarchy.central_desk(session) == DESK


def test_nothing_is_handed_on_to_a_unit_that_was_turned(office):
    async def story():
        _, referral = office.tip(UNIT)
        client, page = await office.signed_in("anphu"), f"/referrals/{referral}"
        write(office, Unit, Unit.id == OTHER, commune_code="10650")
        form = {"act": "transfer", "reason": "other_place", "unit": OTHER}
        assert (await post(client, f"{page}/act", page, **form)).status_code == 400
        assert f"unit:{OTHER}" not in holders(office, referral)

    run(story)


ROLES = {
    "role": {"role": "supervisor"}, "unit": {"unit_id": ABOVE}, "both": {"role": "central", "unit_id": DESK},
    "auditor": {"role": "auditor", "unit_id": ""}, "name": {"name": "Chỉ huy trực ban Hải Phòng"},
}  # fmt: skip


@pytest.mark.parametrize("values", ROLES.values(), ids=ROLES)
def test_a_turned_account_is_signed_in_nowhere(office, values):
    async def story():
        client = await office.signed_in("binhlu")
        assert (await client.get("/")).status_code == 200
        write(office, Officer, Officer.login == "binhlu", **values)
        for page in ("/", "/unit", "/audit", "/me"):
            assert (await client.get(page)).status_code in {303, 401}, page
        with pytest.raises(AssertionError):
            await office.signed_in("binhlu")
        marked_by_nobody(office, Officer, Officer.login == "binhlu")
        assert (await client.get("/me")).status_code == 200, "the mark alone held it"

    run(story)


def test_a_switched_off_account_is_not_brought_back_by_its_older_row(office):
    async def story():
        office.enrol("da.nghi", UNIT)
        client = await office.signed_in("da.nghi")
        with office.core.db.transaction() as session:
            officer = office.account(session, "da.nghi")
            before, by = officer.post_mark, signin.SignedIn("x", "", "admin", "", "", "", 0.0, b"", unit_keys={})
            accounts.switch(session, officer.id, by, office.now)
        write(office, Officer, Officer.login == "da.nghi", active=True, post_mark=before)
        with office.core.db.reading() as session:
            assert posts.is_officer_sound(session, office.account(session, "da.nghi")), "row and mark fit each other"
            assert posts.doubtful(session).accounts == ("da.nghi",)
        assert (await client.get("/me")).status_code in {303, 401}
        with pytest.raises(AssertionError):
            await office.signed_in("da.nghi")

    run(story)


def test_a_turned_account_is_given_no_key_and_is_not_made_good_by_switching(office):
    async def story():
        stranger = office.enrol("ke.la", OTHER)
        write(office, Officer, Officer.login == "ke.la", unit_id=UNIT)
        giver = await office.signed_in("anphu")
        assert (await post(giver, f"/unit/grant/{stranger.id}", "/unit")).status_code == 400
        write(office, Unit, Unit.id == UNIT, recovery_key=None)
        with office.core.db.transaction() as session:
            session.execute(delete(UnitKey).where(UnitKey.unit_id == UNIT))
        above = await office.signed_in("haiphong")
        assert "Tên ke.la" not in (await above.get("/unit")).text
        with office.core.db.transaction() as session:
            by = signin.SignedIn("x", "", "admin", "", "", "", 0.0, b"", unit_keys={})
            accounts.switch(session, stranger.id, by, office.now)  # off: always possible
        with office.core.db.transaction() as session:
            with pytest.raises(InvalidInput, match="account_doubtful"):
                accounts.switch(session, stranger.id, by, office.now)
            with pytest.raises(InvalidInput, match="account_doubtful"):
                accounts.renew(session, stranger.id, by, office.now)
            assert not posts.is_officer_sound(session, session.get(Officer, stranger.id))

    run(story)


def test_a_turned_account_is_told_nothing(office):
    with office.core.db.transaction() as session:
        officer = office.account(session, "binhlu")
        officer_address.set_email(office.core.vault, officer, "binhlu@example.org")
        assert notify._addressed(session, office.core.vault, OTHER, {"email"})
    write(office, Officer, Officer.login == "binhlu", unit_id=UNIT)
    with office.core.db.reading() as session:
        assert not notify._addressed(session, office.core.vault, UNIT, {"email"})


def test_a_tip_turned_to_another_desk_is_seen_and_put_on_its_own_again(office):
    async def story():
        _, referral = office.tip(UNIT)
        client, page = await office.signed_in("anphu"), f"/referrals/{referral}"
        assert "Tin này đã bị sửa ngoài hệ thống" not in (await client.get(page)).text
        write(office, Referral, Referral.id == referral, unit_id=OTHER)
        with office.core.db.reading() as session:
            tip_id = session.get(Referral, referral).tip_id
            assert binding.doubtful(session) == binding.Doubtful((tip_id,), ())
        assert "Tin này đã bị sửa ngoài hệ thống" in (await client.get(page)).text
        retention_duty.run(office.core)
        office.now += 40 * 86_400.0
        clock_duty.run(office.core)
        with office.core.db.reading() as session:
            told = set(session.execute(select(Notice.unit_id).where(Notice.kind == "changed")).scalars())
            assert DESK in told
            assert set(session.execute(select(Raised.unit_id)).scalars()) == {DESK}, (
                "not who stands above the writer's unit"
            )
        above, form = await office.signed_in("haiphong"), {"act": "transfer", "reason": "other_place", "unit": UNIT}
        assert (await post(above, f"{page}/act", page, **form)).status_code == 303
        with office.core.db.reading() as session:
            assert session.get(Referral, referral).unit_id == UNIT, "found again by its mark"
            assert not binding.doubtful(session)
            told = set(session.execute(select(Notice.unit_id).where(Notice.kind == "changed")).scalars())
            assert {UNIT, OTHER} <= told
            assert session.execute(select(Audit.seq).where(Audit.action == "desk_righted")).all()

    run(story)


@pytest.mark.parametrize("mark", [None, b"x" * 32], ids=["taken away", "another"])
def test_a_turned_tip_is_handed_on_from_above_when_its_mark_is_gone_too(office, mark):
    """The log says to whom it was given; a row that it does not know is put right by nobody."""

    async def story():
        _, referral = office.tip(UNIT)
        write(office, Referral, Referral.id == referral, unit_id=OTHER, route_reason="abroad", mark=mark)
        turned = await office.signed_in("binhlu")
        assert (await turned.get(f"/referrals/{referral}")).status_code == 404, (
            "the unit it was turned to opens nothing"
        )
        above, page = await office.signed_in("haiphong"), f"/referrals/{referral}"
        form = {"act": "transfer", "reason": "other_place", "unit": DESK}
        assert (await post(above, f"{page}/act", page, **form)).status_code == 303
        with office.core.db.transaction() as session:
            tip_id = session.get(Referral, referral).tip_id
            assert session.get(Referral, referral).unit_id == UNIT
            fresh = record.current_referral(session, tip_id)
            assert (fresh.unit_id, fresh.previous_id) == (DESK, referral)
            assert not binding.doubtful(session)
            session.add(
                Referral(
                    id="planted", tip_id=tip_id, unit_id=OTHER, state="new", route_reason="commune", created_at=1.0
                )
            )
        page = f"/referrals/{fresh.id}"
        desk = await office.signed_in("trungtam")
        form = {"act": "transfer", "reason": "other_place", "unit": UNIT}
        assert (await post(desk, f"{page}/act", page, **form)).status_code == 400

    run(story)


def test_who_gave_a_tip_up_cannot_be_written_away(office):
    """A unit that handed a tip on because of a conflict must not get it again; that stands in the referrals before."""

    async def story():
        _, first = office.tip(UNIT)
        giver = await office.signed_in("anphu")
        form = {"act": "transfer", "reason": "conflict_of_interest", "unit": ABOVE}
        assert (await post(giver, f"/referrals/{first}/act", f"/referrals/{first}", **form)).status_code == 303
        write(office, Referral, Referral.id == first, unit_id=OTHER, route_reason="commune")
        with office.core.db.reading() as session:
            tip_id = session.get(Referral, first).tip_id
            referral = record.current_referral(session, tip_id).id
        above = await office.signed_in("haiphong")
        form = {"act": "transfer", "reason": "other_place", "unit": UNIT}
        assert (await post(above, f"/referrals/{referral}/act", f"/referrals/{referral}", **form)).status_code == 400

    run(story)


def test_it_is_told_once_and_named_everywhere(office):
    async def story():
        with office.core.db.reading() as session:
            assert not posts.doubtful(session)
            assert desk_checks._posts(session).mark is Mark.GOOD
        write(office, Unit, Unit.id == UNIT, parent_id=OTHER)
        write(office, Officer, Officer.login == "binhlu", role="supervisor")
        for _ in range(3):
            clock_duty.run(office.core)
        with office.core.db.reading() as session:
            assert posts.doubtful(session) == posts.Doubtful((UNIT,), ("binhlu",))
            told = sorted(session.execute(select(Notice.unit_id).where(Notice.kind == "post")).scalars())
            assert told == sorted([UNIT, DESK, OTHER, DESK])
            assert len(session.execute(select(Audit.seq).where(Audit.action == "post_doubtful")).all()) == 2
            finding = desk_checks._posts(session)
            assert (finding.mark, UNIT in finding.words, "binhlu" in finding.words) == (Mark.BAD, True, True)
            assert audit.verify(session).ok
        page = (await (await office.signed_in("kiemtra")).get("/audit")).text
        assert f"<code>{UNIT}</code>" in page
        assert "<code>binhlu</code>" in page

    run(story)


def test_units_taken_out_or_put_back_as_they_were_show_to_the_log(office):
    with office.core.db.transaction() as session:
        old = {"parent_id": session.get(Unit, UNIT).parent_id, "post_mark": session.get(Unit, UNIT).post_mark}
        rows = register.all_units(session)
        moved = [unit if unit.id != UNIT else type(unit)(**{**unit.__dict__, "parent_id": DESK}) for unit in rows]
        register.replace(session, moved, office.now)
        assert not posts.doubtful(session)
    write(office, Unit, Unit.id == UNIT, **old)
    with office.core.db.reading() as session:
        assert posts.doubtful(session) == posts.Doubtful((), (), directory=True)
    with office.core.db.transaction() as session:
        register.replace(session, moved, office.now)
        session.execute(delete(Unit).where(Unit.kind == "child_111"))
        assert session.execute(select(Unit.id)).first()
        assert posts.doubtful(session).directory


def test_an_upgrade_marks_what_is_there_and_locks_nobody_out(office):
    async def story():
        core, url = office.core, office.core.settings.database_url
        _, referral = office.tip(UNIT)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        keys = marks.key_for(core.settings.keys), queue_key(core.settings.keys)
        config.attributes.update(url=url, marks=keys[0], queue=keys[1])
        command.downgrade(config, "0021")
        with pytest.raises(RuntimeError, match="db init"):
            migrate(url, b"", keys[1])
        migrate(url, *keys)
        with core.db.reading() as session:
            assert not posts.doubtful(session)
            assert not binding.doubtful(session)
        client = await office.signed_in("anphu")
        assert (await client.get(f"/referrals/{referral}")).status_code == 200
        assert routed(office) == (UNIT, ABOVE)
        with core.db.transaction() as session:
            session.execute(sa.text("DELETE FROM audit WHERE action = 'units_imported'"))
            posts.note_known(session, office.now)
            posts.note_known(session, office.now)
            assert len(session.execute(select(Audit.seq).where(Audit.action == "posts_marked")).all()) == 1

    run(story)


def test_the_command_line_names_what_was_turned(tmp_path):
    env = environment(tmp_path) | {"PATH": "/usr/bin:/bin"}
    assert commands.run("db", "init", "--demo", env=env).returncode == 0
    assert commands.run("audit", "verify", env=env).returncode == 0
    with sqlite3.connect(tmp_path / "lachan.db") as connection:
        connection.execute("UPDATE unit SET parent_id = ? WHERE id = ?", (OTHER, UNIT))
        connection.execute("UPDATE officer SET role = 'supervisor' WHERE login = 'binhlu'")
    done = commands.run("audit", "verify", env=env)
    assert done.returncode == 1
    assert UNIT in done.stderr
    assert "binhlu" in done.stderr
