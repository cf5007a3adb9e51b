"""The learned half of the offer check: made from the texts that lie here, bounded, and never the only one to reassure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.commands.offer_training import digest
from bot.content.offers import MODEL, load_signal_book, read_signal_book
from bot.core.offers.check import check_offer, read_rules
from bot.core.offers.found import page_of
from bot.core.offers.model import UNTRAINED, ModelError, parse
from bot.core.offers.reading import read
from bot.core.offers.reply import reply_text
from bot.core.offers.wording import LONGEST_CLAUSE, clauses
from bot.dialogue.memory import pieces
from bot.dialogue.state import ConversationState, Told

ROOT = Path(__file__).parents[3]
BOOK = load_signal_book()
STORED = json.loads((ROOT / "content" / MODEL).read_text(encoding="utf-8"))
# Nothing of these is a pattern: no rule has a word for it.
WORDING_ALONE = (
    "Chị lo cho em từ đầu đến cuối, qua bên ấy có người nhà mình đón, em chỉ cần mang theo quần áo thôi",
    "bạn ơi bên mình thấy bé nhà bạn dễ thương, mẹ cho bé vào nhóm làm vài thử thách ứng tiền là được chọn",
)
HONEST = (
    "quán cơm đầu ngõ tìm người rửa chén buổi trưa, nhà gần thì tiện, qua hỏi cô Bảy",
    "cô giáo nhờ sinh viên phụ lớp vẽ sáng chủ nhật ở nhà văn hóa phường, có phụ cấp ăn trưa",
)


def test_the_model_was_made_from_these_texts() -> None:
    assert digest(ROOT) == STORED["inputs"], "the texts changed: run `lachan model offers`"


def test_the_signs_it_names_have_words() -> None:
    assert set(STORED["signals"]) <= {signal.id for signal in BOOK.signals}


@pytest.mark.parametrize("text", WORDING_ALONE)
def test_what_no_rule_knows_is_at_least_doubted(text: str) -> None:
    assert read_rules(page_of(text), BOOK).score < BOOK.medium
    verdict = check_offer(text, BOOK)
    assert verdict.risk in {"medium", "high"}
    assert verdict.flags  # something of it is quoted, in its own words
    assert all(flag.quote in text for flag in verdict.flags)
    assert verdict.flags[0].quote in reply_text(verdict, BOOK, "vi")


@pytest.mark.parametrize("text", HONEST)
def test_everyday_work_is_not_called_dangerous(text: str) -> None:
    assert check_offer(text, BOOK).risk in {"unknown", "low"}


def test_low_takes_the_lowest_band_of_the_model_too() -> None:
    text = "Siêu thị tuyển nhân viên bán hàng, lương 7 triệu, ký hợp đồng lao động, đóng BHXH."
    assert check_offer(text, BOOK).risk == "low"
    problems: list = []
    doubting = read_signal_book(
        ROOT / "content", problems, UNTRAINED
    )  # says nothing at all, so nothing is in its lowest band
    assert doubting is not None
    assert check_offer(text, doubting).risk == "unknown"


@pytest.mark.parametrize("text", ["12345", "a " * 3_000, "triệu " * 500, "tiền"])
def test_a_single_word_proves_nothing(text: str) -> None:
    assert check_offer(text, BOOK).risk == "unknown"


def test_pieces_of_one_offer_add_up() -> None:
    pieces = ("bên mình tìm người phụ bán ở Phnom Penh", "xe tới tận nhà đón", "giấy tờ đưa chị giữ cho")
    alone = check_offer(pieces[0], BOOK)
    traces = [trace for piece in pieces[:2] if (trace := check_offer(piece, BOOK).trace) is not None]
    together = check_offer(pieces[2], BOOK, traces)
    assert together.score > alone.score
    assert together.risk == "high"


def test_a_trace_has_no_words_of_the_offer() -> None:
    verdict = check_offer("tuyển gấp nữ sang Lào làm quán, lương ba chục triệu, đi đêm nay", BOOK)
    assert verdict.trace is not None
    assert set(verdict.trace.signs) <= {signal.id for signal in BOOK.signals}
    assert "quán" not in repr(verdict.trace)


@pytest.mark.parametrize(
    "broken",
    [{}, {**STORED, "version": 2}, {**STORED, "mix": [1.0]}, {**STORED, "runs": [["a"]]}, {**STORED, "bars": []}, {**STORED, "high": "x"}],
)  # fmt: skip
def test_a_broken_file_is_refused(broken: dict) -> None:
    with pytest.raises(ModelError):
        parse(broken)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    for path in (ROOT / "content" / "offers").glob("*.yml"):
        (tmp_path / "offers").mkdir(exist_ok=True)
        (tmp_path / "offers" / path.name).write_bytes(path.read_bytes())
    problems: list = []
    assert read_signal_book(tmp_path, problems) is None
    assert [problem.file for problem in problems] == [MODEL]


def test_clauses_are_short_and_lose_no_word() -> None:
    words = read(
        "anh nói thật là bên đấy nó trả nghìn rưỡi đô chỉ cần em biết nói chuyện với khách Việt thôi, ok em. Đi"
    )
    parts = clauses(words)
    assert all(part.last - part.first < LONGEST_CLAUSE + 3 for part in parts)
    placed = [i for part in parts for i in range(part.first, part.last + 1) if words.words[i] not in ".,"]
    assert placed == [i for i, word in enumerate(words.words) if word not in ".,"]


def test_what_was_pasted_just_before_belongs_to_the_offer() -> None:
    state = ConversationState(
        before=(Told(at=100.0, text="cũ"), Told(at=900.0, text="một"), Told(at=950.0, text="hai"))
    )
    assert pieces(state, 1000.0) == ("một", "hai")
    state.engine = {"events": [{"event": "slot", "name": "requested_slot", "value": "offer_text"}]}
    assert pieces(state, 1000.0) == ()  # asked for: another offer
