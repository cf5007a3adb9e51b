"""What a Vietnamese syllable can look like once its diacritics are gone, and repairs that rely on it.

A keyboard left in the wrong mode sends raw Telex ("tooi muoons bao") or raw VNI ("to6i muo6n1 ba1o"). A token is
repaired only where the result is a legal syllable and the raw form is not, so other words are left alone.
Standard library only, Python 3.10-compatible.
"""

from __future__ import annotations

import re

_ONSETS = ("", *re.findall(r"\w+", "b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"))
_RIMES = frozenset(
    re.findall(
        r"\w+",
        """a ac ach ai am an ang anh ao ap at au ay e ec em en eng eo ep et eu ech enh i ia ich iec iem ien ieng iep iet
    ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong oong ooc
    op ot u ua uan uang uat uay uc ue uech uenh ui um un ung uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen
    uyet uynh uyt uyu uya uo y ya yem yen yeng yet yeu""",
    )
)
_FRONT = ("e", "i", "y")  # k, gh and ngh stand only before these


def _allowed(onset: str, rime: str) -> bool:
    if onset in ("k", "gh", "ngh"):
        return rime[0] in _FRONT
    if onset == "qu":
        return rime[0] in "aeioy" and rime not in ("ia", "iem", "iep", "ieu", "iu")
    if onset == "gi":
        return not rime.startswith("i")
    return True


# "gi" alone, "gin", "giet", "gieng": the i of the onset doubles as the vowel and is covered by onset "g" + rime "i...".
LEGAL = frozenset(onset + rime for onset in _ONSETS for rime in _RIMES if _allowed(onset, rime))

# Looks like Telex plus a legal syllable ("this" -> thí), and is plain English: never repaired.
_ENGLISH = frozenset(
    re.findall(
        r"\w+",
        """is as us this thus his has was hers yes bus gas its lets of if for or her our your their sir car far bar war
    are tour door poor floor good food soon moon room book look been see need free three tree meet week deep keep feel
    seen green too zoo two who how now low know show slow own down town law saw raw few new view box fix six tax mix
    sex fox max add loss less pass boss miss kiss class off staff aid bad help them then than from dog dogs men mens
    cars boys guys girls days ways news lies dies does goes shoes toes ties tips trips ships shops lots dots hits bits
    hour hours over ever never were where there here more store score care share hair pair chair air fair power tower
    hotel haws laws rows cows anywhere after under other mother father water paper offer error""",
    )
)
_STRONG_TELEX = re.compile(r"aa|ee|oo|dd|aw|ow|uw")
_TELEX_SHAPES = (
    ("uow", "uo"),
    ("aa", "a"),
    ("ee", "e"),
    ("oo", "o"),
    ("dd", "d"),
    ("aw", "a"),
    ("ow", "o"),
    ("uw", "u"),
)
_VNI = re.compile(r"^[a-z]+[1-9][a-z1-9]*$")


def is_syllable(folded: str) -> bool:
    """True when a folded token (lower case, no diacritics) is a legal Vietnamese syllable without its tone."""
    return folded in LEGAL


def _untelex(token: str) -> str:
    for raw, plain in _TELEX_SHAPES:
        token = token.replace(raw, plain)
    if "w" in token:
        token = token.replace("w", "" if re.search("[aou].*w", token) else "u")
    return token


def telex(folded: str) -> str:
    """The folded syllable that raw Telex keystrokes meant, or "" when the token is not safely Telex."""
    if not 2 <= len(folded) <= 9 or folded in LEGAL or folded in _ENGLISH or not folded.isascii():
        return ""
    candidates = [folded]
    for index in range(len(folded) - 1, 0, -1):
        if folded[index] in "sfrxj":
            candidates.append(folded[:index] + folded[index + 1 :])
    for candidate in candidates:
        plain = _untelex(candidate)
        if plain != folded and len(plain) >= 2 and plain in LEGAL:
            return plain
    return ""


def is_strong_telex(folded: str) -> bool:
    """True when a doubled vowel, dd, ow... gives Telex away, not only a final tone letter."""
    return bool(_STRONG_TELEX.search(folded)) and bool(telex(folded))


def vni(folded: str) -> str:
    """The folded syllable that raw VNI keystrokes meant, or "". "quan1" also matches: callers ask for company."""
    if not 3 <= len(folded) <= 10 or not _VNI.match(folded):
        return ""
    plain = "".join(c for c in folded if not c.isdigit())
    return plain if len(plain) >= 2 and plain in LEGAL and len(folded) - len(plain) <= 2 else ""


def is_strong_vni(folded: str) -> bool:
    """True when a VNI digit stands inside the token ("muo6n1", "d9i"), which house and ward numbers never do."""
    return bool(vni(folded)) and any(c.isdigit() for c in folded[:-1])


def squeeze(folded: str) -> str:
    """Letters held down: "cuuuuu" -> "cuu", "oiiii" -> "oi". Doubles stay where the syllable allows them."""
    if folded in LEGAL:
        return folded
    twice = re.sub(r"(.)\1{2,}", r"\1\1", folded)
    once = re.sub(r"(.)\1+", r"\1", folded)
    if twice in LEGAL and twice != folded:
        return twice
    if once in LEGAL:
        return once
    return re.sub(r"(.)\1{2,}", r"\1", folded)
