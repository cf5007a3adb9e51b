"""A film whose boxes are made to be slow: what is read of it does not grow with what lies between them."""

from __future__ import annotations

import pytest

from bot.services.tips import file_types
from bot.services.tips.file_types import sniff
from tests.support.odd_pictures import box, moov

FTYP = box(b"ftyp", b"isom", b"\0\0\2\0", b"mp41")
PICTURES, SOUND = b"vide", b"soun"


class Counted(bytes):
    """Bytes that count how much of them was looked at."""

    looked = 0

    def __getitem__(self, at):
        found = super().__getitem__(at)
        Counted.looked += len(found) if isinstance(found, bytes) else 1
        return found

    def find(self, *args):
        Counted.looked += len(self)
        return super().find(*args)


@pytest.mark.parametrize(
    "hostile",
    [
        lambda n: FTYP + box(b"moov", b"hdlr" * n),
        lambda n: FTYP + box(b"moov", box(b"hdlr") * n),
        lambda n: FTYP + box(b"moov", box(b"trak", box(b"mdia", box(b"hdlr", b"\0" * 8, b"evil"))) * n),
        lambda n: FTYP + box(b"moov", *[b"\0\0\0\0trak\0\0\0\0mdia"] * n),
        lambda n: FTYP + box(b"free") * n,
        lambda n: FTYP + (b"\0\0\0\x01moov" + (16).to_bytes(8, "big")) * n,
    ],
    ids=[
        "words between boxes",
        "boxes at the wrong depth",
        "tracks without end",
        "open ends",
        "free boxes",
        "long sizes",
    ],
)
def test_what_is_read_of_a_film_is_bounded(hostile, monkeypatch):
    looked = []
    for size in (10_000, 100_000):
        Counted.looked = 0
        assert sniff(Counted(hostile(size))) == "video/mp4"
        looked.append(Counted.looked)
    assert looked[0] == looked[1]
    assert looked[1] < 64 * file_types._MOST_BOXES


def test_recordings_and_films_are_told_apart_by_their_tracks():
    assert sniff(FTYP + moov(SOUND)) == "audio/mp4"
    assert sniff(FTYP + moov(SOUND, PICTURES)) == "video/mp4"
    assert sniff(FTYP + box(b"mdat", b"hdlr\0\0\0\0vide" * 9) + moov(SOUND)) == "audio/mp4"
