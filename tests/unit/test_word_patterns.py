"""The language of content/danger and content/interview: what each of its signs means, and that the product asks for every list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.core.tips.category import CODES
from bot.core.word_patterns import REFERENCE, expression, spelled_out
from bot.dialogue.reading import pages
from bot.phrases.books import ROOT, Book, book

LISTS = {"who": ("no", "bon no"), "many": ("{who} deu",)}


def pattern(entry: str) -> re.Pattern[str]:
    return Book({}, {**{name: list(entries) for name, entries in LISTS.items()}, "it": [entry]}).words("it")


@pytest.mark.parametrize(
    ("entry", "found", "not_found"),
    [
        ("bi (nhot|giam)", "em bi nhot o day", "em bi nhotx"),
        ("khong (co )?sim", "khong sim", "khong con sim"),
        ("mat( het| luon)* sim", "mat het luon sim", "mat may sim"),
        ("bat ~2 di", "bat em phai di", "bat em phai theo no di"),
        ("~2 tam biet", "em chao tam biet", "tambiet"),
        ("chao * nhe", "chao me nhe", "chao nhe"),
        ("sihanouk*", "o sihanoukville", "sihanuk"),
        ("doi # trieu", "doi 200 trieu", "doi nhieu trieu"),
        ("give<5>back", "give it back", "give everything back"),
        ("{who} danh", "bon no danh em", "ho danh em"),
        ("{many} danh", "no deu danh", "no danh"),
        ("tu thu(! voi)", "muon tu thu", "tu thu voi crush"),
        ("ban(= toi)", "ban toi di", "ban em di"),
        ("(<!khong )an toan", "rat an toan", "khong an toan"),
        ("cuu$", "xin cuu", "cuu hoa"),
        ("lop [1-9]", "hoc lop 7", "lop hoc"),
        ("_anti_", "anti fan", "antifan"),
    ],
)
def test_what_the_signs_mean(entry, found, not_found):
    assert pattern(entry).search(found)
    assert not pattern(entry).search(not_found)


def test_plain_phrases_are_spelled_out():
    def of(name):
        return LISTS[name]

    assert spelled_out("bi (nhot|giam) (lai|)", of) == ["bi nhot lai", "bi nhot", "bi giam lai", "bi giam"]
    assert spelled_out("{who} (cua {who})", of)[:2] == ["no cua no", "no bon no"]
    assert spelled_out("di (gap (ba|me)|luon)", of) == ["di gap ba", "di luon", "di gap me", "di luon"]


def test_a_list_that_is_not_there_stops_the_product():
    with pytest.raises(KeyError):
        book("danger/vi/calm").words("no_such_list")
    with pytest.raises(ValueError, match="quote"):
        Book({}, {"who": [False]})  # what YAML makes of an unquoted "no"


def test_a_list_with_marks_is_read_without_them_where_it_is_named_by_one_without():
    shared = Book({}, {"person": ["đứa", "(bạn|bn)"]}, as_typed=["person"])
    found = Book({}, {"typed": ["với {person}"], "bare": ["voi {person}"]}, shared, ["typed"])
    assert found.words("typed").search("với đứa")
    assert not found.words("typed").search("với dua")
    assert found.words("bare").search("voi dua")
    assert found.bare("person") == "(?:dua|(?:ban|bn))"


def test_an_escape_is_no_word():
    assert expression(r"a\s*b", str) == r"a\s*b"


def test_every_list_is_asked_for():
    code = "".join(
        path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "bot" / "dialogue").rglob("*.py")
    )
    code += (Path(__file__).parents[2] / "bot" / "phrases" / "numbers.py").read_text(encoding="utf-8")
    named = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "interview").glob("*.yml"))
    code += "".join(f'"{name}"' for name in REFERENCE.findall(named))  # persons_more, which only other lists name
    for path in [*(ROOT / "danger" / "vi").glob("*.yml"), *(ROOT / "interview").glob("*.yml")]:
        # Every concept goes to the classifier, every question has its line; people are for the others.
        if path.stem not in {"concepts", "people", "asked"}:
            names = book(path.relative_to(ROOT).with_suffix("").as_posix()).names()
            assert [name for name in names if f'"{name}"' not in code and f"'{name}'" not in code] == [], path


def test_kinds_and_pages_are_those_the_product_knows():
    assert (*book("topics/kinds").names(), "other") == CODES
    domain = (ROOT.parent / "nlu_data" / "domain" / "intents.yml").read_text(encoding="utf-8")
    assert [meaning for rule in pages.RULES for meaning in rule.meanings if f"- {meaning}\n" not in domain] == []
