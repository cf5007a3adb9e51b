"""Reporters who answer whatever the interview asks, and what of their story stands in the tip afterwards.

A reporter is a line of tests/reporters/*.jsonl (see README.md there). The driver says what that person would say; the
tip is read as it was sealed, and each fact is looked for in the section it belongs to.
"""

from __future__ import annotations

import io
import json
import re
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from PIL import Image

from bot.core.messages import Channel, InboundKind, InboundMessage, OutboundMessage
from bot.core.text import fold
from bot.dialogue.interview.extract import extract
from bot.services.messaging import commands
from bot.services.tips import files
from bot.storage.tables import Conversation
from tests.support.golden import Answer, Stage, _message

MOST_TURNS = 32
_ASKS = {
    "tip_owner": "owner",
    "tip_summary": "confirm",
    "tip_changed": "confirm",
    "tip_confirm_brief": "confirm",
    "tip_receipt": "receipt",
    "tip_receipt_words": "receipt",
}
_QUESTION = re.compile(r"tip_(what|where|when|who|behind|evidence|reply|contact|safe|cancel|edit|pick|more)(?:_\w+)?$")
_OPENS = ("do:urgent_tip", "do:report_tip")
_STAYS_OPEN = {"tip_after_added", "tip_after_wait", "tip_after_cry"}  # the question further up is still to be answered
_MOST_DETOURS = 6  # answers without a question of the interview, before the reporter gives up
_SECTIONS = {"places": "where", "when": "when", "who": "who", "suspects": "behind", "traces": "traces",
             "evidence": "evidence", "story": "what"}  # fmt: skip
_AT = {"police": "confirm"}
_TURN = "\f"  # between two messages: a fact is said in one
_MOST_OF_IT = 0.8  # of the words of a longer fact


@dataclass
class Played:
    """How one interview went. `facts`: (kind, words, "right" | "story" | "misplaced" | "lost" | "unsaid": nobody asked."""

    reporter: str
    style: str
    commune: str = "none"  # "right" | "wrong" | "lost" | "none": never told
    facts: list[tuple[str, str, str]] = field(default_factory=list)
    sent: bool = False
    turns: int = 0
    after: int = 0  # messages after the tip was sent
    asked_again: int = 0
    same_text: int = 0
    looped: bool = False
    own_in_traces: bool = False
    count_right: bool = True
    faults: list[str] = field(default_factory=list)

    def of(self, verdict: str) -> int:
        return sum(found == verdict for _, _, found in self.facts)

    @property
    def perfect(self) -> bool:
        placed = self.commune in {"right", "none"} and not (self.of("misplaced") or self.of("lost"))
        return self.sent and placed and self.count_right and not (self.asked_again or self.looped or self.own_in_traces)


def load(path: Path) -> list[dict[str, Any]]:
    """The reporters of one hand."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@contextmanager
def _tips_seen() -> Iterator[list[dict[str, Any]]]:
    """Every tip as it is about to be sealed; "added": what is added to it afterwards, as its readers get it."""
    seen: list[dict[str, Any]] = []
    real, real_add = commands.record.prepare, commands.record.add_entry

    def prepare(vault: Any, draft: dict[str, Any]) -> Any:
        seen.append(json.loads(json.dumps(draft)))
        return real(vault, draft)

    def add_entry(session: Any, opened: Any, author: str, text: str, now: float, files: Any = (), **more: Any) -> None:
        seen[-1].setdefault("added", []).append({"text": text, "files": list(files), **more})
        real_add(session, opened, author, text, now, files, **more)

    with mock.patch.multiple(commands.record, prepare=prepare, add_entry=add_entry):
        yield seen


class _Talk:
    """One conversation, said aloud into `log`."""

    def __init__(self, stage: Stage, log: list[str]) -> None:
        self._stage, self._log, self._person = stage, log, secrets.token_urlsafe(32)
        self._conversation = stage.core.vault.conversation_id(Channel.WEB, self._person)
        self.said, self.texts, self.words = 0, Counter[str](), ""
        with stage.core.db.transaction() as session:
            session.add(Conversation(id=self._conversation, channel="web", updated_at=stage.core.now()))

    def say(self, deed: str) -> Answer:
        return self._heard(deed, _message(Channel.WEB, self._person, self.said, deed))

    def send_file(self) -> Answer:
        picture = io.BytesIO()
        Image.new("RGB", (20, 20), "teal").save(picture, "PNG")
        kept = files.keep(self._stage.core.settings.blobs_dir, picture.getvalue())
        sent = InboundMessage(
            channel=Channel.WEB, sender=self._person, message_id=f"{self._person[:8]}.{self.said}",
            kind=InboundKind.ATTACHMENT, attachments=(kept,),
        )  # fmt: skip
        return self._heard("[file]", sent)

    def _heard(self, deed: str, message: InboundMessage) -> Answer:
        self.said += 1
        self.words += f"{_TURN}{deed}"
        answer = self._stage._run(self._stage._turn(message, self._conversation))
        self._log.append(f"> {deed}")
        for reply in answer:
            self._log.append(f"   [{reply.meta.get('item')}] {reply.text[:400]}")
            self.texts[reply.text] += 1
        return answer


class _Reporter:
    """Answers a question as the person of `row` would; asks, corrects and refuses where they would.

    What they would say to the question about the police they say to the read-back, where it is put.
    """

    def __init__(self, row: dict[str, Any]) -> None:
        self._facts, self._answers = row["facts"], row["answers"]
        self._asks = {_AT.get(ask["at"], ask["at"]): ask["say"] for ask in row.get("asks") or ()}
        self._corrects: dict[str, list[str]] = defaultdict(list)
        for correction in row.get("corrections") or ():
            self._corrects[_AT.get(correction["at"], correction["at"])].append(correction["say"])
        self.given = Counter[str]()
        self.asked_again = 0

    def deeds(self, question: str, answer: Answer) -> list[str]:
        if question in self._asks:
            return [self._asks.pop(question)]
        if self._corrects.get(question):
            return [self._corrects[question].pop(0)]
        simple = {
            "receipt": "!ans:kept",
            "cancel": "!ans:resume",
            "reply": "!reply:none",
            "contact": "!ans:skip",
            "edit": "!ans:back",
        }
        if question in simple:
            return [simple[question]]
        if question == "owner":
            return ["đúng số em" if self._facts.get("own") else "không phải số em"]
        if question == "confirm":
            return [self._at_read_back()]
        if question == "pick":
            return self._at_the_place(answer)
        return self._told(question)

    def _at_read_back(self) -> str:
        self.given["confirm"] += 1
        said = {1: (self._answers.get("confirm") or ["gửi đi"])[0], 3: "gửi đi"}
        if self.given["confirm"] == 2 and self._answers.get("police"):
            return str(self._answers["police"][0])
        return said.get(self.given["confirm"], "!ans:send")

    def _at_the_place(self, answer: Answer) -> list[str]:
        text = answer[-1].text
        asks_province = re.search("tỉnh|thành phố nào", text) and not re.search("xã|phường nào", text)
        for key in ("province", "commune") if asks_province else ("commune", "province"):
            if not self.given[key] and self._answers.get(key):
                self.given[key] += 1
                return list(self._answers[key])
        name = _norm((self._facts.get("commune") or {}).get("name", ""))
        shown = [choice for reply in answer for choice in reply.choices if choice.id.startswith("place:")]
        picked = [choice.id for choice in shown if name and name in _norm(choice.title)]
        return ["!" + (picked[0] if picked else "place:unknown")]

    def _told(self, question: str) -> list[str]:
        if not self.given[question] and self._answers.get(question):
            self.given[question] += 1
            return list(self._answers[question])
        self.given[question] += 1
        self.asked_again += self.given[question] > 1
        if question == "what" and self._answers.get("more") and self.given["more"] == 0:
            self.given["more"] += 1
            return list(self._answers["more"])
        again = self._answers.get("again")
        return [again[0] if again and self.given[question] == 2 else "!ans:skip"]


def play(stage: Stage, row: dict[str, Any], log: list[str], *, joined: bool = False) -> Played:
    """Hold one interview to its end and weigh the tip. joined: what is written in one go arrives as one, as the inbox joins it."""
    played = Played(row["id"], row["style"])
    log.append(f"=== {row['id']} {row['style']}")
    talk, reporter = _Talk(stage, log), _Reporter(row)
    with _tips_seen() as seen:
        answer: Answer = []
        for deed in row.get("before") or ():
            answer = talk.send_file() if "file" in deed else talk.say(_deed(deed))
        if not seen:
            answer = talk.say(row.get("open") or "!do:report_tip")
        detours = 0
        while not seen and talk.said < MOST_TURNS * 2 and detours <= _MOST_DETOURS:
            question = asked(answer)
            if not question:
                detours += 1
                shown = {choice.id for reply in answer for choice in reply.choices}
                answer = talk.say("!" + next((way for way in _OPENS if way in shown), "do:report_tip"))
                continue
            deeds = reporter.deeds(question, answer)
            for said in ["\n".join(deeds)] if joined else deeds:
                answer = talk.say(said)
                if seen:
                    break
        played.turns = talk.said
        if seen:
            _go_on(talk, reporter, answer, joined=joined)
        played.looped = talk.said >= MOST_TURNS * 2
    played.after, played.asked_again = talk.said - played.turns, reporter.asked_again
    played.same_text = sum(times - 1 for times in talk.texts.values() if times > 1)
    weigh(played, row["facts"], seen[0] if seen else None, talk.words)
    log.append(f"## {json.dumps(seen, ensure_ascii=False)}\n## {played}")
    return played


def _go_on(talk: _Talk, reporter: _Reporter, answer: Answer, *, joined: bool) -> None:
    """Deal with the code, and answer what is asked after sending until nothing is."""
    codes, question = 0, asked(answer)
    while talk.said < MOST_TURNS * 2:
        waits = str(answer[-1].meta.get("item")) in _STAYS_OPEN
        codes += question == "receipt"
        if codes > 1 or not question or (waits and reporter.given[question]):
            return
        deeds = reporter.deeds(question, answer)
        for said in ["\n".join(deeds)] if joined else deeds:
            answer = talk.say(said)
            open_still = str(answer[-1].meta.get("item")) in _STAYS_OPEN
            question = question if open_still else asked(answer)


def _deed(deed: dict[str, Any]) -> str:
    return f"@{deed['position'][0]},{deed['position'][1]}" if "position" in deed else str(deed["say"])


def asked(answer: list[OutboundMessage]) -> str:
    """The question of the interview that an answer of the product ends with, or ''."""
    for reply in reversed(answer):
        item = str(reply.meta.get("item"))
        if item in _ASKS:
            return _ASKS[item]
        if found := _QUESTION.match(item):
            return found[1]
    return ""


def weigh(played: Played, facts: dict[str, Any], tip: dict[str, Any] | None, said: str) -> None:
    """Look for every fact that was said in the tip, and note in `played` where it stands. said: all the person wrote."""
    tip, played.sent = tip or {}, tip is not None
    where = tip.get("where") or {}
    wanted = facts.get("commune")
    if wanted:
        code = where.get("code")
        played.commune = "right" if code == wanted["code"] else "wrong" if code else "lost"
    told = {name: str(tip.get(name) or "") for name in ("what", "when", "who", "behind", "evidence")}
    told["where"] = " ".join(str(where.get(name) or "") for name in ("text", "name", "country"))
    told["where"] += "".join(f" ; {words}" for _, words in tip.get("places") or ())  # their rows stand beside it
    told["traces"] = " ; ".join(tip.get("traces") or ())
    everything = "\n".join(words for _, words in tip.get("said") or ())
    counted = tip.get("people")
    for more in tip.get("added") or ():  # each under the label of its question
        read = more.get("facts") or {}
        for name in _SECTIONS.values():
            told[name] += f" ; {' ; '.join(read[name]) if name == 'traces' else read[name]}" if read.get(name) else ""
        told["where"] += "".join(f" ; {words}" for _, words in read.get("places") or ())
        everything += f"\n{more['text']}"
        counted = read.get("people") or counted
    people = facts.get("people") or {}
    rows = {**facts, "places": [place["words"] for place in facts.get("places") or ()], "who": people.get("words")}
    for kind, section in _SECTIONS.items():
        for words in rows.get(kind) or ():
            verdict = _verdict(words, section, told, everything) if _stands(words, said) else "unsaid"
            played.facts.append((kind, words, verdict))
    played.own_in_traces = any(_stands(own, told["traces"]) for own in facts.get("own") or ())
    asked = any(kind == "who" and verdict != "unsaid" for kind, _, verdict in played.facts)
    played.count_right = people.get("count") is None or not asked or counted == people["count"]


def _verdict(words: str, section: str, told: dict[str, str], everything: str) -> str:
    if _stands(words, told[section]) or (section == "traces" and _written_out(words, told[section])):
        return "right"
    if _stands(words, told["what"]):
        return "story"
    if any(_stands(words, text) for text in told.values()):
        return "misplaced"
    return "story" if _stands(words, everything) else "lost"


def _written_out(words: str, traces: str) -> bool:
    """Whether a number in words or in disguise ("không chín…", "o79 000") stands among the traces in digits."""
    phones = [re.sub(r"\D", "", phone) for phone in extract(words).phones]
    return bool(phones) and all(phone in re.sub(r"\D", "", traces) for phone in phones)


def _norm(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


def _stands(words: str, text: str) -> bool:
    """Whether the words, or nearly all of a longer phrase, are in the text."""
    return any(_stands_in(_norm(words), f" {_norm(turn)} ") for turn in text.split(_TURN))


def _stands_in(wanted: str, found: str) -> bool:
    if not wanted or f" {wanted} " in found:
        return True
    if re.search(rf" {' ?'.join(wanted.replace(' ', ''))} ", found):  # "0912 345678", "hoaphuc99": gaps do not count
        return True
    parts = wanted.split()
    return len(parts) >= 3 and sum(f" {part} " in found for part in parts) / len(parts) >= _MOST_OF_IT
