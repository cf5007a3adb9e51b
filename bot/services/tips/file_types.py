"""What a file is, by its content: the kinds that are kept, and how a kept one is called."""

from __future__ import annotations

import puremagic

from bot.core.errors import InvalidInput

# MIME type -> (kind, ending of its name): everything that is kept. What pages offer is made of this list, see `accept`.
_TYPES: dict[str, tuple[str, str]] = {
    "image/jpeg": ("image", "jpg"), "image/png": ("image", "png"), "image/webp": ("image", "webp"),
    "image/gif": ("image", "gif"), "image/avif": ("image", "avif"), "image/heic": ("image", "heic"),
    "audio/mpeg": ("audio", "mp3"), "audio/mp4": ("audio", "m4a"), "audio/aac": ("audio", "aac"),
    "audio/amr": ("audio", "amr"), "audio/3gpp": ("audio", "3gp"), "audio/ogg": ("audio", "ogg"),
    "audio/wav": ("audio", "wav"), "audio/webm": ("audio", "webm"), "audio/x-matroska": ("audio", "mka"),
    "audio/x-caf": ("audio", "caf"),
    "video/mp4": ("video", "mp4"), "video/quicktime": ("video", "mov"), "video/webm": ("video", "webm"),
    "video/x-matroska": ("video", "mkv"), "video/3gpp": ("video", "3gp"), "video/x-msvideo": ("video", "avi"),
    "application/pdf": ("file", "pdf"),
}  # fmt: skip
KINDS = {mime: kind for mime, (kind, _) in _TYPES.items()}
EXTENSIONS = {mime: ending for mime, (_, ending) in _TYPES.items()}
UNDRAWN = frozenset({"image/heic"})  # pictures that nothing here can open: no clean copy of them
_ALSO_CALLED = ("audio/x-m4a", "audio/opus", "image/heif")  # by browsers; image/heif only with HEIC
_ALIASES = {
    "audio/AMR": "audio/amr",
    "application/ogg": "audio/ogg",
    "audio/mp3": "audio/mpeg",
    "audio/x-aac": "audio/aac",
}


def accept(*, heic: bool) -> str:
    """What a page's file picker offers: exactly what is kept, by MIME type and, for systems that know few, by ending.

    heic: False leaves out what cannot be drawn, so that phones that can turn it into JPEG do.
    """
    types = [mime for mime in _TYPES if heic or mime not in UNDRAWN]
    also = [name for name in _ALSO_CALLED if heic or name != "image/heif"]
    endings = dict.fromkeys(f".{EXTENSIONS[mime]}" for mime in types if KINDS[mime] != "image")
    return ",".join([*types, *also, *endings, ".opus"])


# What the library has no name for, or takes for something else: voice messages of a Zalo account (AMR) and a Zalo bot
# (ADTS), and everything that has to be a picture before a decoder may see it.
_OPENINGS = (
    (b"#!AMR", "audio/amr"), (b"\xff\xf0", "audio/aac"), (b"\xff\xf1", "audio/aac"), (b"\xff\xf8", "audio/aac"),
    (b"\xff\xf9", "audio/aac"), (b"caff\0\1", "audio/x-caf"), (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"), (b"%PDF-", "application/pdf"),
)  # fmt: skip
_RIFF = {b"WAVE": "audio/wav", b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}
# ISO base media files name their maker's brand, and makers invent brands: a film is what is not known to be another thing.
_AVIF = frozenset({b"avif", b"avis"})
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1"})
_AUDIO = frozenset({b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B "})
_NO_FILM = frozenset({b"crx ", b"jp2 ", b"jpx ", b"jpm ", b"mjp2", b"mj2s"})  # raw pictures and JPEG 2000
_LONGEST_HEADER = 4096  # bytes of the first box, which only lists brands
_OLD_FILM = frozenset(
    {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
)  # how QuickTime began before there were brands
_MOST_BOXES = 1_000
_TRACKS = frozenset({b"vide", b"soun"})
_TO_HANDLER = (b"moov", b"trak", b"mdia")  # the boxes around the one that names a track's kind
_EBML = b"\x1aE\xdf\xa3"  # WebM and Matroska (RFC 8794)


def sniff(data: bytes) -> str:
    """The MIME type by content. Raises InvalidInput('file_type') for anything not on the list."""
    for opening, mime in _OPENINGS:
        if data.startswith(opening):
            return mime
    if data[:4] == b"RIFF" and data[8:12] in _RIFF:
        return _RIFF[data[8:12]]
    if data[4:8] == b"ftyp":
        return _media(data)
    if data[4:8] in _OLD_FILM and _handlers(data):
        return "video/quicktime"
    if data.startswith(_EBML):
        return _matroska(data)
    try:
        matches = puremagic.magic_string(data)
    except (puremagic.PureError, ValueError):
        matches = []
    for match in matches:
        mime = _ALIASES.get(match.mime_type, match.mime_type)
        if mime in {
            "audio/mpeg",
            "audio/ogg",
            "audio/aac",
            "audio/amr",
        }:  # all others were recognised above or are none
            return mime
    raise InvalidInput("file_type")


def _media(data: bytes) -> str:
    """The kind of an ISO base media file (ISO 14496-12), by its major brand and those it says it is compatible with."""
    size, brand = int.from_bytes(data[:4], "big"), data[8:12]
    printable = len(brand) == 4 and all(0x20 <= byte < 0x7F for byte in brand)
    if not 12 <= size <= _LONGEST_HEADER or brand in _NO_FILM or not printable:
        raise InvalidInput("file_type")
    brands = {brand, *(data[at : at + 4] for at in range(16, size - 3, 4))}
    if brands & _AVIF:
        return "image/avif"
    if brands & _HEIC:
        return "image/heic"
    if brand in _AUDIO:
        return "audio/mp4"
    if brand == b"qt  ":
        return "video/quicktime"
    what = "audio" if _handlers(data) == {b"soun"} else "video"  # recorders use the film's brands, too
    return f"{what}/3gpp" if brand.startswith(b"3g") else f"{what}/mp4"


def _handlers(data: bytes) -> set[bytes]:
    """Of an ISO base media file: what its tracks are, b"vide", b"soun" and others; nothing when its boxes cannot be walked.

    The boxes are walked by their sizes (moov, trak, mdia, hdlr: ISO 14496-12, 8.4.3), _MOST_BOXES of them in all: what a
    film says between them is not searched.
    """
    boxes, open_in, found = 0, [(0, len(data), 0)], set[bytes]()
    while open_in:
        at, end, depth = open_in.pop()
        while at + 8 <= end:
            boxes += 1
            if boxes > _MOST_BOXES:
                return found & _TRACKS
            size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
            head = 16 if size == 1 else 8
            if size == 1:
                size = int.from_bytes(data[at + 8 : at + 16], "big")
            size = size or end - at  # zero: up to the end
            if size < head:
                break
            if depth == len(_TO_HANDLER) and kind == b"hdlr":
                found.add(data[at + 16 : at + 20])
            elif depth < len(_TO_HANDLER) and kind == _TO_HANDLER[depth]:
                open_in.append((at + head, min(at + size, end), depth + 1))
            at += size
    return found & _TRACKS


def _matroska(data: bytes) -> str:
    """WebM or Matroska, a film unless its tracks (element 1654AE6B) are all sound (element 83, TrackType 2)."""
    head = data[:4096]
    names = [name for name in (b"webm", b"matroska") if b"\x42\x82" + bytes([0x80 + len(name)]) + name in head]
    if not names:
        raise InvalidInput("file_type")
    start = data.find(b"\x16\x54\xae\x6b", 0, 1 << 20)
    tracks = data[start : start + 4096] if start >= 0 else b""
    what = "audio" if b"\x83\x81\x02" in tracks and b"\x83\x81\x01" not in tracks else "video"
    return f"{what}/webm" if names == [b"webm"] else f"{what}/x-matroska"
