"""The sheet as a Word document (DOCX), with nothing in it that its reader cannot see."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from bot.console.documents.sheet import MARGINS, Sheet

FONT = "Times New Roman"  # what Decree 30/2020/ND-CP asks for


def write(sheet: Sheet, at: float) -> bytes:
    """The bytes of a .docx file. at: seconds since the epoch, for the file's own properties."""
    document = Document()
    _page(document)
    _properties(document, sheet, at)
    _head(document, sheet)
    _facts(document, sheet)
    for number, section in enumerate(sheet.sections, 1):
        document.add_heading(f"{number}. {section.title}", level=2)
        for block in section.blocks:
            if block.label:
                _text(document.add_paragraph(), block.label, bold=True, keep=True)
            _text(document.add_paragraph(), block.text)
        if not section.blocks:
            _text(document.add_paragraph(), section.empty)
    _signatures(document, sheet)
    _footer(document, sheet)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Any) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.right_margin, page.bottom_margin, page.left_margin = (Mm(side) for side in MARGINS)
    for name, size in (("Normal", 13), ("Heading 2", 13)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), None
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):  # a theme's font would win over the one named here
            if attribute.endswith("Theme"):
                del fonts.attrib[attribute]
        for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(script), FONT)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)


def _properties(document: Any, sheet: Sheet, at: float) -> None:
    moment = datetime.fromtimestamp(at, UTC).replace(tzinfo=None)
    about = document.core_properties
    about.author, about.last_modified_by, about.title = (
        sheet.unit,
        sheet.unit,
        f"{sheet.title.capitalize()} {sheet.number}",
    )
    about.created, about.modified, about.comments, about.language = moment, moment, "", "vi-VN"


def _head(document: Any, sheet: Sheet) -> None:
    table = document.add_table(rows=1, cols=2)
    left, right = (cell.paragraphs[0] for cell in table.rows[0].cells)
    _text(left, sheet.unit.upper(), bold=True, size=12, centre=True)
    _text(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc", bold=True, size=12, centre=True)
    _text(document.add_paragraph(), f"\n{sheet.title}", bold=True, size=15, centre=True)
    _text(document.add_paragraph(), f"Số phiếu: {sheet.number} · Xuất lúc {sheet.made}", centre=True)


def _facts(document: Any, sheet: Sheet) -> None:
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for label, value in sheet.facts:
        row = table.add_row().cells
        row[0].width, row[1].width = Mm(45), Mm(120)
        _text(row[0].paragraphs[0], label, bold=True, size=12)
        _text(row[1].paragraphs[0], value, size=12)


def _signatures(document: Any, sheet: Sheet) -> None:
    document.add_paragraph()
    row = document.add_table(rows=1, cols=2).rows[0].cells
    _text(row[0].paragraphs[0], f"NGƯỜI XUẤT PHIẾU\n\n\n\n{sheet.officer}", bold=True, size=12, centre=True, keep=True)
    _text(row[1].paragraphs[0], "THỦ TRƯỞNG ĐƠN VỊ\n(ký, đóng dấu)\n\n\n", bold=True, size=12, centre=True, keep=True)


def _footer(document: Any, sheet: Sheet) -> None:
    footer = document.sections[0].footer
    first = footer.paragraphs[0]
    _text(first, f"{sheet.footer[0]} · Trang ", size=8, centre=True)
    _field(first, "PAGE")
    _text(first, "/", size=8)
    _field(first, "NUMPAGES")
    _text(footer.add_paragraph(), sheet.footer[1], size=8, centre=True)


def _field(paragraph: Any, code: str) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(8)
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _text(
    paragraph: Any, text: str, *, bold: bool = False, size: int = 13, centre: bool = False, keep: bool = False
) -> None:
    run = paragraph.add_run(text)
    run.font.bold, run.font.size = bold, Pt(size)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if keep:
        paragraph.paragraph_format.keep_with_next = True
