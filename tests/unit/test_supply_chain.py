"""What the product is built of: the bills, the advisories, the release; each says what it did not do."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from bot.checks import advisories
from bot.checks.findings import Mark
from bot.settings import ROOT


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


audit, sbom = script("audit_dependencies"), script("sbom")
TODAY = date(2026, 11, 20)


def verdict(now: dict, kept: dict | None = None, kept_on: str = "2026-11-01", **more):
    return audit.Verdict("product", ["a==1", "b==2"], now, kept or {}, date.fromisoformat(kept_on), **more)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder for the snapshot and the list of what is accepted; both missing at first."""
    monkeypatch.setattr(advisories, "SNAPSHOT", tmp_path / "advisories.json")
    monkeypatch.setattr(advisories, "ACCEPTED", tmp_path / "accepted.yml")
    return tmp_path


def sound() -> dict[str, list[str]]:
    return {package: [] for lock in audit.LOCKS.values() for package in audit.locked(lock)}


def keep(folder: Path, day: date, packages: dict[str, list[str]]) -> None:
    (folder / "advisories.json").write_text(json.dumps({"date": day.isoformat(), "packages": packages}))


def accept(folder: Path, **more: object) -> None:
    entry = {"id": "X-1", "package": "a==1", "reason": "we never call what it is in", "reviewed": "2026-11-01"} | more
    (folder / "accepted.yml").write_text(
        "- " + ", ".join(f"{key}: {value}" for key, value in entry.items()).join("{}") + "\n"
    )


def test_a_service_that_knows_nothing_is_no_clean_bill() -> None:
    """What pip-audit reports, with exit status 0, of a package index without advisories."""
    report = {"dependencies": [{"name": "a", "skip_reason": "not found"}, {"name": "b", "skip_reason": "not found"}]}
    lines = verdict(audit.answered(report)).lines(TODAY)
    assert any("NOT CHECKED: 2 of 2" in line for line in lines)
    assert not any("none known" in line for line in lines)


def test_what_was_answered_is_counted_and_what_is_known_fails() -> None:
    report = {
        "dependencies": [
            {"name": "a", "version": "1", "vulns": []},
            {"name": "b", "version": "2", "vulns": [{"id": "X-1"}]},
        ]
    }
    found = verdict(audit.answered(report))
    assert found.vulnerable == {"b==2": ["X-1"]}
    assert "2 answered by the service now" in found.lines(TODAY)[0]
    assert "none known" in "".join(verdict({"a==1": [], "b==2": []}).lines(TODAY))


def test_offline_the_dated_snapshot_speaks_for_the_very_versions() -> None:
    lines = verdict({}, {"a==1": [], "b==1": []}).lines(TODAY)
    assert "1 by the snapshot of 2026-11-01" in lines[0]
    assert any("NOT CHECKED: 1 of 2 (b==2)" in line for line in lines), "another version than the one looked at"
    assert "50 days old" in verdict({}, {"a==1": []}, "2026-10-01").lines(TODAY)[0]


def test_an_audit_that_cannot_run_is_said_and_a_snapshot_is_never_half_written(
    monkeypatch: pytest.MonkeyPatch, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(audit, "ask", lambda lock: {})
    monkeypatch.setattr(sys, "argv", ["audit"])
    assert audit.main() == 0
    said = capsys.readouterr().out
    assert said.count("NOT CHECKED") == 2
    monkeypatch.setattr(sys, "argv", ["audit", "--update"])
    assert audit.main() == 2
    assert not (kept / "advisories.json").exists()
    answers = sound()
    monkeypatch.setattr(audit, "ask", lambda lock: answers)
    assert audit.main() == 0
    assert json.loads((kept / "advisories.json").read_text())["packages"] == dict(sorted(answers.items()))
    monkeypatch.setattr(
        audit, "ask", lambda lock: {key: ["X-1"] for key in answers} if "engine" in str(lock) else answers
    )
    monkeypatch.setattr(sys, "argv", ["audit"])
    assert audit.main() == 0, "the engine's are listed"
    monkeypatch.setattr(audit, "ask", lambda lock: {key: ["X-1"] for key in answers})
    assert audit.main() == 1, "the product's fail"


def test_what_somebody_looked_at_and_accepted_does_not_fail_for_a_while(kept: Path) -> None:
    accept(kept)
    taken = frozenset(advisories.accepted(TODAY))
    found = verdict({"a==1": ["X-1"], "b==2": ["X-1"]}, taken=taken)
    assert found.vulnerable == {"b==2": ["X-1"]}, "this package in this version, and no other"
    assert any("X-1, accepted" in line for line in found.lines(TODAY))
    assert verdict({"a==1": ["X-1", "X-2"]}, taken=taken).vulnerable == {"a==1": ["X-2"]}
    assert not advisories.accepted(date(2027, 2, 15)), "then it is looked at again"


@pytest.mark.parametrize("flaw", [{"reason": "fine"}, {"reviewed": "2026-12-24"}, {"reviewed": "soon"}, {"note": "x"}])
def test_an_acceptance_without_a_reason_or_a_day_is_none(kept: Path, flaw: dict[str, str]) -> None:
    accept(kept, **flaw)
    with pytest.raises(ValueError, match="X-1"):
        advisories.accepted(TODAY)


def test_the_list_of_the_repository_can_be_read() -> None:
    advisories.accepted(date.today())


@pytest.mark.parametrize(
    ("day", "lacks", "ids", "said"),
    [
        (date(2026, 11, 13), 0, [], ""), (date(2026, 11, 12), 0, [], "NOT CHECKED"), (date(2026, 11, 21), 0, [], "NOT CHECKED"),
        (date(2026, 11, 20), 1, [], "NOT CHECKED"), (date(2026, 11, 20), 0, ["X-1"], "X-1"),
    ],
    ids=["a week old", "older", "of a day to come", "one without an answer", "a known hole"],
)  # fmt: skip
def test_a_release_wants_an_answer_for_every_package_of_the_last_week(
    kept: Path, day: date, lacks: int, ids: list[str], said: str
) -> None:
    packages = sound()
    first = audit.locked(audit.LOCKS["product"])[0]
    packages[first] = ids
    for package in audit.locked(audit.LOCKS["engine"])[:lacks]:
        packages.pop(package)
    keep(kept, day, packages)
    trouble = advisories.standing(TODAY).trouble(TODAY, advisories.RELEASE_DAYS)
    assert (said in trouble) if said else not trouble
    accept(kept, package=first)
    if ids:
        assert not advisories.standing(TODAY).trouble(TODAY, advisories.RELEASE_DAYS)


def test_the_check_says_what_is_not_known(kept: Path) -> None:
    assert "NOT CHECKED" in advisories.finding().words
    (kept / "advisories.json").write_text("{")
    assert (advisories.finding().mark, "NOT CHECKED" in advisories.finding().words) == (Mark.WARN, True)
    today = datetime.now(UTC).date()
    keep(kept, today - timedelta(days=1), sound())
    assert advisories.finding().mark is Mark.GOOD
    keep(kept, today - timedelta(days=40), sound())
    assert advisories.finding().mark is Mark.WARN
    keep(kept, today, {key: ["X-1"] for key in sound()})
    assert "X-1" in advisories.finding().words


@pytest.mark.parametrize("part", sbom.PARTS)
def test_the_bill_names_every_locked_package_with_its_sums(part: str) -> None:
    folder = sbom.PARTS[part]
    text = sbom.bill(part, folder)
    assert text == sbom.bill(part, folder), "the same lock file, the same bytes"
    made = json.loads(text)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    listed = {f"{one['name']}=={one['version']}" for one in made["components"]}
    assert listed == set(audit.locked(folder / "requirements.lock"))
    assert all(one["hashes"] and one["purl"].startswith("pkg:pypi/") for one in made["components"])
    tree = {one["ref"]: one.get("dependsOn", []) for one in made["dependencies"]}
    assert len(tree[part]) > 2
    assert {needed for needs in tree.values() for needed in needs} == {one["bom-ref"] for one in made["components"]}, (
        "everything is there because something needs it"
    )


FILES = (
    "pyproject.toml", "requirements.lock", "bot/engine/pyproject.toml", "bot/engine/requirements.lock", "scripts/release.sh",
    "scripts/sbom.py", ".gitignore", "scripts/audit_dependencies.py", "bot/__init__.py", "bot/checks/__init__.py",
    "bot/checks/findings.py", "bot/checks/advisories.py", "docs/advisories-accepted.yml",
)  # fmt: skip


@pytest.fixture
def commit(tmp_path: Path) -> Path:
    """A repository with one commit, small enough to be released in a test."""
    folder = tmp_path / "source"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    run(folder, "git", "init", "-q")
    commit_with_answers(folder, datetime.now(UTC).date())
    return folder


def commit_with_answers(folder: Path, day: date) -> None:
    """A commit, now, with answers for every package that are of that day."""
    keep(folder / "docs", day, sound())
    for command in (["add", "-A"], ["commit", "-qm", "A release"]):
        run(folder, "git", "-c", "user.name=t", "-c", "user.email=t@example.vn", *command)


def run(folder: Path, *command: str, status: int = 0, given: bytes = b"", **env: str) -> str:
    base = {"PATH": os.environ["PATH"], "HOME": str(folder), "PY": sys.executable, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(command, cwd=folder, env=base | env, input=given, capture_output=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return (done.stdout + done.stderr).decode()


def test_a_release_can_be_made_again_and_is_signed(commit: Path, tmp_path: Path) -> None:
    key = tmp_path / "release_key"
    run(tmp_path, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "throw-away", "-f", str(key))
    out = commit / "build" / "release"
    run(commit, "bash", "scripts/release.sh", RELEASE_KEY=str(key))
    first = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()}
    assert {"COMMIT", "SHA256SUMS", "SHA256SUMS.sig", "lachan.cdx.json", "lachan-engine.cdx.json"} < set(first)
    clone = tmp_path / "another-place"
    run(tmp_path, "git", "clone", "-q", str(commit), str(clone))
    assert "NOT SIGNED" in run(clone, "bash", "scripts/release.sh")
    again = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (clone / "build/release").iterdir()}
    assert again == {name: digest for name, digest in first.items() if name != "SHA256SUMS.sig"}

    public = " ".join(key.with_suffix(".pub").read_text().split()[:2])
    (out / "allowed_signers").write_text(f'release namespaces="lachan-release" {public}\n')
    verify = ["ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I", "release", "-n", "lachan-release"]
    sums = (out / "SHA256SUMS").read_bytes()
    run(out, *verify, "-s", "SHA256SUMS.sig", given=sums)
    run(out, "sha256sum", "--check", "--strict", "SHA256SUMS")
    run(out, *verify, "-s", "SHA256SUMS.sig", given=sums.replace(b"0", b"1"), status=255)
    with next(out.glob("*.tar.gz")).open("ab") as archive:
        archive.write(b"x")
    run(out, "sha256sum", "--check", "--strict", "SHA256SUMS", status=1)


@pytest.mark.parametrize("by", ["tag", "key"])
def test_no_release_without_a_checked_result_of_the_last_week(commit: Path, by: str) -> None:
    commit_with_answers(commit, datetime.now(UTC).date() - timedelta(days=9))
    assert "NOT CHECKED for known vulnerabilities" in run(commit, "bash", "scripts/release.sh"), (
        "a trial is made, and says so"
    )
    shutil.rmtree(commit / "build")
    if by == "tag":
        run(
            commit,
            "git",
            "tag",
            "v" + re.search(r'^version = "(.*)"', (commit / "pyproject.toml").read_text(), re.M)[1],
        )
    key = {} if by == "tag" else {"RELEASE_KEY": "/nowhere"}
    assert "no release without" in run(commit, "bash", "scripts/release.sh", status=1, **key)
    assert not (commit / "build").exists()


def test_what_is_not_committed_is_not_released(commit: Path) -> None:
    (commit / "scripts" / "more.py").write_text("print('in no commit')\n")
    assert "not committed" in run(commit, "bash", "scripts/release.sh", status=1)
