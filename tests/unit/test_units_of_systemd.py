"""The sample units: what they run exists, none is weaker than another, and systemd reads them where it is installed."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from bot.app import share_with_group
from bot.settings import PREFIX, ROOT, variables

UNITS = sorted((ROOT / "docs" / "systemd").glob("*.service"))
MUST = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes",
    "ProtectProc": "invisible", "CapabilityBoundingSet": "", "RestrictNamespaces": "yes", "LimitCORE": "0", "UMask": "0007",
    "ReadWritePaths": "/var/lib/lachan", "SystemCallArchitectures": "native",
}  # fmt: skip


def lines(unit: Path) -> list[tuple[str, str]]:
    text = unit.read_text(encoding="utf-8")
    return [
        (name, value) for name, _, value in (line.partition("=") for line in text.splitlines()) if name and value + name
    ]


def test_there_is_one_for_each_process() -> None:
    assert [unit.name for unit in UNITS] == ["lachan-console.service", "lachan-gateway.service", "lachan-jobs.service"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_runs_its_role_as_its_own_user_and_can_do_little(unit: Path) -> None:
    said = dict(lines(unit))
    assert {name: said.get(name) for name in MUST} == MUST
    assert said["User"] == unit.stem
    assert said["ExecStart"].endswith(f"lachan serve {unit.stem.removeprefix('lachan-')}")
    named = {word.partition("=")[0].removeprefix(PREFIX) for word in said["Environment"].split()}
    assert {PREFIX + name for name in named} <= variables()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_reads_it(unit: Path, tmp_path: Path) -> None:
    """Where there is no systemd the text above is all that can be looked at."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        return
    there = tmp_path / unit.name
    text = unit.read_text(encoding="utf-8")
    there.write_text(text.replace("/opt/lachan/.venv/bin/lachan", "/bin/true"), encoding="utf-8")
    done = subprocess.run([tool, "verify", "--man=no", str(there)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("mode", "umask"), [(0o700, 0o077), (0o770, 0o077), (0o2770, 0o007), (0o2750, 0o077)])
def test_the_data_directory_says_whether_the_group_shares(mode: int, umask: int, tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom bot.app import share_with_group\nos.umask(0o077)\n"
        "share_with_group(Path(sys.argv[1]))\nPath(sys.argv[1], 'made').touch()\n"
    )
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode)
    python = ROOT / ".venv" / "bin" / "python"
    subprocess.run([str(python), "-c", code, str(folder)], cwd=ROOT, check=True)
    assert stat.S_IMODE((folder / "made").stat().st_mode) == 0o666 & ~umask
    assert share_with_group(tmp_path / "absent") is None
