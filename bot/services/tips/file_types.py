"""What a file is, by its content: the kinds that are kept, and how a kept one is called."""

from __future__ import annotations

import puremagic

from bot.core.errors import InvalidInput

KINDS: dict[str, str] = {
    "image/jpeg": "image", "image/png": "image", "image/webp": "image", "image/gif": "image", "image/avif": "image",
    "image/heic": "image",
    "audio/mpeg": "audio", "audio/ogg": "audio", "audio/aac": "audio", "audio/wav": "audio", "audio/amr": "audio",
    "audio/mp4": "audio", "audio/webm": "audio", "video/mp4": "video", "video/webm": "video", "video/3gpp": "video",
    "video/quicktime": "video", "video/x-msvideo": "video", "application/pdf": "file",
}  # fmt: skip
UNDRAWN = frozenset({"image/heic"})  # pictures that nothing here can open: no clean copy of them
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "image/avif": "avif",
              "image/heic": "heic", "audio/mpeg": "mp3",
              "audio/ogg": "ogg", "audio/aac": "aac", "audio/wav": "wav", "audio/amr": "amr", "audio/mp4": "m4a",
              "audio/webm": "webm", "video/mp4": "mp4", "video/webm": "webm", "video/3gpp": "3gp",
              "video/quicktime": "mov", "video/x-msvideo": "avi", "application/pdf": "pdf"}  # fmt: skip
_ALIASES = {"audio/x-wav": "audio/wav", "audio/wave": "audio/wav", "audio/x-m4a": "audio/mp4", "audio/AMR": "audio/amr",
            "application/ogg": "audio/ogg", "audio/mp3": "audio/mpeg", "audio/x-aac": "audio/aac",
            "video/3gpp2": "video/3gpp", "audio/m4a": "audio/mp4"}  # fmt: skip

# What the library has no name for, or takes for something else: voice messages of a Zalo account (AMR) and a Zalo bot
# (ADTS), and everything that has to be a picture before a decoder may see it.
_OPENINGS = (
    (b"#!AMR", "audio/amr"), (b"\xff\xf1", "audio/aac"), (b"\xff\xf9", "audio/aac"), (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"), (b"%PDF-", "application/pdf"),
)  # fmt: skip
_RIFF = {b"WAVE": "audio/wav", b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}
# ISO base media files name their maker's brand, and makers invent brands: a film is what is not known to be another thing.
_AVIF = frozenset({b"avif", b"avis"})
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1"})
_AUDIO = frozenset({b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B "})
_NO_FILM = frozenset({b"crx ", b"jp2 ", b"jpx ", b"jpm ", b"mjp2", b"mj2s"})  # raw pictures and JPEG 2000
_LONGEST_HEADER = 4096  # bytes of the first box, which only lists brands


def sniff(data: bytes) -> str:
    """The MIME type by content. Raises InvalidInput('file_type') for anything not on the list."""
    for opening, mime in _OPENINGS:
        if data.startswith(opening):
            return mime
    if data[:4] == b"RIFF" and data[8:12] in _RIFF:
        return _RIFF[data[8:12]]
    if data[4:8] == b"ftyp":
        return _media(data)
    try:
        matches = puremagic.magic_string(data)
    except (puremagic.PureError, ValueError):
        matches = []
    for match in matches:
        mime = _ALIASES.get(match.mime_type, match.mime_type)
        # Pictures, PDFs, WAV and MP4 have been recognised above or are none.
        if KINDS.get(mime) in {"audio", "video"} and mime not in {
            "audio/wav",
            "video/mp4",
            "audio/mp4",
            "video/x-msvideo",
        }:
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
    return "video/3gpp" if brand.startswith(b"3g") else "video/mp4"
