"""A process of its own that draws one picture anew: the bytes come on standard input, a JPEG goes out.

Run as a script by `pictures`, with an empty environment and hard limits, because this is where what strangers made is
decoded. It imports nothing of the product, opens no file, and reads no setting. Ends with GOOD, BROKEN (nobody could open
it) or HEAVY (it may be a picture, but drawing it takes more than is allowed).
"""

from __future__ import annotations

import contextlib
import io
import resource
import sys

from PIL import Image, ImageFile, UnidentifiedImageError

GOOD, BROKEN, HEAVY = 0, 3, 4
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MEMORY = 700 * 1024 * 1024  # bytes of address space, libraries included
CPU_SECONDS = 10
# A JPEG is read at a fraction of its size, so the largest camera of a phone (108 megapixels) costs little; a progressive
# one, and every other kind, has to be unpacked whole.
MOST_PIXELS = {"JPEG": 120_000_000}
MOST_UNPACKED = 25_000_000
DRAWN_PIXELS = 12_000_000  # of the copy: small writing on a long screenshot must stay readable
MOST_SIDE = 20_000  # of the copy

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip


class TooHeavyError(Exception):
    """More pixels than may be drawn."""


def limit() -> None:
    """From now on: no memory beyond MEMORY, no endless computing, no file written, no picture of ours in a core dump."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        with contextlib.suppress(OSError, ValueError):  # a stricter limit of the machine stays
            resource.setrlimit(what, (most, most))


def redraw(data: bytes) -> bytes:
    """`data` drawn anew as an upright JPEG with nothing of the old file but its pixels.

    Raises TooHeavyError, MemoryError, and whatever the decoder raises for what it cannot read.
    """
    try:
        return _redraw(data)
    except (MemoryError, TooHeavyError, UnidentifiedImageError):
        raise
    except Exception:
        ImageFile.LOAD_TRUNCATED_IMAGES = True  # what arrived of a cut-off picture is shown; the rest stays grey
        return _redraw(data)


def _redraw(data: bytes) -> bytes:
    with _open(data) as image:
        turn = _TURNS.get(_orientation(image))
        width, height = _size(image)
        image.draft("RGB", (width, height))
        image.thumbnail((width, height))
        drawn = _on_white(image)
    if turn is not None:
        drawn = drawn.transpose(turn)
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=88, exif=b"")
    return out.getvalue()


def _open(data: bytes) -> Image.Image:
    """The picture, header read. A JPEG whose extra segments cannot be read is opened without them."""
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, MemoryError):
        raise TooHeavyError from None
    except Exception:
        bare = _without_segments(data)
        if bare is None:
            raise
        return Image.open(io.BytesIO(bare), formats=FORMATS)


def _without_segments(data: bytes) -> bytes | None:
    """A JPEG without its APPn segments and comments, which only describe; None for anything else."""
    if not data.startswith(b"\xff\xd8"):
        return None
    kept, at = [b"\xff\xd8"], 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if size < 2:
            return None
        if not (0xE1 <= marker <= 0xED or marker in {0xEF, 0xFE}):  # 0xE0 and 0xEE say how colours are coded
            kept.append(data[at : at + 2 + size])
        at += 2 + size
    return b"".join([*kept, data[at:]])


def _orientation(image: Image.Image) -> int:
    """How the camera was held; upright when the EXIF part says nothing or nonsense. It is read, never written back."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:
        return 1


def _size(image: Image.Image) -> tuple[int, int]:
    """The size to draw at, before turning. Raises TooHeavyError."""
    pixels = image.width * image.height
    whole = image.format not in MOST_PIXELS or bool(image.info.get("progressive"))
    if pixels > (MOST_UNPACKED if whole else MOST_PIXELS[str(image.format)]):
        raise TooHeavyError
    scale = min(1.0, (DRAWN_PIXELS / max(pixels, 1)) ** 0.5, MOST_SIDE / max(image.size))
    return max(1, int(image.width * scale)), max(1, int(image.height * scale))


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in {"RGBA", "LA", "PA"} and "transparency" not in image.info:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    ground = Image.new("RGB", clear.size, "white")
    ground.paste(clear, mask=clear.getchannel("A"))
    return ground


def main() -> int:
    limit()
    Image.MAX_IMAGE_PIXELS = None  # the numbers above decide, and the limits of the process
    try:
        drawn = redraw(sys.stdin.buffer.read())
    except (TooHeavyError, MemoryError):
        return HEAVY
    except Exception:
        return BROKEN
    sys.stdout.buffer.write(drawn)
    return GOOD


if __name__ == "__main__":
    sys.exit(main())
