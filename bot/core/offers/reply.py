"""What a person reads after the check: the signs in their own words, why they matter, what to ask, what to do next."""

from __future__ import annotations

from bot.core.messages import Choice
from bot.core.offers.check import Verdict
from bot.core.offers.signals import SignalBook

MAX_SIGNS = 5  # more would hide the ones that matter
MAX_QUESTIONS = 3
_DO = {"high": "do_high", "medium": "do_medium", "low": "do_low", "unclear": "do_unclear"}
_BUTTONS = {
    "vi": {
        "do:report_tip": "Báo tin kín về lời mời này",
        "do:check_offer": "Kiểm tra lời mời khác",
        "say:emergency_in_danger": "Tôi đang bị giữ",
        "say:safe_migration": "Đi làm xa an toàn",
        "say:hotline_card": "Số gọi khẩn cấp",
    },
    "en": {
        "do:report_tip": "Report this offer in confidence",
        "do:check_offer": "Check another offer",
        "say:emergency_in_danger": "I am being held",
        "say:safe_migration": "Leaving for work safely",
        "say:hotline_card": "Emergency numbers",
    },
}
_OFFERED = {
    "high": ("do:report_tip", "say:emergency_in_danger", "do:check_offer", "say:hotline_card"),
    "medium": ("do:report_tip", "do:check_offer", "say:safe_migration", "say:hotline_card"),
    "low": ("say:safe_migration", "do:check_offer", "do:report_tip"),
    "unknown": ("do:check_offer", "do:report_tip", "say:hotline_card"),
}


def reply_text(verdict: Verdict, book: SignalBook, language: str) -> str:
    """The answer as plain text, under 2,000 characters. Other languages than vi and en read English."""
    language = language if language in _BUTTONS else "en"
    words = {key: text[language] for key, text in book.replies.items()}
    answer = _answer(verdict)
    parts = [words[answer]]
    if verdict.flags:
        rows = [
            f"• {flag.signal.title[language]}: “{flag.quote}”. {flag.signal.why[language]}"
            for flag in verdict.flags[:MAX_SIGNS]
        ]
        parts.append("\n".join([words["signs"], *rows]))
    if answer in _DO:
        asked = verdict.questions(language, MAX_QUESTIONS)
        parts.append("\n".join([words["ask"], *(f"{i}. {q}" for i, q in enumerate(asked, 1))]))
        parts.append(words[_DO[answer]])
    return "\n\n".join(parts)


def _answer(verdict: Verdict) -> str:
    """The key of the opening words: an offer without clear signs is another thing than no offer at all."""
    if verdict.kind == "warning":
        return "warning"
    return "unclear" if verdict.risk == "unknown" and verdict.kind == "offer" else verdict.risk


def reply_choices(verdict: Verdict, language: str) -> tuple[Choice, ...]:
    """Next steps under the answer; the first turns the advert into a tip when the risk is medium or high."""
    titles = _BUTTONS.get(language, _BUTTONS["en"])
    return tuple(Choice(id_, titles[id_]) for id_ in _OFFERED[verdict.risk])
