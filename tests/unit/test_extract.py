from __future__ import annotations

import pytest

from bot.dialogue.category import categorise
from bot.dialogue.interview.extract import extract
from tests.support import cost


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("gọi 0912 345 678 nhé", "phones", ("0912 345 678",)),
        ("+84 912.345.678", "phones", ("+84 912.345.678",)),
        ("sdt 0912345678 va 0987654321", "phones", ("0912345678", "0987654321")),
        ("stk 19034567890123 techcombank", "accounts", ("19034567890123",)),
        ("số tài khoản: 1234567890", "accounts", ("1234567890",)),
        ("nhóm https://t.me/vieclam99 đó", "links", ("https://t.me/vieclam99",)),
        ("fb.com/hoang.lan.xkld", "links", ("fb.com/hoang.lan.xkld",)),
        ("telegram @boss_cam88", "links", ("@boss_cam88",)),
        ("xe biển 15A-123.45 màu trắng", "vehicles", ("15A-123.45",)),
        ("nhốt 3 đứa con gái", "people", 3),
        ("có hai em nhỏ", "people", 2),
        ("khoảng 12 người", "people", 12),
        ("nhốt ba đứa nhỏ", "people", 3),
        ("co nam nguoi bi giu", "people", 5),
        ("ba em bắt em đi làm", "people", None),
        ("sau em mới biết", "people", None),
        ("sau người ta mới kể", "people", None),
        ("từ người lạ", "people", None),
        ("mấy đứa nhỏ", "people", None),
        ("0 người", "people", None),
        ("con bé mới 15 tuổi", "child", True),
        ("mấy đứa học sinh lớp 9", "child", True),
        ("chị ấy 25 tuổi", "child", False),
        ("mười lăm mười sáu tuổi", "child", True),
        ("một đứa, mười bảy", "child", True),
        ("chừng 16", "child", True),
        ("chắc 17", "child", True),
        ("em 15t", "child", True),
        ("hai mươi sáu tuổi", "child", False),
        ("quán gần trường cấp 3", "child", False),
        ("nó đang bị nhốt trên tầng 3", "still_in_danger", True),
        ("chuyện hồi năm ngoái", "still_in_danger", False),
        ("công an xã bao kê cho quán", "official_conflict", True),
        ("ổng là người nhà của công an phường", "official_conflict", True),
        ("em đã báo công an xã rồi", "official_conflict", False),
    ],
)
def test_what_is_read(text, field, expected):
    assert getattr(extract(text), field) == expected


def test_nothing_is_read_into_an_ordinary_sentence():
    found = extract("tôi muốn hỏi về việc làm ở Hàn Quốc")
    assert found.traces == ()
    assert found.people is None
    assert not found.child


@pytest.mark.parametrize(
    "noise", ["0 " * 20_000, "1" * 40_000, "@a." * 10_000, "co may nguoi " * 3_000, "bao ke " * 5_000]
)
def test_hostile_repetition_costs_linear_time(noise):
    extract(noise[:2000])
    assert cost.grows_linearly(extract, noise)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nó rủ em bán thận lấy 400 triệu", "organ"),
        ("bị lừa sang campuchia làm casino", "scam_compound"),
        ("quán karaoke bắt mấy đứa tiếp khách", "sexual"),
        ("bị ép đi tàu cá ở Kiên Giang", "fishing"),
        ("ctv online bắt nạp tiền", "online_task"),
        ("chị ấy bị lừa lấy chồng trung quốc", "marriage"),
        ("trời hôm nay đẹp", "other"),
        ("cảm ơn, nó cầm giấy tờ của em", "other"),
        ("môi giới xuất khẩu lao động giữ hộ chiếu", "labour"),
        ("nó đưa con nhỏ qua cam rồi", "scam_compound"),
        ("bị bán sang lào", "scam_compound"),
    ],
)
def test_categories(text, code):
    assert categorise(text) == code
