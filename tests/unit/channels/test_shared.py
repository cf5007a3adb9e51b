"""What the channels share: splitting, numbers, cleaning, and which links may be followed."""

from __future__ import annotations

import math
import unicodedata

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.base import clean_id, clean_position, clean_words, numbered, split_text, to_fetch
from bot.channels.download import allowed, download, host_of
from bot.channels.zalo_oa.errors import TABLE, to_error
from bot.channels.zalo_oa.limits import judge, night_left
from bot.core.errors import InvalidInput, SendPolicy, TooLarge
from bot.core.messages import Choice

HOSTS = ("zdn.vn", "zadn.vn", "127.0.0.1:8100")
WORDS = st.text(alphabet=st.sampled_from("aăâđ ê.\n?!😀́̂"), max_size=400)


@given(WORDS, st.integers(min_value=5, max_value=50))
@settings(max_examples=300, deadline=None)
def test_splitting_loses_nothing_but_space(text, limit):
    pieces = split_text(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(unicodedata.normalize("NFC", text).split())


def test_splitting_prefers_paragraphs_then_lines_then_sentences():
    assert split_text("Một hai.\n\nBa bốn.", 12) == ["Một hai.", "Ba bốn."]
    assert split_text("Một hai ba. Bốn năm", 14) == ["Một hai ba.", "Bốn năm"]
    assert split_text("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert split_text("", 10) == []


def test_numbers():
    choices = (Choice("a:b", "Có"), Choice("a:c", "Không"))
    assert numbered("Chọn:", choices, 3) == "Chọn:\n\n3. Có\n4. Không"
    assert numbered("Không có nút", ()) == "Không có nút"


@pytest.mark.parametrize("value", [None, True, 1.5, [], {}, "", " ", "a\nb", "x" * 300, "é", "\ud800"])
def test_what_is_no_id(value):
    assert clean_id(value) == ""


def test_ids_and_words():
    assert clean_id(2**63) == str(2**63)
    assert clean_words("ti\u0302nh\x00\ud800") == "tînh?"
    assert len(clean_words("x" * 100_000)) == 8_000
    assert clean_words(7) == ""


@pytest.mark.parametrize("spot", [(None, 1), ("x", 1), (91, 0), (0, 181), (math.nan, 0), (math.inf, 0), (10**400, 0)])
def test_what_is_no_place(spot):
    assert clean_position(*spot) is None


@pytest.mark.parametrize("size", [None, "x", -5, math.inf, 10**400])
def test_a_file_of_strange_size(size):
    assert to_fetch("ref", "image", size).size >= 0


GOOD = {
    "https://f1.photo.talk.zdn.vn/a.jpg": "https://f1.photo.talk.zdn.vn/a.jpg",
    "http://zdn.vn/a?b=1#c": "https://zdn.vn/a?b=1",
    "https://x.zadn.vn:443/a": "https://x.zadn.vn/a",
    "http://127.0.0.1:8100/media/1": "http://127.0.0.1:8100/media/1",
}
BAD = [
    "https://evil.vn/a", "https://zdn.vn.evil.vn/a", "https://evilzdn.vn/a", "https://zdn.vn:8080/a", "ftp://zdn.vn/a",
    "https://user@zdn.vn/a", "https://zdn.vn@evil.vn/a", "https://127.0.0.1/a", "http://127.0.0.1:8101/a",
    "https://169.254.169.254/latest", "file:///etc/passwd", "https://[::1]/a", "//zdn.vn/a", "", "https://", "https://zdn.vn:x/",
    "https://zđn.vn/a", "http://localhost/a", "https://zdn.vn\\@evil.vn/",
]  # fmt: skip


@pytest.mark.parametrize("url", GOOD)
def test_links_that_may_be_followed(url):
    assert allowed(url, HOSTS) == GOOD[url]


@pytest.mark.parametrize("url", BAD)
def test_links_that_may_not(url):
    with pytest.raises(InvalidInput, match="file_host"):
        allowed(url, HOSTS)


def fetch(answers: list[httpx.Response | Exception]) -> bytes:
    import asyncio

    def answer(request: httpx.Request) -> httpx.Response:
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    async def run() -> bytes:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            return await download(client, "https://zdn.vn/a", HOSTS)

    return asyncio.run(run())


def test_a_download_is_tried_again_and_follows_known_hosts_only():
    assert fetch([httpx.ReadTimeout(""), httpx.Response(503), httpx.Response(200, content=b"anh")]) == b"anh"
    moved = httpx.Response(302, headers={"location": "https://b.zadn.vn/x"})
    assert fetch([moved, httpx.Response(200, content=b"anh")]) == b"anh"


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([httpx.Response(302, headers={"location": "http://169.254.169.254/"})], InvalidInput("file_host")),
        ([httpx.Response(302, headers={"location": "http://["})], InvalidInput("file_host")),
        ([httpx.Response(302, headers={"location": "/again"})] * 4, InvalidInput("file_gone")),
        ([httpx.Response(404)], InvalidInput("file_gone")),
        ([httpx.ConnectError("")] * 3, InvalidInput("file_gone")),
        ([httpx.Response(200, content=b"x" * (20 * 1024 * 1024 + 1))], TooLarge("too_large")),
    ],
    ids=["redirect inside", "redirect nowhere", "redirect loop", "not there", "down", "too large"],
)
def test_downloads_that_are_refused(answers, error):
    with pytest.raises(type(error), match=error.code):
        fetch(answers)


def test_the_host_of_a_base_url():
    assert host_of("https://api.telegram.org") == "api.telegram.org"
    assert host_of("http://127.0.0.1:8081") == "127.0.0.1:8081"


DAY, HOUR = 86_400, 3_600
NOON, MIDNIGHT = 1_790_053_200.0, 1_790_096_400.0  # in Viet Nam, 2026-09-22


@pytest.mark.parametrize(
    ("priority", "silence", "billed", "now", "ok", "code"),
    [
        (0, 47 * HOUR, False, NOON, True, ""),
        (2, 47 * HOUR, False, NOON, True, ""),
        (1, 49 * HOUR, False, NOON, True, ""),
        (2, 49 * HOUR, False, NOON, False, "window_billed"),
        (2, 49 * HOUR, True, NOON, True, ""),
        (0, 7 * DAY + 1, True, NOON, False, "window_closed"),
        (2, HOUR, False, MIDNIGHT, False, "night"),
        (0, HOUR, False, MIDNIGHT, True, ""),
    ],
)
def test_zalos_windows(priority, silence, billed, now, ok, code):
    judged = judge(priority, now - silence, now, billed=billed)
    assert (judged.ok, judged.code) == (ok, code)


def test_the_night_ends_at_six():
    assert night_left(NOON) == 0
    assert night_left(MIDNIGHT) == 6 * HOUR
    assert night_left(MIDNIGHT - 2 * HOUR) == 8 * HOUR
    assert night_left(MIDNIGHT + 6 * HOUR) == 0


def test_every_documented_code_has_a_policy():
    assert set(TABLE) >= {-32, -100, *range(-201, -200), -216, -220, -213, -230, -232, -234, -244, -320, -321}
    assert to_error({"error": 0}) is None
    assert to_error({"error": "-216"}).policy is SendPolicy.REFRESH
    assert to_error({"error": "?"}).policy is SendPolicy.UNKNOWN
