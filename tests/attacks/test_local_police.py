"""The local police may be the problem: everybody is asked once, by a button, and whoever says so is read by nobody in the commune.

Whole conversations with the real engine: an adult, a child, somebody in danger now, a relative, somebody abroad; then the
commune's officer tries to open the tip.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.core.messages import Channel, OutboundMessage
from bot.gateway.asgi import build
from bot.storage.tables import Conversation, Referral
from tests.support.console import Desk, post, run
from tests.support.golden import Stage, _message
from tests.support.world import core_in

pytestmark = pytest.mark.dialogue
WHERE = "xã An Phú Hải Phòng"
QUESTION = "không muốn công an xã"
DONT = "đừng gửi công an xã"
DECIDES = {"ans:above", "ans:send_above", "ans:commune"}  # buttons of a tip that is read back
TELLERS = {
    "an adult": ["tôi muốn tố giác", "!ans:yes", "quán karaoke giữ giấy tờ ba cô gái, bắt làm không công", WHERE],
    "a child": ["con 13 tuổi, con muốn báo tin", "!ans:yes", "chú hàng xóm rủ con với bạn con đi làm xa, hứa cho điện thoại", WHERE],
    "somebody in danger now": ["em đang bị nhốt ở quán karaoke, nó giữ giấy tờ, cứu em với", "báo công an giúp em", f"em ở quán Sao Mai {WHERE}"],
    "a relative": ["em gái tôi bị lừa đi làm, mất liên lạc", "tôi muốn báo tin", "!ans:yes", f"nó bị đưa đi từ {WHERE}", WHERE],
    "somebody abroad": ["em đang ở Campuchia, bị bán vào công ty lừa đảo, muốn báo tin", "!ans:yes", f"người dụ em ở {WHERE}", WHERE],
}  # fmt: skip


class Walk:
    """One conversation, answered until the tip is read back."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._person, self._number = stage, secrets.token_urlsafe(32), 0
        self.conversation = stage.core.vault.conversation_id(Channel.WEB, self._person)
        with stage.core.db.transaction() as session:
            session.add(Conversation(id=self.conversation, channel="web", updated_at=stage.core.now()))
        self.asked: list[OutboundMessage] = []
        self.last: list[OutboundMessage] = []

    def do(self, deed: str) -> None:
        message = _message(Channel.WEB, self._person, self._number, deed)
        self.last = self._stage._run(self._stage._turn(message, self.conversation))
        self._number += 1
        self.asked += [reply for reply in self.last if QUESTION in reply.text]

    @property
    def offered(self) -> set[str]:
        return {choice.id for reply in self.last for choice in reply.choices}

    def to_the_read_back(self) -> None:
        for _ in range(16):
            if DECIDES & self.offered:
                return
            for choice in (
                "ans:send",
                "do:urgent_tip",
                "do:report_tip",
                "reply:none",
                "place:0",
                "ans:skip",
                "ans:yes",
            ):
                if choice in self.offered:
                    self.do(f"!{choice}")
                    break
            else:
                self.do(WHERE)
        raise AssertionError([reply.text for reply in self.last])

    def send(self, choice: str) -> None:
        """Press a button of the read-back, and "send" where the tip is read back once more."""
        self.do(f"!{choice}")
        if "ans:commune" in self.offered and "ans:send" in self.offered:
            self.do("!ans:send")


class Town(Stage):
    """A stage whose officers can sign in."""

    def __init__(self, core) -> None:
        self.desk = Desk(core)
        self.core, self.parts = core, build(core)
        self._loop = asyncio.new_event_loop()
        self._run(self._start())


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with core_in(tmp_path_factory.mktemp("police"), LACHAN_ENGINE_WORKERS="1", LACHAN_ENGINE_TIMEOUT="60") as core:
        made = Town(core)
        try:
            yield made
        finally:
            made.close()


def newest(town: Town, known: set[str]) -> Referral:
    with town.core.db.reading() as session:
        (found,) = [row for row in session.execute(select(Referral)).scalars() if row.id not in known]
        return found


@pytest.mark.parametrize("who", TELLERS)
def test_everybody_is_asked_once_and_the_answer_routes_the_tip(who: str, town: Town) -> None:
    with town.core.db.reading() as session:
        known = set(session.execute(select(Referral.id)).scalars())
    walk = Walk(town)
    for deed in TELLERS[who]:
        walk.do(deed)
    walk.to_the_read_back()
    assert len(walk.asked) == 1
    assert "không muốn công an xã" in walk.asked[0].text
    assert any(DONT in choice.title.lower() for choice in walk.asked[0].choices)
    walk.send(next(iter({"ans:above", "ans:send_above"} & walk.offered)))
    referral = newest(town, known)
    assert referral.unit_id == "ca.31"

    async def story() -> None:
        commune = await town.desk.signed_in("anphu")
        assert (await commune.get(f"/referrals/{referral.id}")).status_code == 404
        assert referral.id not in (await commune.get("/?show=all")).text
        above = await town.desk.signed_in("haiphong")
        page = f"/referrals/{referral.id}"
        shown = await above.get(page)
        assert shown.status_code == 200
        assert 'value="ca.31.10645"' not in shown.text, "not among those it can be handed to"
        form = {"act": "transfer", "reason": "other_place", "unit": "ca.31.10645", "sure": "yes"}
        refused = await post(above, f"{page}/act", page, **form)
        assert refused.status_code == 400
        assert "không muốn đơn vị này đọc" in refused.text
        assert (await commune.get(page)).status_code == 404

    run(story)


@pytest.mark.parametrize(
    "words",
    ["ông ấy là anh ruột của trưởng công an xã, đừng gửi cho công an xã", "CA xã ăn tiền của ông ấy, báo xã là lộ",
     "con không dám tới công an xã, ổng là cậu nó"],
)  # fmt: skip
def test_words_said_to_any_question_keep_it_from_the_commune(words: str, town: Town) -> None:
    with town.core.db.reading() as session:
        known = set(session.execute(select(Referral.id)).scalars())
    walk = Walk(town)
    for deed in (*TELLERS["an adult"], words):
        walk.do(deed)
    walk.to_the_read_back()
    walk.send("ans:send")
    assert newest(town, known).unit_id == "ca.31"
