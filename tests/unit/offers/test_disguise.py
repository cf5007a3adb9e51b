"""Words hidden from filters are read as the eye reads them; ordinary Vietnamese is left alone."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from bot.content.offers import load_signal_book
from bot.core.disguise import plain, see
from bot.core.offers.check import check_offer
from bot.core.text import normalise
from bot.dialogue import triage
from bot.dialogue.interview.extract import extract

BOOK = load_signal_book()
EVAL = Path(__file__).parents[2]
BARE = "Tuyển gấp 20 bạn đi làm game bên Campuchia, lương 30 triệu, bao ăn ở vé xe, không cần bằng cấp"
CYRILLIC = str.maketrans("aeopcxyAEOPCXTMHK", "аеорсхуАЕОРСХТМНК")
GREEK = str.maketrans("aopvtAEOTHM", "αορντΑΕΟΤΗΜ")
SMALL = str.maketrans("abcdeghiklmnoprtuvy", "ᴀʙᴄᴅᴇɢʜɪᴋʟᴍɴᴏᴘʀᴛᴜᴠʏ")
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
BOLD = {ord("a") + i: 0x1D41A + i for i in range(26)} | {ord("A") + i: 0x1D400 + i for i in range(26)}
BOLD |= {ord("0") + i: 0x1D7CE + i for i in range(10)}


def dotted(sign: str) -> str:
    return " ".join(sign.join(w) if w.isalpha() and len(w) > 2 else w for w in BARE.split())


DISGUISED = {
    "cyrillic": BARE.translate(CYRILLIC),
    "greek": BARE.translate(GREEK),
    "small capitals": BARE.translate(SMALL),
    "full width": BARE.translate(WIDE),
    "bold": BARE.translate(BOLD),
    "dots": dotted("."),
    "stars": dotted("*"),
    "dashes": dotted("-"),
    "hearts": dotted("❤️"),
    "zero width": dotted("\u200b"),
    "soft hyphen": dotted("\u00ad"),
    "decomposed cyrillic": unicodedata.normalize("NFD", BARE).translate(CYRILLIC),
    "spaces": BARE.replace("lương", "l ư ơ n g").replace("Campuchia", "C a m p u c h i a"),
    "circled": BARE.replace("20", "②⓪").replace("30", "③⓪"),
    "letter o": BARE.replace("20", "2O").replace("30", "3O"),
}


@pytest.mark.parametrize("name", DISGUISED)
def test_a_disguised_advert_is_as_dangerous_as_the_plain_one(name: str) -> None:
    assert check_offer(BARE, BOOK).risk == "high"
    assert check_offer(DISGUISED[name], BOOK).risk == "high"


@pytest.mark.parametrize(
    "name", ["cyrillic", "greek", "small capitals", "dots", "stars", "hearts", "zero width", "spaces"]
)
def test_the_disguise_is_a_sign_quoted_as_it_was_written(name: str) -> None:
    text = DISGUISED[name]
    quotes = {flag.signal.id: flag.quote for flag in check_offer(text, BOOK).flags}
    assert "disguised_words" in quotes
    assert all(quote in " ".join(text.split()) for quote in quotes.values())


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("c.ứ.u e.m v.ớ.i", "cứu em với"),
        ("c ứ u e m v ớ i", "cứu em với"),
        ("T.u.y.ể.n C.T.V n.ạ.p trước 2OOk", "Tuyển C.T.V nạp trước 200k"),
        (
            "đặt c.ọc, t.iền l*ương, mu.ốn, v1ệc, n4p, c0c, Camp0chia",
            "đặt cọc, tiền lương, muốn, việc, nap, coc, Campochia",
        ),
        ("５００ｋ ٢٠ triệu", "500k 20 triệu"),
        ("① Lương 20 triệu ② Bao ăn", "• Lương 20 triệu • Bao ăn"),
    ],
)
def test_what_the_eye_reads(written: str, seen: str) -> None:
    assert plain(written) == seen


@pytest.mark.parametrize(
    "text",
    [
        "TP.HCM, Q.1, P.An Khánh, T.Phú Thọ v.v... khối A B C D",
        "em làm ở đó.ai cũng được, lo.ai nấy làm",
        "to6i muo6n1 ba1o tin, nha2 so61 10",
        "привет, это обычный текст на русском",
        "zalo.me/abc t.me/abc shopee.vn 0912.345.678 12.000.000đ 8h-17h",
    ],
)
def test_ordinary_writing_stays_as_it_is(text: str) -> None:
    assert see(text).text == text


def test_nobody_ordinary_is_said_to_hide_words() -> None:
    rows = [json.loads(line) for f in sorted(EVAL.glob("eval*/*.jsonl")) for line in f.read_text("utf-8").splitlines()]
    hiding = [row["text"] for row in rows if see(row["text"]).trick]
    assert len(rows) > 2_000
    assert len(hiding) <= 2, hiding


def test_each_plain_character_knows_its_place() -> None:
    for text in DISGUISED.values():
        seen = see(text)
        assert seen.origin is None or len(seen.origin) == len(seen.text)
        for i in range(len(seen.text)):
            start, end = seen.span(i, i + 1)
            assert 0 <= start < end <= len(text)


def numerals() -> list[str]:
    """Every character that says it is a digit or a number."""
    return [chr(c) for c in range(0x110000) if chr(c).isdigit() or (chr(c).isnumeric() and not chr(c).isdecimal())]


def test_no_numeral_of_any_script_breaks_a_reader() -> None:
    for numeral in numerals():
        text = f"Tuyển {numeral} người, lương {numeral}0 triệu/tháng, {numeral}{numeral} tuổi, sang Campuchia, stk {numeral * 9}"
        verdict = check_offer(text, BOOK)
        assert verdict.risk in {"high", "medium"}
        triage.assess(text)
        extract(text)
        normalise(text)


def test_a_triage_cry_in_disguise_is_heard() -> None:
    for cry in ("c.ứ.u e.m v.ớ.i, họ n.h.ố.t em", "сứu еm với họ nhốt еm", "c ứ u e m v ớ i"):
        assert triage.assess(cry).level == "emergency", cry
