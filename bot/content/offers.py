"""The signs of the offer check, read from content/offers/*.yml, and its learned model beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.content.documents import CONTENT_ROOT, Problem, read_yaml, validator
from bot.content.yaml_lines import YamlDocument
from bot.core.errors import ConfigError
from bot.core.offers.model import OfferModel, parse
from bot.core.offers.signals import Combination, PatternError, Reassurance, Signal, SignalBook, compile_pattern

SCORING = "offers/scoring.yml"
MODEL = "offers/model.json"


def load_signal_book(root: Path = CONTENT_ROOT) -> SignalBook:
    """The signs, for a process that needs nothing else. Raises ConfigError naming the first mistake."""
    problems: list[Problem] = []
    book = read_signal_book(root, problems)
    if book is None or problems:
        raise ConfigError(str(problems[0]) if problems else "no offer signs")
    return book


def read_signal_book(root: Path, problems: list[Problem], model: OfferModel | None = None) -> SignalBook | None:
    """The signs, or None with every mistake added to `problems`. model: used instead of the stored one, to make a new one."""
    before = len(problems)
    signals: dict[str, Signal] = {}
    check = validator("offers")
    for path in sorted((root / "offers").glob("*.yml")):
        file = path.relative_to(root).as_posix()
        if file != SCORING:
            _read_signals(path, file, check, signals, problems)
    document = read_yaml(root / SCORING, SCORING, validator("scoring"), problems)
    if document is None:
        return None
    model = model or _model(root, problems)
    if model is None:
        return None
    book = _book(document, signals, model, problems)
    return book if len(problems) == before else None


def _read_signals(path: Path, file: str, check: Any, signals: dict[str, Signal], problems: list[Problem]) -> None:
    document = read_yaml(path, file, check, problems)
    for index, row in enumerate(document.data["signals"] if document else ()):
        assert document is not None
        if row["id"] in signals:
            line = document.line(["signals", index, "id"])
            problems.append(Problem(file, line, f"duplicate id {row['id']!r}"))
            continue
        strong = _patterns(document, file, ["signals", index, "strong"], row["strong"], problems)
        weak = _patterns(document, file, ["signals", index, "weak"], row["weak"], problems)
        exact = _patterns(document, file, ["signals", index, "exact"], row.get("exact", []), problems)
        signals[row["id"]] = Signal(
            id=row["id"],
            weight=row["weight"],
            weak_weight=row["weak_weight"],
            strong=strong,
            weak=weak,
            title=row["title"],
            why=row["why"],
            questions={language: tuple(texts) for language, texts in row["questions"].items()},
            source=row["source"],
            grave=row.get("grave", False),
            negatable=row.get("negatable", True),
            topical=row.get("topical", False),
            exact=exact,
            cancelled_by=tuple(row.get("cancelled_by", ())),
            spelled={word: tuple(forms) for word, forms in row.get("spelled", {}).items()},
            steps=tuple((million, points) for million, points in row.get("steps", ())),
        )


def _patterns(
    document: YamlDocument, file: str, path: list[str | int], texts: list[str], problems: list[Problem]
) -> tuple[Any, ...]:
    compiled = []
    for index, text in enumerate(texts):
        try:
            compiled.append(compile_pattern(text))
        except PatternError:
            problems.append(Problem(file, document.line([*path, index]), f"pattern outside the language: {text!r}"))
    return tuple(compiled)


def _model(root: Path, problems: list[Problem]) -> OfferModel | None:
    try:
        return parse(json.loads((root / MODEL).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        problems.append(Problem(MODEL, 1, "no model of the offer check; `lachan model offers` makes it"))
        return None


def _book(document: YamlDocument, signals: dict[str, Signal], model: OfferModel, problems: list[Problem]) -> SignalBook:
    data = document.data
    combinations = []
    for index, row in enumerate(data["combinations"]):
        unknown = sorted({name for group in row["any_of"] for name in group} - set(signals))
        if unknown:
            line = document.line(["combinations", index])
            problems.append(Problem(SCORING, line, f"unknown sign {unknown[0]!r}"))
        groups = tuple(map(frozenset, row["any_of"]))
        combinations.append(Combination(groups, row["weight"], row.get("unless_assured", False)))
    reassurances = tuple(
        Reassurance(
            row["id"],
            row["weight"],
            _patterns(document, SCORING, ["reassurances", index, "patterns"], row["patterns"], problems),
        )
        for index, row in enumerate(data["reassurances"])
    )
    return SignalBook(
        signals=tuple(signals.values()),
        combinations=tuple(combinations),
        reassurances=reassurances,
        cues=_patterns(document, SCORING, ["cues"], data["cues"], problems),
        warnings=_patterns(document, SCORING, ["warnings"], data["warnings"], problems),
        recruiting=_patterns(document, SCORING, ["recruiting"], data["recruiting"], problems),
        medium=data["medium"],
        high=data["high"],
        max_relief=data["max_relief"],
        general_questions={language: tuple(texts) for language, texts in data["general_questions"].items()},
        replies=data["replies"],
        model=model,
    )
