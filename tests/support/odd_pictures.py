"""Pictures as phones, editors and attackers make them: EXIF that no writer could write back, bombs, and cut-off files."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

ASCII, SHORT, LONG, RATIONAL, SRATIONAL = 2, 3, 4, 5, 10
ORIENTATION = (0x0112, SHORT, 1, struct.pack("<HH", 6, 0))  # the camera was held upright: turn by 90 degrees
LETTERS = b"ab\0\0"


def tiff(*entries: tuple[int, int, int, bytes], tail: bytes = b"") -> bytes:
    """An EXIF block: entries are (tag, type, count, four bytes of value or offset); tail: what offsets point to."""
    body = b"".join(struct.pack("<HHI", tag, kind, count) + value for tag, kind, count, value in sorted(entries))
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + b"\0\0\0\0" + tail


def _offset(entries: int) -> bytes:
    return struct.pack("<I", 8 + 2 + 12 * entries + 4)


NO_RATIONAL = struct.pack("<ii", -1, 0)
ODD_EXIF = {
    "x resolution -1/0": tiff(ORIENTATION, (0x011A, SRATIONAL, 1, _offset(2)), tail=NO_RATIONAL),
    "y resolution -1/0": tiff(ORIENTATION, (0x011B, SRATIONAL, 1, _offset(2)), tail=NO_RATIONAL),
    "resolution 4294967295/0": tiff(ORIENTATION, (0x011A, RATIONAL, 1, _offset(2)), tail=struct.pack("<II", 2**32 - 1, 0)),
    "width in letters": tiff(ORIENTATION, (0x0100, ASCII, 3, LETTERS)),
    "height in letters": tiff(ORIENTATION, (0x0101, ASCII, 3, LETTERS)),
    "bits in letters": tiff(ORIENTATION, (0x0102, ASCII, 3, LETTERS)),
    "YCbCr positioning in letters": tiff(ORIENTATION, (0x0213, ASCII, 3, LETTERS)),
    "YCbCr coefficients cut off": tiff(ORIENTATION, (0x0211, RATIONAL, 3, struct.pack("<I", 60_000))),
    "strip offsets in letters": tiff(ORIENTATION, (0x0111, ASCII, 3, LETTERS)),
    "SubIFD nowhere": tiff(ORIENTATION, (0x014A, LONG, 1, struct.pack("<I", 2**31))),
    "EXIF IFD in itself": tiff(ORIENTATION, (0x8769, LONG, 1, struct.pack("<I", 8))),
    "GPS IFD nowhere": tiff(ORIENTATION, (0x8825, LONG, 1, struct.pack("<I", 2**31))),
    "orientation in letters": tiff((0x0112, ASCII, 3, LETTERS)),
    "orientation 99": tiff((0x0112, SHORT, 1, struct.pack("<HH", 99, 0))),
    "unknown type": tiff(ORIENTATION, (0x010F, 77, 5, LETTERS)),
    "endless count": tiff(ORIENTATION, (0x010F, ASCII, 2**32 - 1, _offset(2))),
    "no TIFF at all": b"not a header",
    "nothing": b"",
}  # fmt: skip


def plain(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()


def with_exif(kind: str, block: bytes) -> bytes:
    """A picture of `kind` with a raw EXIF block, put there without asking any library."""
    data = plain(kind)
    if kind == "JPEG":
        segment = b"Exif\0\0" + block
        return data[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + data[2:]
    if kind == "PNG":
        chunk = b"eXIf" + block
        return data[:33] + len(block).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") + data[33:]
    assert kind == "WEBP"
    image = data[12:]  # a still picture without the extended header: "VP8 " alone
    extended = b"VP8X" + struct.pack("<I", 10) + b"\x08\0\0\0" + (63).to_bytes(3, "little") + (47).to_bytes(3, "little")
    exif = b"EXIF" + struct.pack("<I", len(block)) + block + b"\0" * (len(block) % 2)
    body = b"WEBP" + extended + image + exif
    return b"RIFF" + struct.pack("<I", len(body)) + body


def film(brand: bytes, *compatible: bytes) -> bytes:
    """The beginning of an ISO base media file."""
    brands = b"".join(compatible)
    return (
        (16 + len(brands)).to_bytes(4, "big") + b"ftyp" + brand + b"\0\0\0\0" + brands + b"\0\0\0\x08free" + b"\0" * 64
    )
