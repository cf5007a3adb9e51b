"""Training: `nlu_data/` and `actions/` to `models/engine-<hash>.tar.gz` and `models/manifest.json`.

`bot/engine/.venv/bin/python -m bot.engine.trainer` from the repository's root. Does nothing when the inputs are those
of the model that is there. Checks the data first (what `rasa data validate` checks, and the traps Rasa does not know),
then trains, then asks the new model its probe messages in a fresh process; only a model that passes is put to use.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.engine import manifest, quiet

ROOT = Path(__file__).resolve().parents[2]
RECIPE = "1"  # raise it when this file changes what a model becomes

# What a model is made from beside its data: the components of the pipeline and everything of ours they import.
COMPONENTS = ROOT / "bot" / "engine" / "components"
LOCK = ROOT / "bot" / "engine" / "requirements.lock"
TRAINING_FOLDERS = ("nlu", "rules", "stories")
_SUFFIXES = {".yml", ".yaml", ".py", ".txt", ".json", ".lock"}


class DataError(Exception):
    """The training data is wrong. One line for each finding."""


@dataclass(frozen=True)
class Project:
    """Where the inputs and the outputs are."""

    data: Path
    actions: Path
    models: Path

    @property
    def training(self) -> list[str]:
        return [str(self.data / f) for f in TRAINING_FOLDERS if (self.data / f).exists()]

    def inputs(self) -> Iterator[Path]:
        """Every file a model depends on, in a stable order."""
        own = [path for root in (self.data, self.actions, COMPONENTS) for path in sorted(root.rglob("*"))]
        files = [path for path in own if path.is_file() and path.suffix in _SUFFIXES]
        sources = imported([path for path in files if path.suffix == ".py"])
        yield from [*files, *sorted(sources - set(files)), LOCK]

    def hash(self) -> str:
        """Name of everything a model is made from: 16 hexadecimal digits."""
        digest = hashlib.sha256(RECIPE.encode())
        for path in self.inputs():
            name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
            digest.update(f"\0{name}\0".encode() + path.read_bytes())
        return digest.hexdigest()[:16]


def imported(files: Iterable[Path]) -> set[Path]:
    """Our own modules that `files` import, directly or not, `files` included."""
    found: set[Path] = set()
    waiting = list(files)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
            base = getattr(node, "module", None) or ""
            for name in [base, *(f"{base}.{name}".strip(".") for name in names)]:
                module = ROOT / (name.replace(".", "/") + ".py")
                if name.startswith(("bot.", "actions.")) and module.is_file():
                    waiting.append(module)
    return found


def up_to_date(project: Project) -> bool:
    """Whether the model in place was made from these inputs and is whole."""
    try:
        served = manifest.read(project.models)
        manifest.verified_archive(project.models, served)
    except manifest.ManifestError:
        return False
    return served.hash == project.hash()


def say(text: str) -> None:
    """A line of progress."""
    print(f"▸ {text}", flush=True)


def read_probes(project: Project) -> dict[str, str]:
    """Message -> intent. Raises DataError."""
    from rasa.shared.utils.io import read_yaml_file

    from bot.engine.probes import MIN_PROBES

    probes = dict(read_yaml_file(project.data / "probes.yml"))
    if len(probes) < MIN_PROBES:
        raise DataError(f"probes.yml: {len(probes)} messages, at least {MIN_PROBES} are needed")
    wrong = [str(text) for text, intent in probes.items() if not isinstance(text, str) or not isinstance(intent, str)]
    if wrong:
        raise DataError("probes.yml: quote these messages: " + ", ".join(wrong))
    return probes


def check_config(config: dict[str, Any]) -> list[str]:
    """Traps of config.yml that Rasa itself accepts (docs/adr/0001: items 1, 8 and 10)."""
    found = []
    if not config.get("assistant_id"):
        found.append("config.yml: assistant_id is missing; Rasa would write one into the file")
    for policy in config.get("policies") or []:
        if str(policy.get("core_fallback_action_name", "")).startswith("utter_"):
            found.append("config.yml: core_fallback_action_name must not be a response: it would repeat for ever")
    pipeline = [str(part.get("name", "")) for part in config.get("pipeline") or []]
    found += [
        f"config.yml: {name} reaches for the network or needs TensorFlow to serve"
        for name in pipeline
        if name.rpartition(".")[2] in {"LanguageModelFeaturizer", "DIETClassifier", "DucklingEntityExtractor"}
    ]
    return found


def check_domain(domain: Any) -> list[str]:
    """Traps of the domain (docs/adr/0001: items 1 and 5)."""
    found = []
    if domain.session_config.carry_over_slots:
        found.append("domain: session_config.carry_over_slots_to_new_session must be false")
    if "utter_default" not in domain.responses:
        found.append("domain: utter_default is missing; action_default_fallback would say nothing")
    in_forms = {slot for form in domain.forms.values() for slot in form.get("required_slots", [])}
    for slot in domain.slots:
        free = any(m.get("type") == "from_text" and not m.get("conditions") for m in slot.mappings)
        if slot.name in in_forms and free:
            found.append(f"domain: slot {slot.name} is filled from any text; give its mapping conditions")
    found += [
        f"domain: response {name} has text; what people read belongs into content/, use custom: {{say: ...}}"
        for name, variants in domain.responses.items()
        if any(variant.get("text") for variant in variants)
    ]
    return found


def check_rules(graph: Any) -> list[str]:
    """Traps of rules and stories (docs/adr/0001: item 6)."""
    used = {getattr(event, "action_name", None) for step in graph.story_steps for event in step.events}
    if "action_two_stage_fallback" in used:
        return ["rules: action_two_stage_fallback is a form itself and ends the one that is open; use nlu_fallback"]
    return []


def check(project: Project) -> None:
    """Everything wrong with the data, at once. Raises DataError."""
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    importer = TrainingDataImporter.load_from_config(
        str(project.data / "config.yml"), str(project.data / "domain"), project.training
    )
    findings: list[str] = []
    with _collected_warnings(findings):
        domain = importer.get_domain()
        validator = Validator.from_importer(importer)
        passed = {
            "domain": validator.verify_domain_validity(),
            "intents": validator.verify_nlu(ignore_warnings=False),
            "actions": validator.verify_actions_in_stories_rules(),
            "forms": validator.verify_forms_in_stories_rules(),
            "slots": validator.verify_form_slots(),
            "stories": validator.verify_story_structure(ignore_warnings=False),
        }
    own = check_config(importer.get_config()) + check_domain(domain) + check_rules(importer.get_stories())
    failed = [name for name, ok in passed.items() if not ok]
    if own or failed:
        raise DataError("\n".join([*own, *(f"rasa data validate: {name}" for name in failed), *findings]))


@contextlib.contextmanager
def _collected_warnings(into: list[str]) -> Iterator[None]:
    """Rasa's validator speaks in warnings; they are kept to be shown only if something failed."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    into += [str(w.message).splitlines()[0] for w in caught if issubclass(w.category, UserWarning)]


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
    if not args.check and not args.force and up_to_date(project):
        say("the model is up to date")
        return 0
    try:
        _run(project, args.actions, only_check=args.check)
    except DataError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    return 0


def _run(project: Project, package: str, only_check: bool) -> None:
    start = time.monotonic()
    say("loading Rasa (about 10 s)")
    quiet.before_import()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["RASA_CACHE_DIRECTORY"] = cache
        import rasa.model_training  # noqa: F401
        from rasa.utils.log_utils import configure_structlog

        configure_structlog(logging.ERROR)  # without it structlog prints everything
        say("checking the training data")
        check(project)
        probes = read_probes(project)
        if only_check:
            say("the training data is sound")
            return
        project.models.mkdir(parents=True, exist_ok=True)
        name = project.hash()
        archive = f"engine-{name}.tar.gz"
        say(f"training {archive}")
        train(project, archive)
    say("asking the new model its probe messages")
    sha256 = manifest.sha256_of(project.models / archive)
    put_to_use(project, manifest.Manifest(archive, name, sha256, probes), package)
    say(f"{archive} is in use ({time.monotonic() - start:.0f} s)")


if __name__ == "__main__":
    raise SystemExit(main())
