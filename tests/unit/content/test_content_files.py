"""The loader: what is refused, by which file and line, and what keeps being served meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.content.files import ContentFiles, read_tree
from bot.core.errors import ConfigError
from tests.support.content_tree import copy_tree, item_text, line_of, write_item


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_tree(tmp_path)


def problems(root: Path) -> list[str]:
    return [str(problem) for problem in read_tree(root).problems]


def test_a_good_item_is_read_as_written(root: Path) -> None:
    write_item(root, item_text())
    loaded = read_tree(root)
    assert loaded.problems == ()
    item = next(i for i in loaded.items if i.id == "sample")
    assert item.long == "Bước tiếp: gọi 111."
    assert item.buttons[0].id == "more:sample"
    assert item.reviewed.isoformat() == "2026-11-20"


BAD = [
    ("broken YAML", item_text(title='"Mẫu" thừa'), "title", "broken YAML"),
    ("unknown field", item_text(colour="red"), "colour", "unknown field 'colour'"),
    ("missing field", item_text(sources=None), "id", "'sources' is a required property"),
    ("unknown status", item_text(status="published"), "status", "status"),
    (
        "six buttons",
        item_text(buttons="[" + ", ".join(['{id: "do:menu", title: "Về"}'] * 6) + "]"),
        "buttons",
        "too long",
    ),
    (
        "long title of a button",
        item_text(buttons='[{id: "do:menu", title: "' + "a" * 41 + '"}]'),
        "buttons",
        "too long",
    ),
    ("short answer of 500", item_text(short='"' + "a" * 500 + '"'), "short", "too long"),
    ("no such day", item_text(expires="2027-02-30"), "expires", "no such day"),
    ("expires before review", item_text(expires="2026-01-01"), "expires", "before it was reviewed"),
    ("picture without words", item_text(picture="a.png"), "id", "picture_alt"),
    (
        "key twice",
        item_text().replace("topic: safety\n", "topic: safety\ntopic: online\n"),
        "topic: online",
        "written twice",
    ),
    ("wrong name", item_text(id="other"), "id", "file must be answers/vi/other.md"),
]


@pytest.mark.parametrize(("text", "start", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_mistake_is_named_by_file_and_line(root: Path, text: str, start: str, message: str) -> None:
    write_item(root, text)
    found = problems(root)
    assert len(found) == 1
    file, line, words = found[0].split(":", 2)
    assert file == "answers/vi/sample.md"
    assert message in words
    expected = 2 if start == "id" else line_of(text, start)
    assert int(line) == expected


def test_no_front_matter_and_no_utf8(root: Path) -> None:
    write_item(root, "chỉ có chữ\n")
    (root / "answers" / "vi" / "bytes.md").write_bytes(b"---\nid: bytes\ntitle: \xff\n---\n")
    assert problems(root) == [
        "answers/vi/bytes.md:3: not UTF-8",
        "answers/vi/sample.md:1: no front matter: the file must begin with --- and close it with ---",
    ]


def test_a_duplicate_id_names_both_files(root: Path) -> None:
    write_item(root, item_text())
    write_item(root, item_text(), name="sample2")
    assert problems(root) == ["answers/vi/sample2.md:2: duplicate id 'sample', also in answers/vi/sample.md"]


def test_a_duplicate_hotline_is_named(root: Path) -> None:
    text = (root / "hotlines.yml").read_text(encoding="utf-8").replace("id: police", "id: anti_trafficking")
    (root / "hotlines.yml").write_text(text, encoding="utf-8")
    line = [i for i, row in enumerate(text.splitlines(), 1) if "id: anti_trafficking" in row][1]
    first, *others = sorted(problems(root), key=lambda told: not told.startswith("hotlines.yml"))
    assert first == f"hotlines.yml:{line}: duplicate id 'anti_trafficking'"
    # The id that was written over is missed where it is called, and the card of last resort cannot be read without it.
    strange = [told for told in others if "{hotline:police}: no such hotline" not in told]
    assert strange == ["answers/vi/hotline_card.md:1: missing or broken; it is the answer of last resort"]


def test_an_unbounded_pattern_in_the_offer_signs_is_refused(root: Path) -> None:
    path = root / "offers" / "work.yml"
    path.write_text(path.read_text(encoding="utf-8").replace('"ngoi choi"', '"ngoi .*choi"'), encoding="utf-8")
    found = problems(root)
    assert len(found) == 1
    assert found[0].startswith("offers/work.yml:")
    assert "pattern outside the language" in found[0]


def test_a_broken_edit_keeps_the_last_good_library(root: Path) -> None:
    path = write_item(root, item_text())
    files = ContentFiles(root)
    before = files.library
    assert files.reload_if_changed() is False  # nothing changed
    path.write_text(item_text(title='"Mẫu'), encoding="utf-8")
    assert files.reload_if_changed() is False
    assert files.library is before
    assert files.library.has("sample")
    assert [p.split(":")[0] for p in files.problems] == ["answers/vi/sample.md"]
    path.write_text(item_text(title='"Mẫu mới"'), encoding="utf-8")
    assert files.reload_if_changed() is True
    assert files.problems == ()
    assert files.library.items["sample", "vi"].title == "Mẫu mới"


def test_a_deleted_hotline_card_is_not_taken(root: Path) -> None:
    files = ContentFiles(root)
    (root / "answers" / "vi" / "hotline_card.md").unlink()
    assert files.reload_if_changed() is False
    assert files.library.has("hotline_card")
    assert "hotline_card" in files.problems[0]


def test_an_edit_of_the_same_length_is_seen(root: Path) -> None:
    path = write_item(root, item_text(title='"AAA"'))
    files = ContentFiles(root)
    path.write_text(item_text(title='"BBB"'), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert files.reload_if_changed() is True


def test_the_first_load_leaves_out_what_is_broken_and_says_so(root: Path) -> None:
    write_item(root, item_text(status="published"))
    files = ContentFiles(root)
    assert files.library.has("menu")
    assert not files.library.has("sample")
    assert files.problems


@pytest.mark.parametrize("gone", ["answers/vi/hotline_card.md", "offers/scoring.yml", "screening/checklist.yml"])
def test_what_a_hotline_cannot_do_without_stops_the_start(root: Path, gone: str) -> None:
    (root / gone).unlink()
    with pytest.raises(ConfigError):
        ContentFiles(root)
