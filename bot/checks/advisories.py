"""What is known of holes in the libraries of both lock files, from what is kept in the repository. Reaches nothing outside.

`docs/advisories.json` holds the dated answers of the advisory service (`scripts/audit_dependencies.py --update`), and
`docs/advisories-accepted.yml` what somebody has looked at and lives with. A package without an answer for its very version is
NOT CHECKED, whatever is known of its other versions.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from bot.checks.findings import Finding, Mark, good

ROOT = Path(__file__).resolve().parents[2]
SNAPSHOT = ROOT / "docs" / "advisories.json"
ACCEPTED = ROOT / "docs" / "advisories-accepted.yml"
LOCKS = {"product": ROOT / "requirements.lock", "engine": ROOT / "bot" / "engine" / "requirements.lock"}
FAILS = frozenset({"product"})  # the engine's libraries get no more fixes: docs/adr/0001-rasa-behind-a-wall.md
RELEASE_DAYS = 7  # a release is made on answers of this age at most
OLD_DAYS = 30  # of a product that runs
ACCEPTED_DAYS = 90  # what was accepted is looked at again

Known = dict[str, list[str]]  # "name==version" -> ids of its advisories, none for a package known to be sound
_FIELDS = {"id", "package", "reason", "reviewed"}


def locked(lock: Path) -> list[str]:
    """Every package of a lock file as name==version."""
    return re.findall(r"^([a-z0-9][\w.-]*==[^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)


def snapshot() -> tuple[date | None, Known]:
    """The day and the answers of the last --update; (None, {}) without one or with one that cannot be read."""
    try:
        kept = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
        return date.fromisoformat(kept["date"]), {str(key): [str(one) for one in ids] for key, ids in kept["packages"].items()}  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, {}


def accepted(today: date) -> set[tuple[str, str]]:
    """(name==version, id) of what is accepted today. Raises ValueError naming an entry that says too little or a day to come."""
    try:
        entries: list[dict[str, Any]] = yaml.safe_load(ACCEPTED.read_text(encoding="utf-8")) or []
    except FileNotFoundError:
        return set()
    found = set()
    for entry in entries:
        reviewed = entry.get("reviewed")
        whole = set(entry) == _FIELDS and len(str(entry["reason"]).split()) >= 5
        if not (whole and isinstance(reviewed, date) and reviewed <= today):
            raise ValueError(
                f"{ACCEPTED.name}: {entry.get('id', '?')} needs {', '.join(sorted(_FIELDS))}, and a reason"
            )
        if (today - reviewed).days <= ACCEPTED_DAYS:
            found.add((str(entry["package"]), str(entry["id"])))
    return found


@dataclass(frozen=True)
class Standing:
    """How both lock files stand against what is kept."""

    day: date | None
    unchecked: list[str]
    vulnerable: Known  # of the product, without what is accepted

    def trouble(self, today: date, most_days: int) -> str:
        """Why this is no checked result that is `most_days` old at most, or ""."""
        if self.day is None:
            return "NOT CHECKED: there is no dated answer of the advisory service"
        if self.unchecked:
            return f"NOT CHECKED: {len(self.unchecked)} packages have no answer, {self.unchecked[0]} for one"
        if not 0 <= (today - self.day).days <= most_days:
            return f"NOT CHECKED: the answers are of {self.day}; {most_days} days at most are taken"
        return "; ".join(f"{package}: {', '.join(ids)}" for package, ids in sorted(self.vulnerable.items()))


def standing(today: date) -> Standing:
    """By the files of the repository alone. Raises ValueError as `accepted` does."""
    day, known = snapshot()
    taken, every = accepted(today), {part: locked(lock) for part, lock in LOCKS.items()}
    unchecked = [package for packages in every.values() for package in packages if package not in known]
    ours = [package for part in FAILS for package in every[part]]
    left = {package: [one for one in known.get(package, ()) if (package, one) not in taken] for package in ours}
    return Standing(day, unchecked, {package: ids for package, ids in left.items() if ids})


def finding() -> Finding:
    """The line of `lachan check`. A warning, never more: an advisory is no reason to leave a cry unanswered."""
    name, today = "Lỗ hổng đã biết", datetime.now(UTC).date()
    try:
        trouble = standing(today).trouble(today, OLD_DAYS)
    except (OSError, ValueError):
        trouble = "NOT CHECKED"
    if not trouble:
        return good(name, "mọi thư viện đã được đối chiếu, không có lỗ hổng nào còn bỏ ngỏ")
    if not trouble.startswith("NOT CHECKED"):
        return Finding(Mark.WARN, name, f"thư viện có lỗ hổng chưa vá: {trouble}")
    words = f"CHƯA ĐỐI CHIẾU (NOT CHECKED), hoặc đã quá {OLD_DAYS} ngày: không biết thư viện nào đang có lỗ hổng; xem docs/release.md"
    return Finding(Mark.WARN, name, words)
