"""A campaign's report as CSV and XLSX. Counts only; made in memory, kept nowhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from bot.presentation.words import when, words
from bot.storage.tables import Campaign

Row = tuple[Any, ...]
Sheet = tuple[str, Row, list[Row]]  # title, head, rows


def reason(code: str) -> str:
    """Why, in plain words; a code nobody wrote words for is shown as it is."""
    return words()["campaign"]["codes"].get(code, f"Mã lỗi {code} của kênh" if code else "")


def button_names(campaign: Campaign, frozen: Mapping[str, Any]) -> dict[str, str]:
    """Own id of each button -> what stood on it, Vietnamese first."""
    found: dict[str, str] = {}
    for language in ("en", "vi"):
        message = frozen.get(language)
        for choice in message.choices if message else ():
            found[choice.id.split(":", 2)[2]] = choice.title
    return found


def sheets(campaign: Campaign, report: Mapping[str, Any], unknown: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[Sheet]:  # fmt: skip
    """Everything the report page shows."""
    said = words()["campaign"]
    channel = said["channels"].get
    return [
        (
            "Chiến dịch", ("Mục", "Giá trị"),
            [("Tên", campaign.title), ("Tình trạng", said["states"][campaign.state]),
             ("Bắt đầu", when(campaign.started_at)), ("Kết thúc", when(campaign.ended_at)),
             ("Số người nhận dự kiến", campaign.total),
             ("Thôi nhận sau tin này", report["ended"]), ("Mã niêm phong", campaign.digest)],
        ),
        (
            "Kết quả", ("Kênh", "Kết quả", "Lý do", "Số người"),
            [(channel(r["channel"], r["channel"]), said["statuses"].get(r["status"], r["status"]), reason(r["code"]), r["count"])
             for r in report["rows"]],
        ),
        ("Theo giờ", ("Giờ", "Số tin"), [(when(r["at"]), r["count"]) for r in report["hours"]]),
        ("Nút bấm", ("Nút", "Số lần"), [(names.get(r["choice"], r["choice"]), r["count"]) for r in report["taps"]]),
        (
            "Chưa rõ", ("Số thứ tự gửi", "Kênh", "Lúc", "Lý do"),
            [(r["id"], channel(r["channel"], r["channel"]), when(r["at"]), reason(r["code"])) for r in unknown],
        ),
    ]  # fmt: skip


def as_csv(made: list[Sheet]) -> bytes:
    """All tables below each other, UTF-8 with the mark that spreadsheet programs look for."""
    out = io.StringIO()
    writer = csv.writer(out)
    for title, head, rows in made:
        writer.writerow([title])
        writer.writerow(head)
        writer.writerows([_safe(value) for value in row] for row in rows)
        writer.writerow([])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(made: list[Sheet]) -> bytes:
    """A table a sheet."""
    book = Workbook()
    book.remove(book.active)
    for title, head, rows in made:
        sheet = book.create_sheet(title)
        for row in (head, *rows):
            sheet.append([_safe(value) for value in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for column, _ in zip("ABCD", head, strict=False):
            sheet.column_dimensions[column].width = 32
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _safe(value: Any) -> Any:
    """A title that begins like a formula must stay a text in whoever's spreadsheet."""
    return (
        f"'{value}" if isinstance(value, str) and value.lstrip()[:1] in {"=", "+", "-", "@"} and value != "–" else value
    )


def as_bars(rows: Iterable[tuple[str, str, int]], width: int = 260, line: int = 46) -> list[dict[str, Any]]:
    """(label, style, number) as bars of a chart: each with its place and length."""
    found = list(rows)
    most = max((number for _, _, number in found), default=0) or 1
    return [
        {"label": label, "style": style, "number": number, "y": index * line,
         "width": max(2 if number else 0, round(number / most * width))}
        for index, (label, style, number) in enumerate(found)
    ]  # fmt: skip
