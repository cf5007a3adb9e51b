"""Training: `nlu_data/` and `actions/` to `models/engine-<hash>.tar.gz` and `models/manifest.json`.

`bot/engine/.venv/bin/python -m bot.engine.trainer` from the repository's root. Does nothing when the inputs are those
of the model that is there. Checks the data first (what `rasa data validate` checks, and the traps Rasa does not know),
then trains, then asks the new model its probe messages in a fresh process; only a model that passes is put to use.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.engine import manifest, quiet
from bot.engine.checks import DataError, check
from bot.engine.probes import MIN_PROBES
from bot.engine.project import ROOT, Project, in_use, up_to_date


def say(text: str) -> None:
    """A line of progress."""
    print(f"▸ {text}", flush=True)


def read_probes(project: Project) -> dict[str, str]:
    """Message -> intent. Raises DataError."""
    try:
        probes = dict(YAML(typ="safe").load(project.data / "probes.yml"))
    except (OSError, TypeError, ValueError, YAMLError) as error:
        raise DataError(f"probes.yml: {error}") from error
    if len(probes) < MIN_PROBES:
        raise DataError(f"probes.yml: {len(probes)} messages, at least {MIN_PROBES} are needed")
    wrong = [str(text) for text, intent in probes.items() if not isinstance(text, str) or not isinstance(intent, str)]
    if wrong:
        raise DataError("probes.yml: quote these messages: " + ", ".join(wrong))
    return probes


def train(project: Project, archive: str) -> None:
    """Train and write `models/<archive>`. Raises DataError when Rasa gives no model."""
    from rasa.model_training import train as rasa_train

    with _output_kept() as log:
        result = rasa_train(
            domain=str(project.data / "domain"),
            config=str(project.data / "config.yml"),
            training_files=project.training,
            output=str(project.models),
            fixed_model_name=archive,
            force_training=True,
        )
        if result.code != 0 or not result.model:
            raise DataError("Rasa trained no model\n" + log.read_text(errors="replace"))


@contextlib.contextmanager
def _output_kept() -> Iterator[Path]:
    """Rasa's progress bars go to a file that is shown only when something fails."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        streams = [(fd, os.dup(fd)) for fd in (1, 2)]
        file = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        try:
            for fd, _ in streams:
                os.dup2(file, fd)
            yield log
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for fd, kept in streams:
                os.dup2(kept, fd)
                os.close(kept)
            os.close(file)


def put_to_use(project: Project, served: manifest.Manifest, package: str) -> None:
    """Ask the new model its probes in a fresh process that serves as the worker does, then switch the manifest."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder)
        shutil.copyfile(project.models / served.model, trial / served.model)
        manifest.write(trial, served)
        command = [sys.executable, "-m", "bot.engine.worker", "--models", folder, "--actions", package, "--check"]
        done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    if done.returncode != 0:
        raise DataError("the new model did not pass; the one in use stays")
    manifest.write(project.models, served)
    for old in project.models.glob("engine-*.tar.gz"):
        if old.name != served.model:
            old.unlink()


def main() -> int:
    """Train if needed. Exit code 0 when a model made from the present inputs is in place."""
    parser = argparse.ArgumentParser(prog="python -m bot.engine.trainer", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "nlu_data")
    parser.add_argument("--actions", default="actions", help="package of rasa-sdk actions")
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--check", action="store_true", help="only check the data")
    parser.add_argument("--force", action="store_true", help="train even if nothing changed")
    args = parser.parse_args()
    project = Project(args.data.resolve(), ROOT / args.actions.replace(".", "/"), args.models.resolve())
    try:
        if args.check:
            _rasa(project, None)
            read_probes(project)
        else:
            _train_if_needed(project, args.actions, args.force)
    except DataError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    return 0


def _train_if_needed(project: Project, package: str, force: bool) -> None:
    project.models.mkdir(parents=True, exist_ok=True)
    with (project.models / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a second trainer waits, and then finds the work done
        if not force and up_to_date(project):
            say("the model is up to date")
        else:
            _run(project, package, force)


def _run(project: Project, package: str, force: bool) -> None:
    start = time.monotonic()
    probes = read_probes(project)
    archive = project.archive()
    if force or not in_use(project, archive):
        _rasa(project, archive)
    say("asking the model its probe messages")
    sha256 = manifest.sha256_of(project.models / archive)
    put_to_use(project, manifest.Manifest(archive, project.hash(), sha256, probes), package)
    say(f"{archive} is in use ({time.monotonic() - start:.0f} s)")


def _rasa(project: Project, archive: str | None) -> None:
    """Check the data, and train when `archive` names the result."""
    say("loading Rasa (about 10 s)")
    mask = os.umask(0o077)
    quiet.before_import()
    os.umask(mask)  # a model is no secret, and the engine may run as another user
    with tempfile.TemporaryDirectory() as cache:
        os.environ["RASA_CACHE_DIRECTORY"] = cache
        import rasa.model_training  # noqa: F401
        from rasa.utils.log_utils import configure_structlog

        configure_structlog(logging.ERROR)  # without it structlog prints everything
        say("checking the training data")
        check(project)
        say("the training data is sound")
        if archive is not None:
            say(f"training {archive}")
            train(project, archive)


if __name__ == "__main__":
    raise SystemExit(main())
