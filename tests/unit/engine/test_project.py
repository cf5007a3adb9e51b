"""Which change asks for a new training, which only for a new name, and which for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine import manifest
from bot.engine.project import ROOT, Project, imported, in_use, up_to_date


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name in ("data/nlu/a.yml", "data/rules/a.yml", "data/domain/a.yml", "data/config.yml", "data/probes.yml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a: 1")
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions/a.py").write_text("A = 1\n")
    (tmp_path / "models").mkdir()
    return Project(tmp_path / "data", tmp_path / "actions", tmp_path / "models")


def use(project: Project) -> None:
    archive = project.models / project.archive()
    archive.write_bytes(b"model")
    served = manifest.Manifest(archive.name, project.hash(), manifest.sha256_of(archive))
    manifest.write(project.models, served)


def test_nothing_changed(project: Project) -> None:
    assert not up_to_date(project)
    use(project)
    assert up_to_date(project)


@pytest.mark.parametrize("name", ["nlu/a.yml", "rules/a.yml", "domain/a.yml", "config.yml", "nlu/new.yml"])
def test_training_data_asks_for_training(project: Project, name: str) -> None:
    use(project)
    (project.data / name).write_text("a: 2")
    assert not up_to_date(project)
    assert not in_use(project, project.archive())


@pytest.mark.parametrize("name", ["data/probes.yml", "actions/a.py", "actions/new.py"])
def test_actions_and_probes_keep_the_archive(project: Project, name: str) -> None:
    use(project)
    (project.data.parent / name).write_text("A = 2\n")
    assert not up_to_date(project)
    assert in_use(project, project.archive())


def test_a_damaged_archive_is_trained_again(project: Project) -> None:
    use(project)
    (project.models / project.archive()).write_bytes(b"other")
    assert not up_to_date(project)
    assert not in_use(project, project.archive())


def test_what_components_import_counts(tmp_path: Path) -> None:
    source = tmp_path / "component.py"
    source.write_text("from bot.core import language\nimport numpy\n")
    found = {str(path.relative_to(ROOT)) for path in imported([source]) - {source}}
    assert {"bot/core/__init__.py", "bot/core/language.py", "bot/core/text.py", "bot/core/syllables.py"} <= found


def test_the_words_they_read_count(tmp_path: Path) -> None:
    source = tmp_path / "component.py"
    source.write_text("from bot.dialogue.triage import reading\n")
    found = {str(path.relative_to(ROOT)) for path in imported([source]) - {source}}
    assert {"content/danger/vi/concepts.yml", "content/danger/vi/people.yml", "content/danger/vi/calm.yml"} <= found
    assert not any(file.startswith("content/interview/") for file in found), "no word of the interview costs a training"
