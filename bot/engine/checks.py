"""What is wrong with the training data: what `rasa data validate` finds, and the traps Rasa walks into.

The numbers are those of docs/adr/0001-rasa-behind-a-wall.md.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

from bot.engine.project import Project


class DataError(Exception):
    """The training data is wrong. One line for each finding."""


def check_config(config: dict[str, Any]) -> list[str]:
    """Traps of config.yml that Rasa itself accepts (traps 1, 8 and 10)."""
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
    """Traps of the domain (traps 1 and 5)."""
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
    """Traps of rules and stories (trap 6)."""
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
