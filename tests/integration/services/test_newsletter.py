"""Who gets the newsletter: their own choice only, ended at once, erased whole, counted without a name."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.core.errors import EngineUnavailable
from bot.core.messages import Channel, Choice, InboundKind, InboundMessage, OutboundMessage
from bot.gateway.asgi import build
from bot.services.campaigns import report, subscribers
from bot.services.campaigns.words import freeze
from bot.services.messaging import turns
from bot.storage.tables import Campaign, CampaignTap, Contact, Delivery, Subscriber, Tip, TipEntry
from tests.support import newsletter

STOP_BUTTON = "camp:1:do:unsubscribe"


class Numbered(newsletter.Platform):
    """A platform without buttons."""

    numbers = True


class DeadEngine:
    async def turn(self, **request):
        raise EngineUnavailable("none")


class Town:
    """A gateway without an engine, and one person on Telegram."""

    def __init__(self, core, pushes=None) -> None:
        self.core, self.parts, self.number = core, build(core, engine=DeadEngine(), pushes=pushes or {}), 0
        self.who = core.vault.conversation_id(Channel.TELEGRAM, "77")

    def does(self, text: str = "", *, choice: str = "", kind: InboundKind = InboundKind.TEXT) -> list[str]:
        self.number += 1
        message = InboundMessage(
            channel=Channel.TELEGRAM, sender="77", message_id=f"m{self.number}", text=text, choice=choice,
            kind=InboundKind.CHOICE if choice else kind,
        )  # fmt: skip

        async def turn() -> list[str]:
            (accepted,) = await self.parts.intake.accept([message])
            await self.parts.dispatcher.run(self.who)
            found = await self.core.db.read(
                lambda s: turns.replies_to(s, self.core.vault, accepted.conversation_id, accepted.inbox_id)
            )
            return [reply.meta.get("item", "") for _, reply in found]

        return asyncio.run(turn())

    def rows(self, table) -> list:
        with self.core.db.reading() as session:
            return list(session.execute(select(table)).scalars())

    def campaign(self, status: str = "sent") -> None:
        buttons = tuple(Choice(f"camp:1:{name}", "…") for name in ("say:safe_migration", "do:unsubscribe"))
        frozen = freeze({"vi": OutboundMessage("…", buttons)})
        with self.core.db.transaction() as session:
            session.add(Campaign(id=1, title="t", state="running", params="{}", frozen=frozen, created_by="a"))
            session.add(Delivery(campaign_id=1, conversation_id=self.who, channel="telegram", status=status))


@pytest.fixture
def town(core) -> Town:
    return Town(core)


def test_choosing_needs_no_engine_and_is_kept_step_by_step(town):
    assert town.does(choice="do:subscribe") == ["subscribed", "sub_topics"]
    town.does(choice="sub:topic:jobs")
    town.does(choice="sub:topic:done")
    assert town.does("xã An Phú, Hải Phòng") == ["sub_age"]
    assert town.does(choice="sub:age:25_44") == ["sub_card"]
    (row,) = town.rows(Subscriber)
    assert (row.active, row.channel, row.topics, row.province_code, row.commune_code, row.age_band, row.language) == (
        True, "telegram", 1, "31", "10645", "25_44", "vi",
    )  # fmt: skip
    town.does(choice="sub:lang:en")
    assert town.rows(Subscriber)[0].language == "en"


@pytest.mark.parametrize("wish", ["DỪNG", "/dung", "hủy đăng ký", "đừng gửi nữa", "không nhận tin nữa", "stop"])
def test_stopping_needs_no_engine_and_holds_in_the_middle_of_a_sending(town, wish):
    town.does(choice="do:subscribe")
    town.campaign("pending")
    assert town.does(wish) == ["unsubscribed"]
    assert [(row.status, row.code) for row in town.rows(Delivery)] == [("skipped", "opted_out")]
    assert not town.rows(Subscriber)[0].active


@pytest.mark.parametrize("wish", ["dừng lại đi", "please stop", "hủy", "Dừng nhé"])
def test_a_stop_that_does_not_say_what_is_the_newsletters_when_nothing_else_is_open(town, wish):
    town.does(choice="do:subscribe")
    assert town.does(wish) == ["unsubscribed"]
    assert town.does(wish) != ["unsubscribed"]  # who gets nothing may mean anything


@pytest.mark.parametrize("text", ["Đúng", "đúng ạ", "Dũng"])
def test_a_yes_or_a_name_ends_nothing_even_where_a_human_reads(town, text):
    town.does(choice="do:subscribe")
    town.does(text)
    town.does(kind=InboundKind.HUMAN)
    town.does(text)
    assert town.rows(Subscriber)[0].active


def test_the_stop_button_of_a_campaign_stops_and_is_counted(town):
    town.does(choice="do:subscribe")
    town.campaign()
    assert town.does(choice=STOP_BUTTON) == ["unsubscribed"]
    assert {(row.choice, row.count) for row in town.rows(CampaignTap)} == {("do:unsubscribe", 1), ("ended", 1)}


@pytest.mark.parametrize(
    "way", [{"text": "DỪNG"}, {"choice": "do:unsubscribe"}, {"choice": "sub:erase"}, {"kind": InboundKind.STOPPED}]
)
def test_whoever_leaves_is_counted_for_the_last_campaign_they_got(town, way):
    town.does(choice="do:subscribe")
    town.campaign()
    town.does(**way)
    town.does("DỪNG")
    with town.core.db.reading() as session:
        found = report.report(session, session.get(Campaign, 1))
    assert (found["ended"], found["taps"]) == (1, [])


def test_whoever_leaves_before_their_turn_is_not_counted_as_leaving_because_of_it(town):
    town.does(choice="do:subscribe")
    town.campaign("pending")
    town.does("DỪNG")
    assert town.rows(CampaignTap) == []


def test_blocking_ends_it_and_writing_again_does_not_renew_it(town):
    town.does(choice="do:subscribe")
    town.campaign("pending")
    assert town.does(kind=InboundKind.STOPPED) == []
    assert [row.status for row in town.rows(Delivery)] == ["skipped"]
    assert town.rows(Contact)[0].stopped
    town.does(kind=InboundKind.RESUMED)
    town.does("sub")
    assert not town.rows(Contact)[0].stopped
    assert not town.rows(Subscriber)[0].active


def test_erasing_leaves_nothing(town):
    town.does(choice="do:subscribe")
    town.campaign()
    assert town.does(choice="sub:erase") == ["sub_erased"]
    assert (town.rows(Subscriber), town.rows(Delivery)) == ([], [])


def test_a_forged_tap_is_not_counted(town):
    town.campaign()
    with town.core.db.transaction() as session:
        for row in session.execute(select(Delivery)).scalars():
            row.conversation_id = "somebody else"
    town.does(choice=STOP_BUTTON)
    town.does(choice="camp:1:say:never_offered")
    town.does(choice="camp:99:do:unsubscribe")
    assert town.rows(CampaignTap) == []


def test_only_what_was_offered_counts(town):
    town.campaign()
    town.does(choice="camp:1:say:never_offered")
    assert town.rows(CampaignTap) == []


def test_a_forged_number_of_a_campaign_does_not_break_the_turn(town, caplog):
    town.does(choice="do:subscribe")
    town.does(choice=f"camp:{'9' * 25}:do:unsubscribe")
    assert "turn_error" not in caplog.messages
    assert town.rows(CampaignTap) == []


def test_numbers_choose_where_there_are_no_buttons(core):
    town = Town(core, {Channel.TELEGRAM: Numbered()})
    assert town.does("/dangky") == ["subscribed", "sub_topics"]
    assert town.does("2") == ["sub_topics_more"]
    assert town.rows(Subscriber)[0].topics == 1
    assert town.does("4") == ["sub_place"]
    assert town.does("1") == ["sub_age"]
    assert town.does("19") == ["sub_card"]
    assert town.rows(Subscriber)[0].age_band == "18_24"


def test_the_card_shown_without_an_engine_has_no_numbers_that_would_mean_something_older(core):
    town = Town(core, {Channel.TELEGRAM: Numbered()})
    town.does("/dangky")
    assert town.does("việc nhẹ lương cao là gì") == ["hotline_card"]
    with core.db.reading() as session:
        card = turns.later_replies(session, core.vault, town.who, 0)[-1][1]
    assert (card.meta["item"], card.choices) == ("hotline_card", ())
    assert "113" in card.text


def test_of_two_numbers_sent_at_once_only_the_first_answers(core):
    town = Town(core, {Channel.TELEGRAM: Numbered()})
    town.does("/dangky")
    both = [
        InboundMessage(channel=Channel.TELEGRAM, sender="77", message_id=text, text=text, kind=InboundKind.TEXT)
        for text in ("2", "4")
    ]

    async def turn() -> None:
        await town.parts.intake.accept(both)
        await town.parts.dispatcher.run(town.who)

    asyncio.run(turn())
    with core.db.reading() as session:
        said = [reply.meta["item"] for _, reply in turns.later_replies(session, core.vault, town.who, 0)]
    assert "sub_topics_more" in said
    assert "sub_place" not in said


@pytest.mark.parametrize("wish", ["DỪNG", "đừng gửi nữa"])
def test_a_wish_to_stop_does_not_wait_for_the_human_who_took_over(town, wish):
    town.does(choice="do:subscribe")
    town.does(kind=InboundKind.HUMAN)
    assert town.does("để tôi hỏi lại nhé") == []
    assert town.rows(Subscriber)[0].active
    assert town.does(wish) == []
    assert not town.rows(Subscriber)[0].active


def test_a_cry_for_help_is_answered_once_although_a_human_took_over(town):
    town.does(choice="do:subscribe")
    town.does(kind=InboundKind.HUMAN)
    assert town.does("để em hỏi lại nhé") == []
    assert town.does("cứu em với, em đang bị nhốt, họ đánh em") == ["emergency_in_danger"]
    assert town.does("cứu em với, em đang bị nhốt, họ đánh em") == []


def test_a_wish_to_stop_does_not_wait_behind_a_message_without_an_engine(town):
    town.does(choice="do:subscribe")
    town.campaign("pending")
    town.does("việc nhẹ lương cao là gì")  # nobody answers: it waits for its next try
    town.does("DỪNG")
    assert not town.rows(Subscriber)[0].active
    assert [row.status for row in town.rows(Delivery)] == ["skipped"]


@pytest.mark.parametrize("choice", ["sub:topic:everything", "sub:age:200", "sub:lang:xx", "sub:", "sub:place:99999"])
def test_forged_choices_change_nothing_that_matters(town, choice):
    town.does(choice="do:subscribe")
    town.does(choice=choice)
    (row,) = town.rows(Subscriber)
    assert (row.topics, row.age_band, row.language, row.commune_code) == (0, "", "vi", "")


def test_nothing_ties_a_subscription_to_a_tip(town):
    columns = {column.name for table in (Tip, TipEntry) for column in table.__table__.columns}
    assert "conversation_id" not in columns
    assert not [column.name for column in Subscriber.__table__.columns if "tip" in column.name]


def test_change_without_a_subscription_changes_nothing(core):
    with core.db.transaction() as session:
        subscribers.change(session, "nobody", age="25_44")
        assert session.get(Subscriber, "nobody") is None
