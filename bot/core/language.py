"""Which language a message is in, by script and by syllable: the rule that decides before any statistical detector.

Detectors find only about half of short Vietnamese typed without diacritics and know neither Khmer nor Lao; a look at
the alphabet and at the shape of the syllables does both. Standard library only, Python 3.10-compatible, linear time.
"""

from __future__ import annotations

import re

from bot.core import syllables, teencode, text

UNKNOWN = "und"  # ISO 639-2: undetermined
_READ_CHARS = 1_200  # more does not change the answer

_SCRIPTS = (
    ("km", re.compile("[\u1780-\u17ff\u19e0-\u19ff]")),
    ("lo", re.compile("[\u0e80-\u0eff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("my", re.compile("[\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f]")),
    ("ko", re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")),
    ("ja", re.compile("[\u3040-\u30ff\uff66-\uff9d]")),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff\u0750-\u077f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
)
_LETTER = re.compile(r"[^\W\d_]")
_VIETNAMESE_ONLY = re.compile("[ăđơưĩũ\u1ea0-\u1ef9]", re.IGNORECASE)
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SHARE = 0.3  # of the letters; a message with names in another script is still in its own

_ENGLISH = frozenset(
    re.findall(
        r"[a-z']+",
        """the a an and or but if of to in on at by for from with about into is am are was were be been being do does
        did done have has had i you he she it we they me him her us them my your his its our their mine this that these
        those there here what who whom which when where why how not no yes can could will would shall should may might
        must please pls help thank thanks hello hi hey sorry ok okay want wants need needs know think tell said say says
        ask asked give get got go going went gone come came take taken took make made work working works job jobs money
        pay paid salary company boss people person man men woman women girl girls boy boys child children kid kids
        friend friends sister brother mother father mom dad wife husband family home house room door locked lock
        trapped hotel apartment building police call phone number hotline passport passports papers visa border country
        abroad vietnam vietnamese english speak speaking language understand danger dangerous scared afraid safe safety
        save rescue kidnapped kidnap hostage captive held hold holding keep keeping kept escape run hide hiding beat
        beaten beating hit hurt hurting kill killed killing die dying dead death suicide rape raped abuse abused forced
        force sold sell selling trafficking trafficked traffic victim victims scam scammed scammer online report
        reporting information question questions advice anonymous confidential someone anyone somebody nobody
        everything something nothing anything now today tomorrow yesterday week month year years day days hours ago
        old years' let leave leaving left live living life lost missing find found looking look see saw seen hear heard
        very much many more too so just only still again also really out off over up down back away near next before
        after because then than don't dont can't cant won't wont didn't isn't i'm im i've ive it's they're you're
        let's that's what's good bad nice morning evening night afternoon how's weather today love like send sent
        message text talk chat bot robot human real free secret price cost much long short first last new any some all
        every each other another same one two three four five six seven eight nine ten""",
    )
)
_FRENCH = frozenset(
    re.findall(
        r"[a-zéèêàùçôîœ']+",
        """je tu il elle nous vous ils elles le la les un une des du de et ou mais est suis êtes sont ne pas moi toi mon
        ma mes votre vos leur secours aidez aide bonjour merci besoin peux pouvez veux où ici dans avec pour sur qui
        que quoi comment police enfermée enfermé c'est j'ai s'il plaît danger parle français""",
    )
)


# Frequent Hmong words (RPA, whose last letter is the tone) that are no syllable of Vietnamese, typed or in Telex, and no
# English word. Two different ones, or one in a short line of Hmong-shaped words, are Hmong.
_HMONG = frozenset(
    re.findall(
        r"[a-z]+",
        """kuv koj nws peb nej lawv pab tsis nyob hauv tsev ntxhais txiv hmoob neeg cov thiab muaj qhov tsi raug thov ntawm tuaj txoj
        nyab kom ntaus ntshai phom sij ceev xwm nyuam menyuam xauv rooj kaw muag mus los lub leej txhua txog hnub niaj xyoo xav hais lus
        puas twg vim yuav tsum tau yog nrog ntau dag yuam coj teb suav nplog xov tooj siab paub xwb lawm tsuas ntawd tawm khiav ntes
        cawm txeeb pub rov qab nyiaj""",
    )
)
_HMONG_SURE = _HMONG - frozenset(
    re.findall(r"\w+", "tau yog lus nrog dag coj teb siab muag mus los pub rov kom kaw tsi pab xav")
)
_HMONG_SHAPE = re.compile(
    r"^(?:h?[nm]?(?:p|ph|pl|plh|t|th|ts|tsh|tx|txh|k|kh|q|qh|c|ch|r|rh|d|dh)|h?[mnl]|hny|ny|h|s|sh|x|xy|y|z|f|v|g|w)?h?l?"
    r"(?:aa|ai|au|aw|ee|ia|oo|ua|a|e|i|o|u|w)[bjvsgmd]?$"
)

_LOANS = frozenset({"ok", "okay", "hi", "hello", "bye", "sorry", "thanks", "hotel", "online", "job", "boss"})
# Particles that end Vietnamese sentences, English ones too: "ok see you nha".
_PARTICLES = frozenset(
    re.findall(r"\w+", "nha nhe nhé ạ a vay vậy nhi nhỉ ha hả ne nè nghen voi với di đi khong không ko k vs")
)
_NAMES = (
    ("hmn", r"h?mong|hmoob|meo"), ("km", r"khmer|kho me|kho mer|mien|campuchia"), ("lo", r"lao"), ("zh", r"trung(?: quoc)?|hoa|tau"),
    ("my", r"mien dien|myanmar"), ("th", r"thai lan"), ("en", r"anh|english"), ("vi", r"viet"),
)  # fmt: skip
_WANTS_LANGUAGE = re.compile(
    r"(?:^|\b(?:cho|noi|doc|bang|co|viet|muon|can|xin|dung|tra loi|nghe|biet|chuyen|doi)\b)(?: \w+){0,4}? ?\btieng (?:\w+ ?){1,2}"
)
_NOT_A_WISH = re.compile(
    r"\b(?:so nao|so may|tong dai|ai|tranh|tai lieu|gap|hoc|day|thi|bai|phim|truyen|giao vien|30"
    r"|ho|bon|chung( no)?|no|chu|ong chu|ba chu|nguoi ta|toan|voi nhau|nghe|khong tot|gioi|kem)\b"
    r"|\bkhong (?:biet|hieu|noi)(?: duoc)? tieng (?!viet)"
)
_NO_VIETNAMESE = re.compile(r"\bkhong (?:biet|hieu|noi|doc)(?: \w+){0,2} tieng viet\b")
_WANTS_IN_ENGLISH = re.compile(
    r"^(?:(?:hello|hi|sorry|please|can|could|do|does|you|u|anyone|somebody|i|we|want|need|would|like|to|speak|talk|read|write|have|in|use|switch"
    r"|change|answer|reply|me|it|is|there|the|a|card|version|language|this|bot) )*"
    r"(?P<name>english|vietnamese|hmong|khmer|cambodian|lao|laotian|chinese|mandarin|burmese|myanmar|thai)"
    r"(?: (?:please|pls|version|card|language|here|possible|ok|now))*$"
)
_ENGLISH_NAMES = {
    "english": "en", "vietnamese": "vi", "hmong": "hmn", "khmer": "km", "cambodian": "km", "lao": "lo", "laotian": "lo", "chinese": "zh",
    "mandarin": "zh", "burmese": "my", "myanmar": "my", "thai": "th",
}  # fmt: skip
# First words of other languages typed in Latin letters by people without the keyboard at hand.
_ROMANISED = tuple(
    (code, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for code, words in (
        ("zh", r"ni ?hao|xie ?xie|qing wen|wo shi|zhong ?wen|jiu ming"),
        ("th", r"sawa(?:t|s)?d(?:ee|i)|sawasdee|khob? ?khun|khrap|phut thai|chuay duay"),
        ("lo", r"sa ?ba(?:i|y) ?d(?:ee|i)|khop ?chai|khoy khon|khon lao"),
        ("km", r"suos?d(?:e|a)y|sous?dey|chum ?reap|aw?kun|khnhom|khnyom|knhom"),
        ("my", r"mingala(?:r)?ba|mingalabar|kyay ?zu"),
        ("ko", r"annyeong(?:haseyo)?|kamsahamnida|gamsahamnida|dowajuseyo"),
        ("ja", r"konn?ichiwa|arigato[u]?|tasukete|sumimasen|ohayo[u]?"),
    )
)


def by_script(message: str) -> str:
    """The language whose own alphabet the message is mostly written in, or ""; Latin letters give ""."""
    letters = len(_LETTER.findall(message)) or 1
    counts = {code: len(pattern.findall(message)) for code, pattern in _SCRIPTS}
    if counts["ja"] and counts["ja"] * 8 >= counts["zh"]:
        counts["ja"] += counts["zh"]
        counts["zh"] = 0
    code = max(counts, key=lambda name: counts[name])
    # Combining vowels of Khmer, Thai... are not "letters", so the share is taken of whichever count is larger.
    return code if counts[code] >= 1 and counts[code] >= _SHARE * max(letters, counts[code]) else ""


def _is_vietnamese(folded: str) -> bool:
    if syllables.is_syllable(folded) or syllables.squeeze(folded) in syllables.LEGAL:
        return True
    return folded in teencode.SLANG and folded not in _ENGLISH


def rule(message: str) -> str:
    """The language by script and syllables: "vi", "en", "km"..., `UNKNOWN` when there are no letters, "" when unsure."""
    message = text.clean(message[:_READ_CHARS])
    script = by_script(message)
    if script:
        return script
    words = [word.lower() for word in _LATIN_WORD.findall(message)]
    if not words:
        return UNKNOWN
    if not any(_VIETNAMESE_ONLY.search(word) for word in words):
        for code, pattern in _ROMANISED:
            if pattern.search(message):
                return code
        if _is_hmong(words):
            return "hmn"
    return _latin(words)


def asked_for(message: str) -> str:
    """The language somebody asks to be answered in ("cho tôi tiếng Mông", "do you speak Hmong"), among those we have, or ""."""
    folded = " ".join(text.fold(text.clean(message[:200])).replace("'", "").split())
    in_english = _WANTS_IN_ENGLISH.match(re.sub(r"[^a-z ]", "", folded))
    if in_english:
        return _ENGLISH_NAMES[in_english["name"]]
    folded = _NO_VIETNAMESE.sub("", folded)
    found = None if _NOT_A_WISH.search(folded) else _WANTS_LANGUAGE.search(folded)
    return next((code for code, name in _NAMES if found and re.search(rf"\b(?:{name})\b", found[0])), "")


def _is_hmong(words: list[str]) -> bool:
    sure = {word for word in words if word in _HMONG_SURE}
    known = {word for word in words if word in _HMONG}
    shaped = sum(bool(_HMONG_SHAPE.match(word)) for word in words)
    if shaped * 10 < len(words) * 6:
        return False
    return len(sure) >= 2 or (len(sure) == 1 and len(known) >= 2) or (len(words) == 1 and words[0] in {"hmoob"})


def _latin(words: list[str]) -> str:
    """Tell "vi", "en" and "fr" apart, or "" when none fits."""
    only_vietnamese = sum(bool(_VIETNAMESE_ONLY.search(word)) for word in words)
    folded = [text.fold(word) for word in words]
    vietnamese = [_is_vietnamese(word) for word in folded]
    english = [word in _ENGLISH for word in folded]
    sure_vi = sum(v and not e for v, e in zip(vietnamese, english, strict=True))
    sure_en = sum(e and not v and w not in _LOANS for v, e, w in zip(vietnamese, english, words, strict=True))
    total = len(words)
    if only_vietnamese * 4 >= total or (only_vietnamese and sum(vietnamese) * 2 >= total):
        return "vi"
    if 2 < total <= 10 and words[-1] in _PARTICLES and (sum(vietnamese) >= 2 or words[-1] not in _ENGLISH):
        return "vi"
    if total <= 2:
        return "en" if total == 2 and all(english) and sure_en else "vi"
    french = sum(word in _FRENCH and not e for word, e in zip(words, english, strict=True))
    if french * 2 >= total and french > sure_vi:
        return "fr"
    if sum(english) * 10 >= total * 6 and sure_en >= sure_vi and not (sure_vi >= 2 and sure_vi == sure_en):
        return "en"
    repaired = sum(v or bool(syllables.telex(f)) for v, f in zip(vietnamese, folded, strict=True))
    if sure_vi >= sure_en and sure_vi and max(sum(vietnamese), repaired) * 10 >= total * 6:
        return "vi"
    return ""


def is_vietnamese(message: str) -> bool:
    """True when the rule is sure of Vietnamese by several words, not by default because the message is short."""
    return len(_LATIN_WORD.findall(message[:_READ_CHARS])) >= 3 and rule(message) == "vi"


def fallback(message: str) -> str:
    """The likelier of Vietnamese, English and unknown, for when the rule is unsure and no detector is at hand."""
    words = [text.fold(word) for word in _LATIN_WORD.findall(text.clean(message[:_READ_CHARS]).lower())]
    if not words:
        return UNKNOWN
    vi = sum(_is_vietnamese(word) and word not in _ENGLISH for word in words)
    en = sum(word in _ENGLISH and not _is_vietnamese(word) for word in words)
    if vi >= en and vi * 3 >= len(words):
        return "vi"
    return "en" if en * 3 >= len(words) else UNKNOWN
