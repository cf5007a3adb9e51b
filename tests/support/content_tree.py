"""A small content directory a test may break: copies of the real files, and ways to write an item."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.content.documents import CONTENT_ROOT

FRONT = {
    "id": "sample",
    "language": "vi",
    "kind": "answer",
    "topic": "safety",
    "title": '"Mẫu"',
    "audience": "[everyone]",
    "short": '"Gọi {hotline:police} hoặc {hotline:anti_trafficking}. Bạn muốn hỏi gì?"',
    "buttons": '[{id: "more:sample", title: "Xem thêm"}]',
    "sources": '["Luật 53/2024/QH15"]',
    "author": '"Nhóm biên soạn"',
    "reviewer": '"Người duyệt"',
    "reviewed": "2026-11-20",
    "expires": "2027-11-20",
    "status": "reviewed",
}
BODY = "Bước tiếp: gọi {hotline:anti_trafficking}.\n"


def copy_tree(root: Path, items: tuple[str, ...] = ("hotline_card", "menu")) -> Path:
    """Hotlines, offers, checklist and a few real items in Vietnamese and English below `root`."""
    for folder in ("offers", "screening"):
        shutil.copytree(CONTENT_ROOT / folder, root / folder)
    for file in ("facts.yml", "hotlines.yml", "style_rules.yml"):
        shutil.copy(CONTENT_ROOT / file, root / file)
    for language in ("vi", "en"):
        (root / "answers" / language).mkdir(parents=True)
        for item in items:
            shutil.copy(CONTENT_ROOT / "answers" / language / f"{item}.md", root / "answers" / language)
    return root


def item_text(body: str = BODY, **fields: str | None) -> str:
    """The text of an item file; a field given as None is left out. Values are written as YAML."""
    front = {key: value for key, value in (FRONT | fields).items() if value is not None}
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in front.items()) + "---\n" + body


def write_item(root: Path, text: str, name: str = "sample", language: str = "vi") -> Path:
    """Put an item file where `name` and `language` say."""
    path = root / "answers" / language / f"{name}.md"
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text: str, start: str) -> int:
    """The line (from 1) that begins with `start`."""
    return next(i for i, line in enumerate(text.splitlines(), 1) if line.startswith(start))
