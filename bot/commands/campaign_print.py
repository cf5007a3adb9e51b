"""Campaigns as text for a terminal, as files for people who run a medium by hand, and as a chart."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

from bot.app import Core
from bot.core.campaigns.kit import Kit, speech_seconds
from bot.core.campaigns.params import Params
from bot.core.errors import InvalidInput
from bot.presentation import campaign_files, posters
from bot.presentation.campaign_preview import locked, previews
from bot.presentation.words import when, words
from bot.services.campaigns import acts, report
from bot.services.campaigns.report import Progress
from bot.services.campaigns.words import messages, sources, thaw
from bot.storage.tables import Campaign

BAR = 30  # characters of a progress bar
_ORDER = ("sent", "dry", "skipped", "failed", "unknown", "sending", "pending")
_COLOURS = {"sent": "#0f766e", "dry": "#0f766e", "skipped": "#9ca3af", "failed": "#b91c1c", "unknown": "#b45309"}
_LINE, _LEFT, _WIDE = 28, 190, 360  # of the chart, in units of the drawing


def shown(core: Core, row: Campaign, params: Params) -> Iterator[str]:
    """The message in each language on each channel, and what a locked phone shows. Raises InvalidInput."""
    try:
        found = thaw(row.frozen) if row.frozen else messages(sources(core), params, row.id or 0)
    except KeyError:
        raise InvalidInput("content_missing") from None
    said = words()["campaign"]
    for first in locked(previews(found["vi"], core.settings)):
        where = ", ".join(said["channels"][channel] for channel in first.channels)
        yield f"Trên màn hình khóa ({where}): {first.text.splitlines()[0]}"
    for language, message in found.items():
        for preview in previews(message, core.settings):
            yield f"\n== {said['channels'][preview.channel]}, {said['languages'][language]} =="
            for bubble in preview.bubbles:
                if bubble.image:
                    yield f"[ảnh: {bubble.image}]"
                yield f"{bubble.text}\n({bubble.chars}/{bubble.most} ký tự)"
                yield from (f"  [ {choice.title} ]" for choice in bubble.choices)


def by_hand_files(kit: Kit, pictures: Path, folder: Path) -> Iterator[str]:
    """Write the kit's files into `folder`; yields a line about each. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    seconds = speech_seconds(kit.loudspeaker)
    texts = {"loa-truyen-thanh.txt": kit.loudspeaker, "sms.txt": kit.sms, "fanpage.txt": kit.fanpage}
    notes = {
        "loa-truyen-thanh.txt": f"đọc khoảng {seconds:.0f} giây",
        "sms.txt": f"{len(kit.sms)} ký tự, không dấu",
        "fanpage.txt": f"{len(kit.fanpage)} ký tự",
    }
    for name, text in texts.items():
        (folder / name).write_text(text + "\n", encoding="utf-8")
        yield f"{name}: {notes[name]}"
    shutil.copyfile(pictures / kit.picture, folder / Path(kit.picture).name)
    yield f"{Path(kit.picture).name}: {kit.picture_alt['vi']}"


def on_paper(sheet: posters.Sheet, folder: Path) -> Iterator[str]:
    """Write the posters and the leaflet into `folder`; yields a line about each. Raises OSError, InvalidInput."""
    for kind, name in posters.FILES.items():
        (folder / name).write_bytes(posters.write(kind, sheet))
        yield f"{name}: {words()['campaign']['papers'][kind]}"


def progress_line(row: Campaign, found: Progress) -> str:
    """A bar, counts, rate and time left on one line."""
    said, full = words()["campaign"], round(found.share * BAR)
    counts = ", ".join(f"{said['statuses'][name]} {found.counts[name]:,}" for name in _ORDER if found.counts.get(name))
    left = f"còn khoảng {_minutes(found.left)}" if found.left is not None else ""
    parts = [
        f"[{'█' * full}{'·' * (BAR - full)}] {found.share:.0%}", f"{found.done:,}/{found.total:,}",
        said["states"][row.state], counts, f"{found.rate:.1f} tin/giây", left,
    ]  # fmt: skip
    return "  ".join(part for part in parts if part)


def _minutes(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} giờ {minutes} phút" if hours else f"{max(1, minutes)} phút"


def chart(core: Core, number: int) -> bytes:
    """The report as bars: results, reasons, sends by hour, taps. SVG, with the numbers as text."""
    said = words()["campaign"]
    with core.db.reading() as session:
        row = acts.get(session, number)
        found = report.report(session, row)
        names = campaign_files.button_names(row, thaw(row.frozen) if row.frozen else {})
    totals = report.totals(found)
    why: dict[str, int] = {}
    for entry in found["rows"]:
        if entry["code"] and entry["status"] in {"skipped", "failed", "unknown"}:
            name = campaign_files.reason(entry["code"])
            why[name] = why.get(name, 0) + entry["count"]
    parts = [
        ("Kết quả", [(said["statuses"][s], totals[s], _COLOURS.get(s, "#6b7280")) for s in _ORDER if totals.get(s)]),
        ("Vì sao không tới", [(name, count, "#b45309") for name, count in sorted(why.items(), key=lambda e: -e[1])]),
        ("Theo giờ", [(when(e["at"]), e["count"], "#0f766e") for e in found["hours"][-48:]]),
        ("Nút bấm", [(names.get(e["choice"], e["choice"]), e["count"], "#1d4ed8") for e in found["taps"]]),
    ]
    return _svg(row.title, parts).encode()


def _svg(title: str, parts: list[tuple[str, list[tuple[str, int, str]]]]) -> str:
    lines, y = [f'<text x="0" y="20" font-weight="bold">{escape(title)}</text>'], 50
    for heading, bars in parts:
        if not bars:
            continue
        lines.append(f'<text x="0" y="{y}" font-weight="bold">{escape(heading)}</text>')
        most = max(count for _, count, _ in bars) or 1
        for label, count, colour in bars:
            y += _LINE
            width = max(1, round(count / most * _WIDE)) if count else 0
            lines.append(f'<text x="{_LEFT - 8}" y="{y}" text-anchor="end">{escape(label[:30])}</text>')
            lines.append(f'<rect x="{_LEFT}" y="{y - 14}" width="{width}" height="18" fill="{colour}"/>')
            lines.append(f'<text x="{_LEFT + width + 6}" y="{y}">{count:,}</text>')
        y += _LINE + 16
    body = "\n".join(lines)
    size = f'width="{_LEFT + _WIDE + 90}" height="{y}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">\n{body}\n</svg>\n'
