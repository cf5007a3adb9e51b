"""How well and how fast places are found: phrases made from the tables, sentences written by hand, long texts.

    .venv/bin/python scripts/bench_places.py [--count 200] [--json FILE]

Prints one line for each form with what was right, asked back, wrong (another commune) or silently picked, then times
and memory. CPU time is measured, so other work on the machine matters little.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.content.places.built import load_gazetteer  # noqa: E402
from bot.core.places.gazetteer import Gazetteer  # noqa: E402
from bot.core.places.model import Status  # noqa: E402
from bot.core.places.resolver import Resolver  # noqa: E402
from tests.support.place_phrases import Phrase, phrases  # noqa: E402
from tests.support.place_sentences import load  # noqa: E402

_STORY = (
    "Em chào anh chị, em muốn báo một việc. Hôm trước có người tên Hùng rủ em gái của em đi làm ở nước ngoài với mức lương "
    "cao, nói là việc nhẹ, không cần bằng cấp. Nhà em ở xã An Phú, Hải Phòng, nhưng họ hẹn gặp ở huyện Tam Đường, Lai Châu. "
    "Từ hôm đó gia đình em không liên lạc được, điện thoại tắt máy, em rất lo. "
)


def bench(count: int = 200) -> dict[str, Any]:
    """All figures: {"load_s", "memory_mb", "forms": {form: {...}}, "sentences": {...}, "ms": {...}}."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    gazetteer = load_gazetteer()
    resolver = Resolver(gazetteer)
    load_s = time.process_time() - start
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    made = phrases(gazetteer, count, seed=1)
    forms: dict[str, Counter[str]] = {}
    times = []
    for phrase in made:
        start = time.process_time()
        verdict = _verdict(phrase, resolver)
        times.append((time.process_time() - start) * 1000)
        forms.setdefault(phrase.form, Counter())[verdict] += 1
    return {
        "load_s": round(load_s, 3),
        "memory_mb": round(memory, 1),
        "forms": {form: dict(counter) for form, counter in forms.items()},
        "sentences": _sentences(gazetteer, resolver),
        "ms": {"phrases": _spread(times)} | {f"{n} characters": _long(resolver, n) for n in (300, 3000)},
    }


def _verdict(phrase: Phrase, resolver: Resolver) -> str:
    found = resolver.resolve(phrase.text)
    got = frozenset(found.codes)
    if phrase.status == "commune":
        if found.status is Status.COMMUNE:
            return "right" if got == phrase.codes else "wrong"
        return "asked"
    if found.status is Status.COMMUNE:
        return "silent"
    return "right" if phrase.codes <= got else "incomplete"


def _sentences(gazetteer: Gazetteer, resolver: Resolver) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for sentence in load(gazetteer):
        counts[f"{sentence.status} {sentence.verdict(resolver.resolve(sentence.text))}"] += 1
    return dict(counts)


def _long(resolver: Resolver, characters: int) -> dict[str, float]:
    text = (_STORY * (characters // len(_STORY) + 1))[:characters]
    times = []
    for _ in range(40):
        start = time.process_time()
        resolver.resolve(text)
        times.append((time.process_time() - start) * 1000)
    return _spread(times)


def _spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {"median": round(ordered[len(ordered) // 2], 2), "p95": round(ordered[int(len(ordered) * 0.95)], 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--count", type=int, default=200, help="communes of today and of before that phrases are made of"
    )
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    options = parser.parse_args()
    figures = bench(options.count)
    for form, counts in figures["forms"].items():
        total = sum(counts.values())
        rest = ", ".join(f"{name} {number}" for name, number in sorted(counts.items()) if name != "right")
        print(f"{form:24} {counts.get('right', 0):5} of {total:5} right   {rest}")
    print("sentences", figures["sentences"])
    print("load", figures["load_s"], "s;", figures["memory_mb"], "MB; milliseconds", figures["ms"])
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")


if __name__ == "__main__":
    main()
