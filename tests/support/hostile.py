"""Texts made to be slow to read, and a way to tell growth from a slow machine: CPU of one size against another's."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator

SMALL, LARGE = 1_000, 4_000  # characters; LARGE is the longest text a citizen may send
WORTH_A_LOOK = 0.02  # seconds of CPU; below it nobody waits, and the clock is too coarse for a ratio
MOST_GROWTH = 8.0  # four times the text: 4 is linear, 16 is quadratic

# Each is repeated to fill the text. What stands in a run makes a reader try every beginning of it.
UNITS = (
    " ", "\n", "\t", "\xa0", "\u3000", " \n", "a", "ă", "é", "0", "9", "84912345678", "0912345678 ", "1 2 3 4 ", "1,",
    "1.", "1-", "1/", "1 ", "1  ", "1_", "1·", "1\u202f", "１", "٣", "①", "\u2074", "😀", "🆘", "😭",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u200b", "́", "é", "ậ", "\u200d", "\u202e", "(", ")", "[", "((",
    "()", "'", "\u2019", "\"", ".", ",", "-", "_", "@", "@a", "@a.", "#", "/", "\\", "*", "**", "{", "{next}", "<",
    "&amp;", "www.", "http://", "https://a.b/c ", "t.me/", "zalo.me/", "fb.com/", "a.", "a.b ", "a@b.c ", "ab-",
    "stk ", "stk 1", "tk 1 2 3 4 5 x ", "so tai khoan ", "51F-12345 ", "51F", "29A ", "haha", "hhh", "kkk", "kakaka",
    "aaaa ", "cuuuu ", "dd", "aw", "uow", "a1", "a1b2", "xa4 ", "xax ", "uwow ", "tan an ", "ba dinh ", "phuong ",
    "xa ", "p1 q2 ", "ward ", "city ", "ward\n", "tinh ", "o ", "thanh pho ", "khong ", "ko ", "k ", "dung ", "stop ",
    "thoi ", "xin ", "please ", "tu tu ", "từ từ ", "chet ", "cuu ", "cuu em ", "bi nhot ", "lua dao ", "biet ",
    "dau hieu ", "giao vien ", "15 tuoi ", "30-40tr/thang, ", "lương 30tr ", "20 triệu ", "$ ", "vay ", "trong ",
    "di lam ", "viec nhe luong cao ", "con ", "em ", "be ", "ma cua em la ", "campuchia ", "cam", "ก", "ខ", "漢", "И",
    "số em ", "50tr/tháng ", "xã An Phú, huyện A, tỉnh B, ",
    "α", "x ", "xy ", "x\n", "?", "? ", "!", "\u2026", "a?", "co gi khong ", "a b c d ", "Aa", "ÀÁ", "đ", "Đ",
)  # fmt: skip
_AROUND = (("", ""), ("stk 1", " wardx"))


def texts(size: int) -> Iterator[tuple[str, str]]:
    """(name, text of `size` characters) for every unit and what stands around it."""
    for unit in UNITS:
        for before, after in _AROUND:
            room = size - len(before) - len(after)
            run = (unit * (room // len(unit) + 1))[:room]
            yield f"{before}|{unit}|{after}", before + run + after


def cpu(read: Callable[[str], object], text: str, tries: int = 1) -> float:
    """Seconds of CPU of one reading: the best of several, because everything else only ever adds to it."""
    gc.disable()
    try:
        found = []
        for _ in range(tries):
            begun = time.process_time()
            read(text)
            found.append(time.process_time() - begun)
        return min(found)
    finally:
        gc.enable()


def grows_too_fast(read: Callable[[str], object], every: int = 1, first: int = 0) -> list[str]:
    """Names of the texts whose reading takes more than its share once they are longer. every: look at each n-th only,
    beginning with the `first`."""
    small = dict(texts(SMALL))
    suspects = []
    for name, text in list(texts(LARGE))[first::every]:
        if cpu(read, text) < WORTH_A_LOOK:
            continue
        long, short = cpu(read, text), cpu(read, small[name], 3)
        if long > MOST_GROWTH * short:
            long = cpu(read, text, 2)  # once more, before anybody is blamed
        if long > WORTH_A_LOOK and long > MOST_GROWTH * short:
            suspects.append(f"{name!r}: {long / max(short, 1e-9):.0f} times")
    return suspects
