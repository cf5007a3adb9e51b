"""Marked words go through every path, the failing ones too; afterwards no file the system wrote holds one of them."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx
import pyotp
import pytest
from PIL import Image
from PIL.ExifTags import Base

from bot.core.text import fold
from bot.phrases.receipt_words import WORDS
from tests.support import live, telegram_stub
from tests.support.canary import Canary
from tests.support.product import ROOT, Citizen, Product, product
from tests.support.telegram_stub import TelegramStub

pytestmark = pytest.mark.e2e


def engine_pids(running: Product) -> list[int]:
    """The workers of this product's gateway."""
    parent = running.processes["gateway"].pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in children]


def marked_picture(word: str) -> bytes:
    exif = Image.Exif()
    exif[Base.ImageDescription.value] = word
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


def tell_a_whole_tip(citizen: Citizen, canary: Canary, phone: str) -> str:
    word = canary.word
    citizen.say(f"tôi muốn tố giác {word}")
    citizen.tap("ans:yes")
    citizen.say(f"nhóm {word} rủ thanh niên trong xóm đi làm xa, hứa lương rất cao, số {phone}")
    citizen.say("công an có giữ bí mật không?")
    citizen.say(f"xã An Phú Hải Phòng, gần quán {word}")
    citizen.tap("when:week")
    citizen.say(f"mấy bạn học xong rồi, một bạn tên {word}")
    citizen.say(f"tên {word} https://t.me/{word}")
    citizen.say(f"tên Lan {word} chứ không phải tên {word}")  # put right: kept for the officer, and nowhere else
    beside = (
        "file",
        (f"{word}.docx", f"PK\x03\x04 {word}".encode(), "application/msword"),
    )  # refused, beside a good one
    for more in ({"original": "1"}, {}):
        files = [("file", (f"{word}.jpg", marked_picture(word), "image/jpeg")), beside]
        # The second one comes at the next question, where words would be its answer.
        data = {"message_id": uuid.uuid4().hex, "text": f"ảnh {word}" if more else "", **more}
        response = citizen.client.post("/chat/api/messages", data=data, files=files, headers=citizen.auth)
        assert response.status_code == 200
    citizen.tap("reply:contact")
    citizen.say(f"{word} {phone}")
    bubbles = citizen.tap("ans:send")
    code = re.search(r"(?:\d{3} ?){7}", "\n".join(bubble["text"] for bubble in bubbles))
    assert code, bubbles
    citizen.say(f"còn nữa, ở đó có hai người tên {word}, số {phone}")  # told too late: not kept
    citizen.say(code.group())
    return re.sub(r"\D", "", code.group())


def tell_before_the_interview(citizen: Citizen, canary: Canary, phone: str) -> None:
    """Story, file, number and position first; then the tip that begins with them, put right and passed over the commune."""
    word = canary.word
    citizen.say(f"con nhỏ kế bên tên {word} bị bả dụ đi Campuchia làm ca ve, hổng cho về, số {phone}")
    for caption in ("", f"ảnh {word} nè"):
        files = {"file": (f"{word}.jpg", marked_picture(word), "image/jpeg")}
        data = {"message_id": uuid.uuid4().hex, "text": caption}
        assert (
            citizen.client.post("/chat/api/messages", data=data, files=files, headers=citizen.auth).status_code == 200
        )
    citizen.post(location={"latitude": 20.8, "longitude": 106.6})
    citizen.tap("do:report_tip")
    citizen.tap("ans:yes")
    shown: list[dict] = []
    for _ in range(12):
        offered = {choice["id"] for choice in shown[-1]["choices"]} if shown and shown[-1]["choices"] else set()
        if "ans:send" in offered:
            break
        shown = citizen.tap(
            "reply:none" if "reply:none" in offered else "place:0" if "place:0" in offered else "ans:skip"
        )
    assert word in "\n".join(bubble["text"] for bubble in shown), "what was told before is in the tip"
    citizen.say(f"à nhầm, không phải chỗ đó, quán {word} ở xã An Lão Hải Phòng")
    citizen.say(f"đừng gửi công an xã, {word} là anh trưởng công an")
    sent = "\n".join(bubble["text"] for bubble in citizen.tap("ans:send"))
    code = re.search(r"(?:\d{3} ?){7}", sent)
    assert code, sent
    canary.add(code.group().strip())
    canary.add(re.sub(r"\D", "", code.group()))
    say_the_words(citizen, canary, re.sub(r"\D", "", code.group()))


def say_the_words(citizen: Citizen, canary: Canary, code: str) -> None:
    """The same code as words: shown, mistyped, said in a story, typed back without marks, and used to open the tip."""
    words = WORDS.words_of(code)
    for shape in ("\n".join(words), ", ".join(words), " ".join(words), " ".join(map(fold, words))):
        canary.add(shape)
    assert "\n".join(words) in "\n".join(bubble["text"] for bubble in citizen.tap("ans:words"))
    citizen.say(", ".join((*words[:6], "con zum")))
    canary.add(", ".join(words[:6]))
    citizen.say(f"còn hai đứa nữa ở tầng trên chưa ra được, bảy từ là {', '.join(words)}")
    citizen.say(" ".join(map(fold, words)))
    citizen.say(f"xem tin {' '.join(words)}")
    citizen.say(f"họ đổi chỗ rồi, {', '.join(words)} nhé")
    citizen.tap("ans:done")
    tell_without_the_code(citizen, canary, code)


def tell_without_the_code(citizen: Citizen, canary: Canary, code: str) -> None:
    """Words that wait for a code, past a wrong one; then they are sent, and the tip is read back as it was sent."""
    word = canary.word
    citizen.say("tôi muốn xem tin đã báo")
    waits = citizen.say(f"mai nó chở {word} qua chỗ khác, còn hai đứa nữa tên {word}")
    assert "chưa tới cán bộ" in "\n".join(bubble["text"] for bubble in waits), waits
    citizen.say("111 111 111 111 111 111 125")
    citizen.say(code)
    shown = "\n".join(bubble["text"] for bubble in citizen.tap("ans:review"))
    assert word in shown, shown
    citizen.tap("ans:done")
    citizen.say(f"nhắn thêm: họ dời {word} qua nhà khác rồi")  # waits for the code


def tell_with_somebody_near(citizen: Citizen, canary: Canary) -> None:
    """Held: somebody else takes the phone, money is asked for, and pills were swallowed; and what waits after a tip is sent."""
    word = canary.word
    citizen.say(f"em bị nhốt trong nhà trọ {word}, cứu em với")
    citizen.tap("do:urgent_tip")
    neutral = citizen.say(f"ai nhắn {word} đấy, đt của con nhỏ này đó")
    assert word not in "\n".join(bubble["text"] for bubble in neutral), neutral
    citizen.say(f"em đây, {word} ra ngoài rồi")
    citizen.say(f"có nên chuyển tiền cho {word} không")
    citizen.say(f"em uống hết hũ thuốc của {word} rồi")


def tell_in_pieces(citizen: Citizen, canary: Canary) -> None:
    """Messages that are on their way at once, to an open question: one turn for several of them."""
    citizen.say("báo tin")
    citizen.tap("ans:yes")
    pieces = [f"quán {canary.word} giữ người", f"chủ tên {canary.word}", f"mấy đứa nhỏ {canary.word}"]
    with ThreadPoolExecutor(len(pieces)) as pool:
        answers = list(pool.map(lambda piece: citizen.post(text=piece), pieces))
    assert all(answer.status_code == 200 for answer in answers)
    citizen.tap("ans:cancel")
    citizen.tap("ans:yes")


def tell_after_sending(citizen: Citizen, canary: Canary, phone: str) -> None:
    """An urgent tip that leaves early, and what is told to the questions after it."""
    word = canary.word
    citizen.say(f"cứu em với em bị nhốt trong quán {word}, xã An Lão, Hải Phòng")
    citizen.tap("do:urgent_tip")
    citizen.tap("ans:send")
    shown = "\n".join(bubble["text"] for bubble in citizen.tap("ans:kept"))
    assert "Tin đã đi rồi" in shown, shown
    citizen.say(f"bà {word}, số {phone}, t.me/{word}")
    citizen.say(f"công an bao lâu thì tới chỗ {word}?")
    citizen.say(f"từ tối qua, lúc nó chở {word} đi")
    citizen.say(f"nó sắp kiểm tra điện thoại rồi {word}")
    citizen.tap("ans:enough")


def hostile_requests(citizen: Citizen, word: str) -> None:
    """Paths that end in an error; what they carried must not end in a log."""
    post = citizen.client.post
    post(
        "/chat/api/messages",
        content=f'{{"text": "{word}'.encode(),
        headers={**citizen.auth, "Content-Type": "application/json"},
    )
    post("/chat/api/messages", json={"message_id": word, "text": word * 1000}, headers=citizen.auth)
    post("/chat/api/messages", json={"message_id": "x", "choice": f"ans:{word}"}, headers=citizen.auth)
    post("/chat/api/messages", json={"message_id": "x", "choice": word}, headers=citizen.auth)
    post(
        "/chat/api/messages", json={"message_id": "x", "text": word}, headers={"Authorization": f"Bearer {word}{word}"}
    )
    post(f"/chat/api/{word}", json={"text": word})
    citizen.client.get(f"/chat/api/messages?after={word}", headers=citizen.auth)
    broken = {"file": (f"{word}.jpg", b"\xff\xd8\xff\xe0" + word.encode() * 50, "image/jpeg")}
    post("/chat/api/messages", data={"message_id": "f1"}, files=broken, headers=citizen.auth)
    post(
        "/chat/api/messages",
        data={"message_id": "f2"},
        files={"file": (word, f"MZ {word}".encode())},
        headers=citizen.auth,
    )
    for text in (f"/{word}", f'/restart{{"{word}": 1}}', f"/inform {word}", f"{word}\x00"):
        citizen.say(text)


def an_officer_at_work(running: Product, canary: Canary) -> None:
    """Sign in, read, answer, reveal; and every way of doing it wrongly."""
    word = canary.word
    officers = {
        o["login"]: o for o in json.loads((Path(running.env["LACHAN_DATA_DIR"]) / "demo-officers.json").read_text())
    }
    with httpx.Client(base_url=running.console_url, timeout=60) as client:
        for login, password, code in ((word, word, word), ("anphu", word, "000000")):
            client.post("/sign-in", data={"login": login, "password": password, "code": code})
        officer = officers["anphu"]
        code = pyotp.TOTP(officer["totp_secret"]).now()
        client.post("/sign-in", data={"login": "anphu", "password": officer["password"], "code": code})
        link = re.search(r"/referrals/[0-9a-f]{32}", client.get("/").text)
        assert link
        page = client.get(link[0]).text
        assert word in page
        csrf = {"csrf": re.search(r'name="csrf" value="([^"]+)"', page)[1]}
        client.post(f"{link[0]}/act", data={**csrf, "act": "receive"})
        client.post(f"{link[0]}/answer", data={**csrf, "text": f"chào bạn {word}"})
        opened = client.post(f"{link[0]}/contact", data={**csrf, "reason": f"cần gọi lại {word}"})
        assert word in opened.text
        client.post(f"{link[0]}/act", data={**csrf, "act": word, "reason": word, "unit": word})
        client.post(f"{link[0]}/answer", data={"csrf": word, "text": word})
        client.post(f"{link[0]}/answer", data={**csrf, "text": word * 1000})
        picture = client.get(re.search(rf"{link[0]}/files/[0-9a-f]+/view", page)[0])
        assert picture.headers["content-type"] == "image/jpeg"
        clean = client.get(re.search(rf"{link[0]}/files/[0-9a-f]+/original", page)[0])
        assert word.encode() not in clean.content, (
            "what the camera wrote is not in what an officer gets without a reason"
        )
        opening = re.search(rf"{link[0]}/files/[0-9a-f]+/open", page)[0]
        client.post(opening, data={**csrf, "reason": word[:3]})
        original = client.post(opening, data={**csrf, "reason": f"làm chứng cứ {word}"})
        assert word.encode() in original.content, "the original keeps what the camera wrote"
        for kind in ("docx", "pdf", "zip", word):
            client.post(f"{link[0]}/export", data={**csrf, "format": kind})
        for unit in ("tyt.10645", word):
            copy = {"unit": unit, "parts": "what", "consent": "override", "reason": f"cần ngay {word}", "needs": word}
            client.post(f"{link[0]}/copies", data={**csrf, **copy})
            client.post(
                f"{link[0]}/letter", data={**csrf, **copy, "unit": "", "recipient": f"nhà {word}", "tell": "yes"}
            )
        letter = re.search(rf"{link[0]}/letters/[0-9a-f]+", client.get(link[0]).text)[0]
        for answered in (
            {"what": word},
            {"what": "refused", "reason": word},
            {"what": "accepted", "words": f"hẹn {word}"},
        ):
            client.post(letter, data={**csrf, **answered})
        client.post(f"/copies/{word}/answer", data={**csrf, "what": "accepted", "words": word})
        sent = {"file": (f"{word}.jpg", marked_picture(word), "image/jpeg")}
        client.post(f"{link[0]}/answer", data={**csrf, "text": f"gửi bạn ảnh {word}"}, files=sent)
        client.post("/me", data={**csrf, "email": f"{word}@example.vn", "channel": "telegram", "address": word})
        client.post("/me", data={**csrf, "email": f"{word} không phải thư", "channel": word, "address": word})
        client.post("/unit/recover", data={**csrf, "recovery": word})
        wrong = {"password": word, "code": "000000", "new": f"{word} cửa sổ", "again": f"{word} cửa sổ"}
        for form in (
            wrong,
            wrong | {"again": word},
            wrong | {"new": word[:9], "again": word[:9]},
            wrong | {"code": word},
        ):
            assert client.post("/me/password", data={**csrf, **form}).status_code == 400
        assert client.post("/me/device", data={**csrf, **wrong}).status_code == 400
        for path in ("/me/device/try", "/enrolled"):
            assert client.post(path, data={**csrf, "proof": word, "code": word}).status_code == 400
        client.post(f"/unit/mend/{word}", data=csrf)
        client.get("/me", params={"done": word, "weak": word})
        for settling in (
            {"act": word, "shown": word},
            {"act": "handled", "shown": word},
            {"act": "handled", "shown": "0"},
        ):
            client.post(f"{link[0]}/message", data={**csrf, **settling})
        client.post(f"{link[0]}/keep", data={**csrf, "days": word, "reason": word})
        client.post(f"{link[0]}/extend", data={**csrf, "reason": word})
        wrong = {"category": word, "urgency": word, "reason": word, "place": f"xã {word}", "people": word, "pick": word}
        client.post(f"{link[0]}/classify", data={**csrf, **wrong})
        client.post(f"{link[0]}/classify", data={**csrf, **wrong, "category": "labour", "urgency": "normal"})
        client.post(f"{link[0]}/classify", data={**csrf, "category": "labour", "urgency": "normal", "people": "4"})
        client.post(f"{link[0]}/verified", data={**csrf, "result": word, "victims": word, "children": word})
        client.post(
            f"{link[0]}/verified", data={**csrf, "result": "victim", "victims": "2", "children": "1", "basis": "papers"}
        )
        for number, on in ((word, "2026-11-01"), (f"12 {word}", word)):
            client.post(f"{link[0]}/decide", data={**csrf, "decision": "suspended", "number": number, "on": on})
        client.get(f"{link[0]}/done")
        for text in ("", f"gọi lại cho {word}", word * 1000):
            client.post(f"{link[0]}/note", data={**csrf, "note": text})
            client.post(f"{link[0]}/draft", data={**csrf, "text": text, "quiet": "yes"})
        client.post(f"{link[0]}/draft", data={**csrf, "text": f"chào bạn, mai {word}"})
        client.post(f"{link[0]}/owner", data={**csrf, "to": word})
        tell_an_officer(client, csrf, canary)
        for text in (word, word.upper(), word[:1], f"0912 {word}"):
            client.post("/search", data={**csrf, "q": text})
        assert link[0] in client.post("/search", data={**csrf, "q": word}).text
        client.get("/search")
        client.get(link[0])  # its way back leads to what was found
        for title, text in (("", word), (word, f"chào bạn {word}"), (word, word * 1000)):
            client.post("/replies", data={**csrf, "title": title, "text": text})
        client.post(f"/replies/{word}", data=csrf)
        client.get("/replies", params={"told": word})
        client.get("/rows", params={"unit": word, "category": word})
        ids = [link[0].rsplit("/", 1)[1], word]
        for what in ("seen", "give", "duplicate", word):
            client.post("/bulk", data={**csrf, "what": what, "id": ids, "to": word, "of": word, "sure": "yes"})
        for reason in (word, "other_place"):
            handed = {"act": "transfer", "unit": "ca.12.03390", "reason": reason, "sure": "yes", "note": f"ghi {word}"}
            client.post(f"{link[0]}/act", data={**csrf, **handed})
        assert word in client.get(f"{link[0]}/done").text
        for do in (word, "back"):
            client.post("/pressed", data={**csrf, "do": do, "id": ids})
        for part in ("", "?part=1", f"?part={word}"):
            client.get(f"{link[0]}/links{part}")
        for what in ("confirm", "restore", "grant"):
            client.post(f"/unit/{what}/{word}", data={**csrf, "answer": word, "shown": word})
        client.get("/", params={"unit": word, "category": word, "state": word, "show": word, "page": word})
        for path in (f"/referrals/{word}", f"/enrol/{word}", f"/copies/{word}", f"/{word}", f"/?state={word}"):
            client.get(path)


def tell_an_officer(client: httpx.Client, csrf: dict[str, str], canary: Canary) -> None:
    """A tip that an officer writes down, with every field of the form; wrongly too. Its receipt code is a secret as any."""
    word, told = canary.word, datetime.now(timezone(timedelta(hours=7))) - timedelta(minutes=5)
    form = {
        "channel": "phone", "at": told.strftime("%Y-%m-%dT%H:%M"), "place": "xã An Phú, Hải Phòng", "category": "labour",
        "urgency": "normal", "people": "2", "contact": f"{word} 0987 001 122",
        **dict.fromkeys(("what", "when", "who", "behind", "evidence", "reference", "spot", "country"), f"lời kể {word}"),
    }  # fmt: skip
    for bad in ({"place": f"xã {word}"}, {"channel": word}, {"at": word}, {"people": word}, {"category": word}):
        assert client.post("/tips", data={**csrf, **form, **bad}).status_code == 400
    made = client.post("/tips", data={**csrf, **form, "once": word})
    assert made.status_code == 200, made.text
    code = re.search(r'class="secret">([\d ]+)<', made.text)[1].strip()
    for shape in (code, code.replace(" ", ""), ", ".join(WORDS.words_of(code.replace(" ", "")))):
        canary.add(shape)


def an_administrator(running: Product, canary: Canary) -> None:
    """Make an account and enrol it, look for words, send again; wrongly too. Links, passwords and keys are secrets as well."""
    word, password = canary.word, f"{canary.word} cửa sổ xanh"
    with console(running, "quantri", time.time()) as admin, httpx.Client(base_url=running.console_url) as officer:
        csrf = {"csrf": re.search(r'name="csrf" value="([^"]+)"', admin.get("/accounts").text)[1]}
        for path in ("/accounts", "/units"):
            assert admin.get(path, params={"q": word, "page": word, "unit": word}).status_code == 200
        for bad in ({"login": f"{word} !", "unit": NEW_UNIT}, {"login": "canbo.moi", "unit": word}, {"role": word}):
            account = {"login": "canbo.moi", "name": "Cán bộ mới", "unit": NEW_UNIT, "role": "officer", **bad}
            assert admin.post("/accounts", data={**csrf, **account}).status_code == 400
        account = {"login": "canbo.moi", "name": "Cán bộ mới", "unit": NEW_UNIT, "role": "officer"}
        token = re.search(r"/enrol/([\w-]+)", admin.post("/accounts", data={**csrf, **account}).text)[1]
        canary.add(token)
        for sure in ({}, {"sure": "yes"}):
            admin.post(f"/accounts/{word}/renew", data=csrf | sure)
            admin.post(f"/accounts/{word}/switch", data=csrf | sure)
        admin.post("/channels/again", data={**csrf, "channel": "telegram", "code": word})
        admin.post("/channels/again", data={**csrf, "channel": word, "code": "network"})
        admin.get("/channels", params={"again": word})
        assert officer.get(f"/enrol/{token}").status_code == 200
        for first, second in ((password, word), (word[:9], word[:9])):
            answer = officer.post(f"/enrol/{token}", data={"password": first, "again": second})
            assert answer.status_code == 400
        done = officer.post(f"/enrol/{token}", data={"password": password, "again": password}).text
        shown = re.findall(r'class="secret">([^<]+)<', done)
        assert len(shown) == 2, "the key of the authenticator app, and the unit's recovery key"
        for secret in shown:
            canary.add(secret.strip())
            canary.add(re.sub(r"\W", "", secret))
        officer.post(f"/enrol/{token}", data={"password": password, "again": password})


NEW_UNIT = "ca.12.03408"
SUBSCRIBER = 9_187_001_122  # a chat id, as secret as a phone number


def a_subscriber(running: Product, telegram: TelegramStub, canary: Canary) -> None:
    """Join on Telegram, choose, and say other things meanwhile."""
    word, telegram.gateway = canary.word, running.url
    telegram.say(SUBSCRIBER, text=f"đăng ký nhận bản tin {word}")
    telegram.tap(SUBSCRIBER, "do:subscribe")
    telegram.tap(SUBSCRIBER, f"sub:topic:{word}")
    telegram.tap(SUBSCRIBER, "sub:topic:done")
    telegram.say(SUBSCRIBER, text=f"xứ {word}")
    telegram.say(SUBSCRIBER, text=f"xã An Phú, Hải Phòng {word}")
    telegram.tap(SUBSCRIBER, "sub:age:18_24")
    telegram.tap(SUBSCRIBER, f"camp:1:{word}")
    live.wait_for(lambda: any("Hải Phòng" in text for text in telegram.texts(SUBSCRIBER)))


@contextmanager
def console(running: Product, login: str, at: float) -> Iterator[httpx.Client]:
    """A browser of an officer, signed in with the code of a moment that was not used yet."""
    data = Path(running.env["LACHAN_DATA_DIR"]) / "demo-officers.json"
    officer = next(o for o in json.loads(data.read_text()) if o["login"] == login)
    with httpx.Client(base_url=running.console_url, timeout=60) as client:
        code = pyotp.TOTP(officer["totp_secret"]).at(at)
        answer = client.post("/sign-in", data={"login": login, "password": officer["password"], "code": code})
        assert answer.status_code == 303, "signed in"
        yield client


def a_campaign(running: Product, telegram: TelegramStub, canary: Canary) -> None:
    """Make one, with every forged field beside; agree to it; let it reach the subscriber; look at all pages."""
    word, now = canary.word, time.time()
    start = datetime.fromtimestamp(now, timezone(timedelta(hours=7)))
    form = {
        "title": "Bản tin", "source": "kit:ngay_30_7", "length": "short", "day": start.strftime("%Y-%m-%d"),
        "hour": start.strftime("%H:%M"), "spread": "0", "weekly": "2", "places": "Hải Phòng",
    }  # fmt: skip
    with console(running, "haiphong", now) as author, console(running, "trungtam", now) as second:
        csrf = {"csrf": re.search(r'name="csrf" value="([^"]+)"', author.get("/campaigns/new").text)[1]}
        for bad in ({"places": f"xã {word}"}, {"recipients": word}, {"source": f"kit:{word}"}, {"topics": word},
                    {"day": word}, {"channels": word}):  # fmt: skip
            author.post("/campaigns/look", data={**csrf, **form, **bad})
            if "source" not in bad:  # that one can be kept as a draft, as any choice of an officer
                assert author.post("/campaigns", data={**csrf, **form, **bad}).status_code == 400
        author.post("/campaigns", data={**csrf, **form}, files={"list": (f"{word}.csv", word.encode(), "text/csv")})
        made = author.post("/campaigns", data={**csrf, **form}).headers["location"]
        assert author.post(f"{made}/submit", data=csrf).status_code == 303
        author.post(f"{made}/act", data={**csrf, "act": word})
        page = second.get(made).text
        agreed = {
            "csrf": re.search(r'name="csrf" value="([^"]+)"', page)[1], "read": "yes",
            "shown": re.search(r'name="shown" value="([0-9a-f]+)"', page)[1],
        }  # fmt: skip
        second.post(f"{made}/approve", data={**agreed, "shown": word})
        assert second.post(f"{made}/approve", data=agreed).status_code == 303
        live.wait_for(lambda: any("Bản tin Lá Chắn" in text for text in telegram.texts(SUBSCRIBER)))
        telegram.tap(SUBSCRIBER, "camp:1:do:check_offer")
        telegram.say(SUBSCRIBER, text=f"dừng đi {word}")
        telegram.say(SUBSCRIBER, text="DỪNG")
        for path in ("", "/report", "/report.csv", "/report.xlsx", "/progress", f"/{word}"):
            author.get(made + path)
        for path in (f"/campaigns/{word}", f"/campaigns?month={word}", f"/campaigns/new?kit={word}&day={word}",
                     f"/campaigns/kits/{word}", f"/campaigns/pictures/{word}.png"):  # fmt: skip
            author.get(path)
    live.wait_for(lambda: "không gửi bản tin cho bạn nữa" in telegram.texts(SUBSCRIBER)[-1])


def test_no_word_of_a_citizen_is_found_at_rest(tmp_path):
    canary = Canary("0987001122", "0987 001 122", str(SUBSCRIBER))
    (tmp_path / "tmp").mkdir()
    telegram = TelegramStub()
    with live.served(telegram.app()) as api, product(
        tmp_path, "gateway", "console", "jobs", TMPDIR=str(tmp_path / "tmp"), LACHAN_ENGINE_TIMEOUT="15",
        LACHAN_TELEGRAM_TOKEN=telegram_stub.TOKEN, LACHAN_TELEGRAM_WEBHOOK_SECRET=telegram_stub.SECRET,
        LACHAN_TELEGRAM_API_BASE=api,
    ) as running:  # fmt: skip
        a_subscriber(running, telegram, canary)
        a_campaign(running, telegram, canary)
        citizen = Citizen(running.url)
        canary.add(citizen.session)
        code = tell_a_whole_tip(citizen, canary, "0987 001 122")
        canary.add(code)
        canary.add(" ".join(code[i : i + 3] for i in range(0, 21, 3)))
        an_officer_at_work(running, canary)
        an_administrator(running, canary)
        another = Citizen(running.url)
        canary.add(another.session)
        tell_before_the_interview(another, canary, "0987 001 122")
        hidden = Citizen(running.url)
        canary.add(hidden.session)
        tell_after_sending(hidden, canary, "0987 001 122")
        tell_in_pieces(Citizen(running.url), canary)
        tell_with_somebody_near(Citizen(running.url), canary)
        citizen.say(code)
        citizen.say(f"nhắn thêm {canary.word}")
        citizen.say(f"tối nay chúng nó đón {canary.word} đi rồi")
        citizen.tap("ans:done")
        citizen.say(("8" if code[0] == "9" else "9") + code[1:])  # a wrong code, whatever the right one begins with
        hostile_requests(citizen, canary.word)
        for text in (f"cứu em với {canary.word}", f"help me {canary.word}", f"việc nhẹ lương cao {canary.word} " * 8):
            citizen.say(text)
        for _ in range(7):  # until the steps after a card come round again and show what was written
            shown = citizen.say(f"em vẫn ở đây {canary.word}")
        assert any(canary.word in bubble["text"] for bubble in shown)
        # The engine dies under a turn, and again; then no engine is left and the card goes out instead.
        for pid in engine_pids(running):
            os.kill(pid, signal.SIGKILL)
        citizen.say(f"cứu với {canary.word}")
        for pid in engine_pids(running):
            os.kill(pid, signal.SIGSTOP)
        shown = citizen.say(f"cứu em bị nhốt {canary.word}")
        assert "113" in shown[0]["text"]
        for pid in engine_pids(running):
            os.kill(pid, signal.SIGKILL)
        for role in ("gateway", "console", "jobs"):
            running.kill(role)
        written = [tmp_path, ROOT / "models"]
        assert canary.hits(*written) == []
        # The search itself must be able to find: the same words in clear, in one more file.
        (tmp_path / "control.txt").write_text(json.dumps({"text": canary.word}))
        assert canary.hits(tmp_path) != []


def test_nothing_that_was_written_is_readable_by_others(tmp_path):
    with product(tmp_path, "gateway") as running:
        Citizen(running.url).say("xin chào")
        data = tmp_path / "data"
        assert data.stat().st_mode & 0o077 == 0
        for path in data.rglob("*"):
            with suppress(FileNotFoundError):  # what a running program had for a moment
                assert path.stat().st_mode & 0o007 == 0, path
