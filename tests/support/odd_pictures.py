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


def box(kind: bytes, *inside: bytes) -> bytes:
    """A box of an ISO base media file (ISO 14496-12, 4.2)."""
    body = b"".join(inside)
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def moov(*handlers: bytes) -> bytes:
    """The index of a film or recording: a track for each handler, b"vide" or b"soun"."""
    hdlrs = [box(b"hdlr", b"\0" * 8, handler, b"\0" * 13) for handler in handlers]
    return box(b"moov", box(b"mvhd", b"\0" * 100), *[box(b"trak", box(b"mdia", hdlr)) for hdlr in hdlrs])


def recording(brand: bytes, *handlers: bytes) -> bytes:
    """A whole small ISO base media file, its index at the end as recorders write it."""
    return box(b"ftyp", brand, b"\0\0\2\0", b"isom") + box(b"mdat", b"\x55" * 90) + moov(*handlers)


def matroska(kind: bytes, *tracks: int) -> bytes:
    """The beginning of a WebM or Matroska file; tracks: 1 for pictures, 2 for sound (RFC 9559, 5.1.4.1.3)."""
    head = b"\x42\x82" + bytes([0x80 + len(kind)]) + kind
    entries = b"".join(b"\xae\x86\xd7\x81\x01\x83\x81" + bytes([track]) for track in tracks)
    return (
        b"\x1aE\xdf\xa3" + bytes([0x80 + len(head)]) + head + b"\x18\x53\x80\x67\x01" + b"\xff" * 7
        + b"\x16\x54\xae\x6b" + bytes([0x80 + len(entries)]) + entries
    )  # fmt: skip
