"""Demonstration units and officers, and tips on their desks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.app import Core
from bot.dialogue.commands import AddReporterMessage, LookUpTip
from bot.dialogue.says import Say
from bot.dialogue.state import ConversationState, View
from bot.services.messaging import commands
from bot.services.tips import answering, record
from bot.services.units import demo, officer_address
from bot.storage.tables import Officer, Referral
from tests.support.routes import straight

UNIT, ABOVE, CENTRAL = "ca.31.10645", "ca.31", "trung-uong.tiep-nhan"
REMOTE = "ca.12.03390"
DRAFT: dict[str, Any] = {
    "what": "nhà cô Lan nhốt ba đứa", "where": {"code": "10645", "province": "31", "text": "xã An Phú"}, "child": True
}  # fmt: skip


def seed(core: Core) -> None:
    """Units of the demonstration file, with their officers enrolled."""
    raw = (core.settings.content_dir / "units" / "demo.csv").read_bytes()
    with core.db.transaction() as session:
        demo.seed(session, core.vault, raw, 1000.0, core.gazetteer)


def submit(
    core: Core,
    now: float,
    *,
    unit: str = UNIT,
    urgent: bool = False,
    tell: bool = False,
    notify: str = "",
    **draft: Any,
) -> tuple[str, str, str]:
    """Make a tip. Returns its receipt code, its id and its referral's id."""
    prepared = record.prepare(core.vault, DRAFT | draft)
    with core.db.transaction() as session:
        created = record.create(
            session, core.vault, prepared, to=straight(session, unit), category="child", urgent=urgent,
            channel="web", language="vi", clocks=core.clocks, now=now, notify_conversation=notify,
        )  # fmt: skip
        session.flush()
        if tell:
            answering.tell_unit(session, created.tip_id, "urgent" if urgent else "new", now)
        referral = session.execute(select(Referral.id).where(Referral.tip_id == created.tip_id)).scalar_one()
    return prepared.code, created.tip_id, referral


def give_email(core: Core, login: str, address: str) -> None:
    """An officer wants to be told by e-mail."""
    with core.db.transaction() as session:
        officer = session.execute(select(Officer).where(Officer.login == login)).scalar_one()
        officer_address.set_email(core.vault, officer, address)


def give_channel(core: Core, login: str, channel: str, address: str) -> None:
    """An officer wants to be told by a bot."""
    with core.db.transaction() as session:
        officer = session.execute(select(Officer).where(Officer.login == login)).scalar_one()
        officer_address.set_channel(core.vault, officer, channel, address)


def write_back(core: Core, code: str, text: str, refs: tuple[str, ...] = ()) -> list[Say]:
    """The reporter opens their tip with its code and writes; what the chat says to it."""
    keys = core.vault.receipt_keys(code)
    with core.db.reading() as session:
        opened = record.open_with_receipt(session, core.vault, keys.lookup, keys.pair)
    assert opened is not None, "the code opens the tip"
    work = commands.Work(
        vault=core.vault, clocks=core.clocks, conversation_id="c", channel="web", language="vi", route=None, cards=None,
        check_offer=None, now=core.now(),
        state=ConversationState(view=View(opened.tip_id, opened.key)),
    )  # fmt: skip
    told = AddReporterMessage(text, tuple(refs))
    commands.prepare(work, 0, told)
    with core.db.transaction() as session:
        return commands.run(session, work, 0, told)


def status_of(core: Core, code: str) -> str:
    """The first words of what the reporter reads about their tip."""
    work = commands.Work(
        vault=core.vault, clocks=core.clocks, conversation_id="c", channel="web", language="vi", route=None, cards=None,
        check_offer=None, state=ConversationState(), code=code, now=core.now(),
    )  # fmt: skip
    commands.prepare(work, 0, LookUpTip())
    with core.db.transaction() as session:
        said = commands.run(session, work, 0, LookUpTip())
    return "\n".join(bubble.text for bubble in core.renderer.render(said, "vi"))
