"""The sheet as a PDF with its own fonts inside, so that it prints the same everywhere."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from bot.console.documents.sheet import MARGINS, Sheet
from bot.core.errors import InvalidInput

FONTS = Path(__file__).parent.parent / "fonts"  # DejaVu Sans, free to pass on: LICENSE.txt beside it
PLAIN, BOLD = "LaChanSans", "LaChanSans-Bold"
UNKNOWN = "\N{WHITE SQUARE}"


def write(sheet: Sheet) -> bytes:
    """The bytes of a .pdf file. Raises InvalidInput('no_font') when the font files are missing or broken."""
    writer = _Writer(fonts())
    story = [*writer.head(sheet), writer.facts(sheet), *writer.sections(sheet), writer.signatures(sheet)]
    if writer.unknown:
        story.append(writer.text(f"{UNKNOWN}: ký tự không in được ở bản PDF này. Xem bản Word.", "small"))
    out = io.BytesIO()
    top, right, bottom, left = (side * mm for side in MARGINS)
    document = SimpleDocTemplate(
        out, pagesize=A4, topMargin=top, rightMargin=right, bottomMargin=bottom + 6 * mm, leftMargin=left,
        title=f"{sheet.title.capitalize()} {sheet.number}", author=sheet.unit, lang="vi-VN",
    )  # fmt: skip

    def canvas(*arguments: Any, **options: Any) -> Canvas:
        return _Numbered(sheet, *arguments, **options)

    document.build(story, canvasmaker=canvas)
    return out.getvalue()


@cache
def fonts(folder: Path = FONTS) -> frozenset[int]:
    """Register the fonts, once a process; returns the code points both can print. Raises InvalidInput('no_font')."""
    try:
        made = [TTFont(PLAIN, folder / "DejaVuSans.ttf"), TTFont(BOLD, folder / "DejaVuSans-Bold.ttf")]
    except (TTFError, OSError):
        raise InvalidInput("no_font") from None
    for font in made:
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    return frozenset(made[0].face.charToGlyph) & frozenset(made[1].face.charToGlyph)


class _Writer:
    """Paragraphs of one document; remembers whether a character was met that the font does not have."""

    def __init__(self, known: frozenset[int]) -> None:
        self.known, self.unknown = known, False
        base = ParagraphStyle("text", fontName=PLAIN, fontSize=10, leading=14, spaceAfter=3)
        self.styles = {
            "text": base,
            "label": ParagraphStyle("label", base, fontName=BOLD, keepWithNext=True, spaceAfter=1),
            "heading": ParagraphStyle("heading", base, fontName=BOLD, fontSize=11, spaceBefore=8, keepWithNext=True),
            "head": ParagraphStyle("head", base, fontName=BOLD, fontSize=9, leading=12, alignment=TA_CENTER),
            "title": ParagraphStyle("title", base, fontName=BOLD, fontSize=15, leading=20, alignment=TA_CENTER),
            "centre": ParagraphStyle("centre", base, alignment=TA_CENTER, spaceAfter=8),
            "small": ParagraphStyle("small", base, fontSize=8, leading=10, spaceBefore=8),
        }

    def text(self, words: str, style: str = "text") -> Paragraph:
        """A paragraph of plain words: nothing in them is taken for markup."""
        shown = "".join(sign if sign in "\n\t" or ord(sign) in self.known else UNKNOWN for sign in words)
        self.unknown = self.unknown or shown != words
        return Paragraph(escape(shown).replace("\n", "<br/>"), self.styles[style])

    def head(self, sheet: Sheet) -> list[Any]:
        nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
        columns = [[self.text(sheet.unit.upper(), "head"), self.text(nation, "head")]]
        return [
            Table(columns, colWidths=[70 * mm, 95 * mm], style=TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP")])),
            Spacer(1, 8 * mm),
            self.text(sheet.title, "title"),
            self.text(f"Số phiếu: {sheet.number} · Xuất lúc {sheet.made}", "centre"),
        ]

    def facts(self, sheet: Sheet) -> Table:
        rows = [[self.text(label, "label"), self.text(value)] for label, value in sheet.facts]
        return Table(
            rows, colWidths=[42 * mm, 123 * mm],
            style=TableStyle([("GRID", (0, 0), (-1, -1), 0.4, "#888888"), ("VALIGN", (0, 0), (-1, -1), "TOP")]),
        )  # fmt: skip

    def sections(self, sheet: Sheet) -> list[Any]:
        # Plain paragraphs, not a table: a cell cannot go over a page, and a long story does.
        story: list[Any] = []
        for number, section in enumerate(sheet.sections, 1):
            story.append(self.text(f"{number}. {section.title}", "heading"))
            for block in section.blocks:
                if block.label:
                    story.append(self.text(block.label, "label"))
                story.append(self.text(block.text))
            if not section.blocks:
                story.append(self.text(section.empty))
        return story

    def signatures(self, sheet: Sheet) -> KeepTogether:
        row = [
            self.text(f"NGƯỜI XUẤT PHIẾU\n\n\n\n\n{sheet.officer}", "head"),
            self.text("THỦ TRƯỞNG ĐƠN VỊ\n(ký, đóng dấu)", "head"),
        ]
        top = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP")])
        return KeepTogether([Spacer(1, 10 * mm), Table([row], colWidths=[82 * mm, 83 * mm], style=top)])


class _Numbered(Canvas):
    """Draws the footer when the number of pages is known."""

    def __init__(self, sheet: Sheet, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._sheet, self._pages = sheet, []  # type: ignore[var-annotated]

    def showPage(self) -> None:
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self.setFont(PLAIN, 7)
            middle = A4[0] / 2 + (MARGINS[3] - MARGINS[1]) * mm / 2
            self.drawCentredString(middle, 14 * mm, f"{self._sheet.footer[0]} · Trang {number}/{len(self._pages)}")
            self.drawCentredString(middle, 10 * mm, self._sheet.footer[1])
            super().showPage()
        super().save()
