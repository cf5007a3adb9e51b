"""The console's door: where a form may come from, what a page is made of, and how much is read of what officers type."""

from __future__ import annotations

import unicodedata

import pytest

from bot.app import Core
from bot.console import views
from bot.core import written as written_module
from bot.core.errors import TooLarge
from bot.core.messages import MAX_TEXT_CHARS
from bot.core.written import MOST_MARKS, written
from bot.services.tips import reporter_contact, support
from tests.support.console import Desk, run
from tests.support.world import core_in

FORM = {"login": "anphu", "password": "sai sai sai sai", "code": "000000"}


async def asked(desk: Desk, origin: str, host: str) -> int:
    async with desk.browser() as client:
        return (await client.post("/sign-in", data=FORM, headers={"Origin": origin, "Host": host})).status_code


@pytest.mark.parametrize(
    ("url", "mine", "strangers"),
    [
        ("https://canbo.example.vn", ["https://canbo.example.vn"],
         ["http://canbo.example.vn", "https://canbo.example.vn:8443", "https://evil.example", "null"]),
        ("https://canbo.example.vn:443", ["https://canbo.example.vn"], ["https://canbo.example.vn:444"]),
        ("http://127.0.0.1:8001", ["http://127.0.0.1:8001", "http://localhost:8001", "http://[::1]:8001"],
         ["http://localhost:8000", "http://evil.example:8001", "http://127.0.0.1"]),
    ],
    ids=["public", "public with its port", "on the machine itself"],
)  # fmt: skip
def test_the_configured_address_alone_says_where_forms_come_from(tmp_path, url, mine, strangers):
    async def story(desk: Desk) -> None:
        for origin in mine:
            assert await asked(desk, origin, "whatever.example") == 401, origin
        for origin in strangers:  # a name that was made to lead here comes as the Host, too
            assert await asked(desk, origin, origin.partition("//")[2]) == 404, origin

    with core_in(tmp_path, LACHAN_CONSOLE_URL=url) as core:
        run(lambda: story(Desk(core)))


def test_pages_exchanged_under_a_running_console_are_not_half_taken_up(core: Core, tmp_path, monkeypatch):
    pages = tmp_path / "templates"
    pages.mkdir()
    for page in (views.HERE / "templates").iterdir():
        (pages / page.name).write_bytes(page.read_bytes())
    monkeypatch.setattr(views, "HERE", tmp_path)
    views._environment.cache_clear()

    async def story() -> None:
        desk = Desk(core)
        async with desk.browser() as client:
            for page in pages.iterdir():
                page.write_text("{{ what_only_the_next_release_knows }}")
            assert (await client.get("/sign-in")).status_code == 200
            assert (await client.get("/nowhere")).status_code == 404

    try:
        run(story)
    finally:
        views._environment.cache_clear()


def test_what_is_far_too_long_is_refused_before_any_work_on_it(monkeypatch):
    seen: list[int] = []
    monkeypatch.setattr(written_module, "nfc", lambda text: seen.append(len(text)) or text)
    for check in (
        written,
        reporter_contact.written_reason,
        lambda raw: support._checked(["needs"], "recorded", "", raw),
    ):
        with pytest.raises(TooLarge):
            check("́" * (MOST_MARKS * MAX_TEXT_CHARS + 1))
    assert seen == []
    with pytest.raises(TooLarge):
        written("a" * (MAX_TEXT_CHARS + 1))


def test_what_officers_write_keeps_its_words():
    typed = unicodedata.normalize("NFD", "Đã hẹn gặp ở trụ sở\x00\ud800")
    assert written(typed) == "Đã hẹn gặp ở trụ sở?"
