"""What a person sees is what is read: offers, cries, places and numbers in disguise (tests/disguises), and all honest texts as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.content.offers import load_signal_book
from bot.content.places.built import CONTENT
from bot.content.places.compile import compile_gazetteer
from bot.core.confusables import CONFUSABLES
from bot.core.disguise import see
from bot.core.offers.check import check_offer
from bot.core.old_encodings import repaired
from bot.core.places.gazetteer import Gazetteer
from bot.core.places.model import Status
from bot.core.places.resolver import Resolver
from bot.dialogue import triage
from bot.dialogue.interview import traces
from bot.dialogue.interview.extract import extract
from scripts import make_lookalikes
from tests.support import place_sentences

TESTS = Path(__file__).resolve().parents[1]
ROWS = [json.loads(line) for line in (TESTS / "disguises/disguises.jsonl").read_text("utf-8").splitlines()]
BOOK = load_signal_book()
# Typed with a letter for a digit and spelled out on a sheet of paper: the eye reads them so too.
READ_OTHERWISE = {"o79 000 1482", "ngay 3o/7", "C-Ứ-U", "១៤", "tr3n tele"}


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver(Gazetteer(compile_gazetteer(CONTENT)))


def of(kind: str) -> list[Any]:
    return [pytest.param(row["text"], row["plain"], id=row["id"]) for row in ROWS if row["kind"] == kind]


@pytest.mark.parametrize(("text", "plain"), of("offer"))
def test_a_disguised_offer_is_judged_as_the_plain_one(text: str, plain: str) -> None:
    assert check_offer(plain, BOOK).risk in {"high", "medium"}
    assert check_offer(text, BOOK).risk == check_offer(plain, BOOK).risk


@pytest.mark.parametrize(("text", "plain"), of("danger"))
def test_a_disguised_cry_is_heard(text: str, plain: str) -> None:
    assert triage.assess(plain).level == triage.assess(text).level == "emergency"


@pytest.mark.parametrize(("text", "plain"), of("place"))
def test_a_disguised_place_is_found(text: str, plain: str, resolver: Resolver) -> None:
    assert resolver.resolve(plain).status is not Status.NONE
    assert resolver.resolve(text) == resolver.resolve(plain)


@pytest.mark.parametrize(("text", "plain"), of("number"))
def test_a_disguised_number_is_a_trace(text: str, plain: str) -> None:
    assert [re.sub(r"\D", "", phone) for phone in extract(plain).phones] == ["0912345678"]
    assert [re.sub(r"\D", "", phone) for phone in extract(text).phones] == ["0912345678"]


def test_an_old_encoding_is_no_disguise() -> None:
    old = [row for row in ROWS if repaired(row["text"]) != row["text"]]
    assert len(old) == 11
    for row in old:
        assert repaired(row["text"]) == row["plain"]
        assert see(row["text"]).trick is None


def words(found: Any) -> Iterator[str]:
    """Every text in what a JSON line holds."""
    if isinstance(found, str):
        yield found
    else:
        for part in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
            yield from words(part)


def honest() -> list[str]:
    sentences = Path(place_sentences.__file__).with_name("place_sentences.tsv").read_text("utf-8").splitlines()
    texts = [line.split("\t")[0] for line in sentences if not line.startswith("#")]
    for folder in ("eval", "reporters"):
        for file in sorted((TESTS / folder).glob("*.jsonl")):
            texts += [text for line in file.read_text("utf-8").splitlines() for text in words(json.loads(line))]
    texts += [
        text
        for line in (TESTS / "eval_offers/honest.jsonl").read_text("utf-8").splitlines()
        for text in words(json.loads(line))
    ]
    for file in sorted((TESTS.parent / "nlu_data").rglob("*.yml")):
        examples = re.findall(r"^\s*- (.+)$", file.read_text("utf-8"), re.MULTILINE)
        texts += [re.sub(r"\[([^\]]*)\](?:\(\w+\)|\{[^}]*\})", r"\1", text) for text in examples]
    return list(dict.fromkeys(texts))


def test_what_is_written_honestly_stays_as_it_is() -> None:
    texts = honest()
    assert len(texts) > 20_000
    changed = [text for text in texts if see(text).text != text and not any(part in text for part in READ_OTHERWISE)]
    assert changed == []


@pytest.mark.parametrize(
    "text",
    [
        "Le café à la carte était très cher, garçon", "São Paulo, não é", "Müller über Köln schön", "el niño mañana español",
        "là cá má bà à", "okê má à", "XÃ EA UY CŨ GIỜ LÀ XÃ TÂN TIẾN", "25°C, ±2 ½", "I'm ok. don't go? no. so.",
        "a(b) c++ o+ 'a' x^2", "to6i muo6n1 ba1o tin", "toi muoons baos tin", "ជួយខ្ញុំផង គេចាប់ខ្ញុំឃុំក្នុងបន្ទប់",
        "ကျွန်မညီမလေးကို လူကုန်ကူးခံရလို့", "ช่วยด้วย ฉันถูกขัง", "救救我，我的护照被老板拿走了，我出不去。", "привет, это текст и ещё один",
    ],
)  # fmt: skip
def test_other_languages_and_raw_keyboards_stay_as_they_are(text: str) -> None:
    assert repaired(text) == text
    assert see(text).text == text


def test_the_table_of_lookalikes_is_the_librarys() -> None:
    assert make_lookalikes.rows() == CONFUSABLES


TRACES = [json.loads(line) for line in (TESTS / "disguises/traces.jsonl").read_text("utf-8").splitlines()]


def bare(value: str) -> str:
    """What matters of a trace: letters and digits, a number of here and from abroad alike."""
    value = re.sub(r"^https?://", "", value.strip())
    digits = re.sub(r"\D", "", value)
    if not re.search(r"[A-Za-z]", value) and (value[0] in "+(" or value.startswith(("00855", "84"))):
        digits = digits.removeprefix("00")
        return "0" + digits[2:] if digits.startswith("84") else digits
    return re.sub(r"[\W_]", "", value).upper() if not re.search(r"[/@]", value) else value


@pytest.mark.parametrize("row", TRACES, ids=lambda row: row["id"])
def test_every_trace_is_found_with_its_kind_and_none_is_made_up(row: Any) -> None:
    found = {(trace.kind, bare(trace.value)) for trace in traces.read(row["text"])}
    assert found == {(trace["kind"], bare(trace["value"])) for trace in row["traces"]}
