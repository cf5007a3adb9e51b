"""The ready-made campaigns in content/campaigns/*.yml."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.content import yaml_text
from bot.content.documents import Problem
from bot.content.placeholders import read_filled
from bot.core.campaigns import kit as kit_rules
from bot.core.campaigns.kit import Kit
from bot.core.content.checks import Banned
from bot.core.content.library import ContentLibrary
from bot.core.errors import ConfigError
from bot.core.messages import Choice

FOLDER = "campaigns"
MAX_PICTURE_BYTES = 300_000


def read_kits(root: Path) -> dict[str, Kit]:
    """All ready-made campaigns by id. Raises ConfigError naming the file that cannot be read."""
    kits = (_read(path) for path in sorted((root / FOLDER).glob("*.yml")))
    return {kit.id: kit for kit in kits}


def check_kits(root: Path, library: ContentLibrary, banned: tuple[Banned, ...], today: date) -> list[Problem]:
    """Every mistake in the ready-made campaigns."""
    found: list[Problem] = []
    for path in sorted((root / FOLDER).glob("*.yml")):
        file = f"{FOLDER}/{path.name}"
        try:
            kit = _read(path)
        except ConfigError:
            found.append(Problem(file, 1, "cannot be read, or a field is missing"))
            continue
        if kit.id != path.stem:
            found.append(Problem(file, 1, f"file must be {FOLDER}/{kit.id}.yml"))
        found += [Problem(file, 1, message) for message in kit_rules.problems(kit, library, banned, today)]
        picture = root / "pictures" / kit.picture
        if not picture.is_file() or picture.stat().st_size > MAX_PICTURE_BYTES:
            found.append(Problem(file, 1, f"picture {kit.picture} is missing or over 300 kB"))
    return found


def _read(path: Path) -> Kit:
    try:
        data: dict[str, Any] = yaml_text.load(read_filled(path, path.parents[1]))
        return Kit(
            id=str(data["id"]), title=str(data["title"]), period=str(data.get("period", "")),
            topic=str(data.get("topic", "")),
            texts={language: {k: str(v).strip() for k, v in texts.items()} for language, texts in data["texts"].items()},
            buttons={
                language: tuple(Choice(str(b["id"]), str(b["title"])) for b in rows)
                for language, rows in data["buttons"].items()
            },
            picture=str(data["picture"]), picture_alt={k: str(v).strip() for k, v in data["picture_alt"].items()},
            loudspeaker=str(data["loudspeaker"]).strip(), sms=str(data["sms"]).strip(),
            fanpage=str(data["fanpage"]).strip(), sources=tuple(map(str, data["sources"])), author=str(data["author"]),
            reviewer=str(data["reviewer"]), reviewed=_day(data["reviewed"]), expires=_day(data["expires"]),
            status=str(data["status"]),
        )  # fmt: skip
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError):
        raise ConfigError(f"content/{FOLDER}/{path.name} cannot be read") from None


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
