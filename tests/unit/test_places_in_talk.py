"""Places as people speak of them: nationalities, negations, corrections, a country beside a commune; and where a tip goes."""

from __future__ import annotations

import pytest

from bot.content.places.built import load_gazetteer
from bot.core.places.model import Status
from bot.core.places.resolver import Resolver
from bot.dialogue.interview import intake, places_told
from bot.dialogue.interview.draft import Message, next_question
from bot.dialogue.interview.summary import summary
from bot.dialogue.reading.place_roles import role_of
from bot.dialogue.reading.places import PlacesReader
from bot.services.tips.router import facts_of

GAZETTEER = load_gazetteer()
RESOLVER = Resolver(GAZETTEER)
READER = PlacesReader(GAZETTEER)


def names(text: str) -> set[str]:
    return {GAZETTEER.communes[code].name for code in RESOLVER.resolve(text).codes}


@pytest.mark.parametrize(
    "text",
    ["con gái người Trung Quốc", "nguoi trung quoc goi la lao vuong", "ông chủ Đài Loan bắt làm", "mấy con gái Lào bị giữ",
     "khách Hàn Quốc tới quán", "mấy người Trung Quốc, Đài Loan thuê nhà", "bọn Campuchia nhốt tụi em", "thằng sếp Trung Quốc"],
)  # fmt: skip
def test_a_nationality_is_no_place(text):
    assert RESOLVER.resolve(text).status is Status.NONE


@pytest.mark.parametrize(
    "text", ["đưa người sang Trung Quốc", "bị bán qua Lào", "em đang ở Campuchia", "qua ben trung quoc lam"]
)
def test_a_destination_still_is(text):
    assert RESOLVER.resolve(text).status is Status.FOREIGN


@pytest.mark.parametrize(
    ("text", "meant", "not_meant"),
    [
        ("không phải xã An Phú mà là xã An Lão, Hải Phòng", "An Lão", "An Phú"),
        ("An Lão chứ không phải An Phú", "An Lão", "An Phú"),
        ("xã An Phú Hải Phòng, à nhầm, xã An Lão Hải Phòng", "An Lão", "An Phú"),
        ("xa an phu hai phong a nham xa an lao hai phong", "An Lão", "An Phú"),
        ("xã An Lão Hải Phòng mới đúng, không phải xã An Phú", "An Lão", "An Phú"),
        ("lộn rồi, phường Long Bình Biên Hòa", "Long Bình", "An Phú"),
        ("đâu phải ở Trung Quốc, ở Mường Lát Thanh Hóa", "Mường Lát", ""),
        ("khong phai trung quoc. o sin ho lai chau", "Sìn Hồ", ""),
        ("em không ở Hải Phòng, em ở xã Bình Lư Lai Châu", "Bình Lư", ""),
    ],
)
def test_a_negated_name_is_never_taken(text, meant, not_meant):
    assert meant in names(text)
    assert not_meant not in names(text)
    assert RESOLVER.resolve(text).corrects
    assert not RESOLVER.resolve(text).country


@pytest.mark.parametrize(
    "text",
    [
        "không phải 3 đứa mà là 4 đứa",
        "à nhầm, số 0912345678 mới đúng",
        "không phải anh Phú mà là anh An",
        "sai hết rồi",
    ],
)
def test_a_correction_of_something_else_names_no_place(text):
    found = RESOLVER.resolve(text)
    assert (found.status, found.corrects) == (Status.NONE, False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("xã Thạch Khê huyện Thạch Hà tỉnh Hà Tĩnh", "18604"), ("xa thach khe thach ha ha tinh", "18604"),
        ("xã Thạch Hải, Thạch Hà, Hà Tĩnh", "18604"), ("xã Hoằng Quang huyện Hoằng Hóa Thanh Hóa", "15925"),
        ("xã Quý Sơn Lục Ngạn Bắc Giang", "07612"), ("cửa khẩu Xa Mát", "25489"), ("cửa khẩu Hoa Lư", "25280"),
        ("bến xe Miền Tây", "27460"), ("P.12 Q.GV", "26882"),
    ],
)  # fmt: skip
def test_old_districts_gates_and_short_forms(text, code):
    assert RESOLVER.resolve(text).codes == (code,)


@pytest.mark.parametrize("text", ["xã Anh Phú, Hải Phòng", "xã An Phú, Hải Phogn", "phường Dương Kihn, Hải Phòng"])
def test_a_forgiven_slip_is_said_and_asked(text):
    assert RESOLVER.resolve(text).status is Status.CANDIDATES
    assert READER.read(text, "", None, None, {})["question"]["line"] == "tip_pick_confirm"


def test_an_exact_name_of_the_province_beats_a_guess_in_the_district():
    assert names("xã Đại Bản, huyện Vĩnh Bảo, Hải Phòng") <= {"An Phong", "Hồng An"}, "no Vĩnh Bảo namesake"


# The same in a conversation: the gateway reads, the interview takes.


class Talk:
    """An interview with the gateway's reading of places."""

    def __init__(self, first: str = "") -> None:
        self.draft = intake.begin(self._message(first, {})) if first else intake.begin(Message())
        self.asked = next_question(self.draft)
        self.says: tuple[str, ...] = ()

    @staticmethod
    def _message(text: str, draft) -> Message:
        if text.startswith("!"):
            return Message(choice=text[1:], place=READER.read("", text[1:], None, None, draft))
        return Message(text=text, place=READER.read(text, "", None, None, draft))

    def say(self, *texts: str) -> Talk:
        for text in texts:
            self.draft.pop("changed", None)
            outcome = intake.answer(self.draft, self.asked, self._message(text, self.draft))
            self.asked, self.says = outcome.ask, outcome.says
        return self

    def read_back(self) -> Talk:
        for _ in range(12):
            if self.asked == "confirm":
                return self
            self.say(
                {"safe": "!ans:yes", "what": "quán giữ giấy tờ", "reply": "!reply:none"}.get(self.asked, "!ans:skip")
            )
        raise AssertionError(self.asked)

    @property
    def where(self) -> str:
        return summary(self.draft).get("where", "")


STORY = "hai đứa con gái trong bản bị một người đàn bà rủ sang Trung Quốc đã bốn hôm nay"


def test_a_country_in_the_story_never_discards_the_commune():
    talk = Talk(STORY).say("!ans:yes")
    assert talk.asked == "pick"
    talk.say("xã Mường Lát, Thanh Hóa").read_back()
    assert talk.where.startswith("Xã Mường Lát, Thanh Hóa")
    assert summary(talk.draft)["taken"] == "Trung Quốc"
    facts = facts_of(talk.draft)
    assert (facts.commune, facts.province, facts.abroad, facts.taken) == ("14845", "38", False, True)


def test_only_a_province_at_home_goes_to_the_province_as_before():
    talk = Talk(STORY).say("!ans:yes", "thanh hóa").read_back()
    facts = facts_of(talk.draft)
    assert (facts.commune, facts.province, facts.abroad) == ("", "38", True)


def test_a_commune_told_with_a_later_answer_fills_the_empty_place():
    talk = Talk(STORY).say("!ans:yes", "!ans:skip").say("!when:week", "con bé ở xã Mường Lát, Thanh Hóa, 14 tuổi")
    assert talk.draft["where"]["code"] == "14845"
    assert talk.draft["where"]["country"] == "Trung Quốc"


@pytest.mark.parametrize(
    "said",
    ["à nhầm, không phải xã An Phú mà là xã An Lão", "xã An Lão chứ không phải An Phú", "sửa lại là xã An Lão, Hải Phòng",
     "xã An Lão Hải Phòng mới đúng", "khong phai xa an phu ma la xa an lao", "sai rồi, xã An Lão Hải Phòng"],
)  # fmt: skip
@pytest.mark.parametrize("question", ["when", "who", "behind", "confirm"])
def test_a_correction_replaces_the_place_wherever_it_is_said(said, question):
    talk = Talk().say("!ans:yes", "quán giữ giấy tờ mấy bạn", "xã An Phú Hải Phòng")
    while talk.asked != question:
        talk.say("!reply:none" if talk.asked == "reply" else "!ans:skip")
    talk.say(said)
    assert talk.draft["where"]["code"] == "11629", talk.draft["where"]
    assert talk.asked == question, "what was open stays open"
    assert "An Phú" not in talk.where
    assert "An Phú" not in talk.draft["what"]
    assert talk.says == (() if question == "confirm" else ("tip_place_changed",))
    if question == "confirm":
        assert talk.draft["changed"] == ["where", "taken"], "only the changed line is read back"


@pytest.mark.parametrize("said", ["không phải 3 đứa mà là 4 đứa", "à nhầm, số 0912345678 mới đúng", "sai hết rồi"])
def test_another_correction_leaves_the_place_alone(said):
    talk = Talk().say("!ans:yes", "quán giữ giấy tờ mấy bạn", "xã An Phú Hải Phòng").read_back().say(said)
    assert talk.draft["where"]["code"] == "10645"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("ở phường 5 gò vấp nha", "26876"),
        ("địa điểm: phường Bến Nghé, Quận 1", "26740"),
        ("phường bến nghé q1 tphcm", "26740"),
    ],
)
@pytest.mark.parametrize("before", ["!ans:skip", "xã An Phú Hải Phòng"])
def test_a_place_typed_to_the_summary_is_the_place(said, code, before):
    talk = Talk().say("!ans:yes", "quán giữ giấy tờ mấy bạn", before).read_back().say(said)
    assert (talk.draft["where"]["code"], talk.asked) == (code, "confirm")
    assert talk.draft["what"] == "quán giữ giấy tờ mấy bạn"


def test_a_place_within_more_of_the_story_does_not_replace_the_one_known():
    talk = Talk().say("!ans:yes", "quán giữ giấy tờ mấy bạn", "xã An Phú Hải Phòng").read_back()
    talk.say("ổng hay chở tụi nó qua phường Bến Nghé quận 1 chơi")
    assert talk.draft["where"]["code"] == "10645"
    assert "Bến Nghé" in talk.draft["what"]


def test_a_denied_country_goes_and_the_commune_stands():
    talk = Talk(STORY).say("!ans:yes", "!ans:skip").read_back()
    talk.say("sai rồi, chuyện ở xã Mường Lát Thanh Hóa chứ không phải Trung Quốc")
    assert talk.draft["where"]["code"] == "14845"
    assert "taken" not in summary(talk.draft)


def test_a_place_that_is_only_denied_is_asked_again():
    talk = Talk().say("!ans:yes", "quán giữ giấy tờ mấy bạn", "xã An Phú Hải Phòng").read_back()
    assert talk.say("không phải xã An Phú Hải Phòng").asked == "where"
    assert "where" not in summary(talk.draft)


def test_what_was_said_beside_the_wrong_name_is_not_lost():
    talk = Talk().say("!ans:yes", "mấy đứa con gái bị ép", "quán Sao Đêm gần chợ, xã An Phú, Hải Phòng").read_back()
    talk.say("à nhầm, không phải An Phú mà là xã An Lão")
    assert talk.draft["where"]["code"] == "11629"
    assert "Sao Đêm" in talk.draft["what"]


def test_a_cry_in_a_correction_is_heard_and_its_words_are_kept():
    talk = Talk().say("!ans:yes", "quán giữ giấy tờ mấy bạn", "xã An Phú Hải Phòng")
    text = "à nhầm, ở xã An Lão Hải Phòng, nó đang đánh một đứa, cứu với"
    message = Message(text=text, emergency=True, place=READER.read(text, "", None, None, talk.draft))
    intake.answer(talk.draft, "when", message)
    assert talk.draft["where"]["code"] == "11629"
    assert talk.draft["urgent"]
    assert "đánh một đứa" in talk.draft["what"]


def test_what_else_a_correction_tells_is_in_the_story():
    talk = Talk().say("!ans:yes", "quán giữ giấy tờ mấy bạn", "xã An Phú Hải Phòng").read_back()
    talk.say("à nhầm, ở xã An Lão Hải Phòng, hôm qua nó đánh 2 đứa, xe 15A-123.45")
    assert talk.draft["where"]["code"] == "11629"
    assert "hôm qua nó đánh 2 đứa" in talk.draft["what"]
    assert talk.draft["traces"] == ["15A-123.45"]


def asked_for(words: str, **where: object) -> dict:
    return READER.read(
        words, "", None, None, {"asked": "tip_where", "where": where} if where else {"asked": "tip_where"}
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [("gần cầu Trưng, Sơn Kim 2", "18199"), ("hẻm bên đg Lê Thúc Hoạch, Phú Thọ Hoà", "27022")],
)  # fmt: skip
def test_a_bare_name_among_other_words_answers_where(text, code):
    assert (asked_for(text)["status"], asked_for(text)["code"]) == ("commune", code)
    assert READER.read(text, "", None, None, {})["status"] != "commune"  # in running talk it is too weak a sign


@pytest.mark.parametrize(
    ("text", "code"),
    [("trọ nhà tui Hòa Hiệp Nam", "20194"), ("nha ban em o ban Noong Luong, Thanh Yen ay", "03349"), ("cong truong cap 3 Trang Dinh", "06046"),
     ("massage Hương Tràm đường Thoại Ngọc Hầu, Phú Thạnh", "27028")],
)  # fmt: skip
def test_a_name_of_several_communes_is_asked_about(text, code):
    place = asked_for(text)
    assert place["status"] == "candidates"
    assert code in place["codes"]


@pytest.mark.parametrize(
    "text",
    ["cầu Thanh Bình", "đường Lê Lợi", "quán karaoke Sao Mai", "hẻm 258 bên hông", "em không nhớ", "bình yên lắm"],
)
def test_streets_and_bridges_are_named_after_anything(text):
    assert asked_for(text)["status"] in {"none", "candidates"}
    assert not asked_for(text).get("code")


def test_a_bare_name_lies_in_the_province_already_known():
    assert asked_for("gần chợ, Hòa Hiệp Nam á", status="province", province="48", text="Đà Nẵng")["code"] == "20194"


def test_a_province_named_to_the_question_for_it_is_no_commune_of_that_name():
    place = asked_for("nha tro gan cong ty giay da duc hoa á")
    draft = {
        "asked": "tip_pick",
        "where": {**place, "text": "nha tro gan cong ty giay da duc hoa á"},
        "done": [],
        "picks": 0,
    }
    assert READER.read("long an cũ, nay tây ninh", "", None, None, draft)["name"] != "Phường Long An, Tây Ninh"


def test_the_province_of_the_commune_offered_confirms_it():
    place = asked_for("Phú Thọ Hoà á, q Tân Phú cũ")
    draft = {"asked": "tip_pick", "where": {**place, "text": "Phú Thọ Hoà á, q Tân Phú cũ"}, "done": [], "picks": 0}
    assert READER.read("sài gòn", "", None, None, draft)["code"] == "27022"


@pytest.mark.parametrize(
    ("words", "role"),
    [("bị nhốt ở lầu 3 quán karaoke", "held"), ("dang o trong nha kho gan cho", "held"), ("chở con nhỏ qua Bavet", "taken_to"),
     ("hẹn ở cổng trường cấp 3", "meeting"), ("đón nó ở bến xe Na Sầm", "meeting"), ("nhà nó ở gần chợ", "recruiter"),
     ("quê ở Sơn La", "home"), ("nhà em ở gần cầu", "home"), ("quán karaoke Sao Đêm", "happened"), ("nhà nghỉ Hoa Mai", "happened")],
)  # fmt: skip
def test_the_words_around_a_place_say_what_it_is(words, role):
    assert role_of(words) == role


@pytest.mark.parametrize(
    ("text", "name", "other"),
    [
        ("nhà em ở xã An Phú, Hải Phòng, nó bị nhốt trong quán karaoke ở xã Kiến Thụy, Hải Phòng", "Xã Kiến Thụy, Hải Phòng",
         ["home", "Xã An Phú, Hải Phòng"]),
        ("thằng đó ở xã An Lão, Hải Phòng rủ em đi, hẹn gặp ở bến xe xã Kiến Thụy, Hải Phòng", "Xã Kiến Thụy, Hải Phòng",
         ["recruiter", "Xã An Lão, Hải Phòng"]),
    ],
)  # fmt: skip
def test_of_two_communes_the_role_says_whose_police_it_is_for(text, name, other):
    place = READER.read(text, "", None, None, {})
    assert (place["name"], place["also"]) == (name, [other])


def test_two_communes_of_one_role_are_asked_about():
    text = "quán karaoke ở xã An Phú, Hải Phòng, quán nữa ở xã Kiến Thụy, Hải Phòng"
    assert READER.read(text, "", None, None, {})["status"] == "candidates"


def test_places_are_kept_with_their_roles_and_read_back():
    clauses = (("hẹn ở cổng trường", (("where", 0.9),)), ("quán Sao Đêm", (("where", 0.8),)))
    draft: dict = {"done": [], "where": {"name": "Xã An Phú", "text": "quán Sao Đêm"}}
    places_told.keep(draft, Message(text="hẹn ở cổng trường, quán Sao Đêm", clauses=clauses))
    assert draft["places"] == [["meeting", "hẹn ở cổng trường"]]
    assert list(places_told.beside(summary(draft), draft)) == ["where", "place_meeting"]


def test_the_reporters_own_number_is_in_no_place():
    clauses = (("hẹn ở cổng trường, số em 0912345678", (("where", 0.9),)),)
    draft: dict = {"done": []}
    places_told.keep(draft, Message(text=clauses[0][0], clauses=clauses))
    assert "0912345678" not in str(draft)


@pytest.mark.parametrize("text", ["ở Krông Pắk", "o krong pak", "ở huyện Krông Păk"])
def test_an_old_district_in_another_spelling_is_asked_about(text):
    found = RESOLVER.resolve(text)
    assert found.status is Status.CANDIDATES
    assert found.province == "66"


def test_a_place_in_what_is_said_of_somebody_stands_beside():
    draft = {"done": []}
    places_told.keep(draft, Message(text="", clauses=(("3 chị còn kẹt ở Johor", (("who", 0.9),)),)), "who")
    assert ["held", "Johor"] in draft["places"]


@pytest.mark.parametrize("text", ["khu trọ sau ga Đồng Văn, phường Đồng Văn", "gần chợ An Phú, phường An Phú"])
def test_a_name_said_twice_is_asked_for_and_not_guessed(text):
    assert READER.read(text, "", None, None, {})["status"] == "candidates"


def test_a_position_in_words_is_a_place():
    assert READER.read("tàu em ở 8 độ 12 phút bắc 104 độ 30 phút đông", "", None, None, {})["codes"]
