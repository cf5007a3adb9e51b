"""The promises of the interview, over conversations nobody wrote: stories shuffled, split, repeated, corrected, interrupted.

Real engine, real database; the tip is read as it was about to be sealed. A handful of conversations for each promise here;
`make soak` holds many more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.core.text import fold
from tests.support import golden, reporters
from tests.support.golden import Stage
from tests.support.world import core_in

pytestmark = pytest.mark.dialogue
_FEW = {
    "deadline": None,
    "database": None,
    "derandomize": True,
    "phases": (Phase.generate,),
    "suppress_health_check": list(HealthCheck),
}
LONG = settings.get_current_profile_name() == "others"  # make soak
few = settings(max_examples=12 if LONG else 5, **_FEW)
many = settings(max_examples=150, **_FEW)

# name as told, code, full name with its province
COMMUNES = [
    ("phường Lê Thanh Nghị, Hải Phòng", "10532"), ("xã An Lão, Hải Phòng", "11629"), ("phường Cam Đường, Lào Cai", "02671"),
    ("phường Hồng Gai, Quảng Ninh", "06685"), ("xã Mèo Vạc, Tuyên Quang", "00769"),
]  # fmt: skip
COUNTRIES = ["Campuchia", "Lào", "Trung Quốc", "Đài Loan", "Malaysia"]
DEEDS = [
    "có nhóm lạ rủ thanh niên trong xóm đi làm xa, hứa lương ba mươi triệu rồi giữ hết giấy tờ",
    "bà chủ quán bắt mấy em gái tiếp khách, ai không chịu thì bị bỏ đói",
    "con bé hàng xóm bị dụ đi phụ quán, giờ nó bị nhốt không cho về nhà",
    "ông chủ lò gạch giữ tiền công của thợ cả năm, ai đòi thì bị đánh",
]
TIMES = ["tối qua", "từ tháng 9", "hôm 12/10", "tuần trước", "hai tháng nay"]
PEOPLE = ["hai em gái chừng 16 tuổi", "ba người trong xóm", "một bạn học lớp 10"]
BEHIND = ["bà Tư Thơm chủ quán", "thằng Kiệt con ông Năm", "một anh tên Phong ở xóm dưới"]
TRACES = ["0912 345 678", "29A-123.45", "t.me/vieclamxua"]
NOISE = ["đợi xíu", "ai đọc được tin này vậy?", "dạ", "nói rồi mà", "đúng", "em run quá", "alo"]
YESES = ["đúng", "đứng", "dũng", "dung", "đúng rồi ạ", "vâng ạ", "ok"]


@dataclass
class Held:
    """A conversation that was held, and the tip it ended in ({} while none was sent)."""

    answers: list[golden.Answer]
    said: list[str]
    tip: dict[str, Any] = field(default_factory=dict)

    @property
    def told(self) -> str:
        return json.dumps(self.tip, ensure_ascii=False)

    @property
    def items(self) -> list[str]:
        return [str(reply.meta.get("item")) for answer in self.answers for reply in answer]


class Scene:
    """Conversations that are answered as they go."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def hold(self, said: list[str], then: dict[str, str] | None = None, *, most: int = 40) -> Held:
        """Say `said` one after another, then answer each question with `then` (or a skip) until the tip is sent."""
        log: list[str] = []
        talk, left = reporters._Talk(self.stage, log), dict(then or {})
        held = Held([], [])
        with reporters._tips_seen() as seen:
            for words in said:
                self._say(talk, held, words)
            for _ in range(most):
                if seen:
                    break
                question = reporters.asked(held.answers[-1])
                fallback = {"": "!do:report_tip", "confirm": "!ans:send", "reply": "!reply:none", "cancel": "!ans:resume",
                            "pick": "!place:unknown", "owner": "không phải số của tôi", "edit": "!ans:back"}  # fmt: skip
                self._say(talk, held, left.pop(question, "") or fallback.get(question, "!ans:skip"))
        held.tip = seen[0] if seen else {}
        return held

    @staticmethod
    def _say(talk: reporters._Talk, held: Held, words: str) -> None:
        held.said.append(words)
        held.answers.append(talk.say(words))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with core_in(tmp_path_factory.mktemp("promises"), LACHAN_ENGINE_WORKERS="1", LACHAN_ENGINE_TIMEOUT="20") as core:
        stage = Stage(core)
        yield Scene(stage)
        stage.close()


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


@st.composite
def stories(draw: st.DrawFn) -> list[str]:
    """A story in pieces: facts of all kinds, shuffled, cut into messages of one to three pieces, with noise between."""
    commune = draw(st.sampled_from(COMMUNES))[0]
    pieces = [draw(st.sampled_from(pool)) for pool in (DEEDS, TIMES, PEOPLE, BEHIND, TRACES)] + [f"ở {commune}"]
    pieces = draw(st.permutations(pieces))
    messages: list[str] = []
    while pieces:
        size = draw(st.integers(1, 3))
        messages.append(draw(st.sampled_from([", ", "\n", ". "])).join(pieces[:size]))
        pieces = pieces[size:]
        if draw(st.booleans()):
            messages.append(draw(st.sampled_from(NOISE)))
    return messages


def _nothing_told_is_lost(scene: Scene, story: list[str], early: int) -> None:
    early = min(early, len(story))
    held = scene.hold([*story[:early], "tôi muốn báo tin", *story[early:]])
    assert held.tip, held.items
    everything = _plain(held.told)
    for message in story:
        for piece in re.split(r"[,\n.] ?", message):
            if message not in NOISE and len(piece) > 3:
                assert _plain(piece) in everything, (piece, held.said, held.tip)


@few
@given(stories(), st.integers(0, 3))
def test_nothing_told_is_lost(scene: Scene, story: list[str], early: int) -> None:
    _nothing_told_is_lost(scene, story, early)


@pytest.mark.soak
@many
@given(stories(), st.integers(0, 6))
def test_nothing_told_is_lost_in_many(scene: Scene, story: list[str], early: int) -> None:
    _nothing_told_is_lost(scene, story, early)


@few
@given(
    st.sampled_from(["where", "when", "who", "behind"]),
    st.sampled_from(["em run quá", "em buồn ngủ quá rồi", "haha thôi kệ"]),
)
def test_a_question_closes_only_with_its_own_kind(scene: Scene, question: str, words: str) -> None:
    told = {"what": DEEDS[0], question: words}
    held = scene.hold(["báo tin", "!ans:yes"], told)
    asked = [reporters.asked(answer) for answer in held.answers]
    assert asked.count(question) == 2, (asked, held.said)
    value = (held.tip.get("where") or {}).get("text", "") if question == "where" else held.tip.get(question, "")
    assert _plain(words) not in _plain(str(value))


@few
@given(st.sampled_from(COMMUNES), st.sampled_from(DEEDS), st.sampled_from(TIMES), st.sampled_from(PEOPLE))
def test_said_once_is_enough(scene: Scene, commune: tuple[str, str], deed: str, time: str, people: str) -> None:
    held = scene.hold([f"{deed}. Chuyện xảy ra {time}, ở {commune[0]}. Có {people} còn ở đó", "báo tin"])
    asked = {reporters.asked(answer) for answer in held.answers}
    assert not asked & {"what", "where", "pick", "when"}, (asked, held.said, held.tip)
    assert (held.tip.get("where") or {}).get("code") == commune[1]


@few
@given(
    st.lists(st.sampled_from(COMMUNES), min_size=2, max_size=2, unique=True),
    st.sampled_from(["không phải {a} mà là {b}", "à nhầm, {b}", "{b} chứ không phải {a}"]),
    st.sampled_from(["when", "who", "behind", "evidence", "confirm"]),
)
def test_the_later_word_wins(scene: Scene, both: list[tuple[str, str]], form: str, at: str) -> None:
    (first, _), (second, code) = both
    said = form.format(a=first.split(",")[0], b=second)
    held = scene.hold(["báo tin", "!ans:yes", DEEDS[0], first], {at: said})
    assert (held.tip.get("where") or {}).get("code") == code, (held.said, held.tip.get("where"))


BETWEEN = ["có người vào", "giờ em không tiện", "công an bao lâu thì tới?", "dạ", "nói rồi mà", "!ans:kept", "!do:menu", "đợi xíu", "không biết",
           "nó đang đánh em cứu em với", "dung", "gửi đi", "quay lại"]  # fmt: skip


@st.composite
def afterwards(draw: st.DrawFn) -> list[str]:
    """What is said once an urgent tip was sent: facts in any order, in one message or several, with all sorts of things between."""
    pieces = draw(st.permutations([draw(st.sampled_from(pool)) for pool in (TIMES, PEOPLE, BEHIND, TRACES)]))
    deeds: list[str] = []
    for piece in pieces:
        deeds += [*draw(st.lists(st.sampled_from(BETWEEN), max_size=2)), piece]
    return deeds


@settings(few, max_examples=8 if LONG else 4)
@given(st.booleans(), afterwards(), st.sampled_from(["!ans:enough", "thôi", "hủy tin"]))
def test_what_is_told_after_sending_reaches_the_same_tip(scene: Scene, kept: bool, deeds: list[str], end: str) -> None:
    talk, items, answer = reporters._Talk(scene.stage, []), list[str](), list[Any]()
    road = [
        "cứu em với em bị nhốt trong khách sạn",
        "!do:urgent_tip",
        COMMUNES[1][0],
        "!ans:send",
        *["!ans:kept"] * kept,
    ]
    with reporters._tips_seen() as seen:
        said: list[str] = []
        for deed in [*road, *deeds, end]:
            if "receipt_shown_words" in items and reporters.asked(answer) == "" and "tip_after_thanks" in items:
                break  # everything was asked, and the code dealt with
            said.append(deed)
            answer = talk.say(deed)
            items += [str(reply.meta.get("item")) for reply in answer]
    assert len(seen) == 1, "a tip is sent once"
    told = _plain(json.dumps(seen[0].get("added") or [], ensure_ascii=False))
    for piece in said[len(road) :]:
        assert piece in [*BETWEEN, end] or _plain(piece) in told, (piece, deeds, seen[0].get("added"))
    asked = [item for item in items if item.endswith("_after")]
    first = list(dict.fromkeys(asked))
    assert asked == sorted(asked, key=first.index), "no question comes back once another was put"
    assert "tip_cancelled" not in items


@few
@given(st.lists(st.sampled_from(YESES), min_size=2, max_size=4), st.integers(0, 7))
def test_a_yes_never_ends_anything(scene: Scene, yeses: list[str], at: int) -> None:
    road = ["báo tin", "!ans:yes", DEEDS[1], COMMUNES[0][0], "tối qua", "!ans:skip", "!ans:skip", "!ans:skip"]
    held = scene.hold([*road[: at + 1], *yeses])
    assert "tip_cancelled" not in held.items, held.said
    assert held.tip, (held.said, held.items)


@few
@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=5), st.integers(0, 8))
def test_every_text_leads_on(scene: Scene, texts: list[str], at: int) -> None:
    road = [
        "báo tin",
        "!ans:yes",
        DEEDS[2],
        COMMUNES[1][0],
        "tuần trước",
        "!ans:skip",
        "!ans:skip",
        "!ans:skip",
        "!reply:none",
    ]
    held = scene.hold([*road[: at + 1], *(text for text in texts if text[0] not in "!@*")], most=60)
    assert all(held.answers), held.said
    assert held.tip or "tip_cancelled" in held.items, held.items[-5:]


@few
@given(st.sampled_from(COMMUNES), st.sampled_from(COUNTRIES), st.permutations([0, 1, 2]))
def test_a_country_never_replaces_a_commune(
    scene: Scene, commune: tuple[str, str], country: str, order: list[int]
) -> None:
    parts = [f"nó ở {commune[0]}", f"bị lừa qua {country} làm việc", "bây giờ không liên lạc được nữa"]
    held = scene.hold(["báo tin", "!ans:yes", ". ".join(parts[number] for number in order)])
    where = held.tip.get("where") or {}
    assert (where.get("code"), where.get("country")) == (commune[1], country), (held.said, where)


@few
@given(st.sampled_from(["số em là {n}", "liên lạc với tôi qua số {n}", "sđt của mình {n} nha"]), st.integers(0, 6))
def test_the_reporters_own_number_stays_apart(scene: Scene, form: str, at: int) -> None:
    road = ["báo tin", "!ans:yes", DEEDS[3], COMMUNES[3][0], "tối qua", "!ans:skip", "!ans:skip", "!ans:skip"]
    held = scene.hold([*road[: at + 1], form.format(n="0987 001 122")])
    rest = {name: value for name, value in held.tip.items() if name != "contact"}
    assert "0987" not in json.dumps(rest), rest
    assert "0987 001 122" in str(held.tip.get("contact")), held.tip


@few
@given(
    st.sampled_from(["cứu em với, nó sắp đánh em", "help me they locked me in a room", "em bị nhốt, cứu"]),
    st.integers(0, 7),
)
def test_danger_comes_first(scene: Scene, cry: str, at: int) -> None:
    road = ["báo tin", "!ans:yes", DEEDS[0], COMMUNES[2][0], "tối qua", "!ans:skip", "!ans:skip", "!ans:skip"]
    held = scene.hold([*road[:at], cry], most=0)
    assert golden.call_first(held.answers[-1][0]), [reply.text for reply in held.answers[-1]]


@few
@given(st.sampled_from(COMMUNES), st.sampled_from(DEEDS))
def test_what_decides_is_read_back(scene: Scene, commune: tuple[str, str], deed: str) -> None:
    held = scene.hold(["báo tin", "!ans:yes", deed, commune[0]])
    shown = next(reply.text for answer in held.answers for reply in answer if reply.meta.get("item") == "tip_summary")
    province = commune[0].split(", ")[1]
    name = commune[0].split(",")[0].split(" ", 1)[1]
    assert name in shown
    assert province in shown
