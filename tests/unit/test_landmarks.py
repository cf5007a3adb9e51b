"""Landmarks named in a story stand beside the place as short noun phrases."""

from __future__ import annotations

import pytest

from bot.dialogue.interview import places_told
from bot.dialogue.interview.draft import Message
from bot.dialogue.interview.landmarks import named_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nó nhốt tụi em ở lò gạch sau chợ Gò Đen, trên lầu 3", ["lò gạch", "chợ Gò Đen", "lầu 3"]),
        ("bị bắt làm ở quán rượu", ["quán rượu"]),
        ("em qua cửa khẩu mộc bài rồi bị bán", ["cửa khẩu mộc bài"]),
        ("làm ở công ty Z ở khu công nghiệp Tân Tạo", ["công ty Z", "khu công nghiệp Tân Tạo"]),
        ("chở ra cảng cá Sông Đốc", ["cảng cá Sông Đốc"]),
        ("con toi bi nhot o quan karaoke Sao Dem phuong Di An", ["quan karaoke Sao Dem"]),
        ("mẹ em đi chợ mua đồ", []),
        ("cho em vay tiền", []),
        ("nó cho em xuống xưởng", []),
    ],
)
def test_a_landmark_ends_with_its_name(text, found):
    assert named_in(text) == found


def test_a_landmark_of_the_story_is_kept_beside_the_place():
    story = "nó nhốt tụi em ở lò gạch sau chợ Gò Đen"
    draft: dict = {"done": [], "where": {"name": "Xã Bến Lức", "text": "chợ Gò Đen"}}
    places_told.keep(draft, Message(text=story, clauses=((story, (("what", 0.9),)),)))
    assert draft["places"] == [["named", "lò gạch"]]


def test_no_more_than_three():
    assert len(named_in("lò gạch, quán rượu, cảng cá, bến xe, chung cư")) == 3


def test_where_a_landmark_lies_is_part_of_it():
    assert named_in("anh Bin làm tóc ở tiệm Bin Hair ngay đường Trần Hưng Đạo") == [
        "tiệm Bin Hair ngay đường Trần Hưng Đạo"
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bà tên Hằng bán tạp hóa ngoài quốc lộ 14", ["tạp hóa ngoài quốc lộ 14"]),
        ("chi biet quan ten Dem Mau Hong", ["quan ten Dem Mau Hong"]),
        ("cái tiệm tên là Sao Mai", ["tiệm tên là Sao Mai"]),
        ("quán cơm Hải Yến chỗ khúc cua", ["quán cơm Hải Yến"]),
        ("xưởng mộc Tư Sang", ["xưởng mộc Tư Sang"]),
        ("quán thì Lan làm chủ", []),
        ("trong tiệm có Hoa với Mai", []),
    ],
)
def test_a_site_by_its_kind_by_what_it_is_called_and_by_the_road(text, found):
    assert named_in(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("xe chạy hướng về Hà Nội", ["hướng về Hà Nội"]),
        ("nghe nói là người Mông ở Hà Giang", ["ở Hà Giang"]),
        ("thang Tuan Anh dan no sang Mong Cai", ["sang Mong Cai"]),
        ("nhắn qua Zalo Lan Anh", []),
        ("về Tết Nguyên Đán", []),
        ("NÓ VỀ HÀ NỘI", []),
    ],
)
def test_a_name_after_a_word_for_whereto_is_a_place(text, found):
    assert places_told.named_beside(text) == found
