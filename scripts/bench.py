"""All benches, one after another, each in a process of its own. Printed, never asserted: machines differ."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENCHES: tuple[tuple[str, ...], ...] = (
    ("bench_engine.py", "--models", "models", "--actions", "actions", "--script", "product"),
    ("bench_web.py",),
    ("bench_bursts.py",),
    ("bench_places.py",),
    ("bench_campaigns.py",),
    ("bench_desk.py",),
)


def main() -> None:
    failed = []
    for name, *arguments in BENCHES:
        if not (HERE / name).exists():
            continue
        print(f"\n▸ {name}", flush=True)
        if subprocess.run([sys.executable, str(HERE / name), *arguments], cwd=HERE.parent, check=False).returncode:
            failed.append(name)
    if failed:
        raise SystemExit(f"did not finish: {', '.join(failed)}")


if __name__ == "__main__":
    main()
