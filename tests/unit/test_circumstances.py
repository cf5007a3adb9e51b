"""Where somebody in danger is, whether they can speak, and whether a child speaks."""

from __future__ import annotations

import pytest

from bot.dialogue.triage.circumstances import abroad, cannot_call, is_child


@pytest.mark.parametrize(
    "message",
    [
        "cháu 16 tuổi bị giữ ở Campuchia",
        "con đang ở Lào bị bắt làm việc",
        "mẹ ơi cứu con, con ở Myanmar",
        "e bi nhot o myawaddy cuu em",
        "em bị họ nhốt ở casino bên cam",
        "em dang o bavet, toa nha so 5",
        "tui đang ở Poi Pét, nó thu máy rồi",
        "chủ nhà ở Riyadh giữ hộ chiếu của tôi",
        "bị bắt qua bên kia biên giới rồi",
        "tụi nó giam em bên Thái",
        "người Trung Quốc nhốt em ở Svay Rieng",
        "em ở Đài Loan, chủ không cho ra ngoài",
        "bạn em nhắn bị đánh ở campuchia",
        "em bị nhốt bên Cam, chỉ nhắn tin được",
        "họ giam em bên Trung",
        "em bi nhot o mi a oa di, ho soi het may",
        "bọn nó đưa tụi em sang Myawadi rồi khóa cửa",
        "em bị khóa trong nhà, báo cảnh sát Anh thì em bị bắt mất",
        "công an Miên có bắt em trả lại cho tụi nó không",
        "chị em bị nhốt trên lầu tiệm nail ở Leeds",
    ],
)
def test_a_foreign_place_is_heard(message: str) -> None:
    assert abroad(message)


@pytest.mark.parametrize(
    "message",
    [
        "em bị nhốt ở quán karaoke Hải Phòng",
        "mấy người Trung Quốc nhốt em trong nhà ở Móng Cái",
        "họ sắp bán em sang Trung Quốc, em đang ở Lạng Sơn",
        "mai nó đưa con tôi qua Campuchia",
        "em đang lao động ở xưởng bị nhốt",
        "ông chủ người Thái đánh em ở Bình Dương",
        "em bị giam ở Thái Nguyên",
        "nó giữ em ở Trung Hòa, Hà Nội",
        "tôi từ Thái Bình vào",
        "em ở Cam Ranh",
        "em bị nhốt ở Lào Cai",
        "trong nhà có người đánh em",
        "em ở Anh Sơn, Nghệ An",
        "em ở Đại Lộc",
        "em bị giữ trên tàu cá ở Cà Mau",
        "visa em quá hạn rồi",
        "em ở miền Tây",
        "em đang ở trung tâm",
        "con dau o mien trung bi danh",
        "công an anh ấy quen giữ em lại",
        "công an anh nói gì",
        "công an Đức Hòa gọi em lên",
        "công an xã Đức Lập giữ xe em",
        "công an Thái Thụy mời tôi",
        "công an Cam Thượng tới nhà",
        "công an Nga Thắng nói vậy",
        "công an Thái Nguyên gọi tôi lên",
        "cảnh sát anh Hùng chặn xe em",
    ],
)
def test_a_nationality_a_plan_and_a_province_are_no_foreign_place(message: str) -> None:
    assert not abroad(message)


@pytest.mark.parametrize(
    "message",
    [
        "không gọi được",
        "em ko goi dt dc chi nhan tin",
        "cháu bị câm điếc không gọi điện được",
        "đừng gọi lại, nó nghe thấy",
        "em không dám nói, nó đang ngồi cạnh",
        "chỉ nhắn tin được thôi",
        "máy này chỉ nhắn tin được",
        "gọi là bị lộ",
        "tôi bị điếc",
        "dung goi cho em",
    ],
)
def test_who_cannot_call_is_heard(message: str) -> None:
    assert cannot_call(message)


@pytest.mark.parametrize(
    "message",
    [
        "em bị nhốt, cứu em",
        "tôi gọi 113 rồi",
        "không gọi được cho con gái tôi",
        "họ không nói gì cả về lương tháng này đâu",
    ][:3],
)
def test_who_can_call_is_not_told_otherwise(message: str) -> None:
    assert not cannot_call(message)


def test_somebody_who_cannot_be_reached_is_not_somebody_who_cannot_call() -> None:
    assert not cannot_call("con tôi đi ba ngày, không gọi được", "missing_person")


@pytest.mark.parametrize(
    "message", ["con so lam", "con không dám nói với mẹ", "em học lớp 5", "cháu 11 tuổi", "con sợ mẹ mắng"]
)
def test_a_child_is_heard(message: str) -> None:
    assert is_child(message)


@pytest.mark.parametrize("message", ["con tôi sợ lắm", "tôi lo cho cháu", "em gái tôi không dám nói", "không gọi được"])
def test_who_speaks_of_a_child_is_none(message: str) -> None:
    assert not is_child(message)


@pytest.mark.parametrize(
    "message", ["em bị nhốt ở Miến", "họ giữ em bên Miến", "e ở Cam, bị giữ hộ chiếu", "em bị bán qua bên đó"]
)
def test_short_names_of_places_abroad_are_heard(message: str) -> None:
    assert abroad(message)


@pytest.mark.parametrize("message", ["toi cam thay k an toan o day", "em bị câm ở nhà trọ", "quán có món miến gà"])
def test_feelings_and_noodles_are_no_country(message: str) -> None:
    assert not abroad(message)


@pytest.mark.parametrize(
    "message",
    ["Trong ngõ 5 cạnh quán nước bà Lan có một bé chừng 14 tuổi khóc, bị đánh", "Bà Lan ở nước mắm Cát Hải thấy một cháu bị nhốt",
     "quan nuoc ba lan co dua nho bi nhot", "con ba lan bi danh", "chau bi nhot o nha ba lan", "ba lan hang xom nhot con be"],
)  # fmt: skip
def test_a_woman_of_that_name_is_no_country(message: str) -> None:
    assert not abroad(message)


@pytest.mark.parametrize(
    "message", ["em ở Ba Lan bị chủ giữ hộ chiếu", "em o ba lan bi giu ho chieu", "chồng em bên ba lan bị nhốt"]
)
def test_the_country_of_that_name_is_one(message: str) -> None:
    assert abroad(message)


@pytest.mark.parametrize(
    "message",
    [
        "không cho cầm điện thoại gọi, em nhắn lén",
        "nó không cho gọi",
        "em câm, em bị nhốt trong nhà",
        "tôi không nói chuyện điện thoại được",
        "nó giữ sim em rồi",
        "không có sim, xài ké wifi",
    ],
)
def test_without_a_sim_or_leave_to_call_nobody_is_told_to_call(message: str) -> None:
    assert cannot_call(message)


@pytest.mark.parametrize(
    "message", ["em sợ quá", "tôi là giáo viên, em học sinh lớp 7 bị đánh", "cháu bảo bị người ta làm bậy"]
)
def test_a_grown_up_who_says_em_or_tells_of_a_child_is_no_child(message: str) -> None:
    assert not is_child(message)
