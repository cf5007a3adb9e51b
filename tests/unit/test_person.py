"""Who writes, where the danger is and what they can: read from first messages, and what a later word changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.dialogue.emergency import leads, pieces
from bot.dialogue.reading import person
from bot.dialogue.state import ConversationState, Signs

GRID = yaml.safe_load((Path(__file__).parents[1] / "dialogue" / "cards" / "grid.yml").read_text(encoding="utf-8"))[
    "rows"
]
HOME = {"status": "commune"}


@pytest.mark.parametrize(("text", "speaker", "place", "hand", "topic"), GRID)
def test_a_first_message_says_who_where_and_what_they_can(
    text: str, speaker: str, place: str, hand: str, topic: str
) -> None:
    said = person.read(text, "missing_person" if topic == "missing" else "", HOME if place == person.VIET_NAM else {})
    found = ("watched" if said.watched else "text" if said.mute else "", said.place)
    assert (said.speaker, found) == (speaker, (hand, place))


def after(*texts: str, place: dict[str, Any] | None = None, in_form: bool = False) -> Signs:
    state = ConversationState("vi")
    for text in texts[:-1]:
        leads.hear(state, text, "", {}, in_form=False)
    leads.hear(state, texts[-1], "", place or {}, in_form=in_form)
    return state.signs


def test_what_is_not_said_again_stays() -> None:
    signs = after("con gái tôi bị giữ ở Campuchia", "dạ", "nó mặc áo đỏ")
    assert (signs.speaker, signs.whom, signs.place) == ("relative", "child", "cambodia")


@pytest.mark.parametrize(
    ("texts", "speaker"),
    [
        (("con trai tôi bị nhốt", "bị giữ ở Bavet, nó nói bị đánh"), "relative"),
        (("con trai tôi bị nhốt", "con 15 tuổi"), "relative"),
        (("em gái em bị nhốt", "nó nhắn là chị ơi cứu em"), "relative"),
        (("cứu em với, con em bị họ bắt",), "relative"),
        (("cứu em với", "con em bị họ bắt rồi"), "relative"),
        (("em bị nhốt", "bạn em cũng bị nhốt với em"), "self"),
        (("bạn em bị nhốt", "giờ họ nhốt em luôn, em bị đánh"), "self"),
        (("con 11 tuổi, con bị nhốt", "con bị đánh nữa"), "child"),
        (("tôi là cô giáo, học sinh tôi bị giữ", "hàng xóm nói em ấy bị đưa đi"), "professional"),
        (("tôi lỡ chở mấy người qua biên giới", "bạn tôi bị giữ bên đó"), "took_part"),
    ],
)
def test_the_later_word_wins_where_it_says_who_speaks(texts: tuple[str, ...], speaker: str) -> None:
    assert after(*texts).speaker == speaker


def test_a_family_s_home_does_not_move_whom_they_tell_of() -> None:
    assert after("con tôi bị giữ ở Campuchia", "nhà tôi ở xã An Phú", place=HOME).place == "cambodia"
    assert after("em bị giữ ở Campuchia", "giờ em ở xã An Phú", place=HOME).place == "viet_nam"
    assert after("em bị giữ ở Campuchia", "xã An Phú", place=HOME, in_form=True).place == "cambodia"
    assert after("em bị đánh trên tàu cá", "tàu ra từ Sông Đốc", place=HOME).place == "sea"
    assert after("em bị đánh trên tàu cá", "tàu vào bờ rồi").place == "viet_nam"
    assert after("con tôi bị giữ ở Campuchia", "con tôi về nước rồi").place == "viet_nam"


def test_who_can_call_again_is_told_to() -> None:
    assert after("em bị nhốt, không gọi được").mute
    signs = after("em bị nhốt, nó đang ngồi cạnh em", "nó đi rồi, em gọi được rồi")
    assert (signs.mute, signs.watched) == (False, False)


def test_of_somebody_else_who_cannot_call_the_writer_still_can() -> None:
    assert not after("con tôi bị nhốt, nó không gọi được, chỉ nhắn tin").mute
    assert after("con tôi bị nhốt, tôi bị câm điếc").mute


def test_who_is_deaf_or_mute_tells_of_another_all_the_same() -> None:
    for text in (
        "toi bi diec, con gai hang xom bi nhot",
        "tôi bị liệt, con tôi bị lừa bán",
        "em bị khiếm thính, bạn em bị giữ ở quán",
    ):
        assert person.read(text).speaker in {person.WITNESS, person.RELATIVE, person.FRIEND}
    assert person.read("em bị điếc, em bị nhốt trong nhà").speaker == person.SELF


def test_whom_they_tell_of_is_named_as_they_did() -> None:
    said = {text: after(text).whom for text in (
        "chồng em bị giữ", "em gái em bị bán", "mẹ em bị đánh", "bạn em bị nhốt", "người yêu em bị giữ",
        "em gái tôi lấy chồng Đài Loan bị nhốt",
    )}  # fmt: skip
    assert list(said.values()) == ["husband", "younger", "mother", "friend", "partner", "younger"]


@pytest.mark.parametrize("text", ["xin chào", "cho em hỏi lương bên Nhật", "luật nói gì về mua bán người", "", "113"])
def test_words_about_nobody_say_nothing(text: str) -> None:
    assert person.read(text).speaker == ""


def test_a_piece_is_for_no_other_speaker() -> None:
    """Whoever it is for stands in its name; what is not known takes nothing from those who are."""
    assert pieces.of("act_danger", Signs(), "vi") == ""
    assert pieces.of("act_danger", Signs(speaker="witness", place="sea"), "vi") == "act_danger_seen_sea"
    assert (
        pieces.of("act_danger", Signs(speaker="professional", trade="hotel", place="china"), "vi") == "act_danger_hotel"
    )
    assert pieces.of("act_danger", Signs(speaker="relative", place="taiwan"), "vi") == "act_danger_other_abroad"
    assert pieces.of("act_danger", Signs(speaker="self", mute=True, watched=True), "vi") == "act_danger_self_watched"
    assert pieces.of("act_danger", Signs(speaker="relative"), "en") == ""
    assert pieces.of("act_danger", Signs(speaker="nobody", place="nowhere"), "vi") == ""
