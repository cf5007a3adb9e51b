"""Known vulnerabilities in both lock files, with an answer that can be seen to have been given.

    .venv/bin/python scripts/audit_dependencies.py                 # `make lint`
    .venv/bin/python scripts/audit_dependencies.py --update        # on a machine that reaches the service: writes the snapshot
    .venv/bin/python scripts/audit_dependencies.py --release DAY   # `make release`: by the committed snapshot alone, as of that day

pip-audit ends well when the service knows none of the packages, or answers for half of them; here only a package with an
answer counts as looked at. What the service does not answer is looked up in `docs/advisories.json`, the dated snapshot of
the last time it did, as long as it speaks of the very version. What neither knows is NOT CHECKED, and said so. A known
vulnerability of the product's Python fails unless `docs/advisories-accepted.yml` says why it is lived with; those of the
engine's are listed. The tests must not depend on an outside service, so not checked is no failure of `make lint`; it is one
of a release.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.checks import advisories
from bot.checks.advisories import FAILS, LOCKS, OLD_DAYS, RELEASE_DAYS, ROOT, Known, locked

SECONDS = 300


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
    """What is known of one lock file. taken: (package, id) of what is accepted."""

    name: str
    packages: list[str]
    now: Known
    kept: Known
    kept_on: date | None = None
    taken: frozenset[tuple[str, str]] = frozenset()
    known: Known = field(init=False)

    def __post_init__(self) -> None:
        self.known = {package: ids for package, ids in (self.kept | self.now).items() if package in self.packages}

    @property
    def unchecked(self) -> list[str]:
        return [package for package in self.packages if package not in self.known]

    @property
    def vulnerable(self) -> Known:
        """What is known and not accepted."""
        left = {
            package: [one for one in ids if (package, one) not in self.taken] for package, ids in self.known.items()
        }
        return {package: ids for package, ids in sorted(left.items()) if ids}

    def lines(self, today: date) -> list[str]:
        """The verdict in words: always how many, by whom, how old."""
        live = sum(package in self.now for package in self.packages)
        kept = len(self.known) - live
        said = [f"▸ advisories, {self.name}: {len(self.packages)} packages, {live} answered by the service now"]
        if kept and self.kept_on:
            age = (today - self.kept_on).days
            old = f", {age} days old: renew it with --update" if age > OLD_DAYS else ""
            said[0] += f", {kept} by the snapshot of {self.kept_on}{old}"
        said += [f"  ✗ {package}: {', '.join(ids)}" for package, ids in self.vulnerable.items()]
        said += [
            f"  – {package}: {one}, accepted"
            for package, ids in sorted(self.known.items())
            for one in ids
            if (package, one) in self.taken
        ]
        if self.unchecked:
            some = ", ".join(self.unchecked[:5]) + (", ..." if len(self.unchecked) > 5 else "")
            said.append(f"  ! NOT CHECKED: {len(self.unchecked)} of {len(self.packages)} ({some})")
        elif not any(self.known.values()):
            said.append("  ✓ none known")
        return said


def release(day: date) -> int:
    """Whether a release of that day may be made, by the committed snapshot."""
    trouble = advisories.standing(day).trouble(day, RELEASE_DAYS)
    print(f"✗ advisories: {trouble}" if trouble else f"▸ advisories: checked on {advisories.snapshot()[0]}, none open")
    return 1 if trouble else 0


def look(*, update: bool) -> int:
    """Ask the service, say what is known, and with `update` keep its answers if it gave all of them."""
    today, failed, answers = datetime.now(UTC).date(), False, Known()
    kept_on, kept = (None, Known()) if update else advisories.snapshot()
    taken = frozenset(advisories.accepted(today))
    for name, lock in LOCKS.items():
        verdict = Verdict(name, locked(lock), ask(lock), kept, kept_on, taken)
        print("\n".join(verdict.lines(today)))
        answers |= verdict.now
        failed |= bool(verdict.vulnerable) and name in FAILS
        if update and verdict.unchecked:
            print("✗ the snapshot is not written: the service did not answer for every package", file=sys.stderr)
            return 2
    if update:
        body = {"date": today.isoformat(), "packages": dict(sorted(answers.items()))}
        advisories.SNAPSHOT.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    return 1 if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--update", action="store_true", help="write docs/advisories.json from what the service answers"
    )
    parser.add_argument(
        "--release", type=date.fromisoformat, metavar="DAY", help="fail unless checked within a week of DAY"
    )
    args = parser.parse_args()
    try:
        return release(args.release) if args.release else look(update=args.update)
    except ValueError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
