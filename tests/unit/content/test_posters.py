"""A campaign on paper: every kit fits, in letters that are read from two metres, with a QR code that opens its topic."""

from __future__ import annotations

import re
import zlib
from base64 import a85decode

import pytest
import segno

from bot.content.documents import CONTENT_ROOT
from bot.content.files import ContentFiles
from bot.content.kits import read_kits
from bot.content.picture_cards import Card, read_card
from bot.core.content import buttons
from bot.core.errors import ConfigError, InvalidInput
from bot.presentation import posters

KITS = read_kits(CONTENT_ROOT)
LIBRARY = ContentFiles().library
PUBLIC = "https://lachan.example.vn"
POINT_MM = 25.4 / 72
CAPITALS = 0.729  # of DejaVu Sans, in parts of its size


def sheet(kit: str, card: Card | None = None) -> posters.Sheet:
    found = KITS[kit]
    numbers = (("113", "Đang nguy hiểm"), ("111", "Hỏi, báo tin kín"))
    return posters.Sheet(found, card or read_card(CONTENT_ROOT, found.picture), numbers, posters.link_of(PUBLIC, found))


def drawn(pdf: bytes) -> str:
    """The drawing orders of the only page."""
    streams = re.findall(rb"/ASCII85Decode[^>]*>>\s*stream\r?\n(.*?)endstream", pdf, re.S)
    opened = [zlib.decompress(a85decode(one.strip().removesuffix(b"~>"))).decode("latin-1") for one in streams]
    return next(one for one in opened if " Tf" in one)


@pytest.mark.parametrize("kind", posters.FILES)
@pytest.mark.parametrize("kit", KITS)
def test_every_campaign_can_be_printed(kit: str, kind: str) -> None:
    pdf = posters.write(kind, sheet(kit))
    assert pdf.startswith(b"%PDF")
    assert b"/Count 1 " in pdf
    side = {"a4": b"595.2756 841.8898", "a3": b"841.8898 1190.551", "leaflet": b"841.8898 595.2756"}[kind]
    assert side in pdf
    assert b"FontFile2" in pdf  # its own letters: printed the same everywhere


@pytest.mark.parametrize("kit", KITS)
def test_the_words_of_a_poster_are_read_from_two_metres(kit: str) -> None:
    sizes = [float(size) for size in re.findall(r"/F\d\S* ([\d.]+) Tf", drawn(posters.write("a4", sheet(kit))))]
    small = [size for size in sizes if size < posters.LEAST]
    assert posters.LEAST * CAPITALS * POINT_MM >= 6.0
    assert set(small) <= {12.0, 13.0}  # what goes with the code and the numbers, and is read close by
    assert max(sizes) >= 60


@pytest.mark.parametrize("kit", KITS)
def test_the_code_opens_the_topic_and_tells_no_server(kit: str) -> None:
    link = posters.link_of(PUBLIC, KITS[kit])
    address, _, topic = link.partition("#")
    target = buttons.parse(topic)
    assert address == f"{PUBLIC}/"
    assert target is not None
    assert target.verb == "do" or LIBRARY.has(target.name)
    modules = sum(sum(row) for row in segno.make_qr(link, error="q").matrix)
    assert drawn(posters.write("a4", sheet(kit))).count(" re f") >= modules


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080", "http://localhost", "https://", ""])
def test_an_address_nobody_can_open_is_not_printed(address: str) -> None:
    with pytest.raises(InvalidInput, match="no_public_address"):
        posters.link_of(address, KITS["ngay_30_7"])


def test_words_too_many_to_be_read_from_afar_are_refused() -> None:
    card = Card(
        "Việc nhẹ",
        tuple(("x", "một câu dài hơn mọi câu nên có trên một tờ dán tường, và cứ dài mãi") for _ in range(6)),
    )
    with pytest.raises(InvalidInput, match="too_long"):
        posters.write("a4", sheet("ngay_30_7", card))


def test_a_picture_without_a_card_is_named() -> None:
    with pytest.raises(ConfigError, match=r"nothing\.png"):
        read_card(CONTENT_ROOT, "nothing.png")
