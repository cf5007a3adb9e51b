"""A province named, denied or wondered at bounds the place; a district that became several communes is asked about.

Each row is what was told, piece by piece (after the first, in answer to "which one?"), and what the last piece leaves: the
status, the commune or the province all candidates lie in ("" for several), and how many are left.
"""

from __future__ import annotations

import pytest

from bot.content.places.built import load_gazetteer
from bot.dialogue.reading.places import PlacesReader

READER = PlacesReader(load_gazetteer())
ROWS = [
    ("ở Bình Tân >> Bình Tân tphcm", "candidates", "Thành phố Hồ Chí Minh", 7),
    ("Bình Tân >> sài gòn mà", "candidates", "Thành phố Hồ Chí Minh", 7),
    ("ở Tân Phú >> Tân Phú Đồng Nai", "candidates", "Thành phố Đồng Nai", 6),
    ("ở Tân Phú >> quận Tân Phú sài gòn", "candidates", "Thành phố Hồ Chí Minh", 6),
    ("ở Tân Bình >> tan binh tphcm", "candidates", "Thành phố Hồ Chí Minh", 6),
    ("ở Châu Thành >> Châu Thành Đồng Tháp", "candidates", "Tỉnh Đồng Tháp", 10),
    ("ở Châu Thành >> Châu Thành, Bến Tre cũ", "candidates", "Tỉnh Vĩnh Long", 6),
    ("ở Phú Tân >> Phú Tân Cà Mau", "candidates", "Tỉnh Cà Mau", 4),
    ("ở Phú Tân >> phú tân an giang", "candidates", "Tỉnh An Giang", 6),
    ("ở An Phú >> An Phú, An Giang", "candidates", "Tỉnh An Giang", 5),
    ("ở Long Thành >> Long Thành Đồng Nai", "candidates", "Thành phố Đồng Nai", 6),
    ("ở Thuận An >> Thuận An Bình Dương", "candidates", "Thành phố Hồ Chí Minh", 5),
    ("ở Thuận An >> thành phố Huế", "commune", "Phường Thuận An, Huế", 1),
    ("ở Dĩ An >> Dĩ An Bình Dương cũ", "candidates", "Thành phố Hồ Chí Minh", 3),
    ("ở Bình Chánh >> huyện Bình Chánh TPHCM", "candidates", "Thành phố Hồ Chí Minh", 9),
    ("ở Bình Chánh >> xã Bình Chánh TPHCM", "commune", "Xã Bình Chánh, Hồ Chí Minh", 1),
    ("ở Thanh Trì >> Thanh Trì Hà Nội", "candidates", "Thành phố Hà Nội", 13),
    ("ở Gia Lâm >> Gia Lâm Hà Nội", "candidates", "Thành phố Hà Nội", 6),
    ("ở Vĩnh Bảo >> huyện Vĩnh Bảo Hải Phòng", "candidates", "Thành phố Hải Phòng", 7),
    ("ở Tiên Lãng >> Tiên Lãng, Hải Phòng", "candidates", "Thành phố Hải Phòng", 6),
    ("ở Yên Phong >> Yên Phong, Bắc Ninh", "candidates", "Thành phố Bắc Ninh", 5),
    ("ở Việt Yên >> thị xã Việt Yên Bắc Giang", "candidates", "Thành phố Bắc Ninh", 4),
    ("ở Thủy Nguyên >> Thủy Nguyên Hải Phòng", "candidates", "Thành phố Hải Phòng", 8),
    ("ở Móng Cái >> Móng Cái Quảng Ninh", "candidates", "Thành phố Quảng Ninh", 6),
    ("ở Tân Uyên >> Tân Uyên Lai Châu", "candidates", "Tỉnh Lai Châu", 4),
    ("ở Tân Uyên >> Tân Uyên Bình Dương", "candidates", "Thành phố Hồ Chí Minh", 7),
    ("ở Kỳ Sơn >> Kỳ Sơn Nghệ An", "candidates", "Tỉnh Nghệ An", 13),
    ("ở Kỳ Sơn >> Kỳ Sơn Hòa Bình cũ", "commune", "Phường Kỳ Sơn, Phú Thọ", 1),
    ("ở Bắc Hà >> Bắc Hà Lào Cai", "candidates", "Tỉnh Lào Cai", 6),
    ("ở Tam Nông >> Tam Nông Đồng Tháp", "candidates", "Tỉnh Đồng Tháp", 6),
    ("ở Tam Nông >> Tam Nông Phú Thọ", "candidates", "Tỉnh Phú Thọ", 4),
    ("ở Mỹ Đức >> Mỹ Đức, Hà Nội", "candidates", "Thành phố Hà Nội", 5),
    ("ở Hòa Vang >> Hòa Vang Đà Nẵng", "candidates", "Thành phố Đà Nẵng", 7),
    ("ở Sơn Trà >> Sơn Trà Đà Nẵng", "candidates", "Thành phố Đà Nẵng", 2),
    ("ở Ngũ Hành Sơn >> quận Ngũ Hành Sơn", "commune", "Phường Ngũ Hành Sơn, Đà Nẵng", 1),
    ("ở Đức Hòa >> Đức Hòa Long An", "candidates", "Tỉnh Tây Ninh", 7),
    ("ở Bến Lức >> Bến Lức, Tây Ninh", "candidates", "Tỉnh Tây Ninh", 5),
    ("ở Vĩnh Hưng >> Vĩnh Hưng Hà Nội", "commune", "Phường Vĩnh Hưng, Hà Nội", 1),
    ("ở Buôn Đôn >> Buôn Đôn Đắk Lắk", "candidates", "Tỉnh Đắk Lắk", 3),
    ("ở Đức Trọng >> Đức Trọng Lâm Đồng", "candidates", "Tỉnh Lâm Đồng", 7),
    ("ở Chư Sê >> Chư Sê Gia Lai", "candidates", "Tỉnh Gia Lai", 5),
    ("ở Ninh Hòa >> Ninh Hòa Khánh Hòa", "candidates", "Tỉnh Khánh Hòa", 8),
    ("ở Tuy Hòa >> thành phố Tuy Hòa, Phú Yên cũ", "candidates", "Tỉnh Đắk Lắk", 3),
    ("ở Vạn Ninh >> Vạn Ninh Khánh Hòa", "candidates", "Tỉnh Khánh Hòa", 5),
    ("ở Phù Cát >> Phù Cát Bình Định", "candidates", "Tỉnh Gia Lai", 7),
    ("xã An Phú, An Giang >> sai rồi An Phú Hải Phòng chứ không phải An Giang", "commune", "Xã An Phú, Hải Phòng", 1),
    ("Châu Thành, Tây Ninh >> không phải Tây Ninh, Châu Thành Đồng Tháp", "candidates", "Tỉnh Đồng Tháp", 10),
    ("Tân Phú, Đồng Nai >> nhầm rồi, Sài Gòn chứ không phải Đồng Nai", "province", "Thành phố Hồ Chí Minh", 0),
    ("Tân Phú >> sao lại Đồng Nai", "candidates", "", 25),
    ("Tân Phú >> không phải Đồng Nai, TPHCM", "candidates", "Thành phố Hồ Chí Minh", 8),
    ("Thuận An >> Bình Dương chứ không phải Huế", "candidates", "Thành phố Hồ Chí Minh", 5),
    ("Binh Tan >> tphcm chu ko phai vinh long", "candidates", "Thành phố Hồ Chí Minh", 7),
    ("Binh Tan >> sao lai vinh long", "candidates", "", 15),
    ("Bình Tân >> không phải ở Vĩnh Long đâu", "candidates", "", 14),
    ("Kỳ Sơn >> Nghệ An, không phải Hòa Bình", "candidates", "Tỉnh Nghệ An", 13),
    ("Tân Uyên, Lai Châu >> sai tỉnh rồi, Bình Dương mà", "province", "Thành phố Hồ Chí Minh", 0),
    ("Phường Tân Uyên >> Lai Châu á", "commune", "Xã Tân Uyên, Lai Châu", 1),
    ("xã Tam Nông, Phú Thọ >> sai, Đồng Tháp cơ", "province", "Tỉnh Đồng Tháp", 0),
    ("xã Vĩnh Hưng, Hải Phòng >> Hà Nội chứ không phải Hải Phòng", "province", "Thành phố Hà Nội", 0),
    ("phường 5 quận 3 sài gòn", "commune", "Phường Bàn Cờ, Hồ Chí Minh", 1),
    ("quận 7 cũ", "candidates", "Thành phố Hồ Chí Minh", 4),
    ("Q7 TPHCM", "candidates", "Thành phố Hồ Chí Minh", 4),
    ("chung cư Sunrise đường Nguyễn Hữu Thọ quận 7 cũ", "candidates", "Thành phố Hồ Chí Minh", 4),
    ("hẻm 100 Lê Văn Lương quận 7", "candidates", "Thành phố Hồ Chí Minh", 4),
    ("nhà nghỉ Hoa Mai đường Trần Phú, Hải Châu, Đà Nẵng", "candidates", "Thành phố Đà Nẵng", 2),
    ("quan karaoke Sao Dem phuong Di An", "commune", "Phường Dĩ An, Hồ Chí Minh", 1),
    ("quán karaoke Sao Đêm phường Dĩ An", "commune", "Phường Dĩ An, Hồ Chí Minh", 1),
    ("karaoke Sao Dem, phuong Di An, Binh Duong", "commune", "Phường Dĩ An, Hồ Chí Minh", 1),
    ("quận Bình Tân, chỗ bến xe miền Tây >> Bình Tân thành phố Hồ Chí Minh mà", "candidates", "Thành phố Hồ Chí Minh", 7),
    ("ở Bình Tân >> Bình Tân thành phố Hồ Chí Minh mà", "candidates", "Thành phố Hồ Chí Minh", 7),
    ("trọ Bình Tân >> hẻm đường Tân Kỳ Tân Quý, Bình Tân thành phố Hồ Chí Minh mà", "candidates", "Thành phố Hồ Chí Minh", 7),
    ("ở Vĩnh Long >> Bình Tân thành phố Hồ Chí Minh mà", "candidates", "Thành phố Hồ Chí Minh", 7),
    ("ở Vĩnh Long >> sao lại Vĩnh Long", "none", "", 0),
    ("Bình Tân >> quận Bình Tân cũ đó em", "candidates", "Thành phố Hồ Chí Minh", 7),
    ("Bình Tân >> phường Bình Tân", "commune", "Phường Bình Tân, Hồ Chí Minh", 1),
    ("Bình Tân thành phố Hồ Chí Minh mà >> sai rồi… TP.HCM chứ không phải Vĩnh Long", "candidates", "Thành phố Hồ Chí Minh", 7),
    ("Bình Tân >> sai rồi… TP.HCM chứ không phải Vĩnh Long", "candidates", "Thành phố Hồ Chí Minh", 7),
    ("Bình Tân >> sao lại Vĩnh Long", "candidates", "", 14),
    ("xã Tân Lược, Vĩnh Long >> ủa sao lại Vĩnh Long vậy", "none", "", 0),
    ("xã Tân Lược, Vĩnh Long >> sao ra tỉnh Vĩnh Long", "none", "", 0),
    ("xã Tân Lược, Vĩnh Long >> sai rồi, không phải Vĩnh Long", "none", "", 0),
    ("xã Tân Lược, Vĩnh Long >> Vĩnh Long đâu ra", "none", "", 0),
    ("xã An Phú >> không phải An Giang", "candidates", "", 13),
]  # fmt: skip


@pytest.mark.parametrize(("told", "status", "name", "left"), ROWS)
def test_the_province_that_was_named_bounds_the_place(told, status, name, left):
    place: dict = {}
    draft: dict = {}
    for text in told.split(" >> "):
        place = READER.read(text, "", None, None, draft)
        draft = {"asked": "tip_pick", "done": [], "picks": 0, "where": {**place, "text": text}}
    assert (place["status"], place.get("name") or "", len(place.get("codes") or ())) == (status, name, left)


@pytest.mark.parametrize(
    ("text", "denied"),
    [("sao lại Vĩnh Long", ["86"]), ("ủa sao lại Vĩnh Long vậy", ["86"]), ("Vĩnh Long đâu ra", ["86"]), ("sao ra tỉnh Vĩnh Long", ["86"]),
     ("không phải Vĩnh Long", ["86"])],
)  # fmt: skip
def test_a_province_wondered_at_is_denied(text, denied):
    place = READER.read(text, "", None, None, {})
    assert (place["status"], place["denied"]) == ("none", denied)


@pytest.mark.parametrize(
    "text",
    [
        "sao lại đưa con bé đi tận Vĩnh Long làm gì không biết",
        "nó nói sao em ở Vĩnh Long mà không về nhà",
        "hồi nào ở Vĩnh Long cũng vậy",
    ],
)
def test_a_story_of_a_province_denies_nothing(text):
    assert "denied" not in READER.read(text, "", None, None, {})
