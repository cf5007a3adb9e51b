"""What points at whoever is behind it, in the words and spellings people use."""

from __future__ import annotations

import pytest

from bot.dialogue.interview.extract import extract


@pytest.mark.parametrize(
    ("text", "traces"),
    [
        ("tiền chuyển vô tài khoản 0451000318827 Vietcombank tên LE VAN KHANG", ("0451000318827", "LE VAN KHANG")),
        (
            "Techcombank 19036612840015 LE VAN QUAN. Zalo 0358 914 720.",
            ("0358 914 720", "19036612840015", "LE VAN QUAN"),
        ),
        ("chủ tk là Nguyễn Thị Hoa nha", ("Nguyễn Thị Hoa",)),
        ("0451000388217", ("0451000388217",)),
        ("ghe số CM 00092 TS", ("CM 00092 TS",)),
        ("tàu QNg 90417 TS", ("QNg 90417 TS",)),
        ("ghe sơn xanh số BT 90377", ("BT 90377",)),
        ("zl tên Hiến Tạng Nhân Ái", ("zl Hiến Tạng Nhân Ái",)),
        ("wechat chị ấy là ve8866ls", ("wechat ve8866ls",)),
        ("face anh ấy ten Tuan Kiet Lo", ("face Tuan Kiet Lo",)),
        ("fb nó tên linh đan nguyễn nhưng chắc là nick giả", ("fb linh đan nguyễn",)),
        ("facebook nó tên là Chớ Lao Động Thái", ("facebook Chớ Lao Động Thái",)),
        ("acc insta là minhkhoa.dl99", ("acc insta minhkhoa.dl99",)),
        ("nó xài ig tên hoang.tu_99 á", ("ig hoang.tu_99",)),
        ("gửi hồ sơ qua email tuyen.dung@gmail.com", ("tuyen.dung@gmail.com",)),
        ("sđt o79 000 1482", ("079 000 1482",)),
        ("số nó là không ba bảy năm không không một hai chín tám", ("0375001298",)),
        ("so la goi ve la +95 9 772 014 63", ("+95 9 772 014 63",)),
        ("nó gọi bằng số 00855 12 345 678", ("00855 12 345 678",)),
    ],
)
def test_found(text, traces):
    assert extract(text).traces == traces


@pytest.mark.parametrize(
    "text",
    ["sinh ngày 20/11/2009", "zalo em là Lan", "trang đó có người rủ", "nhóm bạn em đi chơi", "Hội Phụ nữ xã", "fb nó tên gì em không nhớ",
     "từ tháng 10 2024", "ở nhà 12345", "TH 2024",
     "căn cước em 031088001234"],
)  # fmt: skip
def test_no_trace(text):
    assert extract(text).traces == ()


@pytest.mark.parametrize(
    "text",
    ["Chị ấy để lại số 0984.306.517", "Số mẻ là 0939.472.806", "Con Hạnh liên lạc qua Facebook tên Mẹ Bỉm, số thì 0825.611.934",
     "anh đó để lại số 0912 345 678"],
)  # fmt: skip
def test_the_number_somebody_else_left_is_a_trace(text):
    found = extract(text)
    assert len(found.phones) == 1
    assert found.own == ""


@pytest.mark.parametrize(
    "text", ["em để lại số 0912345678", "cần gì thì liên lạc qua 0912345678", "xin liên hệ số 0912345678"]
)
def test_the_number_the_reporter_leaves_is_theirs(text):
    assert extract(text).own
    assert extract(text).phones == ()


@pytest.mark.parametrize(
    ("text", "trace"),
    [
        ('người đứng tên Kakao là "lotusmoon_vip". Em không rõ chủ thật là ai.', "Kakao lotusmoon_vip"),
        ("nick rủ e la Tuyết Nhi Tuyển Dụng tren fb", "nick Tuyết Nhi Tuyển Dụng"),
        ("TikTok tên Diệu Diệu Beauty by Sophia. Ông chồng người Hàn", "TikTok Diệu Diệu Beauty by Sophia"),
        ("có phụ huynh nhìn thấy là xe 7 chỗ màu bạc biển 29, không kịp đọc số", "xe 7 chỗ màu bạc biển 29"),
        ("xe bán tải đuôi 118 chở tụi nó", "xe bán tải đuôi 118"),
        ("đi xe biển 43C đuôi 22", "xe biển 43C đuôi 22"),
    ],
)
def test_names_with_words_between_and_half_a_plate(text, trace):
    assert trace in extract(text).traces


@pytest.mark.parametrize("text", ["xe 51F-772.19", "biển quảng cáo 2 mét", "xe tới bờ biển 30 phút nữa"])
def test_half_a_plate_is_only_what_is_said_of_a_vehicle_s_plate(text):
    assert not any("biển" in found for found in extract(text).traces)


@pytest.mark.parametrize(
    ("text", "trace"),
    [
        ("fây búc tên là Hoa Ban Trắng", "fây búc Hoa Ban Trắng"),
        ("da lô tên Anh Ba Xe Tải", "da lô Anh Ba Xe Tải"),
        ("tai khoan tic toc ten Linh Lung", "tic toc Linh Lung"),
        ("chuyển vô tài khoản bà vợ, còn nhớ 4 số đuôi 6612", "4 số đuôi 6612"),
        ("stk đuôi 8891", "đuôi 8891"),
        ("4 số cuối tài khoản là 7782", "4 số cuối tài khoản là 7782"),
    ],
)
def test_platforms_as_they_are_heard_and_the_end_of_an_account(text, trace):
    assert trace in extract(text).traces


@pytest.mark.parametrize(
    "text", ["nó ra lo cho em", "đuôi tóc dài 6612", "tài khoản nó thì em không nhớ", "năm cuối 2019"]
)
def test_no_platform_and_no_account(text):
    assert not extract(text).traces
