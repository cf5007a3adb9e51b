"""The turns after an alarm, told by strangers: each kind of plight keeps its own answer."""

from __future__ import annotations

import pytest

from tests.support.golden import Answer, Stage

pytestmark = pytest.mark.dialogue
BLACKMAILED = "em bị một đứa trên mạng doạ tung ảnh khoả thân của em, nó đòi 2 triệu"
DESPAIR = ("still_here_distress", "self_harm_distress", "still_here_taken", "still_here_friend")


def told(answer: Answer) -> str:
    return "\n".join(reply.text for reply in answer)


def item(answer: Answer) -> str:
    return str(answer[0].meta["item"])


def despairs(answer: Answer) -> bool:
    return item(answer).startswith(DESPAIR) or "thuốc, dao" in told(answer)


@pytest.mark.parametrize(
    "said",
    ["nó hẹn 8h tối nay", "2 triệu", "stk 0123456789 vietcombank", "nó nói không chuyển thì gửi cho cả lớp",
     "truoc 9 gio phai co tien"],
)  # fmt: skip
def test_what_is_told_of_the_blackmail_has_its_own_answer(stage: Stage, said: str) -> None:
    _, answer = stage.play([BLACKMAILED, said])
    assert item(answer).startswith("still_here_pictures")


@pytest.mark.parametrize(
    "said",
    ["mình sợ ba mình biết ba mình đánh chết", "đừng gọi cho ba mình", "em không dám nói với mẹ",
     "me em biet la me em danh chet", "dung bao cho bo me em nhe"],
)  # fmt: skip
def test_the_fear_of_home_is_answered_as_that(stage: Stage, said: str) -> None:
    _, answer = stage.play([BLACKMAILED, said])
    assert item(answer) == "still_here_pictures_family"
    assert "chuộc" not in told(answer)
    assert "xông vào" not in told(answer)


@pytest.mark.parametrize(
    "said",
    ["mình không định tự tử, mình chỉ sợ ảnh bị tung thôi", "không có ý đó", "mình đâu có muốn chết",
     "bạn hiểu nhầm rồi", "k tu tu dau"],
)  # fmt: skip
def test_a_denial_ends_the_talk_of_death_and_returns_to_the_blackmail(stage: Stage, said: str) -> None:
    _, card, answer, after = stage.play([BLACKMAILED, "chắc mình chết quách cho xong", said, "nó hẹn 9h tối nay"])
    assert despairs(card)
    assert item(answer).startswith("still_here_pictures")
    assert item(after).startswith("still_here_pictures")


def test_a_denial_with_nothing_told_before_asks_what_frightens(stage: Stage) -> None:
    card, answer, after = stage.play(["chắc mình chết quách cho xong", "không có ý đó", "dạ"])
    assert despairs(card)
    assert item(answer) == "still_here_misread"
    assert not despairs(after)


@pytest.mark.parametrize("said", ["nó đòi 2 triệu trước 8h", "stk vietcombank 0123456789"])
def test_on_the_way_of_despair_the_blackmail_is_answered_and_despair_stays(stage: Stage, said: str) -> None:
    _, _, answer, after = stage.play([BLACKMAILED, "em không muốn sống nữa", said, "em muốn chết"])
    assert item(answer).startswith("still_here_pictures")
    assert despairs(after)


@pytest.mark.parametrize(
    "said",
    ["no nhan lan cuoi toi hom qua luc 9 gio", "con tôi nhắn lần cuối hôm qua", "lần cuối nó gọi là thứ ba tuần trước",
     "lần cuối liên lạc được là hôm kia", "nó online lần cuối sáng nay"],
)  # fmt: skip
def test_the_last_call_of_a_captive_is_no_farewell(stage: Stage, said: str) -> None:
    _, answer = stage.play(["con tôi bị giữ bên Campuchia, nó nhắn cứu", said])
    assert not despairs(answer)
    assert "một mình. Gọi lại" not in told(answer)


HELD = "em bị nhốt ở Bavet, cứu em"


@pytest.mark.parametrize(
    "said",
    ["k goi dc no nghe", "em không gọi được nó nghe thấy", "goi la no biet", "không dám gọi nó đang đứng ngoài",
     "không gọi được vì nó canh"],
)  # fmt: skip
def test_who_would_be_overheard_is_not_urged_to_call(stage: Stage, said: str) -> None:
    _, answer, after = stage.play([HELD, said, "em sợ"])
    for found in (answer, after):
        assert found[0].text.startswith(("Không cần gọi", "Không gọi được cũng không sao")), told(found)


@pytest.mark.parametrize(
    "said",
    ["dien thoai ba het tien", "máy tôi hết tiền rồi", "sim con hết tiền", "khong co tien goi", "điện thoại mẹ hết sạch tiền"],
)  # fmt: skip
def test_no_credit_is_told_what_costs_nothing(stage: Stage, said: str) -> None:
    _, answer = stage.play(["con tôi bị giữ bên Campuchia", said])
    assert "113 hoặc 111" in answer[0].text.split("\n")[0]
    assert "không mất tiền" in answer[0].text


@pytest.mark.parametrize(
    "said",
    ["không gọi quốc tế được", "tôi không gọi ra nước ngoài được", "goi quoc te khong duoc", "máy tôi chưa mở gọi quốc tế",
     "tôi bấm số +84 không được"],
)  # fmt: skip
def test_no_call_abroad_is_given_the_letter_box(stage: Stage, said: str) -> None:
    _, answer = stage.play(["con tôi bị giữ bên Campuchia", said])
    assert "baohocongdan@gmail.com" in told(answer)


@pytest.mark.parametrize(
    "said",
    ["số nhắn tin không", "số nào nhắn tin SMS được", "Zalo 111 là số mấy", "113 có nhắn tin được không",
     "nhắn tin cho 113 được không", "toi diec, lien lac so nao"],
)  # fmt: skip
def test_who_asks_how_to_write_is_told_how(stage: Stage, said: str) -> None:
    (answer,) = stage.play([said])
    assert item(answer) == "text_numbers"
    assert "gọi ngay bây giờ được không" not in told(answer)


@pytest.mark.parametrize("said", ["số nào gọi khi thấy người bị nhốt", "111 là gì", "gọi 113 được không"])
def test_who_asks_for_a_number_to_call_still_gets_it(stage: Stage, said: str) -> None:
    (answer,) = stage.play([said])
    assert item(answer) != "text_numbers"


@pytest.mark.parametrize(
    "said",
    ["chủ trọ nhốt mấy đứa con gái trong phòng", "mấy người thuê nhà tôi nhốt mấy đứa con gái", "họ nhốt ba đứa con trai lại, cứu họ",
     "có người nhốt con gái người ta trong nhà trọ", "quan karaoke nhot may con be trong phong"],
)  # fmt: skip
def test_the_girls_of_others_are_not_the_writers_child(stage: Stage, said: str) -> None:
    (answer,) = stage.play([said])
    assert "on bạn" not in told(answer).replace("còn bạn", "")


@pytest.mark.parametrize("said", ["con gái tôi bị nhốt", "hai đứa con gái tôi bị nhốt"])
def test_the_writers_own_daughter_stays_theirs(stage: Stage, said: str) -> None:
    (answer,) = stage.play([said])
    assert "on bạn" in told(answer)


@pytest.mark.parametrize(
    "said",
    ["tôi có nên khoá cổng lại không", "hay tôi khóa cửa lại", "có nên chặn cổng không", "co can khoa cong lai khong",
     "tôi đóng cổng lại được không"],
)  # fmt: skip
def test_a_landlord_who_would_lock_the_gate_is_told_not_to(stage: Stage, said: str) -> None:
    _, answer = stage.play(["chủ trọ bên cạnh nhốt mấy cô gái trong nhà", said])
    assert item(answer) == "still_here_lock"


@pytest.mark.parametrize(
    "said",
    ["em co con nho o que", "em có con nhỏ gửi bà ngoại", "em nhớ con nhỏ ở nhà", "em có hai đứa con nhỏ ở quê",
     "em còn con nhỏ 3 tuổi ở quê"],
)  # fmt: skip
def test_a_grown_up_with_a_child_at_home_stays_grown_up(stage: Stage, said: str) -> None:
    _, answer = stage.play([HELD, said])
    assert "bạn nhỏ" not in told(answer)
    assert not any(word in told(answer).split() for word in ("Em", "em"))


@pytest.mark.parametrize("said", ["karaoke", "quán karaoke", "massage", "nha nghi", "casino"])
def test_a_kind_of_place_after_the_card_is_an_answer(stage: Stage, said: str) -> None:
    _, answer = stage.play(["em 15 tuổi, họ nhốt em bắt tiếp khách", said])
    assert "bán dâm" not in told(answer)
    assert "Bạn biết một nơi như vậy" not in told(answer)


@pytest.mark.parametrize(
    "said",
    ["chong em di bien, chu tau khong cho ve", "chồng tôi đi ghe câu mực, tài công không cho lên bờ",
     "anh trai em đi tàu cá, họ không cho về", "con trai tôi làm trên ghe, chủ ghe đánh hoài",
     "chồng em trên tàu cá, nó không cho gọi về"],
)  # fmt: skip
def test_who_tells_from_the_shore_is_not_told_of_the_water(stage: Stage, said: str) -> None:
    for answer in stage.play([said, "dạ", "dạ", "tàu ra từ bến Sông Đốc"]):
        for wrong in ("Đừng nhảy", "Trên tàu có ai", "Có sóng thì", "thuốc, dao"):
            assert wrong not in told(answer)


def test_who_tells_of_a_sister_is_not_offered_to_be_held(stage: Stage) -> None:
    _, answer = stage.play(["chị gái em bị lừa bán làm vợ bên Trung Quốc năm ngoái", "hồi đó có bà mai mối tới nhà"])
    assert "Tôi đang bị giữ" not in [choice.title for choice in answer[-1].choices]


@pytest.mark.parametrize(
    "said",
    ["tôi không khai báo tạm trú thì bị phạt bao nhiêu", "chưa đăng ký tạm trú cho khách thuê phạt mấy triệu",
     "khong khai bao luu tru bi phat the nao", "cho thuê nhà không đăng ký tạm trú thì phạt sao", "không khai tạm trú có bị phạt tù không"],
)  # fmt: skip
def test_who_asks_about_tenants_is_not_threatened_with_prison(stage: Stage, said: str) -> None:
    _, answer = stage.play(["chủ trọ bên cạnh nhốt mấy cô gái trong nhà", said])
    assert "năm tù" not in told(answer)
    assert "chung thân" not in told(answer)


@pytest.mark.parametrize(
    "said", ["tôi sợ liên luỵ", "so lien luy lam", "tôi sợ bị vạ lây", "sợ dính líu", "tôi ngại bị mời lên mời xuống"]
)
def test_who_fears_to_be_drawn_in_is_not_told_to_surrender(stage: Stage, said: str) -> None:
    _, answer = stage.play(["chủ trọ bên cạnh nhốt mấy cô gái trong nhà", said])
    assert "Tự thú" not in told(answer)
    assert "năm tù" not in told(answer)


@pytest.mark.parametrize(
    "said", ["giờ tôi muốn khai", "tôi muốn khai hết", "gio toi muon noi het", "tôi định ra đầu thú", "tôi xin khai"]
)
def test_who_took_part_and_wants_to_tell_hears_of_surrender_first(stage: Stage, said: str) -> None:
    _, answer = stage.play(["tôi từng chở mấy người qua biên giới", said])
    assert item(answer) == "turn_myself_in"


@pytest.mark.parametrize(
    "said",
    ["giờ khai thì bị mấy năm", "tôi khai ra thì có bị đi tù không", "tu thu thi duoc giam may nam",
     "ra đầu thú thì bị sao", "khai roi co bi bat khong"],
)  # fmt: skip
def test_inside_the_interview_the_question_of_surrender_is_answered(stage: Stage, said: str) -> None:
    *_, answer = stage.play(["mình muốn báo tin", "có", "tôi từng chở mấy người qua biên giới cho bà Hoa", said])
    assert item(answer) == "turn_myself_in"


def test_pills_told_in_an_interview_are_answered_before_its_questions(stage: Stage) -> None:
    said = ["mình đang cầm thuốc của mẹ", "uống rồi", "30 viên", "khó thở"]
    *_, holding, taken, count, breath = stage.play([BLACKMAILED, "!do:urgent_tip", *said])
    assert item(holding) == "self_harm_distress"
    for answer in (taken, count, breath):
        assert item(answer).startswith("still_here_taken")
        assert "115" in answer[0].text[:60]
        assert "Cất xa" not in told(answer)
        assert len(answer) == 1


def test_a_wish_to_die_told_in_an_interview_stays_before_its_questions(stage: Stage) -> None:
    said = ["chắc mình biến mất luôn cho khỏe", "ko phải qua zalo, ý mình là chết á", "mà thôi"]
    *_, card, meant, after = stage.play([BLACKMAILED, "!do:urgent_tip", *said])
    assert item(card) == "self_harm_distress"
    assert item(meant).startswith("still_here_distress")
    assert item(after).startswith("still_here_distress")


@pytest.mark.parametrize("said", ["uong het hu thuoc roi chi oi", "em uống thuốc cỏ rồi"])
def test_what_was_swallowed_is_answered_with_115_and_no_pills_to_put_away(stage: Stage, said: str) -> None:
    (answer,) = stage.play([said])
    assert item(answer) == "still_here_taken"
    assert "Cất xa" not in told(answer)


def test_a_cut_is_answered_with_pressing(stage: Stage) -> None:
    first, after = stage.play(["em cắt tay rồi", "máu chảy nhiều"])
    assert item(first) == "still_here_bleeding"
    assert item(after) == "still_here_bleeding_2"
