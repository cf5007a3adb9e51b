"""Known vulnerabilities in both lock files, with an answer that can be seen to have been given.

    .venv/bin/python scripts/audit_dependencies.py             # `make lint`
    .venv/bin/python scripts/audit_dependencies.py --update    # on a machine that reaches the service: writes the snapshot

pip-audit ends well when the service knows none of the packages, or answers for half of them; here only a package with an
answer counts as looked at. What the service does not answer is looked up in `docs/advisories.json`, the dated snapshot of
the last time it did, as long as it speaks of the very version. What neither knows is NOT CHECKED, and said so. A known
vulnerability of the product's Python fails; those of the engine's are listed: it gets no more fixes and stands behind its
wall (docs/adr/0001-rasa-behind-a-wall.md). The tests must not depend on an outside service, so not checked is no failure.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SNAPSHOT = ROOT / "docs" / "advisories.json"
LOCKS = {"product": ROOT / "requirements.lock", "engine": ROOT / "bot" / "engine" / "requirements.lock"}
FAILS = {"product"}
OLD_DAYS = 30
SECONDS = 300

Known = dict[str, list[str]]  # "name==version" -> ids of its advisories, none for a package known to be sound


def locked(lock: Path) -> list[str]:
    """Every package of a lock file as name==version."""
    return re.findall(r"^([a-z0-9][\w.-]*==[^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)


def ask(lock: Path) -> Known:
    """What the service answers now; nothing for what it did not answer."""
    command = [
        str(ROOT / ".venv/bin/pip-audit"), "--require-hashes", "--disable-pip", "-r", str(lock),
        "--progress-spinner", "off", "--format", "json",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
        return answered(json.loads(done.stdout))
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return {}


def answered(report: dict[str, Any]) -> Known:
    """The packages of a report of pip-audit that it has an answer for."""
    return {
        f"{found['name']}=={found['version']}": sorted(one["id"] for one in found["vulns"])
        for found in report.get("dependencies", [])
        if "version" in found and "vulns" in found
    }


@dataclass
class Verdict:
    """What is known of one lock file."""

    name: str
    packages: list[str]
    now: Known
    kept: Known
    kept_on: str = ""
    known: Known = field(init=False)

    def __post_init__(self) -> None:
        self.known = {package: ids for package, ids in (self.kept | self.now).items() if package in self.packages}

    @property
    def unchecked(self) -> list[str]:
        return [package for package in self.packages if package not in self.known]

    @property
    def vulnerable(self) -> Known:
        return {package: ids for package, ids in sorted(self.known.items()) if ids}

    def lines(self, today: date) -> list[str]:
        """The verdict in words: always how many, by whom, how old."""
        live = sum(package in self.now for package in self.packages)
        kept = len(self.known) - live
        said = [f"▸ advisories, {self.name}: {len(self.packages)} packages, {live} answered by the service now"]
        if kept:
            age = (today - date.fromisoformat(self.kept_on)).days
            old = f", {age} days old: renew it with --update" if age > OLD_DAYS else ""
            said[0] += f", {kept} by the snapshot of {self.kept_on}{old}"
        said += [f"  ✗ {package}: {', '.join(ids)}" for package, ids in self.vulnerable.items()]
        if self.unchecked:
            some = ", ".join(self.unchecked[:5]) + (", ..." if len(self.unchecked) > 5 else "")
            said.append(f"  ! NOT CHECKED: {len(self.unchecked)} of {len(self.packages)} ({some})")
        elif not self.vulnerable:
            said.append("  ✓ none known")
        return said


def snapshot() -> dict[str, Any]:
    """The dated answers of the last --update; empty without one."""
    return json.loads(SNAPSHOT.read_text(encoding="utf-8")) if SNAPSHOT.exists() else {"date": "", "packages": {}}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--update", action="store_true", help="write docs/advisories.json from what the service answers"
    )
    update = parser.parse_args().update
    kept, today, failed, answers = snapshot(), datetime.now(UTC).date(), False, Known()
    for name, lock in LOCKS.items():
        verdict = Verdict(name, locked(lock), ask(lock), {} if update else kept["packages"], kept["date"])
        print("\n".join(verdict.lines(today)))
        answers |= verdict.now
        failed |= bool(verdict.vulnerable) and name in FAILS
        if update and verdict.unchecked:
            print("✗ the snapshot is not written: the service did not answer for every package", file=sys.stderr)
            return 2
    if update:
        body = {"date": today.isoformat(), "packages": dict(sorted(answers.items()))}
        SNAPSHOT.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
