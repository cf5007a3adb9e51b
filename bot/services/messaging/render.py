"""From what the engine wants said to the bubbles a person reads, in their language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from bot.content.phrasebooks import Line, Phrasebook
from bot.core.campaigns.audience import AGES, TOPICS
from bot.core.content.library import ContentLibrary
from bot.core.content.model import EMERGENCY_CARD, HOTLINE_CARD, MAIN_LANGUAGES, ContentItem, Kind, Status
from bot.core.content.plain import bubbles
from bot.core.messages import MAX_CHOICES, Attachment, Choice, OutboundMessage
from bot.core.screening.checklist import Checklist
from bot.dialogue.interview import added
from bot.dialogue.says import Say
from bot.services.messaging import composed
from bot.services.messaging.pieces import PIECES, about, led, named, replaces_advice

_ASK_LOCATION = frozenset(
    {"tip_where", "tip_where_again", "tip_where_brief", "tip_pick_commune", "tip_pick_again"}
)  # a shared position answers these
_ALARMS = ("emergency_line", "still_here", "tip_urgent_intro", "tip_urgent_kept")  # what their names begin with
ALARM_WORDS = 50  # with its numbers as buttons and a question, what a small phone shows at once
MAX_CALLS = 3
_BUTTONS_OF = frozenset({"tip_receipt_idle", "tip_receipt_idle_words"})
_REWORDED = frozenset({"tip_where_after", "tip_what_after", "tip_behind_after", "tip_when_after", "tip_who_after"})
VIETNAM = timezone(timedelta(hours=7))  # no daylight saving since 1975


class Renderer:
    """Renders lines of the phrasebook and items of the content library. Holds no state of a conversation."""

    def __init__(
        self,
        library: Callable[[], ContentLibrary],
        books: Callable[[], Mapping[str, Phrasebook]],
        checklist: Callable[[], Checklist],
        today: Callable[[], date],
        web: str = "",
    ) -> None:
        """web: address of the chat page, for what can only be fetched there."""
        self.web = web
        self._library = library
        self._books = books
        self._today = today
        self.checklist = checklist

    def book(self, language: str) -> Phrasebook:
        """The phrasebook of a language, or the Vietnamese one."""
        books = self._books()
        return books.get(language) or books["vi"]

    def render(self, says: Iterable[Say], language: str) -> list[OutboundMessage]:
        """The bubbles, in order; a long answer takes several."""
        rows, found = list(says), list[OutboundMessage]()
        for number, say in enumerate(rows, 1):
            bubbles_of = self.one(say["say"], say.get("args") or {}, language, last=number == len(rows))
            if (
                say["say"] in _BUTTONS_OF and found
            ):  # below what was just said it lends its buttons, and is not repeated
                found[-1] = replace(found[-1], choices=found[-1].choices or bubbles_of[-1].choices)
                continue
            found += bubbles_of
        return found

    def one(self, name: str, args: Mapping[str, Any], language: str, *, last: bool = True) -> list[OutboundMessage]:
        """One line or item. Unknown names become the hotline card, never silence. last: nothing is said after it."""
        if name == "foreign_card":
            return self._foreign(language)
        book = self.book(language)
        if language in MAIN_LANGUAGES and any(args.get(key) in book.lines for key in PIECES):
            return self._fitted(name, args, language, last=last)
        special = _SPECIAL.get(name)
        if special is None and composed.has_pieces(book, args):
            return composed.bubbles(book, args, self.item(name, language)[0])
        if name in composed.AGAIN and name in book.lines:
            return [composed.line(book, name, args)]
        if special is not None:
            return [special(self, book, args)]
        if name in book.lines:
            return [self.line(book, name, args)]
        return self.item(name, language, more=bool(args.get("more")), last=last)

    def _fitted(self, name: str, args: Mapping[str, Any], language: str, *, last: bool) -> list[OutboundMessage]:
        """A line or item with the pieces that stand for its general words for this person; see bot.dialogue.emergency.leads."""
        book = self.book(language)
        rest = {key: value for key, value in args.items() if key not in (*PIECES, "whom")}
        found = {key: about(book.lines[str(args[key])], args, book) for key in PIECES if args.get(key) in book.lines}
        whole = found.get("whole")
        if whole is not None:
            kept = self.line(book, str(args["whole"]), rest, whole.choices or None)
            first = replace(kept, text=named(kept.text, args, book), meta={"item": name})
            others: list[OutboundMessage] = []
        else:
            first, *others = self.one(name, rest, language, last=last)
        calls = first.calls
        if lead := found.get("lead"):
            text = led(first.text, lead.text, whole=not replaces_advice(name, str(args["lead"])))
            # Numbers to tap are no help to who cannot call, and a ringing phone may give them away.
            calls = self._calls(text, book) if first.calls and "text" not in str(args["lead"]) else ()
            first = replace(first, text=text)
        if act := found.get("act"):
            first = replace(first, text="\n".join([first.text.partition("\n")[0], act.text]))
        if others:
            asked, near = found.get("ask", Line("")), found.get("near", Line(""))
            text = "\n".join(filter(None, [near.text, asked.text or others[-1].text]))
            others[-1] = replace(others[-1], text=text, choices=asked.choices or others[-1].choices)
        return [replace(first, calls=calls), *others]

    def line(
        self, book: Phrasebook, name: str, args: Mapping[str, Any], choices: Iterable[Choice] | None = None
    ) -> OutboundMessage:
        """A line with its placeholders filled. `choices` replaces the line's own buttons."""
        line = book.lines.get(name) or Line("")
        text = line.text
        for key, value in args.items():  # not str.format: a citizen's braces must stay what they are
            text = text.replace("{" + key + "}", str(value))
        picked = line.choices if choices is None else tuple(choices)
        if args.get("send_now"):  # an urgent tip that says what and where can leave at every question
            picked = (Choice("ans:send", book.lines["send_now"].text), *_one_less(picked))
        calls_in = text
        if args.get("read"):  # a step that comes round again, with what was just written: nobody is answered by a tape
            first, *rest = text.split("\n\n", 1)
            read = book.lines["read"].text.replace("{read}", str(args["read"]))
            text = f"{first}\n\n" + "\n".join([read, *rest])
        return OutboundMessage(
            text=text, choices=picked[:MAX_CHOICES], ask_location=name in _ASK_LOCATION,
            calls=self._calls(calls_in, book) if name.startswith(_ALARMS) else (), meta={"item": name},
        )  # fmt: skip

    def item(self, name: str, language: str, *, more: bool = False, last: bool = True) -> list[OutboundMessage]:
        """A content item: the short answer, or the long one. last: nothing is said after it in this turn."""
        item = self._library().get(name, language, self._today())
        meta = {"item": item.id}
        if more and item.long:
            _, rest = self._alarm(item, self.book(language))
            *first, end = bubbles(f"{rest}\n\n{item.long}" if rest else item.long)
            return [OutboundMessage(text=part, meta=meta) for part in first] + [
                OutboundMessage(text=end, choices=item.long_buttons(), meta=meta)
            ]
        if item.kind is Kind.EMERGENCY or item.id == EMERGENCY_CARD:
            return _noted(self._emergency(item, language, last=last), item)
        return [
            OutboundMessage(
                text=item.short.strip(), choices=item.buttons, image=item.picture, image_alt=item.picture_alt, meta=meta
            )
        ]

    def _emergency(self, item: ContentItem, language: str, *, last: bool) -> list[OutboundMessage]:
        """An alarm: whom to call in one short bubble, and what we need to know in another. No picture: it would push the
        button out of sight. The question is left out where the turn goes on to a question of its own."""
        book, meta = self.book(language), {"item": item.id}
        told, asked = _paragraphs(item)
        if not asked:
            told, _ = self._alarm(item, book)
            asked = book.lines.get(f"where_{item.id}", Line("")).text
        before, _, end = told.rpartition("\n")
        if not asked and before and "?" in end:
            told, asked = before, end
        first = OutboundMessage(text=told.strip(), calls=self._calls(told, book), meta=meta)
        if not (asked and last):
            return [replace(first, choices=item.buttons)]
        return [first, OutboundMessage(text=asked, choices=item.buttons, meta=meta | {"part": "2"})]

    def _alarm(self, item: ContentItem, book: Phrasebook) -> tuple[str, str]:
        """(what an alarm says at once, what its longer answer begins with): whole lines, some fifty syllables at most."""
        short = item.short.strip()
        if item.kind is not Kind.EMERGENCY or _paragraphs(item)[1] or f"where_{item.id}" not in book.lines:
            return short, ""
        lines = short.split("\n")
        kept = 1
        while kept < len(lines) and len(" ".join(lines[: kept + 1]).split()) <= ALARM_WORDS:
            kept += 1
        return "\n".join(lines[:kept]), "\n".join(lines[kept:])

    def _calls(self, text: str, book: Phrasebook) -> tuple[Choice, ...]:
        """The hotlines named in `text`, in its order."""
        named = [(text.find(line.number), line) for line in self._library().hotlines if line.number in text]
        title = book.lines["call_number"].text
        ordered = [line for _, line in sorted(named, key=lambda pair: pair[0])]
        return tuple(Choice(line.dial, title.replace("{number}", line.number)) for line in ordered[:MAX_CALLS])

    def _foreign(self, language: str) -> list[OutboundMessage]:
        """For a language the bot does not hold a conversation in: its own short card, else English and Vietnamese."""
        if language in MAIN_LANGUAGES:
            return self.item("menu", language)
        if self._library().has(EMERGENCY_CARD, language):
            return self.item(EMERGENCY_CARD, language)
        return [*self.item(HOTLINE_CARD, "en"), *self.item(HOTLINE_CARD, "vi")]

    def has_item(self, name: str) -> bool:
        """Whether a button may lead to this item."""
        return self._library().has(name)

    def word(self, book: Phrasebook, value: str) -> str:
        """The words for a code such as 'when:now'; other text as it is."""
        return book.values.get(value, value)


def _noted(bubbles_: list[OutboundMessage], item: ContentItem) -> list[OutboundMessage]:
    """A card that a machine drafted says so, in its own language, under everything else."""
    if item.status is not Status.DRAFT_EMERGENCY or not item.notice:
        return bubbles_
    *first, end = bubbles_
    return [*first, replace(end, text=f"{end.text}\n\n{item.notice}")]


def _paragraphs(item: ContentItem) -> tuple[str, str]:
    """(whom to call, what we need to know) of an emergency card written in two paragraphs; ("", "") of another."""
    told, _, asked = item.short.strip().partition("\n\n")
    return (told, asked.strip()) if item.kind is Kind.EMERGENCY and asked else ("", "")


def _one_less(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Room for one more button. The way back can be typed, and so can the rarest answer; the way on stays a button."""
    if len(choices) < MAX_CHOICES:
        return choices
    less = [choice for choice in choices if choice.id != "ans:back"]
    if len(less) == len(choices):
        less.remove(next((c for c in reversed(less) if not c.id.startswith("ans:")), less[-1]))
    return tuple(less)


def _summary(name: str) -> Callable[[Renderer, Phrasebook, Mapping[str, Any]], OutboundMessage]:
    def render(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
        told = {key: renderer.word(book, str(value)) for key, value in args.items() if key in book.labels}
        rows = "\n".join(f"{book.labels[key]}: {value}" for key, value in told.items())
        facts = args.get("facts") or {}
        kind = "_above" if facts.get("above") else "_again" if facts.get("asked") else ""
        line = book.lines[f"tip_summary{kind or ('' if facts.get('placed') else '_unplaced')}"]
        choices = [_sending(book, choice) if facts.get("urgent") else choice for choice in line.choices]
        text = line.text if name == "tip_summary" else book.lines[name].text
        return OutboundMessage(text=text.replace("{summary}", rows), choices=tuple(choices), meta={"item": name})

    return render


def _after(name: str) -> Callable[[Renderer, Phrasebook, Mapping[str, Any]], OutboundMessage]:
    """A question put after an urgent tip was sent: in short words for who may be seen typing, with the way out under it."""

    def render(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
        form = "_short" if args.get("short") else ""
        asked = book.lines[f"{name}{'_abroad' if args.get('abroad') else ''}{form}"].text
        if args.get("again") and not (
            form or args.get("abroad")
        ):  # in other words; whoever asked something of their own is not played a tape
            asked = book.lines[name.replace("_after", "_again")].text if name in _REWORDED else asked
        before = f"{book.lines[f'tip_after_first{form}'].text}\n\n" if args.get("first") else ""
        return replace(
            renderer.line(book, name, {}),
            text=f"{before}{asked}",
            ask_location=name == "tip_where_after" and not args.get("abroad"),
        )

    return render


def _sending(book: Phrasebook, choice: Choice) -> Choice:
    """In an emergency the answer "not to the commune's police" sends the tip as well: no turn more."""
    return Choice("ans:send_above", book.values["police:send_above"]) if choice.id == "ans:above" else choice


def _unsure(name: str) -> Callable[[Renderer, Phrasebook, Mapping[str, Any]], OutboundMessage]:
    def render(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
        guesses = [Choice(f"intent:{g}", book.intents[g]) for g in args.get("guesses", ()) if g in book.intents]
        own = book.lines[name].choices
        titles = {choice.title for choice in own}
        return renderer.line(book, name, {}, [*(guess for guess in guesses if guess.title not in titles), *own])

    return render


def _pick(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
    place = args.get("place") or {}
    question = place.get("question") or {}
    name = args.get("line") or question.get("line", "tip_pick" if question.get("options") else "tip_pick_commune")
    options = [Choice(str(option["id"]), str(option["title"])) for option in question.get("options", ())]
    unknown = Choice("place:unknown", book.lines["tip_pick_unknown"].text)
    return renderer.line(book, name, {}, [*options[: MAX_CHOICES - 1], unknown])


def _status_report(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
    reason = book.lines.get(f"reason_{args.get('reason')}", Line("")).text
    state = renderer.line(book, f"state_{args['state']}", {"reason": reason}).text
    rows = []
    for entry in args.get("entries", ()):
        name = "status_entry_reporter" if entry["author"] == "reporter" else "status_entry_unit"
        when = datetime.fromtimestamp(entry["at"], VIETNAM).strftime("%d/%m %H:%M")
        told = [entry["text"] or "; ".join(book.values.get(value, value) for _, value in added.rows(entry))]
        if entry.get("files"):
            told.append(renderer.line(book, "status_entry_files", {"count": len(entry["files"])}).text)
        if entry.get("doubtful"):
            told.append(book.lines["status_entry_doubtful"].text)
        rows.append(renderer.line(book, name, {"when": when, "words": " ".join(filter(None, told))}).text)
    entries = "\n".join(rows[-20:]) or book.lines["status_no_entries"].text
    sent = tuple(Attachment(**fields) for fields in args.get("files", ()))
    if sent and not args.get("deliver"):  # only the web page fetches files; the code opens the tip there too
        entries += "\n\n" + renderer.line(book, "status_files_elsewhere", {"web": renderer.web}).text
        sent = ()
    return replace(renderer.line(book, "status_report", {"state": state, "entries": entries}), attachments=sent)


def _status_tip(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
    """The tip as it was sent, in the rows of the read-back."""
    told = {key: renderer.word(book, str(value)) for key, value in args.items() if key in book.labels}
    rows = "\n".join(f"{book.labels[key]}: {value}" for key, value in told.items())
    return renderer.line(book, "status_tip", {"summary": rows})


def _status_sent(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
    """That a message was passed on, and what came of it where it did more than that."""
    how = args.get("how")
    told = renderer.line(book, f"status_sent_{how}" if how else "status_sent", {})
    return replace(told, meta={"item": "status_sent"})


def _offer_report(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
    choices = tuple(Choice(choice, title) for choice, title in args["choices"])
    return OutboundMessage(text=args["text"], choices=choices, meta={"item": f"offer_{args['risk']}"})


def _first(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
    """What was understood, above an answer of another making."""
    return OutboundMessage(text=composed.first(book, args), meta={"item": "composed_first", "part": "1"})


def _screening(name: str) -> Callable[[Renderer, Phrasebook, Mapping[str, Any]], OutboundMessage]:
    def render(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
        checklist, language = renderer.checklist(), book.language
        if name == "screening_opening":
            return OutboundMessage(text=checklist.opening[language], meta={"item": name})
        answers = {key: value for key, value in args.get("answers", {}).items() if not key.startswith("_")}
        question = checklist.next_question(answers)
        if question is None or name == "screening_outcome":
            outcome = checklist.outcome(answers)
            return OutboundMessage(outcome.text[language], tuple(outcome.buttons[language]), meta={"item": name})
        titles = checklist.option_titles
        options = [Choice(f"screen:{o}", titles[o][language]) for o in (*question.options, "skip", "stop")]
        return OutboundMessage(
            question.wording(checklist.about(answers), language), tuple(options), meta={"item": name}
        )

    return render


def _files_named(book: Phrasebook, args: Mapping[str, Any]) -> str:
    """The files of one message that are of one kind, with the time they came where it is known."""
    kind, count, at = args["kind"], int(args["count"]), args.get("at")
    what = book.values[f"file:{kind}"] if count == 1 else f"{count} {book.values[f'files:{kind}']}"
    when = datetime.fromtimestamp(at, VIETNAM).strftime("%H:%M") if at else ""
    return what + (book.values["file:at"].replace("{time}", when) if when else "")


def _as_sent(name: str) -> Callable[[Renderer, Phrasebook, Mapping[str, Any]], OutboundMessage]:
    """What stays in the files of one message; its button is for those of this message alone."""

    def render(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
        what, (own, *_) = _files_named(book, args), book.lines[name].choices
        title = own.title if int(args["count"]) == 1 else book.values["files:drop"].replace("{what}", what)
        return renderer.line(book, name, {"what": what}, [Choice(f"{own.id}:{args['mark']}", title)])

    return render


def _file_dropped(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
    return renderer.line(book, "file_dropped", {"what": _files_named(book, args)})


def _topics_named(book: Phrasebook, topics: Iterable[str]) -> str:
    return ", ".join(book.values[f"topic:{topic}"] for topic in topics) or book.values["topic:all"]


def _sub_topics(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
    chosen = list(args.get("chosen", ()))
    left = [topic for topic in TOPICS if topic not in chosen]
    names = [*left, "done"] if chosen else ["all", *left]
    choices = [Choice(f"sub:topic:{name}", book.values[f"topic:{name}"]) for name in names]
    name = "sub_topics_more" if chosen else "sub_topics"
    return renderer.line(book, name, {"topics": _topics_named(book, chosen)}, choices)


def _sub_age(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
    choices = [Choice(f"sub:age:{age}", book.values[f"age:{age}"]) for age in (*AGES, "none")]
    return renderer.line(book, "sub_age", {}, choices)


def _sub_card(renderer: Renderer, book: Phrasebook, args: Mapping[str, Any]) -> OutboundMessage:
    unknown, language = book.values["sub:not_told"], args["language"]
    told = {
        "topics": _topics_named(book, args["topics"]),
        "place": args["place"] or unknown,
        "age": book.values.get(f"age:{args['age']}", unknown) if args["age"] else unknown,
        "language": book.values[f"lang:{language}"],
    }
    other = "en" if language == "vi" else "vi"
    names = ("sub:topics", "sub:place", "sub:age", f"sub:lang:{other}", "sub:erase")
    return renderer.line(book, "sub_card", told, [Choice(name, book.values[name]) for name in names])


_SPECIAL: dict[str, Callable[[Renderer, Phrasebook, Mapping[str, Any]], OutboundMessage]] = {
    "tip_summary": _summary("tip_summary"),
    "tip_changed": _summary("tip_changed"),
    "tip_confirm_brief": _summary("tip_confirm_brief"),
    "tip_pick": _pick,
    **{
        f"tip_{question}_after": _after(f"tip_{question}_after")
        for question in ("where", "what", "behind", "when", "who", "evidence")
    },
    **{
        f"file_as_sent_{kind}": _as_sent(f"file_as_sent_{kind}")
        for kind in ("image", "audio", "video", "file", "again")
    },
    "file_dropped": _file_dropped,
    "status_report": _status_report,
    "status_sent": _status_sent,
    "status_tip": _status_tip,
    "offer_report": _offer_report,
    "composed_first": _first,
    "screening_opening": _screening("screening_opening"),
    "screening_question": _screening("screening_question"),
    "screening_outcome": _screening("screening_outcome"),
    "sub_topics": _sub_topics,
    "sub_age": _sub_age,
    "sub_card": _sub_card,
    "unsure": _unsure("unsure"),
    "unsure_again": _unsure("unsure_again"),
}
