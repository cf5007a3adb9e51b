"""How many people are in danger, from what is said of them: "3 đứa", "em với 2 bạn nữa", "có mình nó". Pure; Python 3.10-compatible.

Read only in words about those in danger: "nhóm 5 thằng" are the others. A guess, shown at the read-back and put right there.
The words are content/interview/counting.yml and common.yml.
"""

from __future__ import annotations

import re

from bot.core.text import CAPITAL, fold
from bot.phrases.books import book
from bot.phrases.numbers import BARE, COMMON, INSIDE, NUMBERS, any_of

_BOOK, _COMMON = book("interview/counting"), book(COMMON)
_WHO = (
    f"(?:{_COMMON.part('persons_counted_marked')}|{_COMMON.part('persons_counted_bare')}"
    f"|{_COMMON.part('persons_counted')}|{_COMMON.bare('persons_counted')})"
)
_NUMBER = rf"(?P<n>\d{{1,3}}|{any_of(NUMBERS, 1)}|{any_of(BARE, 1)})"
_COUNT = re.compile(
    rf"(?<![\w.,/])(?P<lead>(?:[^\W\d]+[,;.]?\s+){{0,3}}?){_NUMBER}\s+(?P<who>{_WHO})(?!\w)"
    rf"(?=(?P<tail>(?:\s+(?!{_BOOK.part('listed_with')}(?!\w))[^\W\d]\w*){{0,4}}))"
)
_TOTAL = re.compile(
    rf"{_BOOK.part('total')}\s+(?:{_BOOK.part('total_is')}\s+)?{_NUMBER}(?!\w)"
    rf"|{_BOOK.part('before_total')}?\s*(?<!\w)(?P<m>\d{{1,3}})\s+(?:\w+\s+)?{_BOOK.part('total_after')}"
    rf"|(?<!\w){_BOOK.part('summed')}\s+{_BOOK.part('makes')}\s+(?P<k>\d{{1,3}})(?:\s+{_WHO})?(?=\W*$|\s*[,.;])"
)
_AND_MORE = re.compile(
    rf"{_BOOK.part('with_number')}\s+{_NUMBER}\s+{_WHO}(?!\w)"
    rf"|{_NUMBER.replace('<n>', '<o>')}\s+{_WHO}\s+(?:\w+\s+)?{_BOOK.part('more_after')}"
)
_PART = _BOOK.anywhere("part")  # what follows is counted already
_MORE = _BOOK.anywhere("more")
_AND = _BOOK.anywhere("and")
_ONE_WORD = frozenset(_BOOK.entries("one_word"))
_STILL, _YEAR = _BOOK.entries("still"), frozenset(_BOOK.entries("year"))
_NOT_A_NUMBER, _DATED = _BOOK.entries("not_a_number"), _BOOK.entries("dated")
_BESIDES = _BOOK.anywhere("besides")
# "với thằng em họ", "có thêm chị gái nào", "đứa nữa": one more, without a number.
_ONE_MORE = _BOOK.begun("one_more")
_ALONE = _BOOK.anywhere("alone")
# One person, told by a name, an age, a kinship: "ten Lan, 19 tuoi", "con gái tui", "nó".
_ONE = _BOOK.anywhere("one")
_AGE = _BOOK.anywhere("age")
_SEVERAL, _BOTH = _BOOK.words("several"), _BOOK.words("both")
_LEFT = _BOOK.anywhere("left")
# "con với thằng Tí": whoever writes is one of them, and all are named here.
_MYSELF_AND = _BOOK.anywhere("myself_and")
# "vợ chồng em", "bà cháu tui": two, without a number.
_PAIR = _BOOK.anywhere("pair")
_KINDS = tuple(tuple(re.compile(rf"(?<![\w.,/])(\d{{1,3}}|{any_of(BARE, 1)}) {_BOOK.bare(name)}\b") for name in names)
               for names in (("men", "women"), ("grown_ups", "children")))  # fmt: skip
_TENS = re.compile(
    rf"(?<!\w)(?:(?:(?P<t>\d|{any_of(NUMBERS, 2)}|{any_of(BARE, 2)})\s+)?{_BOOK.part('tens')}|{_BOOK.part('ten')})"
    rf"(?:\s+(?P<o>{any_of(NUMBERS, 1, 9)}|{any_of(BARE, 1, 9)}|{'|'.join(_COMMON.entries('five_inside'))}))?(?!\w)"
)
_JOINED = re.compile(rf"\s+{_BOOK.part('listed_with')}\s+|\s*[+&]\s*", re.IGNORECASE)
_LEAST_LISTED = 2
_CAPITAL = rf"{CAPITAL}[^\W\d_]*"
_PERSON_NAMED = re.compile(
    rf"(?:(?i:{_BOOK.part('titles')})\s+){{0,3}}{_CAPITAL}(?:\s+{_CAPITAL}){{0,3}}(?:\s+(?i:{_BOOK.part('of_somebody')}))*"
)
_KIN = re.compile(rf"{_BOOK.bare('kin_alone')}(?: {_BOOK.bare('of_somebody')})*")
_OF_THE_SAME = _BOOK.anywhere("of_the_same")
_DESCRIBES = _BOOK.begun("describes")
_CALLED = _BOOK.anywhere("called")
_REST = _BOOK.anywhere("rest")
# "chung phòng 6 người": a room that holds so many, and no room of that number.
_HOLDS, _COUNTED_ALWAYS = _BOOK.entries("holds"), frozenset(_BOOK.entries("counted_always"))
# "có mình con Nhu thôi, à khoan, còn con Tý nữa": what follows puts right what stands before.
_ON_SECOND_THOUGHT = _BOOK.anywhere("second_thought")
# "vợ chồng tôi với 3 người trong làng là 5": what was told one by one, and at last the sum.
_SUM_AT_LAST = re.compile(
    rf"(?<!\w){_BOOK.part('makes')}\s+{_NUMBER}(?:\s+{_WHO})?(?:\s+{_BOOK.part('total_after')})?(?=\W*$|\s*[,.;\n])"
)
_MOST_UNCOUNTED = 3  # people of a sum that were told without a number: "tôi", "thêm đứa cháu", "vợ tôi"
_INSIDE_SENTENCE = re.compile(r"\w\s+$")  # a capital there is of a name: "dang o Con Dao"
_TITLED = re.compile(rf"(?<!\w)(?i:{_BOOK.part('titles')})\s+{_CAPITAL}(?:\s+{_CAPITAL}){{0,3}}")
_CHILD_AFTER = " con"
_FATHER, _PARENT = "ba", frozenset(_BOOK.entries("parent"))
_OWN_CHILD, _FATHER_AFTER = frozenset(_BOOK.entries("own_child")), frozenset(_BOOK.entries("father_after"))
_FATHER_DOES, _MOTHER_BESIDE = _BOOK.begun("father_does"), _BOOK.anywhere("mother_beside")
_MOST = 500


def count(words: str, known: int | None = None) -> int | None:
    """The number of people `words` speak of, given how many were spoken of before; None where they say nothing of it.

    Whoever thinks again ("à khoan, còn con Tý nữa") is heard in that order.
    """
    folded = fold(words)
    again = _ON_SECOND_THOUGHT.search(folded) if len(folded) == len(words) else None
    if again and any(char.isalnum() for char in words[: again.start()]):
        first = _count(words[: again.start()], known)
        return _count(words[again.end() :], first or known) or first
    return _count(words, known) or (1 if not known and _one_name(words) else None)


def _count(words: str, known: int | None) -> int | None:
    said = _in_digits(_without_parts(words.lower()))
    folded = fold(said)
    if _ALONE.search(folded) and not (_ONE_MORE.search(folded) or _AND_MORE.search(said)):
        return 1
    if total := _TOTAL.search(said):
        return _in_bounds(_value(total["n"] or total["m"] or total["k"]))
    if number := _sum_at_last(said):
        return _in_bounds(number)
    base, added = 0, 0
    for match in _COUNT.finditer(said):
        number, lead = _value(match["n"]), match["lead"].rstrip()
        one = match["n"] in _ONE_WORD
        if _no_number(match):
            continue
        still, left = lead.endswith(_STILL), bool(_LEFT.search(fold(lead)))
        before = fold(said[: match.start("n")])
        more = bool(_MORE.search(fold(match["tail"]))) or bool(_AND.search(fold(lead)))
        # "cháu tên Thắm, còn hai đứa bạn" are three, "11 đứa, giờ còn 7 đứa" are seven
        more = more or (still and not left and base <= 1 and bool(base or known == 1 or _named_one(before)))
        if one and not more and base:
            continue  # "10 người, có một bé gái"
        if more:
            added += number
        elif added and number == 1 + added:
            return number  # "thằng con tui với một đứa bạn nữa, 2 đứa": the sum, said again
        else:
            base = number if left else max(base, number)  # "chở 11 đứa, giờ còn 7 đứa"
    both, besides = _both_kinds(folded)
    if both > base:
        base, added = both, besides
    listed = 0 if base else _listed(words)
    if listed > 1 + added:
        return _in_bounds(max(listed + (added if added else 0), known or 0))
    if not (base or added):
        pair = 2 * _pairs(said)
        return _in_bounds(pair + _more(folded)) if pair else _singles(folded, known)
    if base == 1 and not added:
        added = _more(folded)
    if base:
        return _in_bounds(base + added if not known or base + added > known else known)  # fewer: some of them
    return _in_bounds((1 if _named_one(folded) or not known else known) + added)


def _one_name(words: str) -> bool:
    """Whether words name one person alone, with what they are called before the name: "em Giàng Thị Sua, học sinh lớp tôi"."""
    called = [
        m[0] for m in _TITLED.finditer(words) if m[0][0].islower() or not _INSIDE_SENTENCE.search(words[: m.start()])
    ]
    return not words.isupper() and len({fold(name).split()[-1] for name in called}) == 1


def _pairs(said: str) -> int:
    """How many pairs are told without a number; "mẹ còn nằm đó" is none."""
    for still in _STILL:
        said = said.replace(still, " , ")
    return len(_PAIR.findall(fold(said)))


def _sum_at_last(said: str) -> int:
    """The sum said after those it is made of; 0 where it is none of what stands before it ("sinh năm là 5")."""
    for match in _SUM_AT_LAST.finditer(said):
        before = said[: match.start()]
        counted = [_value(found["n"]) for found in _COUNT.finditer(before) if not _no_number(found)]
        counted += [2] * _pairs(before)
        number = _value(match["n"])
        if counted and max(counted) < number <= sum(counted) + _MOST_UNCOUNTED:
            return number
    return 0


def _in_digits(said: str) -> str:
    """Numbers above ten in digits: "mười lăm" 15, "hai chục" 20, "chục" 10; the rest as it was."""
    return _TENS.sub(_tens, said)


def _tens(match: re.Match[str]) -> str:
    tens = _value(fold(match["t"])) if match["t"] else 1
    ones = fold(match["o"] or "")
    return str(10 * tens + ((BARE | INSIDE).get(ones, 0) if ones else 0))


def _both_kinds(folded: str) -> tuple[int, int]:
    """(both, besides) of "ba nam hai nữ", "4 người lớn 2 trẻ em": men and women, grown-ups and children are counted together,
    and those told besides ("2 gái 1 trai, còn 1 đứa nhỏ xíu") apart. (0, 0) where not both are told."""
    for pair in _KINDS:
        one, other = (sum(map(_value, pattern.findall(folded))) for pattern in pair)
        if one and other:
            more = _AND_MORE.search(pair[1].sub(" ", pair[0].sub(" ", folded)))
            return one + other, _value(more["n"] or more["o"]) if more else 0
    return 0, 0


def _listed(words: str) -> int:
    """How many are named one by one: "Thảo, Vy và Ngân", "em với chị gái em". 0 where it is no such list."""
    parts = _JOINED.split(words)
    if len(parts) < _LEAST_LISTED or any(_OF_THE_SAME.search(fold(part)) for part in parts[:-1]):
        return _named_with_age(words)
    items = [item.strip() for part in parts for item in re.split(r"[,\n;]", part) if item.strip()]
    persons = [bool(_PERSON_NAMED.fullmatch(item) or _KIN.fullmatch(fold(item))) for item in items]
    told = [person or bool(_DESCRIBES.match(fold(item))) for person, item in zip(persons, items, strict=True)]
    return sum(persons) if all(told) else 0


def _named_with_age(words: str) -> int:
    """ "em tên Hà 15t, bạn em tên Nhi 16t": each with a name and an age."""
    folded = fold(words)
    names, ages = len(_CALLED.findall(folded)), len(_AGE.findall(folded))
    return names if names == ages >= _LEAST_LISTED else 0


def speaks_of_the_rest(words: str) -> bool:
    """Whether words speak of others beside those they count: "mấy người kia", "mấy đứa còn lại"."""
    return bool(_REST.search(fold(words)))


def is_sure(words: str) -> bool:
    """Whether words give a number of people, or say that it is one alone: later words that merely speak of somebody do not change it."""
    said = _in_digits(words.lower())
    if _ALONE.search(fold(said)) or _TOTAL.search(said):
        return True
    return any(_value(found["n"]) > 1 and not _no_number(found) for found in _COUNT.finditer(said))


def adds(words: str) -> bool:
    """Whether words say that there is one more, or more of them, than was said before: "còn một đứa nữa", "thêm thằng em nó"."""
    return bool(_AND_MORE.search(words.lower()) or _BESIDES.search(fold(words)))


def tells_besides(words: str) -> bool:
    """Whether words say of those they count that they are others than before: "còn một đứa nữa", "thêm thằng em nó"."""
    return bool(_BESIDES.search(fold(words)))


def _no_number(found: re.Match[str]) -> bool:
    """ "sinh năm", "tháng 5 con nhớ": no number of people."""
    lead = found["lead"].rstrip()
    if lead.endswith(_HOLDS) and found["who"] in _COUNTED_ALWAYS:
        return False
    if fold(found["n"]) == _FATHER and found["who"] in _PARENT:
        return not found["tail"].startswith(_CHILD_AFTER)  # "ba mẹ nó", but "ba mẹ con"
    if fold(found["n"]) == _FATHER and fold(found["who"]) in _OWN_CHILD and _is_father(found, fold(lead)):
        return True
    return (found["n"] in _YEAR and lead.endswith(_NOT_A_NUMBER)) or lead.endswith(_DATED)


def of_a_father(words: str) -> bool:
    """Whether words speak of the father of whoever tells ("ba con nhậu xỉn"): no three people, and seldom who is in danger."""
    found = _COUNT.finditer(words)
    return any(fold(one["n"]) == _FATHER and fold(one["who"]) in _OWN_CHILD and _no_number(one) for one in found)


def _is_father(found: re.Match[str], lead: str) -> bool:
    """Whether "ba em" is the father of whoever tells: by what he does, by what leads up to him, by a mother told beside him."""
    return bool(
        _FATHER_DOES.match(fold(found["tail"]).strip())
        or lead.split(" ")[-1] in _FATHER_AFTER
        or _MOTHER_BESIDE.search(fold(found.string))
    )


def _without_parts(words: str) -> str:
    """Without what is counted within the number said before: "8 người, trong đó 3 nữ"."""
    folded = fold(words)
    part = _PART.search(folded)
    if part is None or len(folded) != len(words) or not _COUNT.search(words[: part.start()]):
        return words
    return words[: part.start()]


def _singles(folded: str, known: int | None) -> int | None:
    """Nobody is counted: one person is spoken of, or one and another."""
    more = _more(folded)
    if _SEVERAL.search(folded) and not (more and _BOTH.search(folded)):
        return None
    if more and _MYSELF_AND.match(folded):
        return max(known or 0, 1 + more)
    if more:
        return _in_bounds((known or 1) + more) if not _named_one(folded) or known else 1 + more
    if not known and _named_one(folded):
        return 1
    return None


def _more(folded: str) -> int:
    """How many more are told without a number."""
    return len(_ONE_MORE.findall(folded))


def _named_one(folded: str) -> re.Match[str] | None:
    return _ONE.search(folded) if len(_AGE.findall(folded)) <= 1 else None


def _in_bounds(number: int) -> int | None:
    return number if 0 < number <= _MOST else None


def _value(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS.get(word) or BARE[word]
