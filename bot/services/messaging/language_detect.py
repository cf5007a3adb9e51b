"""Language of a message: the script-and-syllable rule first, `langdetect` for what it cannot tell.

`langdetect` is random unless seeded and raises on text without letters; both are taken care of here.
"""

from __future__ import annotations

from langdetect import DetectorFactory, LangDetectException, detect_langs

from bot.core import language, text

_SEED = 7
_ENOUGH = 0.70  # below this langdetect is guessing
_MAX_CHARS = 300
_ALIAS = {"zh-cn": "zh", "zh-tw": "zh"}
# Languages written in Latin letters that people near our borders or in our diaspora write in. langdetect's other guesses
# on short text (Welsh, Somali, Swahili...) are nearly always mistakes.
_PLAUSIBLE = frozenset({"vi", "en", "fr", "de", "es", "it", "pt", "nl", "pl", "cs", "hu", "ro", "ru", "id", "tl", "tr"})


def detect(message: str) -> str:
    """ISO 639-1 code of the message's language ("vi", "en", "km"...), or `language.UNKNOWN`. Never raises."""
    decided = language.rule(message)
    if decided:
        return decided
    DetectorFactory.seed = _SEED
    try:
        guesses = detect_langs(text.clean(message[:_MAX_CHARS]).lower())
    except LangDetectException:
        return language.fallback(message)
    best = guesses[0]
    code = _ALIAS.get(best.lang, best.lang)
    if code in _PLAUSIBLE and best.prob >= _ENOUGH:
        return code
    return language.fallback(message)


def warm() -> None:
    """Load what the first look would load: half a second in which nobody else would be answered."""
    DetectorFactory.seed = _SEED
    detect_langs("so it goes")
