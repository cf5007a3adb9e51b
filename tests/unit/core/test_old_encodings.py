"""Vietnamese of old encodings is read as it was meant; what people write today is left alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.old_encodings import _TCVN, repaired
from bot.dialogue import triage

CRY = "cứu em với em bị nhốt ở campuchia"
STORY = "Cháu bị họ giữ ở đường Nguyễn Huệ, gọi giúp cháu với."
TO_TCVN3 = str.maketrans({meant: shown for shown, meant in _TCVN.items()})
BROKEN = {
    "TCVN3": "cøu em víi em bÞ nhèt ë campuchia",
    "VNI": "cöùu em vôùi em bò nhoát ôû campuchia",
    "VIQR": "cu+'u em vo+'i em bi. nho^'t o+? campuchia",
    "VIQR with stars": "cu*'u em vo*'i em bi. nho^'t o*? campuchia",
    "UTF-8 as Latin-1": CRY.encode().decode("latin-1"),
    "UTF-8 as Windows": "cá»©u em vá»›i em bá»‹ nhá»‘t á»Ÿ campuchia",
    "twice": CRY.encode().decode("latin-1").encode().decode("latin-1"),
    "decomposed, then broken": unicodedata.normalize("NFC", CRY).encode().decode("latin-1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_cry_is_read_and_is_one(name: str):
    made = repaired(BROKEN[name])
    assert made == CRY
    assert triage.assess(made).level == "emergency"


def test_a_whole_sentence_with_the_letter_that_is_a_soft_hyphen():
    assert repaired(STORY.translate(TO_TCVN3)) == STORY


def test_what_lost_a_letter_on_the_way_is_read_for_the_rest():
    made = repaired("cá»©u em vá»›i, Ä‘Æ°á»\ufffdng Nguyá»…n Huá»‡")
    assert made.startswith("cứu em với, đư")
    assert made.endswith("Nguyễn Huệ")


@pytest.mark.parametrize(
    "text",
    [
        CRY, STORY, "em o day, cuu em voi", "où es-tu garçon été", "Müller für Zoë", "Noël ở nhà", "em ơi. ok?", "Señor niño",
        "São Paulo", "c++ a^2 + b*c", "2*3 o+ u", "© 2020 ®", "5µm", "a^ b", "o* o* u*", "ôi trời ơi ñ", "ok?", "em?", "đi đâu?",
        "mật khẩu: Pa$$w0rd*", "https://vi.wikipedia.org/wiki/Hu%E1%BA%BF", "", "ខ្ញុំ", "救命", "😭" * 50,
    ],
)  # fmt: skip
def test_what_is_written_today_stays(text: str):
    assert repaired(text) == text


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str):
    assert isinstance(repaired(text), str)
