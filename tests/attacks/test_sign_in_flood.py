"""Strangers fill the console with names and passwords. Officers sign in all the same."""

from __future__ import annotations

import asyncio
import threading

import httpx
import pyotp
import pytest

from bot.app import Core
from bot.services.units import signin
from tests.support.console import Desk

STRANGER, OFFICE = "8.8.4.4", "2a01:4f8:1:2::7"  # lines of their own, as nginx passes them on


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.console.routes.sign_in.ANSWER_SECONDS", 0.0)


def browser(desk: Desk, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(desk.app, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://console.test")


async def sign_in(desk: Desk, client: httpx.AsyncClient, login: str = "anphu") -> int:
    officer = desk.officers[login]
    desk.now += 31
    form = {"login": login, "password": officer.password, "code": pyotp.TOTP(officer.totp_secret).at(desk.now)}
    return (await client.post("/sign-in", data=form)).status_code


async def guess(client: httpx.AsyncClient, number: int) -> int:
    form = {"login": f"nguoi-la-{number}", "password": "sai sai sai sai", "code": "000000"}
    return (await client.post("/sign-in", data=form)).status_code


def test_one_line_has_so_many_tries_whatever_names_it_types(core: Core):
    async def story() -> None:
        desk = Desk(core)
        async with browser(desk, STRANGER) as stranger, browser(desk, OFFICE) as office:
            answers = list[int]()
            while 429 not in answers:
                answers.append(await guess(stranger, len(answers)))
                assert len(answers) < 120
            assert set(answers) == {401, 429}
            assert await sign_in(desk, office) == 303

    asyncio.run(story())


def test_another_address_of_an_ipv6_line_is_no_other_line(core: Core):
    async def story() -> None:
        desk = Desk(core)
        answers = []
        while 429 not in answers:
            async with browser(desk, f"2a01:4f8:9:9::{len(answers):x}") as stranger:
                answers.append(await guess(stranger, len(answers)))
            assert len(answers) < 120

    asyncio.run(story())


def test_a_known_browser_waits_behind_no_strangers_hashes(core: Core, monkeypatch: pytest.MonkeyPatch):
    go_on, real = threading.Event(), signin.unlock

    def unlock(*args):
        if threading.current_thread().name.startswith("slow"):
            assert go_on.wait(250)
        return real(*args)

    async def story() -> None:
        desk = Desk(core)
        async with browser(desk, OFFICE) as office:
            assert await sign_in(desk, office) == 303
            monkeypatch.setattr(signin, "unlock", unlock)
            async with browser(desk, "127.0.0.1") as crowd:  # a botnet: as many lines as it likes
                strangers = [asyncio.create_task(guess(crowd, number)) for number in range(60)]
                await asyncio.sleep(0)
                assert await sign_in(desk, office) == 303
                assert not all(task.done() for task in strangers)
                go_on.set()
                assert set(await asyncio.gather(*strangers)) == {401}

    asyncio.run(story())


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], threading.Event]:
    """The names whose passwords are hashed, in order; none is before the event is set."""
    order, go_on, real = list[str](), threading.Event(), signin.unlock

    def unlock(vault, found, password):
        assert go_on.wait(250)
        order.append(found.login)
        return real(vault, found, password)

    monkeypatch.setattr(signin, "unlock", unlock)
    return order, go_on


async def waits(desk: Desk, count: int) -> None:
    async with asyncio.timeout(90):
        while desk.app.state.hashes.waiting < count:
            await asyncio.sleep(0.01)


def test_a_new_browser_waits_behind_one_hash_of_a_line_that_sends_thirty(core: Core, hashed):
    order, go_on = hashed

    async def story() -> None:
        desk = Desk(core)
        async with browser(desk, STRANGER) as stranger, browser(desk, OFFICE) as office:
            flood = [asyncio.create_task(guess(stranger, number)) for number in range(15)]
            await waits(desk, 13)
            right = asyncio.create_task(sign_in(desk, office))
            await waits(desk, 14)
            go_on.set()
            assert await right == 303
            assert order.index("anphu") <= 3, "two were under way, and one of the other line may be next"
            assert set(await asyncio.gather(*flood)) == {401}

    asyncio.run(story())


def test_a_line_that_fills_its_lane_is_told_to_try_again_and_nothing_is_counted(core: Core, hashed):
    _, go_on = hashed

    async def story() -> None:
        desk = Desk(core)
        async with browser(desk, STRANGER) as stranger:
            flood = [asyncio.create_task(guess(stranger, number)) for number in range(28)]
            await asyncio.wait(flood, timeout=90, return_when=asyncio.FIRST_COMPLETED)
            async with asyncio.timeout(90):
                while sum(task.done() for task in flood) < 8:
                    await asyncio.sleep(0.01)
            assert {task.result() for task in flood if task.done()} == {503}
            go_on.set()
            assert sorted(await asyncio.gather(*flood)) == [401] * 20 + [503] * 8

    asyncio.run(story())
