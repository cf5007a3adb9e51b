"""An officer's own password, device and sessions; and whom wrong sign-ins hold up."""

from __future__ import annotations

import re
import unicodedata

import httpx
import pyotp
import pytest
from sqlalchemy import select

from bot.services.units import demo, enrolment, signin
from bot.storage import sealing
from bot.storage.tables import Audit, ConsoleSession, Notice, Officer
from tests.support.console import Desk, post, run

NEW = "sáng mưa rồi vào bát phở"


def code_of(desk: Desk, login: str = "anphu") -> str:
    desk.now += 31
    return pyotp.TOTP(desk.officers[login].totp_secret).at(desk.now)


def now_has(desk: Desk, *, password: str = "", secret: str = "") -> None:
    old = desk.officers["anphu"]
    desk.officers["anphu"] = demo.DemoOfficer(
        "anphu", password or old.password, secret or old.totp_secret, old.unit, old.recovery_key
    )


async def change(desk: Desk, client: httpx.AsyncClient, **form: str) -> httpx.Response:
    base = {"password": desk.officers["anphu"].password, "new": NEW, "again": NEW}
    return await post(client, "/me/password", "/me", **(base | {"code": code_of(desk)} | form))


def actions(desk: Desk) -> list[str]:
    with desk.core.db.reading() as session:
        return list(session.execute(select(Audit.action).order_by(Audit.seq)).scalars())


def test_a_password_is_changed_and_old_tips_stay_readable(desk):
    async def story():
        _, referral = desk.tip()
        other = await desk.signed_in("anphu")
        client = await desk.signed_in("anphu")
        assert "2</b> nơi" in (await client.get("/me")).text
        done = await change(desk, client)
        assert done.headers["location"] == "/me?done=password"
        assert "Đã đổi mật khẩu" in (await client.get("/me?done=password")).text
        assert (await other.get("/")).headers["location"] == "/sign-in", "sessions elsewhere end"
        assert (await client.get(f"/referrals/{referral}")).status_code == 200
        old = desk.officers["anphu"].password
        now_has(desk, password=NEW)
        again = await desk.signed_in("anphu")
        assert (await again.get(f"/referrals/{referral}")).status_code == 200
        tried = {"login": "anphu", "password": old, "code": code_of(desk)}
        assert (await desk.browser().post("/sign-in", data=tried)).status_code == 401
        assert {"password_changed", "signed_out_elsewhere"} <= set(actions(desk))

    run(story)


def test_a_new_password_has_to_be_a_good_one(desk):
    async def story():
        client = await desk.signed_in("anphu")
        for new, says in (
            ("congan123456", "dễ đoán"),
            ("ngắn", "ít nhất 12 ký tự"),
            ("anphu-anphu-anphu", "tên của bạn"),
            ("123456789012", "chỉ có số"),
            (desk.officers["anphu"].password, "phải khác"),
        ):
            refused = await change(desk, client, new=new, again=new)
            assert refused.status_code == 400
            assert says in refused.text, new
        assert "chưa giống nhau" in (await change(desk, client, again="khác hẳn với câu kia")).text
        assert "password_changed" not in actions(desk)

    run(story)


def test_the_old_password_cannot_be_guessed_at_an_open_screen(desk):
    async def story():
        client = await desk.signed_in("anphu")
        for _ in range(5):
            wrong = await change(desk, client, password="không phải câu này đâu")
            assert "chưa đúng" in wrong.text
        blocked = await change(desk, client)
        assert blocked.status_code == 400
        assert "15 phút" in blocked.text
        assert actions(desk).count("own_check_failed") == 5
        desk.now += 901
        assert (await change(desk, client)).status_code == 303

    run(story)


def test_a_code_that_was_used_or_is_wrong_changes_nothing(desk):
    async def story():
        client = await desk.signed_in("anphu")
        used = pyotp.TOTP(desk.officers["anphu"].totp_secret).at(desk.now)
        assert (await change(desk, client, code=used)).status_code == 400
        assert (await change(desk, client, code="000000")).status_code == 400

    run(story)


def parts(page: str) -> tuple[str, str]:
    """(secret, sealed proof) of the page that asks for a new device's digits."""
    return re.search(r'class="secret">([A-Z2-7]{32})<', page)[1], re.search(r'name="proof" value="([^"]+)"', page)[1]


def test_a_new_phone_takes_over_once_it_shows_the_right_digits(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        form = {"password": desk.officers["anphu"].password, "code": code_of(desk)}
        page = await post(client, "/me/device", "/me", **form)
        secret, proof = parts(page.text)
        stored = repr(_officer(desk).model_dump())
        wrong = await post(client, "/me/device/try", "/me", proof=proof, code="000000")
        assert wrong.status_code == 400
        assert parts(wrong.text)[0] == secret, "the same picture, to be scanned again"
        assert repr(_officer(desk).model_dump()) == stored, "the old phone counts until then"
        stranger = await desk.signed_in("binhlu")
        digits = pyotp.TOTP(secret).at(desk.now)
        assert (await post(stranger, "/me/device/try", "/me", proof=proof, code=digits)).status_code == 400
        digits = pyotp.TOTP(secret).at(desk.now)
        assert (await post(client, "/me/device/try", "/me", proof=proof, code=digits)).status_code == 303
        tried = {"login": "anphu", "password": desk.officers["anphu"].password, "code": code_of(desk)}
        assert (await desk.browser().post("/sign-in", data=tried)).status_code == 401
        now_has(desk, secret=secret)
        again = await desk.signed_in("anphu")
        assert (await again.get(f"/referrals/{referral}")).status_code == 200
        assert "totp_changed" in actions(desk)
        desk.now += 901
        digits = pyotp.TOTP(secret).at(desk.now)
        late = await post(again, "/me/device/try", "/me", proof=proof, code=digits)
        assert "quá 15 phút" in late.text

    run(story)


def _officer(desk: Desk) -> Officer:
    with desk.core.db.reading() as session:
        return session.execute(select(Officer).where(Officer.login == "anphu")).scalar_one()


def test_enrolment_asks_for_the_digits_and_a_failed_scan_can_be_repeated(desk):
    async def story():
        with desk.core.db.transaction() as session:
            token = enrolment.invite(
                session, login="moi", name="Người mới", unit_id="ca.31.10645", role="officer", by=None, now=desk.now
            )
        client = desk.browser()
        weak = await client.post(f"/enrol/{token}", data={"password": "matkhau12345", "again": "matkhau12345"})
        assert weak.status_code == 400
        assert "nhiều người hay dùng" in weak.text
        page = await client.post(f"/enrol/{token}", data={"password": NEW, "again": NEW})
        secret, proof = parts(page.text)
        wrong = await client.post("/enrolled", data={"proof": proof, "code": "123456"})
        assert wrong.status_code == 400
        assert parts(wrong.text)[0] == secret
        digits = pyotp.TOTP(secret).at(desk.now)
        right = await client.post("/enrolled", data={"proof": proof, "code": digits})
        assert right.headers["location"] == "/sign-in"
        forged = await client.post("/enrolled", data={"proof": proof[:-8] + "AAAAAAA=", "code": digits})
        assert forged.status_code == 400

    run(story)


def test_sessions_elsewhere_can_be_closed(desk):
    async def story():
        other, client = await desk.signed_in("anphu"), await desk.signed_in("anphu")
        colleague = await desk.signed_in("haiphong")
        assert (await post(client, "/me/sessions", "/me")).status_code == 303
        assert (await other.get("/")).status_code == 303
        assert (await client.get("/")).status_code == 200
        assert (await colleague.get("/")).status_code == 200
        assert "Chỉ có nơi này" in (await client.get("/me")).text

    run(story)


class Elsewhere:
    """Browsers at addresses of their own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def at(self, address: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.desk.app, raise_app_exceptions=False, client=(address, 1))
        return httpx.AsyncClient(transport=transport, base_url="http://console.test")

    async def fails(self, client: httpx.AsyncClient, times: int, login: str = "anphu") -> httpx.Response:
        for _ in range(times):
            answer = await client.post("/sign-in", data={"login": login, "password": "sai " * 4, "code": "000000"})
            assert answer.status_code == 401
        return answer

    def right(self, **other: str) -> dict[str, str]:
        return {"login": "anphu", "password": self.desk.officers["anphu"].password, "code": code_of(self.desk)} | other


def test_strangers_wrong_sign_ins_keep_no_officer_out(desk, monkeypatch):
    monkeypatch.setattr("bot.console.routes.sign_in.ANSWER_SECONDS", 0.0)

    async def story():
        town = Elsewhere(desk)
        for number in range(4):
            assert "tạm khóa" in (await town.fails(town.at(f"203.0.113.{number}"), 6)).text
        office = town.at("198.51.100.7")
        assert (await office.post("/sign-in", data=town.right())).status_code == 303

    run(story)


def test_a_line_of_ipv6_is_one_place(desk, monkeypatch):
    monkeypatch.setattr("bot.console.routes.sign_in.ANSWER_SECONDS", 0.0)

    async def story():
        town = Elsewhere(desk)
        for number in range(5):
            await town.fails(town.at(f"2001:db8:1:2::{number:x}"), 1)
        assert "tạm khóa" in (await town.fails(town.at("2001:db8:1:2:ffff::9"), 1)).text
        assert "tạm khóa" not in (await town.fails(town.at("2001:db8:1:3::9"), 1)).text

    run(story)


def test_a_browser_that_signed_in_before_is_not_held_up_by_its_own_office(desk, monkeypatch):
    """Everybody behind one address, a stranger at the front desk among them."""
    monkeypatch.setattr("bot.console.routes.sign_in.ANSWER_SECONDS", 0.0)

    async def story():
        town = Elsewhere(desk)
        mine, stranger = town.at("198.51.100.7"), town.at("198.51.100.7")
        assert (await mine.post("/sign-in", data=town.right())).status_code == 303
        await post(mine, "/sign-out", "/me")
        await town.fails(stranger, 6)
        assert "tạm khóa" in (await stranger.post("/sign-in", data=town.right())).text
        assert (await mine.post("/sign-in", data=town.right())).status_code == 303
        await post(mine, "/sign-out", "/me")
        assert "tạm khóa" in (await town.fails(mine, 6)).text, "five tries for it too"
        forged = town.at("198.51.100.7")
        for cookie in mine.cookies.jar:
            forged.cookies.set(cookie.name, "x" * 22 + "." + "0" * 64)
        assert "tạm khóa" in (await forged.post("/sign-in", data=town.right())).text

    run(story)


def test_who_knows_the_password_cannot_try_codes_from_many_places(desk, monkeypatch):
    monkeypatch.setattr("bot.console.routes.sign_in.ANSWER_SECONDS", 0.0)

    async def story():
        town, pages = Elsewhere(desk), set()
        for number in range(5):
            wrong = await town.at(f"203.0.113.{number}").post("/sign-in", data=town.right(code="000000"))
            pages.add(wrong.text)
        held = await town.at("203.0.113.77").post("/sign-in", data=town.right())
        assert held.status_code == 401
        pages.add(held.text)
        guess = await town.at("203.0.113.78").post("/sign-in", data=town.right(password="không phải câu này"))
        pages.add(guess.text)
        assert len(pages) == 1, "nothing says that the password was right"
        with desk.core.db.reading() as session:
            assert session.execute(select(Notice.kind)).scalars().all() == ["locked"]
        desk.now += 901
        assert (await town.at("203.0.113.79").post("/sign-in", data=town.right())).status_code == 303

    run(story)


def test_who_has_to_wait_costs_no_slow_hash(desk, monkeypatch):
    monkeypatch.setattr("bot.console.routes.sign_in.ANSWER_SECONDS", 0.0)

    async def story():
        town = Elsewhere(desk)
        client = town.at("203.0.113.1")
        await town.fails(client, 5)
        hashed, real = [], signin.unlock
        monkeypatch.setattr(signin, "unlock", lambda *a: hashed.append(1) or real(*a))
        await town.fails(client, 3)
        assert not hashed

    run(story)


def test_an_account_of_an_older_release_gets_the_pepper_when_it_signs_in(desk):
    """Until then its key comes from the password alone, which a stolen database lets anybody try."""

    async def story():
        core, known = desk.core, desk.officers["anphu"]
        with core.db.transaction() as session:
            officer = session.execute(select(Officer).where(Officer.login == "anphu")).scalar_one()
            keys = core.vault.password_keys(known.password, officer.salt)
            private = sealing.unseal(keys[2], officer.private_key, f"officer:{officer.id}")
            officer.private_key, officer.kdf = sealing.seal(keys[1], private, f"officer:{officer.id}"), 1
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        assert (await client.get(f"/referrals/{referral}")).status_code == 200
        officer = _officer(desk)
        assert officer.kdf == 2
        with pytest.raises(sealing.CannotOpen):
            sealing.unseal(keys[1], officer.private_key, f"officer:{officer.id}")
        assert await desk.signed_in("anphu")

    run(story)


def test_the_database_alone_does_not_open_a_weak_password(desk):
    """Somebody has the tables and the right guess, and no server key."""
    core, officer = desk.core, _officer(desk)
    guess = desk.officers["anphu"].password
    key = sealing.slow_hash(guess, officer.salt, 32, ops=core.settings.kdf_ops, mem=core.settings.kdf_mem)
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(key, officer.private_key, f"officer:{officer.id}")
    assert signin.unlock(core.vault, signin.SignInTry("anphu", officer.id, officer.salt, officer.private_key), guess)


def test_a_password_written_by_another_keyboard_is_the_same(desk):
    """Vietnamese keyboards write one letter or a letter and a mark after it."""
    keys = [desk.core.vault.password_keys(unicodedata.normalize(form, NEW), b"s" * 16)[2] for form in ("NFC", "NFD")]
    assert keys[0] == keys[1]


def test_a_weak_password_from_before_is_led_to_the_place_to_change_it(desk):
    async def story():
        with desk.core.db.transaction() as session:
            officer = session.execute(select(Officer).where(Officer.login == "anphu")).scalar_one()
            private = signin.unlock(
                desk.core.vault, signin.find_login(session, "anphu"), desk.officers["anphu"].password
            ).private
            enrolment.set_password(desk.core.vault, officer, "congan123456", private)
        now_has(desk, password="congan123456")
        client = desk.browser()
        data = {"login": "anphu", "password": "congan123456", "code": code_of(desk)}
        answer = await client.post("/sign-in", data=data)
        assert answer.headers["location"].startswith("/me?weak=1")
        assert "thuộc loại dễ đoán" in (await client.get("/me?weak=1")).text

    run(story)


def test_nothing_of_a_password_is_kept(desk):
    async def story():
        client = await desk.signed_in("anphu")
        await change(desk, client)
        await change(desk, client, new="congan123456", again="congan123456")
        with desk.core.db.reading() as session:
            rows = [*session.execute(select(Audit)).scalars(), *session.execute(select(Officer)).scalars(),
                    *session.execute(select(ConsoleSession)).scalars()]  # fmt: skip
            kept = repr([row.model_dump() for row in rows])
        assert "phở" not in kept
        assert "congan123456" not in kept

    run(story)
