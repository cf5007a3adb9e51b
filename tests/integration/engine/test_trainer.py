"""Training happens when its inputs changed, and refuses data that Rasa accepts and that would fail a citizen."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.engine_worker import ACTIONS, DATA, trainer


def test_nothing_to_do_is_left_undone(models: Path) -> None:
    done = trainer("--data", str(DATA), "--actions", ACTIONS, "--models", str(models))
    assert "up to date" in done.stdout


def test_wrong_data_is_refused_with_every_finding(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    change(
        data / "config.yml",
        ("core_fallback_action_name: action_default_fallback", "core_fallback_action_name: utter_default"),
        (
            "- name: CountVectorsFeaturizer\n    analyzer",
            "- name: DucklingEntityExtractor\n  - name: CountVectorsFeaturizer\n    analyzer",
        ),
    )
    change(
        data / "domain/domain.yml",
        ("carry_over_slots_to_new_session: false", "carry_over_slots_to_new_session: true"),
        ("        conditions: [{active_loop: tip_form, requested_slot: tip_where}]\n", ""),
        ("utter_hotline: [{custom: {say: hotlines}}]", 'utter_hotline: [{text: "111"}]'),
        ("  utter_default:", "  utter_other:"),
    )
    change(
        data / "rules/rules.yml",
        ("{intent: thank}, {action: utter_thank}", "{intent: thank}, {action: action_two_stage_fallback}"),
    )
    done = trainer("--data", str(data), "--actions", ACTIONS, "--models", str(tmp_path / "models"), "--check")
    assert done.returncode == 1
    for finding in (
        "core_fallback_action_name must not be a response",
        "DucklingEntityExtractor reaches for the network",
        "carry_over_slots_to_new_session must be false",
        "slot tip_where is filled from any text",
        "response utter_hotline has text",
        "utter_default is missing",
        "action_two_stage_fallback is a form itself",
    ):
        assert finding in done.stderr
    assert not (tmp_path / "models").exists()


def change(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
