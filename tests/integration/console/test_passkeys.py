"""Passkeys beside the six digits: added, asked for at sign-in, and what does not open anything."""

from __future__ import annotations

import asyncio
import html
import json
import logging
import re
import secrets
from typing import Any

import httpx
import pyotp
import pytest
from sqlalchemy import select

from bot.services.units import accounts, passkeys
from bot.storage.tables import Attempt, Audit, Notice, Officer, Passkey
from tests.support.authenticator import Authenticator
from tests.support.console import Desk, post, run

WRONG = "Tên đăng nhập, mật khẩu hoặc mã chưa đúng"


class Town(Desk):
    """The console at http://localhost, where browsers know passkeys."""

    def browser(self, address: str = "http://localhost") -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app, raise_app_exceptions=False), base_url=address)

    def proof(self, login: str = "anphu") -> dict[str, str]:
        self.now += 31
        officer = self.officers[login]
        return {"password": officer.password, "code": pyotp.TOTP(officer.totp_secret).at(self.now)}

    async def begun(self, client: httpx.AsyncClient, **proof: str) -> tuple[dict[str, Any], str]:
        """(options, sealed challenge) of the page that makes a key."""
        page = await post(client, "/me/passkeys", "/me", **(proof or self.proof()))
        assert page.status_code == 200, page.text
        options = json.loads(html.unescape(re.search(r'data-make="([^"]+)"', page.text)[1]))
        return options, re.search(r'name="asked" value="([^"]+)"', page.text)[1]

    async def added(self, key: Authenticator, login: str = "anphu", name: str = "Điện thoại") -> httpx.AsyncClient:
        """A browser of the officer's, who has this key now."""
        client = await self.signed_in(login)
        options, asked = await self.begun(client, **self.proof(login))
        done = await post(client, "/me/passkeys/add", "/me", asked=asked, passkey=key.make(options), name=name)
        assert done.headers["location"] == "/me?done=passkey_added#passkeys", done.text
        return client

    async def asks(self, client: httpx.AsyncClient, login: str = "anphu", **other: str) -> dict[str, Any]:
        data = {"login": login, "password": self.officers[login].password} | other
        answer = await client.post("/sign-in/passkey", data=data)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def comes(
        self, client: httpx.AsyncClient, asked: str, passkey: str, login: str = "anphu", **other: str
    ) -> httpx.Response:
        data = {"login": login, "password": self.officers[login].password, "asked": asked, "passkey": passkey} | other
        return await client.post("/sign-in", data=data)

    async def tries(self, key: Authenticator, login: str = "anphu") -> httpx.Response:
        """One sign-in with this key."""
        client = self.browser()
        given = await self.asks(client, login)
        return await self.comes(client, given["asked"], key.answer(given["options"]), login)

    def rows(self, table: type) -> list[Any]:
        with self.core.db.reading() as session:
            return list(session.execute(select(table)).scalars())

    def actions(self) -> list[str]:
        return [row.action for row in self.rows(Audit)]


@pytest.fixture
def town(core, monkeypatch) -> Town:
    monkeypatch.setattr("bot.console.routes.sign_in.ANSWER_SECONDS", 0.0)
    return Town(core)


def test_a_key_is_added_and_opens_in_place_of_the_digits(town):
    async def story():
        key = Authenticator()
        client = await town.added(key)
        page = (await client.get("/me?done=passkey_added")).text
        assert "Đã thêm khóa" in page
        assert 'value="Điện thoại"' in page
        assert "chưa dùng lần nào" in page
        _, referral = town.tip()
        browser = town.browser()
        assert "Dùng khóa (passkey)" in (await browser.get("/sign-in")).text
        given = await town.asks(browser)
        assert given["options"]["rpId"] == "localhost"
        assert given["options"]["userVerification"] == "preferred"
        assert given["options"]["allowCredentials"][0]["transports"] == ["hybrid", "internal"]
        done = await town.comes(browser, given["asked"], key.answer(given["options"]))
        assert done.headers["location"] == "/"
        assert (await browser.get(f"/referrals/{referral}")).status_code == 200, "the officer's key is there"
        assert "dùng gần nhất ngày" in (await browser.get("/me")).text
        assert [row.detail for row in town.rows(Audit) if row.action == "signed_in"][-1] == "by=passkey"
        row = town.rows(Passkey)[0]
        assert (row.created_at + 7 * 3600) % 86_400 == 0
        assert (row.last_used + 7 * 3600) % 86_400 == 0
        assert await town.signed_in("anphu"), "the six digits go on working"

    run(story)


def test_a_key_stands_for_the_digits_in_the_own_account_and_only_there(town):
    async def story():
        key = Authenticator()
        client = await town.added(key)
        password = town.officers["anphu"].password
        given = (await post(client, "/me/passkeys/ask", "/me")).json()
        proof = {"password": password, "asked": given["asked"], "passkey": key.answer(given["options"])}
        elsewhere = await town.comes(town.browser(), given["asked"], proof["passkey"])
        assert elsewhere.status_code == 401, "asked for something else"
        options, _ = await town.begun(client, **proof)
        assert options["excludeCredentials"]
        again = await post(client, "/me/device", "/me", **proof)
        assert again.status_code == 400, "used"
        other = await town.signed_in("anphu")
        given = (await post(client, "/me/passkeys/ask", "/me")).json()
        proof |= {"asked": given["asked"], "passkey": key.answer(given["options"])}
        assert (await post(other, "/me/device", "/me", **proof)).status_code == 400, "asked at another screen"
        wrong = proof | {"password": "không phải câu này đâu"}
        assert (await post(client, "/me/device", "/me", **wrong)).status_code == 400
        assert town.actions().count("own_check_failed") == 3
        assert (await post(client, "/me/device", "/me", **proof)).status_code == 200

    run(story)


def test_adding_needs_the_password_and_a_second_factor(town):
    async def story():
        client = await town.signed_in("anphu")
        for wrong in ({"code": "000000"}, {"password": "không phải câu này đâu"}):
            refused = await post(client, "/me/passkeys", "/me", **(town.proof() | wrong))
            assert refused.status_code == 400
            assert "chưa đúng" in refused.text
        key = Authenticator()
        options, asked = await town.begun(client)
        form = {"asked": asked, "passkey": key.make(options), "name": "Khóa"}
        stranger = await town.signed_in("binhlu")
        assert (await post(stranger, "/me/passkeys/add", "/me", **form)).status_code == 400, "somebody else's challenge"
        for cheat in (Authenticator(rp_id="localhost.evil.test"), Authenticator(origin="http://localhost.evil.test")):
            options, asked = await town.begun(client)
            said = {"asked": asked, "passkey": cheat.make(options), "name": "Khóa"}
            assert (await post(client, "/me/passkeys/add", "/me", **said)).status_code == 400
        assert (await post(client, "/me/passkeys/add", "/me", **(form | {"name": " "}))).status_code == 400
        assert (await post(client, "/me/passkeys/add", "/me", **form)).status_code == 303
        assert (await post(client, "/me/passkeys/add", "/me", **form)).status_code == 400, "a challenge is good once"
        options, asked = await town.begun(client)
        twice = {"asked": asked, "passkey": key.make(options), "name": "Khóa"}
        assert "đã có rồi" in (await post(client, "/me/passkeys/add", "/me", **twice)).text
        options, asked = await town.begun(client)
        town.now += 901
        late = {"asked": asked, "passkey": Authenticator().make(options), "name": "Khóa"}
        assert "quá 15 phút" in (await post(client, "/me/passkeys/add", "/me", **late)).text
        assert len(town.rows(Passkey)) == 1

    run(story)


def test_ten_keys_at_most_and_each_can_be_named_and_removed(town):
    async def story():
        keys = [Authenticator() for _ in range(passkeys.MOST)]
        for number, key in enumerate(keys):
            client = await town.added(key, name=f"Khóa {number}")
        full = await post(client, "/me/passkeys", "/me", **town.proof())
        assert "nhiều nhất 10 khóa" in full.text
        first = next(row.id for row in town.rows(Passkey) if row.name == "Khóa 0")
        named = await post(client, f"/me/passkeys/{first}", "/me", name="  Khóa   ở cơ quan ", act="name")
        assert named.headers["location"] == "/me?done=passkey_named#passkeys"
        assert 'value="Khóa ở cơ quan"' in (await client.get("/me")).text
        assert (await post(client, f"/me/passkeys/{first}", "/me", name="", act="name")).status_code == 400
        stranger = await town.signed_in("binhlu")
        assert (await post(stranger, f"/me/passkeys/{first}", "/me", act="remove")).status_code == 400
        other = await town.signed_in("anphu")
        gone = await post(client, f"/me/passkeys/{first}", "/me", act="remove", name="")
        assert gone.headers["location"] == "/me?done=passkey_removed#passkeys"
        assert "Đã bỏ khóa" in (await client.get("/me?done=passkey_removed")).text
        assert (await other.get("/")).status_code == 303, "sessions elsewhere end"
        assert (await town.tries(keys[0])).status_code == 401
        assert (await town.tries(keys[1])).status_code == 303
        assert {"passkey_added", "passkey_named", "passkey_removed"} <= set(town.actions())

    run(story)


def test_nothing_tells_a_stranger_who_has_a_passkey(town):
    async def story():
        await town.added(Authenticator())
        pages, answers = set(), set()
        for login in ("anphu", "binhlu", "nobody"):
            for number in range(2):
                client, typed = town.browser(), {"login": login, "password": f"không phải câu này {number}"}
                answer = await client.post("/sign-in/passkey", data=typed)
                answers.add((answer.status_code, answer.text))
                answer = await client.post("/sign-in", data=typed | {"passkey": "{}", "asked": "x"})
                pages.add((answer.status_code, answer.text.replace(login, "")))
        right = {"login": "binhlu", "password": town.officers["binhlu"].password}
        answer = await town.browser().post("/sign-in/passkey", data=right)  # who has none
        answers.add((answer.status_code, answer.text))
        assert answers == {(401, '{"problem":"wrong"}')}
        assert len(pages) == 1
        assert WRONG in pages.pop()[1]

    run(story)


def test_wrong_keys_are_held_up_as_wrong_digits_are(town):
    async def story():
        await town.added(Authenticator())
        for _ in range(5):
            assert (await town.tries(Authenticator())).status_code == 401
        held = await town.browser().post(
            "/sign-in/passkey", data={"login": "anphu", "password": town.officers["anphu"].password}
        )
        assert (held.status_code, held.text) == (401, '{"problem":"locked"}')
        assert "account_locked" in town.actions()
        assert [row.kind for row in town.rows(Notice)] == ["locked"]

    run(story)


def test_an_answer_is_good_once_and_for_two_minutes_and_for_this_sign_in(town):
    async def story():
        key, others = Authenticator(), Authenticator()
        await town.added(key)
        await town.added(others, "binhlu")
        client = town.browser()
        given = await town.asks(client)
        said = key.answer(given["options"])
        assert (await town.comes(client, given["asked"], said)).status_code == 303
        assert (await town.comes(town.browser(), given["asked"], said)).status_code == 401, "replayed"
        fresh = key.answer(given["options"])
        assert (await town.comes(town.browser(), given["asked"], fresh)).status_code == 401, "signed anew, asked once"
        given = await town.asks(client)
        late = key.answer(given["options"])
        town.now += passkeys.ANSWER_WITHIN + 1
        assert (await town.comes(client, given["asked"], late)).status_code == 401
        mine, theirs = await town.asks(client), await town.asks(client, "binhlu")
        crossed = key.answer(theirs["options"])
        assert (await town.comes(client, theirs["asked"], crossed)).status_code == 401, "another's challenge"
        answered = others.answer(mine["options"])
        assert (await town.comes(client, mine["asked"], answered)).status_code == 401, "another's key"
        mine = await town.asks(town.browser())
        good = key.answer(mine["options"])
        assert (await town.comes(town.browser(), mine["asked"][:-8] + "AAAAAAA=", good)).status_code == 401, "forged"

    run(story)


def test_of_two_equal_answers_at_the_same_moment_one_opens(town):
    async def story():
        key = Authenticator()
        await town.added(key)
        given = await town.asks(town.browser())
        said = key.answer(given["options"])
        both = await asyncio.gather(*(town.comes(town.browser(), given["asked"], said) for _ in range(2)))
        assert sorted(answer.status_code for answer in both) == [303, 401]

    run(story)


@pytest.mark.parametrize(
    "cheat",
    [
        {"origin": "https://la-chan.evil.test"},
        {"origin": "http://localhost:1"},
        {"rp_id": "evil.test"},
        {"key": Authenticator().key},
        {"credential_id": secrets.token_bytes(32)},
    ],
    ids=["imitated page", "another port", "another site's key", "another key", "unknown credential"],
)
def test_what_was_not_signed_here_by_this_key_opens_nothing(town, cheat):
    async def story():
        key = Authenticator()
        await town.added(key)
        forged = Authenticator(**({"credential_id": key.credential_id, "key": key.key} | cheat))
        answer = await town.tries(forged)
        assert answer.status_code == 401
        assert WRONG in answer.text
        assert (await town.tries(key)).status_code == 303

    run(story)


@pytest.mark.parametrize(
    "nonsense", ["{", "[]", "{}", "null", '{"id": 1}', "\x00", '{"id":"a","rawId":"a","response":{}}']
)
def test_nonsense_is_a_wrong_sign_in(town, nonsense):
    async def story():
        await town.added(Authenticator())
        client = town.browser()
        given = await town.asks(client)
        assert (await town.comes(client, given["asked"], nonsense)).status_code == 401
        officer = await town.signed_in("anphu")
        _, asked = await town.begun(officer)
        refused = await post(officer, "/me/passkeys/add", "/me", asked=asked, passkey=nonsense, name="Khóa")
        assert refused.status_code == 400

    run(story)


def test_a_count_that_went_back_is_refused_and_told(town):
    """There may be a copy of the key."""

    async def story():
        key = Authenticator(count=7)
        await town.added(key)
        copy = Authenticator(credential_id=key.credential_id, key=key.key, count=7)
        assert (await town.tries(key)).status_code == 303
        assert (await town.tries(key)).status_code == 303
        assert (await town.tries(copy)).status_code == 401
        assert "passkey_doubtful" in town.actions()
        assert [row.kind for row in town.rows(Notice)] == ["passkey"]
        never = Authenticator()
        await town.added(never, "binhlu")
        for _ in range(2):
            never.count = -1  # says 0 each time, as many do
            assert (await town.tries(never, "binhlu")).status_code == 303

    run(story)


def test_a_row_of_the_databases_writer_opens_nothing(town):
    async def story():
        await town.added(Authenticator())
        row, mine, moved = town.rows(Passkey)[0], Authenticator(), Authenticator()
        await town.added(moved, "binhlu")
        with town.core.db.transaction() as session:
            written = row.model_dump() | {"id": "0f" * 16, "credential_id": mine.credential_id, "public_key": mine.cose}
            session.add(Passkey(**written))  # with the mark of a good row
            good = session.get_one(Passkey, row.id)
            other = session.execute(select(Passkey).where(Passkey.credential_id == moved.credential_id)).scalar_one()
            other.officer_id = good.officer_id  # the writer's own key, moved to another's account
        for key in (mine, moved):
            assert (await town.tries(key)).status_code == 401
        client = await town.signed_in("anphu")
        assert (await client.get("/me")).text.count('action="/me/passkeys/') == 1, "they are not even shown"
        with town.core.db.transaction() as session:
            session.get_one(Passkey, row.id).public_key = mine.cose
        changed = await town.browser().post("/sign-in/passkey", data={"login": "anphu", **town.proof()})
        assert changed.status_code == 401

    run(story)


def test_a_renewed_account_has_no_passkeys(town):
    """Whoever asks for a new link has lost their things."""

    async def story():
        await town.added(Authenticator())
        with town.core.db.transaction() as session:
            officer = session.execute(select(Officer).where(Officer.login == "anphu")).scalar_one()
            accounts.renew(session, officer.id, None, town.now)
        assert not town.rows(Passkey)

    run(story)


@pytest.mark.parametrize(
    ("console_url", "host", "found"),
    [
        ("https://canbo.lachan.vn", "canbo.lachan.vn", passkeys.Site("canbo.lachan.vn", "https://canbo.lachan.vn")),
        ("https://canbo.lachan.vn/", "canbo.lachan.vn:443", passkeys.Site("canbo.lachan.vn", "https://canbo.lachan.vn")),
        ("https://canbo.lachan.vn:8443", "canbo.lachan.vn", passkeys.Site("canbo.lachan.vn", "https://canbo.lachan.vn:8443")),
        ("http://127.0.0.1:8001", "localhost:8001", passkeys.Site("localhost", "http://localhost:8001")),
        ("http://127.0.0.1:8001", "127.0.0.1:8001", None),
        ("https://canbo.lachan.vn", "evil.test", None),
        ("https://canbo.lachan.vn", "localhost", None),
        ("https://203.0.113.7", "203.0.113.7", None),
        ("https://[2001:db8::7]", "[2001:db8::7]", None),
        ("http://canbo.lachan.vn", "canbo.lachan.vn", None),
        ("https://canbo.lachan.vn", "[", None),
        ("https://canbo.lachan.vn", "", None),
    ],
)  # fmt: skip
def test_where_passkeys_are_possible(console_url, host, found):
    assert passkeys.site_of(console_url, host) == found


def test_where_they_are_impossible_nothing_speaks_of_them(town):
    async def story():
        client = town.browser("http://127.0.0.1")
        assert "passkey)" not in (await client.get("/sign-in")).text
        assert (await client.post("/sign-in/passkey", data={"login": "anphu", "password": "x"})).status_code == 404
        done = await client.post("/sign-in", data={"login": "anphu", **town.proof()})
        assert done.status_code == 303
        assert "passkey)" not in (await client.get("/me")).text
        assert (await post(client, "/me/passkeys", "/me", **town.proof())).status_code == 400

    run(story)


def test_no_credential_and_no_challenge_is_logged_or_audited(town, caplog):
    caplog.set_level(logging.DEBUG)

    async def story():
        key = Authenticator()
        await town.added(key)
        client = town.browser()
        given = await town.asks(client)
        await town.comes(client, given["asked"], key.answer(given["options"]))
        await town.comes(client, given["asked"], key.answer(given["options"]))
        await town.tries(Authenticator(credential_id=key.credential_id))
        named = json.loads(key.answer(given["options"]))["id"]
        kept = repr([row.model_dump() for table in (Audit, Attempt, Notice) for row in town.rows(table)])
        logged = "".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
        for secret in (named, key.credential_id.hex(), given["options"]["challenge"], given["asked"]):
            assert secret not in logged
            assert secret not in kept

    run(story)
