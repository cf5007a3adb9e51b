"""Draw the picture cards: content/pictures/cards.yml -> content/pictures/svg/*.svg -> content/pictures/*.png.

Run by hand after editing the cards. Needs Chromium for the PNG; nothing of this runs when the product serves.
Usage: python scripts/make_pictures.py [card ...]
"""

from __future__ import annotations

import html
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from PIL import Image, ImageFont

from bot.content.placeholders import book_of, read_filled

ROOT = Path(__file__).resolve().parents[1] / "content" / "pictures"
TEAL, AMBER, PAPER, INK, RED, GREEN = "#0f4c5c", "#f2a541", "#faf6ee", "#1d2b30", "#b3402a", "#2d7d5a"
SIZE = 1000  # drawn on a square of this many units, exported at the same pixels
MARGIN, TEXT_LEFT, TEXT_RIGHT = 60, 140, 950
REGULAR, BOLD = "NotoSans-Regular.ttf", "NotoSans-Bold.ttf"
MAX_BYTES = 300_000

_CUT = 'fill="none" stroke="#fff" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"'
MARKS = {
    "x": f'<circle r="21" fill="{RED}"/><path d="M-8 -8L8 8M8 -8L-8 8" {_CUT}/>',
    "v": f'<circle r="21" fill="{GREEN}"/><path d="M-10 1L-3 9L11 -8" {_CUT}/>',
    "o": f'<circle r="21" fill="{AMBER}"/><circle r="7" fill="#fff"/>',
}
FOOTER = {
    "vi": "Nguy hiểm gọi {hotline:police}  ·  Hỏi và báo tin {hotline:anti_trafficking}",
    "en": "Danger: call {hotline:police}  ·  Ask or report: {hotline:anti_trafficking}",
}


def wrap(text: str, font: str, size: int, width: int) -> list[str]:
    """Lines of `text` that fit `width` units."""
    face = ImageFont.truetype(font, size)
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or face.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def words(x: int, y: int, text: str, size: int, fill: str, weight: str = "400", anchor: str = "start") -> str:
    number, _, rest = text.partition(" ")
    inner = html.escape(text)
    if number.isdigit() and len(number) == 3:  # a telephone number leads: let it be seen first
        inner = f'<tspan font-weight="700">{number}</tspan> {html.escape(rest.strip())}'
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{inner}</text>'
    )


def draw(card: dict, icon: str, language: str) -> str:
    """The SVG of one card."""
    title_size = 64
    title = wrap(card["title"], BOLD, title_size, SIZE - MARGIN * 2 - 190)
    if len(title) > 2:
        title_size = 54
        title = wrap(card["title"], BOLD, title_size, SIZE - MARGIN * 2 - 190)
    head = 270
    rows = [(line[0], wrap(line[2:], REGULAR, 43, TEXT_RIGHT - TEXT_LEFT)) for line in card["lines"]]
    used = sum(56 * len(lines) for _, lines in rows)
    gap = min(60, (SIZE - head - 110 - used) // (len(rows) + 1))
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}" '
        f'font-family="Noto Sans, DejaVu Sans, sans-serif" lang="{language}">',
        f"<title>{html.escape(card['title'])}</title>",
        "<style>.w{fill:none;stroke:#fff;stroke-width:8;stroke-linecap:round;stroke-linejoin:round}"
        f".a{{fill:none;stroke:{AMBER};stroke-width:8;stroke-linecap:round;stroke-linejoin:round}}</style>",
        f'<rect width="{SIZE}" height="{SIZE}" fill="{PAPER}"/>',
        f'<rect width="{SIZE}" height="{head}" fill="{TEAL}"/><rect y="{head}" width="{SIZE}" height="10" fill="{AMBER}"/>',
        f'<g transform="translate({SIZE - MARGIN - 150} 60) scale(1.25)">{icon}</g>',
        words(MARGIN, 70, "LÁ CHẮN", 30, AMBER, "700"),
    ]
    top = 95 + (head - 95 - len(title) * (title_size + 10)) // 2 + title_size - 10
    out += [words(MARGIN, top + i * (title_size + 10), t, title_size, "#fff", "700") for i, t in enumerate(title)]
    y = head + 10 + gap
    for mark, lines in rows:
        out.append(f'<g transform="translate(88 {y + 27})">{MARKS[mark]}</g>')
        out += [words(TEXT_LEFT, y + 42 + i * 56, line, 43, INK) for i, line in enumerate(lines)]
        y += 56 * len(lines) + gap
    out.append(f'<rect y="{SIZE - 100}" width="{SIZE}" height="100" fill="{TEAL}"/>')
    out.append(
        words(SIZE // 2, SIZE - 36, book_of(ROOT.parent).fill(FOOTER[language], language), 40, "#fff", "700", "middle")
    )
    return "\n".join([*out, "</svg>", ""])


def export(svg: Path, png: Path) -> None:
    """SVG to PNG by headless Chromium, then a palette small enough for chat."""
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "card.png"
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/u",
             f"--window-size={SIZE},{SIZE}", f"--screenshot={shot}", svg.as_uri()],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        Image.open(shot).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(png, optimize=True)
    if png.stat().st_size > MAX_BYTES:
        raise SystemExit(f"{png.name} is over {MAX_BYTES} bytes")


def main(chosen: list[str]) -> None:
    data = yaml.safe_load(read_filled(ROOT / "cards.yml", ROOT.parent))["cards"]
    icons = yaml.safe_load((ROOT / "icons.yml").read_text(encoding="utf-8"))["icons"]
    (ROOT / "svg").mkdir(exist_ok=True)
    for name, card in data.items():
        if chosen and str(name) not in chosen:
            continue
        for language, suffix in (("vi", ""), ("en", "_en")):
            svg = ROOT / "svg" / f"{name}{suffix}.svg"
            svg.write_text(draw(card[language], icons[card["icon"]], language), encoding="utf-8")
            export(svg, ROOT / f"{name}{suffix}.png")
            print(name, language, (ROOT / f"{name}{suffix}.png").stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
