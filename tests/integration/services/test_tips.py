"""A tip is readable by its unit, by the unit above and by the holder of the code: by nobody else, the server included."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.core.errors import NotAllowed
from bot.core.referrals.states import Act, State
from bot.core.units.routing import Reason, Route
from bot.services import audit
from bot.services.tips import answering, desk, reading, record, referrals, router
from bot.services.units import demo, hierarchy, posts, register, signin, signin_tries
from bot.storage import sealing
from bot.storage.tables import Audit, AuditHead, Notice, Outbox, Referral, Tip, TipKey, Unit
from tests.support.routes import straight
from tests.support.world import environment

WORDS = "nhà cô Lan nhốt ba đứa"
DRAFT = {"what": WORDS, "where": {"code": "10645", "province": "31", "text": "xã An Phú"}, "child": True}


@pytest.fixture
def officers(core):
    with core.db.transaction() as session:
        return {
            officer.login: officer
            for officer in demo.seed(
                session, core.vault, (core.settings.content_dir / "units" / "demo.csv").read_bytes(), 1000.0
            )
        }


def sign_in(core, officer, now=2000.0):
    import pyotp

    with core.db.transaction() as session:
        found = signin.find_login(session, officer.login)
    private = signin.unlock(core.vault, found, officer.password)
    code = pyotp.TOTP(officer.totp_secret).at(now)
    with core.db.transaction() as session:
        token = signin.sign_in(session, core.vault, found, private, code, now)
    assert token
    with core.db.transaction() as session:
        return signin.resume(session, token, now + 1)


def submit(core, unit="ca.31.10645", draft=DRAFT, notify="", urgent=False):
    prepared = record.prepare(core.vault, dict(draft))
    with core.db.transaction() as session:
        created = record.create(
            session, core.vault, prepared, to=straight(session, unit), category="child", urgent=urgent,
            channel="web", language="vi", clocks=core.clocks, now=1234.5, notify_conversation=notify,
        )  # fmt: skip
        answering.tell_unit(session, created.tip_id, "new", 1234.5)
    return prepared.code, created


def referral_of(core, tip_id):
    with core.db.reading() as session:
        return record.current_referral(session, tip_id)


def test_the_officer_of_the_unit_reads_it(core, officers):
    _, created = submit(core)
    officer = sign_in(core, officers["anphu"])
    with core.db.transaction() as session:
        (row,) = desk.listing(session, officer, core.clocks, desk.Wanted(), 2100.0).rows
        page = reading.read(session, officer, row.referral.id, 2100.0)
    assert page["words"]["what"] == WORDS
    assert row.tip.id == created.tip_id


def test_an_officer_of_another_unit_does_not(core, officers):
    _, created = submit(core)
    other = sign_in(core, officers["binhlu"])
    referral = referral_of(core, created.tip_id)
    with core.db.transaction() as session:
        assert desk.listing(session, other, core.clocks, desk.Wanted(), 2100.0).rows == []
    with pytest.raises(NotAllowed), core.db.transaction() as session:
        reading.read(session, other, referral.id, 2100.0)
    with pytest.raises(NotAllowed), core.db.transaction() as session:
        reading.read(session, other, "f" * 32, 2100.0)


def test_keys_are_sealed_to_the_unit_the_unit_above_and_the_receipt(core, officers):
    _, created = submit(core)
    with core.db.reading() as session:
        holders = set(session.execute(select(TipKey.holder).where(TipKey.tip_id == created.tip_id)).scalars())
    assert holders == {"unit:ca.31.10645", "unit:ca.31", "receipt"}


def test_database_and_server_keys_together_open_nothing(core, officers):
    code, created = submit(core)
    with core.db.reading() as session:
        tip = session.get(Tip, created.tip_id)
        keys = [row.sealed for row in session.execute(select(TipKey)).scalars()]
    secrets = [core.settings.keys.server, core.settings.keys.vault]
    for key in secrets:
        with pytest.raises(sealing.CannotOpen):
            sealing.unseal(key, tip.body, f"tip:{tip.id}")
        for sealed in keys:
            with pytest.raises(sealing.CannotOpen):
                sealing.open_sealed(key, sealed)
    row = repr(tip.model_dump())
    assert code not in row
    assert WORDS not in row


def test_times_are_kept_to_the_minute(core, officers):
    _, created = submit(core)
    with core.db.reading() as session:
        assert session.get(Tip, created.tip_id).created_at == 1200.0
        assert referral_of(core, created.tip_id).created_at == 1200.0
        stamp = session.execute(select(Audit.at).where(Audit.action == "tip_created")).scalar_one()
    assert stamp == 1200.0


def test_the_code_brings_the_reporter_back(core, officers):
    code, created = submit(core)
    officer = sign_in(core, officers["anphu"])
    referral = referral_of(core, created.tip_id)
    with core.db.transaction() as session:
        referrals.act(session, officer, core.clocks, referral.id, Act.RECEIVE, "", 2200.0)
        answering.answer(session, core.vault, officer, referral.id, "cháu còn ở đó không?", "có tin mới", 2300.0)
    keys = core.vault.receipt_keys(code)
    with core.db.transaction() as session:
        opened = record.open_with_receipt(session, core.vault, keys.lookup, keys.pair)
        record.add_entry(session, opened, "reporter", "dạ còn", 2400.0)
    with core.db.transaction() as session:
        page = reading.read(session, officer, referral.id, 2500.0)
    assert [entry["text"] for entry in page["entries"]] == ["cháu còn ở đó không?", "dạ còn"]
    assert page["referral"].state == State.RECEIVED.value


def test_a_wrong_code_and_an_erased_tip_look_the_same(core, officers):
    code, _ = submit(core)
    wrong = core.vault.receipt_keys("1" * 21)
    with core.db.transaction() as session:
        assert record.open_with_receipt(session, core.vault, wrong.lookup, wrong.pair) is None
        session.execute(Tip.__table__.delete())
    right = core.vault.receipt_keys(code)
    with core.db.transaction() as session:
        assert record.open_with_receipt(session, core.vault, right.lookup, right.pair) is None


def test_a_contact_is_under_a_key_of_its_own(core, officers):
    _, created = submit(core, draft={**DRAFT, "contact": "chị Hoa 0987654321"})
    officer = sign_in(core, officers["anphu"])
    with core.db.transaction() as session:
        referral, tip, opened = referrals.open_tip(session, officer, referral_of(core, created.tip_id).id)
        sealed = session.execute(select(TipKey.sealed).where(TipKey.holder == "contact:ca.31.10645")).scalar_one()
    assert "0987654321" not in repr(sealing.unseal_json(opened.key, tip.body, f"tip:{tip.id}"))
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(opened.key, tip.contact, f"contact:{tip.id}")
    key = sealing.open_sealed(officer.unit_keys[referral.unit_id], sealed)
    assert sealing.unseal(key, tip.contact, f"contact:{tip.id}").decode() == "chị Hoa 0987654321"


def stands(session, unit: Unit) -> None:
    """A row of the directory, as the server writes it."""
    posts.set_unit(session, unit)
    session.add(unit)


def test_a_unit_without_an_officer_is_passed_over_visibly(core, officers):
    with core.db.transaction() as session:
        stands(session, Unit(id="ca.31.x", kind="commune_police", name="X", commune_code="10650", parent_id="ca.31"))
    _, created = submit(core, unit="ca.31.x")
    referral = referral_of(core, created.tip_id)
    assert (referral.unit_id, referral.route_reason) == ("ca.31", "unit_not_enrolled")


def test_a_unit_with_nobody_anywhere_above_goes_to_the_central_desk(core, officers):
    with core.db.transaction() as session:
        stands(session, Unit(id="alone", kind="province_police", name="X", province_code="99"))
    _, created = submit(core, unit="alone")
    referral = referral_of(core, created.tip_id)
    assert (referral.unit_id, referral.route_reason) == ("trung-uong.tiep-nhan", "no_unit_enrolled")


def test_a_unit_taken_from_the_directory_a_moment_ago_loses_no_tip(core, officers):
    """The directory that routing reads may be some seconds old; what it says is asked of the database again."""
    draft = {"where": {"code": "10645", "province": "31"}}
    with core.db.transaction() as session:
        directory = register.directory(session)
        session.delete(session.get(Unit, "ca.31.10645"))
        session.flush()
        assert router.decide(session, directory, draft).unit_id == "ca.31"


def test_where_nobody_has_a_key_no_tip_is_taken_that_nobody_could_open(core, officers):
    prepared = record.prepare(core.vault, dict(DRAFT))
    nobody = Route("ca.31.10645", (), (), Reason.NO_UNIT_ENROLLED)
    with core.db.transaction() as session, pytest.raises(LookupError):
        record.create(
            session, core.vault, prepared, to=nobody, category="child", urgent=False, channel="web", language="vi",
            clocks=core.clocks, now=1234.5,
        )  # fmt: skip


def test_units_that_stand_above_each_other_are_each_one_reader(core, officers):
    with core.db.transaction() as session:
        for unit_id, parent in (("ca.31.10645", "x.y"), ("x.y", "ca.31.10645")):
            unit = session.get(Unit, unit_id) or Unit(id=unit_id, kind="national", name="Y")
            unit.parent_id = parent
            stands(session, unit)
        session.flush()
        assert [unit.id for unit in router.readers_of(session, "ca.31.10645", 1234.5)] == ["ca.31.10645"]
        assert hierarchy.above(session, "ca.31.10645") == ""


def test_a_unit_is_told_without_content(core, officers):
    submit(core, urgent=True)
    with core.db.reading() as session:
        notice = session.execute(select(Notice)).scalar_one()
    assert notice.kind == "new"
    assert WORDS not in repr(notice.model_dump())


def test_the_reporter_is_told_only_if_they_asked(core, officers):
    from bot.core.messages import Channel, InboundKind, InboundMessage
    from bot.services.messaging import inbox

    message = InboundMessage(Channel.TELEGRAM, "77", "m1", InboundKind.TEXT, text="x")
    with core.db.transaction() as session:
        conversation = inbox.accept(session, core.vault, [message], 1000.0)[0].conversation_id
    officer = sign_in(core, officers["anphu"])
    for notify, expected in (("", 0), (conversation, 1)):
        _, created = submit(core, notify=notify)
        with core.db.transaction() as session:
            for _ in range(3):
                answering.answer(
                    session, core.vault, officer, referral_of(core, created.tip_id).id, "bí mật", "có tin mới", 2300.0
                )
        with core.db.reading() as session:
            rows = list(session.execute(select(Outbox)).scalars())
        assert len(rows) == expected
    assert "bí mật" not in core.vault.open_outbound(conversation, rows[0].channel, rows[0].dedupe, rows[0].payload).text
    assert conversation not in repr([row.model_dump() for row in _tips(core)])


def _tips(core):
    with core.db.reading() as session:
        return list(session.execute(select(Tip)).scalars())


def test_a_totp_code_works_once_and_five_failures_lock(core, officers):
    import pyotp

    officer = officers["anphu"]
    now = 5000.0
    sign_in(core, officer, now)
    with core.db.transaction() as session:
        found = signin.find_login(session, officer.login)
        private = signin.unlock(core.vault, found, officer.password)
        again = signin.sign_in(session, core.vault, found, private, pyotp.TOTP(officer.totp_secret).at(now), now)
    assert again is None
    unknown = signin.SignInTry("nobody")
    for tried, before in ((found, 1), (unknown, 0)):
        for _ in range(signin_tries.LOCK_AFTER - before):
            with core.db.transaction() as session:
                signin.sign_in(session, core.vault, tried, None, "000000", now)
        with pytest.raises(signin.NotAuthenticated, match="locked"), core.db.transaction() as session:
            signin.sign_in(session, core.vault, tried, private, pyotp.TOTP(officer.totp_secret).at(now + 60), now + 60)
    with core.db.reading() as session:
        assert [row.kind for row in session.execute(select(Notice)).scalars()] == ["locked"]
    later = now + 60 + 900
    with core.db.transaction() as session:
        code = pyotp.TOTP(officer.totp_secret).at(later)
        assert signin.sign_in(session, core.vault, found, private, code, later)


@pytest.mark.parametrize("harm", ["change", "drop", "tail", "insert"])
def test_the_audit_chain_shows_every_kind_of_tampering(core, officers, harm):
    submit(core)
    with core.db.transaction() as session:
        assert audit.verify(session).ok
        last = session.execute(select(AuditHead.seq)).scalar_one()
        row = session.get(Audit, 2 if harm != "tail" else last)
        if harm == "change":
            row.actor = "someone"
        elif harm == "insert":
            session.add(Audit(**{**row.model_dump(), "seq": last + 1}))
        else:
            session.delete(row)
        session.flush()
        verdict = audit.verify(session)
    assert not verdict.ok


def test_an_environment_with_a_weak_key_is_refused(tmp_path):
    from bot.core.errors import ConfigError
    from bot.settings import load

    env = environment(tmp_path) | {"LACHAN_SERVER_KEY": "A" * 43 + "="}
    with pytest.raises(ConfigError):
        load(env)


def test_referral_versions_guard_against_two_officers_at_once(core, officers):
    _, created = submit(core)
    referral = referral_of(core, created.tip_id)
    assert referral.version == 0
    officer = sign_in(core, officers["anphu"])
    with core.db.transaction() as session:
        referrals.act(session, officer, core.clocks, referral.id, Act.RECEIVE, "", 2200.0)
    with core.db.reading() as session:
        assert session.get(Referral, referral.id).version == 1
