"""Sessions are bounded: strangers' empty chats go soon and never pile up, and an officer sees and ends sign-ins elsewhere."""

from __future__ import annotations

import re

from sqlalchemy import func, select

from bot.app import Core
from bot.core.messages import Channel, InboundKind, InboundMessage
from bot.services.keeping import retention
from bot.services.messaging import inbox
from bot.services.units import signin
from bot.storage.tables import Audit, ConsoleSession, Conversation
from tests.integration.console.conftest import desk  # noqa: F401  a console with the demonstration's officers
from tests.support.console import Desk, post, run

NOW = 2_000_000_000.0


def opened(core: Core, *names: str, at: float = NOW) -> None:
    with core.db.transaction() as session:
        for name in names:
            session.add(Conversation(id=core.vault.conversation_id(Channel.WEB, name), channel="web", updated_at=at))


def left(core: Core) -> int:
    with core.db.reading() as session:
        return session.execute(select(func.count()).select_from(Conversation)).scalar_one()


def cleared(core: Core, now: float) -> int:
    with core.db.transaction() as session:
        return retention.clear_wordless(session, now)


def test_chats_without_a_word_go_after_two_hours_and_all_others_stay(core: Core):
    opened(core, "silent", "speaking")
    said = InboundMessage(Channel.WEB, "speaking", "1", InboundKind.TEXT, text="cứu em")
    with core.db.transaction() as session:
        inbox.accept(session, core.vault, [said], NOW)
        session.add(Conversation(id="z" * 64, channel="zalo_oa", updated_at=NOW))
    assert cleared(core, NOW + retention.WORDLESS_SECONDS - 1) == 0
    assert cleared(core, NOW + retention.WORDLESS_SECONDS + 1) == 1
    assert left(core) == 2


def test_however_many_empty_chats_are_opened_the_newest_stay(core: Core, monkeypatch):
    monkeypatch.setattr(retention, "MOST_WORDLESS", 50)
    for number in range(120):
        opened(core, f"silent {number}", at=NOW + number)
    assert cleared(core, NOW + 200) == 70
    with core.db.reading() as session:
        oldest = session.execute(select(func.min(Conversation.updated_at))).scalar_one()
    assert oldest == NOW + 70


def alive(desk: Desk) -> int:  # noqa: F811
    with desk.core.db.reading() as session:
        return session.execute(select(func.count()).select_from(ConsoleSession)).scalar_one()


def test_an_officer_sees_every_sign_in_and_ends_the_others(desk: Desk):  # noqa: F811
    async def story() -> None:
        thief, own = await desk.signed_in("anphu"), await desk.signed_in("anphu")
        page = (await own.get("/me")).text
        part = page[page.index('id="sessions"') : page.index('id="notices"')]
        assert len(re.findall(r"<li>", part)) == 2
        assert part.count("Nơi này") == 1
        assert part.index("Nơi này") < part.index("Nơi khác")
        assert (await post(own, "/me/sessions", "/me")).status_code == 303
        assert (await thief.get("/")).headers["location"] == "/sign-in"
        assert (await own.get("/")).status_code == 200

    run(story)


def test_sign_ins_of_one_officer_never_pile_up(desk: Desk):  # noqa: F811
    async def story() -> None:
        first = await desk.signed_in("anphu")
        colleague = await desk.signed_in("haiphong")
        for _ in range(signin.MOST_SESSIONS):
            last = await desk.signed_in("anphu")
        assert (await first.get("/")).headers["location"] == "/sign-in", "the one that was used longest ago"
        assert (await last.get("/")).status_code == 200
        assert (await colleague.get("/")).status_code == 200
        assert alive(desk) == signin.MOST_SESSIONS + 1
        with desk.core.db.reading() as session:
            ended = list(session.execute(select(Audit.detail).where(Audit.action == "signed_out_elsewhere")).scalars())
        assert ended == ["sessions=1"]

    run(story)
