"""The words of notices to officers, from content/notices.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.content import yaml_text
from bot.core.errors import ConfigError
from bot.core.padding import same_size

_OTHER = "other"


@dataclass(frozen=True)
class NoticeWords:
    """subject: the same for every notice. texts: kind -> the whole text; all are equally long."""

    subject: str
    texts: Mapping[str, str]

    def text(self, kind: str) -> str:
        """The text for a kind; kinds the file does not know get its general sentence."""
        return self.texts.get(kind) or self.texts[_OTHER]


def load_notice_words(path: Path, console_url: str) -> NoticeWords:
    """Raises ConfigError when the file is missing or a sentence has characters that cannot be padded."""
    try:
        data = yaml_text.load(path.read_text(encoding="utf-8"))
        lines = same_size({str(kind): str(line).strip() for kind, line in data["lines"].items()})
        subject, footer = str(data["subject"]), str(data["footer"])
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError):
        raise ConfigError("content/notices.yml cannot be read") from None
    if _OTHER not in lines or "\n" in subject:
        raise ConfigError("content/notices.yml needs a sentence 'other' and a subject of one line")
    return NoticeWords(subject, {kind: f"{line}\n\n{footer}\n{console_url}" for kind, line in lines.items()})
