"""A campaign on paper: posters on A4 and A3, and a leaflet of half a page, each with a QR code to its topic.

Drawn as vectors with fonts inside, so that they print the same everywhere. All lengths are points (1/72 inch). Letters of a poster are at
least LEAST points on A4: capitals of six millimetres, which are read from two metres.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import segno
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from bot.content.picture_cards import Card
from bot.core.campaigns.kit import Kit
from bot.core.content.plain import plain
from bot.core.errors import InvalidInput
from bot.presentation.words import words

FILES = {"a4": "ap-phich-a4.pdf", "a3": "ap-phich-a3.pdf", "leaflet": "to-roi.pdf"}
LEAST = 23.5
_FONTS = Path(__file__).parents[1] / "console" / "fonts"
_PLAIN, _BOLD = "PosterSans", "PosterSans-Bold"
_TEAL, _AMBER, _PAPER, _INK, _RED, _GREEN, _WHITE = (
    "#0f4c5c",
    "#f2a541",
    "#faf6ee",
    "#1d2b30",
    "#b3402a",
    "#2d7d5a",
    "#ffffff",
)
_MARKS = {"x": _RED, "v": _GREEN, "o": _AMBER}
_MARGIN = 40.0
_OWN = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Sheet:
    """What is printed. numbers: (number, what for) of danger and of questions; link: what the QR code opens."""

    kit: Kit
    card: Card
    numbers: tuple[tuple[str, str], tuple[str, str]]
    link: str


def link_of(public_url: str, kit: Kit) -> str:
    """The chat page with the first button of the campaign, behind the # that no server is told.

    Raises InvalidInput('no_public_address') when the address is one that only this machine knows: nobody could open what is printed.
    """
    if not printable(public_url):
        raise InvalidInput("no_public_address")
    return f"{public_url.rstrip('/')}/#{kit.buttons['vi'][0].id}"


def printable(public_url: str) -> bool:
    """Whether others can open the address."""
    host = urlsplit(public_url).hostname or ""
    return bool(host) and host not in _OWN


def write(kind: str, sheet: Sheet) -> bytes:
    """The bytes of a .pdf. Raises InvalidInput('no_font'), and ('too_long') when the words leave no legible size."""
    _register()
    out = io.BytesIO()
    size = {"a4": A4, "a3": A3, "leaflet": landscape(A4)}[kind]
    canvas = Canvas(out, pagesize=size, pageCompression=1, lang="vi-VN")
    canvas.setTitle(sheet.card.title)
    canvas.setAuthor("Lá Chắn")
    if kind == "leaflet":
        _pair(canvas, sheet)
    else:
        canvas.scale(size[0] / A4[0], size[1] / A4[1])
        _poster(canvas, sheet)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _register() -> None:
    if _BOLD in pdfmetrics.getRegisteredFontNames():
        return
    try:
        for name, file in ((_PLAIN, "DejaVuSans.ttf"), (_BOLD, "DejaVuSans-Bold.ttf")):
            pdfmetrics.registerFont(TTFont(name, _FONTS / file))
    except (TTFError, OSError):
        raise InvalidInput("no_font") from None


def wrapped(text: str, font: str, size: float, width: float) -> list[str]:
    """Lines of `text` that fit `width`."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and pdfmetrics.stringWidth(longer, font, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _fitted(text: str, width: float, most: int, sizes: range) -> tuple[float, list[str]]:
    """The largest size at which `text` is at most `most` lines of `width`."""
    for size in sizes:
        lines = wrapped(text, _BOLD, size, width)
        if len(lines) <= most and all(pdfmetrics.stringWidth(line, _BOLD, size) <= width for line in lines):
            return float(size), lines
    raise InvalidInput("too_long")


def _box(canvas: Canvas, x: float, y: float, width: float, height: float, fill: str) -> None:
    canvas.setFillColor(fill)
    canvas.rect(x, y, width, height, stroke=0, fill=1)


def _line(canvas: Canvas, x: float, y: float, text: str, size: float, fill: str, *, bold: bool = False) -> None:
    canvas.setFillColor(fill)
    canvas.setFont(_BOLD if bold else _PLAIN, size)
    canvas.drawString(x, y, text)


def _centred(canvas: Canvas, x: float, y: float, text: str, size: float, fill: str) -> None:
    canvas.setFillColor(fill)
    canvas.setFont(_BOLD, size)
    canvas.drawCentredString(x, y, text)


def _poster(canvas: Canvas, sheet: Sheet) -> None:
    width, height = A4
    head, foot = 210.0, 232.0
    _box(canvas, 0, 0, width, height, _PAPER)
    _box(canvas, 0, height - head, width, head, _TEAL)
    _box(canvas, 0, height - head - 8, width, 8, _AMBER)
    _line(canvas, _MARGIN, height - 52, "LÁ CHẮN", 24, _AMBER, bold=True)
    size, title = _fitted(sheet.card.title, width - 2 * _MARGIN, 2, range(54, 29, -2))
    top = height - 60 - (head - 60 - len(title) * size * 1.2) / 2 - size * 0.95
    for row, text in enumerate(title):
        _line(canvas, _MARGIN, top - row * size * 1.2, text, size, _WHITE, bold=True)
    _rows(canvas, sheet.card, height - head - 8, foot)
    _foot(canvas, sheet, foot)


def _rows(canvas: Canvas, card: Card, top: float, bottom: float) -> None:
    left, width = _MARGIN + 46, A4[0] - 2 * _MARGIN - 46
    for tenths in range(310, int(LEAST * 10) - 1, -5):
        size = tenths / 10
        rows = [(mark, wrapped(text, _PLAIN, size, width)) for mark, text in card.lines]
        used = sum(len(lines) for _, lines in rows) * size * 1.25
        gap = (top - bottom - used) / (len(rows) + 1)
        if gap >= 12:
            break
    else:
        raise InvalidInput("too_long")
    y = top - gap
    for mark, lines in rows:
        canvas.setFillColor(_MARKS[mark])
        canvas.circle(_MARGIN + 16, y - size * 0.62, 15, stroke=0, fill=1)
        _sign(canvas, mark, _MARGIN + 16, y - size * 0.62)
        for row, text in enumerate(lines):
            _line(canvas, left, y - size * (0.95 + row * 1.25), text, size, _INK)
        y -= len(lines) * size * 1.25 + gap


def _sign(canvas: Canvas, mark: str, x: float, y: float) -> None:
    """A cross, a tick or a dot: the meaning does not rest on the colour."""
    canvas.setStrokeColor(_WHITE)
    canvas.setLineWidth(3.6)
    canvas.setLineCap(1)
    if mark == "x":
        canvas.line(x - 6, y - 6, x + 6, y + 6)
        canvas.line(x - 6, y + 6, x + 6, y - 6)
    elif mark == "v":
        canvas.line(x - 7, y, x - 2, y - 6)
        canvas.line(x - 2, y - 6, x + 8, y + 6)
    else:
        canvas.setFillColor(_WHITE)
        canvas.circle(x, y, 5, stroke=0, fill=1)


def _foot(canvas: Canvas, sheet: Sheet, height: float) -> None:
    said = words()["campaign"]["poster"]
    side = 156.0  # 55 mm: a phone reads it from half a metre
    _box(canvas, 0, 0, A4[0], height, _TEAL)
    right = A4[0] - _MARGIN - side
    _code(canvas, sheet.link, right, 52, side)
    _centred(canvas, right + side / 2, 30, said["scan"], 13, _WHITE)
    for row, (number, use) in enumerate(sheet.numbers):
        y = height - 82 - row * 82
        _line(canvas, _MARGIN, y, number, 66, _AMBER if row == 0 else _WHITE, bold=True)
        for down, text in enumerate(wrapped(use, _BOLD, LEAST, right - _MARGIN - 168)):
            _line(canvas, _MARGIN + 150, y + 26 - down * 28, text, LEAST, _WHITE, bold=True)
    for down, text in enumerate(wrapped(said["free"], _PLAIN, 13, right - _MARGIN - 16)):
        _line(canvas, _MARGIN, 36 - down * 16, text, 13, _WHITE)


def _code(canvas: Canvas, link: str, x: float, y: float, side: float) -> None:
    """A QR code with its quiet zone of four modules; a corner may be torn or dirty (level Q: a quarter)."""
    rows = [list(row) for row in segno.make_qr(link, error="q").matrix]
    module = side / (len(rows) + 8)
    _box(canvas, x, y, side, side, _WHITE)
    canvas.setFillColor("#000000")
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                canvas.rect(
                    x + (4 + across) * module,
                    y + side - (5 + down) * module,
                    module * 1.01,
                    module * 1.01,
                    stroke=0,
                    fill=1,
                )


def _pair(canvas: Canvas, sheet: Sheet) -> None:
    """Two leaflets beside each other, to be cut apart."""
    half = landscape(A4)[0] / 2
    for left in (0.0, half):
        canvas.saveState()
        canvas.translate(left, 0)
        _leaflet(canvas, sheet, half, landscape(A4)[1])
        canvas.restoreState()
    canvas.setStrokeColor("#888888")
    canvas.setLineWidth(0.5)
    canvas.setDash(4, 4)
    canvas.line(half, 0, half, landscape(A4)[1])


def _leaflet(canvas: Canvas, sheet: Sheet, width: float, height: float) -> None:
    margin, head, foot, said = 26.0, 92.0, 132.0, words()["campaign"]["poster"]
    _box(canvas, 0, height - head, width, head, _TEAL)
    _line(canvas, margin, height - 24, "LÁ CHẮN", 11, _AMBER, bold=True)
    size, title = _fitted(sheet.kit.title, width - 2 * margin, 2, range(26, 15, -1))
    for row, text in enumerate(title):
        _line(canvas, margin, height - 36 - size - row * size * 1.15, text, size, _WHITE, bold=True)
    _paragraphs(canvas, sheet.kit.texts["vi"]["medium"], (margin, height - head - 14, width - 2 * margin), foot)
    _box(canvas, 0, 0, width, foot, _TEAL)
    side = 106.0
    _code(canvas, sheet.link, width - margin - side, 18, side)
    _centred(canvas, width - margin - side / 2, 7, said["scan"], 8, _WHITE)
    for row, (number, use) in enumerate(sheet.numbers):
        y = foot - 48 - row * 46
        _line(canvas, margin, y, number, 36, _AMBER if row == 0 else _WHITE, bold=True)
        for down, text in enumerate(wrapped(use, _PLAIN, 12, width - 2 * margin - side - 100)):
            _line(canvas, margin + 84, y + 14 - down * 15, text, 12, _WHITE)
    _line(canvas, margin, 12, said["free"], 8, _WHITE)


def _paragraphs(canvas: Canvas, text: str, place: tuple[float, float, float], bottom: float) -> None:
    """Running text from the top of `place` (left, top, width) down to `bottom`, as large as it fits, never below 11 points."""
    left, top, width = place
    for tenths in range(160, 109, -5):
        size = tenths / 10
        lines = [
            line for row in plain(text).split("\n") for line in (wrapped(row, _PLAIN, size, width) if row else [""])
        ]
        if len(lines) * size * 1.35 <= top - bottom - 10:
            break
    else:
        raise InvalidInput("too_long")
    for row, line in enumerate(lines):
        _line(canvas, left, top - size - row * size * 1.35, line, size, _INK)
