"""However somebody cuts what they say into messages, the same is understood. Real engine, real database.

Pieces that do something by themselves (a yes, a stop, a code) are turns of their own: those stories are cut elsewhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from bot.core.messages import Channel, InboundKind, InboundMessage
from bot.dialogue import triage
from bot.dialogue.bursts import Rule
from bot.dialogue.state import ConversationState
from bot.services.messaging import turns
from bot.storage.tables import Conversation
from tests.dialogue.test_promises import BEHIND, COMMUNES, DEEDS, PEOPLE, TIMES, TRACES
from tests.support.golden import Answer, Stage
from tests.support.world import core_in

pytestmark = pytest.mark.dialogue
few = settings(
    max_examples=25, deadline=None, database=None, derandomize=True, phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


class Person:
    """Somebody whose messages arrive together."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.core, self.name, self.serial = stage, stage.core, secrets.token_urlsafe(32), 0
        self.id = self.core.vault.conversation_id(Channel.TELEGRAM, self.name)

    def send(self, *said: str | dict[str, Any]) -> Answer:
        """Everything that is answered to what arrives at once."""
        messages = []
        for one in said:
            self.serial += 1
            more = one if isinstance(one, dict) else {"kind": InboundKind.TEXT, "text": one}
            messages.append(
                InboundMessage(
                    channel=Channel.TELEGRAM, sender=self.name, message_id=f"{self.name}.{self.serial}", **more
                )
            )

        async def turn() -> Answer:
            accepted = await self.stage.parts.intake.accept(messages)
            await self.stage.parts.dispatcher.run(self.id)
            found: Answer = []
            for one in accepted:
                rows = await self.core.db.read(
                    lambda s, one=one: turns.replies_to(s, self.core.vault, self.id, one.inbox_id)
                )
                found += [reply for _, reply in rows]
            return found

        return self.stage._run(turn())

    def asked(self) -> Person:
        """At "what happened?"."""
        self.send({"kind": InboundKind.CHOICE, "choice": "do:report_tip"})
        self.send({"kind": InboundKind.CHOICE, "choice": "ans:yes"})
        assert self.state().asked == "tip_what"
        return self

    def state(self) -> ConversationState:
        with self.core.db.reading() as session:
            row = session.get(Conversation, self.id)
            assert row is not None
            assert row.state is not None
            return ConversationState.from_json(self.core.vault.open_state(self.id, row.state))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with core_in(tmp_path_factory.mktemp("pieces"), LACHAN_ENGINE_WORKERS="1", LACHAN_ENGINE_TIMEOUT="20") as core:
        made = Stage(core)
        yield made
        made.close()


@st.composite
def cut(draw: st.DrawFn) -> list[str]:
    """A story as lines, cut anywhere between two words into at most ten messages."""
    commune = draw(st.sampled_from(COMMUNES))[0]
    told = [draw(st.sampled_from(pool)) for pool in (DEEDS, TIMES, PEOPLE, BEHIND, TRACES)] + [f"ở {commune}"]
    words = " ".join(draw(st.permutations(told))).split()
    places = sorted(draw(st.sets(st.integers(1, len(words) - 1), min_size=1, max_size=9)))
    return [" ".join(words[start:end]) for start, end in zip([0, *places], [*places, len(words)], strict=True)]


@few
@given(cut())
def test_any_cut_of_a_story_tells_the_same(stage: Stage, pieces: list[str]) -> None:
    rule = Rule()
    alone = [rule.apart(InboundMessage(Channel.TELEGRAM, "p", "m", InboundKind.TEXT, text=piece)) for piece in pieces]
    cries = [piece for piece in pieces if triage.assess(piece).level == "emergency"]
    assume(not any(alone) and not cries)
    apart, whole = Person(stage).asked(), Person(stage).asked()
    bubbles = apart.send(*pieces)
    assert [reply.text for reply in bubbles] == [reply.text for reply in whole.send("\n".join(pieces))]
    assert apart.state().draft == whole.state().draft


def test_the_record_keeps_the_pieces_in_order_a_line_each(stage: Stage) -> None:
    person = Person(stage).asked()
    pieces = [
        "bà chủ quán bắt mấy em gái tiếp khách",
        "ở quán sao đêm, xã An Lão, Hải Phòng",
        "có 3 đứa nhỏ",
        "tối nào cũng vậy",
    ]
    person.send(*pieces)
    assert ["what", "\n".join(pieces)] in person.state().draft["said"]


def test_a_position_among_words_loses_neither(stage: Stage) -> None:
    person = Person(stage).asked()
    spot = {"kind": InboundKind.LOCATION, "latitude": 21.0278, "longitude": 105.8342}
    person.send("bà chủ quán bắt mấy em gái tiếp khách", spot, "ai không chịu thì bị bỏ đói")
    draft = person.state().draft
    assert draft["where"]["status"] in {"commune", "candidates"}, draft
    assert "bỏ đói" in str(draft["said"])


@pytest.mark.parametrize("cry", ["cứu em với, em đang bị nhốt", "nó đang cầm dao đòi giết tôi, cứu với"])
@pytest.mark.parametrize("asked", [False, True])
def test_a_cry_is_answered_first_whatever_stands_around_it(stage: Stage, cry: str, asked: bool) -> None:
    person = Person(stage).asked() if asked else Person(stage)
    calm = [
        "chào bạn, hôm nay trời đẹp",
        "mình ở quán sao đêm",
        "hôm qua mình xem phim hay lắm",
        "phim nói về một ông bác sĩ",
    ]
    bubbles = person.send(*calm, cry, "chắc vậy thôi bạn nhỉ")
    assert any(number in bubbles[0].text[:120] for number in ("113", "111", "115")), [reply.text for reply in bubbles]


def test_a_stop_among_pieces_is_heard(stage: Stage) -> None:
    person = Person(stage).asked()
    bubbles = person.send("ở quán sao đêm", "xã An Lão", "DỪNG", "thôi mình sợ quá")
    assert any("xóa" in reply.text for reply in bubbles), [reply.text for reply in bubbles]


def test_an_album_is_asked_about_once(stage: Stage) -> None:
    person = Person(stage)
    refused = [{"kind": InboundKind.ATTACHMENT, "text": "", "refused": ("file_type",)} for _ in range(6)]
    bubbles = person.send(*refused)
    assert len({reply.text for reply in bubbles}) == len(bubbles)
