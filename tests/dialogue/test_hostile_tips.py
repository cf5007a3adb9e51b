"""A tip's flow under pressure: many wrong codes, a burst of answers, the same confirmation twice, huge uploads."""

from __future__ import annotations

import concurrent.futures
import re
import socket
import uuid

import pytest

from tests.support.product import Citizen

pytestmark = pytest.mark.dialogue
STORY = [
    {"text": "tôi muốn tố giác"}, {"choice": "ans:yes"}, {"text": "nhóm trên mạng rủ thanh niên đi làm xa, hứa lương cao"},
    {"text": "xã An Phú, Hải Phòng"}, {"choice": "when:week"}, {"choice": "who:many"}, {"choice": "ans:skip"},
    {"choice": "ans:skip"}, {"choice": "reply:none"},
]  # fmt: skip
CODE = re.compile(r"\d{3}(?: \d{3}){6}")


def words(bubbles: list[dict]) -> str:
    return "\n".join(bubble["text"] for bubble in bubbles)


def before_sending(running) -> Citizen:
    citizen = Citizen(running.url)
    for body in STORY:
        assert citizen.post(**body).status_code == 200
    return citizen


def test_the_same_confirmation_twice_makes_one_tip(running):
    citizen = before_sending(running)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        same = list(pool.map(lambda _: citizen.post("confirm", choice="ans:send").json()["messages"], range(4)))
    codes = {code for answer in same for code in CODE.findall(words(answer))}
    assert len(codes) == 1
    again = citizen.post(choice="ans:send").json()["messages"]  # the button once more, as a new message
    assert CODE.findall(words(again)) == []


def test_fifty_answers_at_once_are_answered_in_order(running):
    citizen = Citizen(running.url)
    for body in STORY[:2]:
        citizen.post(**body)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: citizen.post(f"burst{n}", text=f"ý thứ {n}"), range(50)))
    assert {answer.status_code for answer in answers} <= {200, 429}
    assert all(answer.json()["messages"] for answer in answers if answer.status_code == 200)


def test_wrong_codes_are_slowed_and_answered_alike(running):
    citizen = Citizen(running.url)
    wrong = ["000 000 000 000 000 000 000", "572 572 572 572 572 572 57"]
    from bot.core.tips.receipt import check_digit

    told = []
    for number in range(8):
        digits = f"{number:020d}"
        told.append(words(citizen.say(digits + str(check_digit(digits)))))
    assert len(set(told[:5])) == 1
    assert "tạm dừng" in told[6]
    assert all("21 chữ số" in words(citizen.say(code)) or "nhầm" in words(citizen.say(code)) for code in wrong[1:])


def test_a_huge_upload_is_refused_before_it_is_read(running):
    """Told by its length: the answer comes while the client has sent nothing but the head."""
    citizen = Citizen(running.url)
    head = (
        "POST /chat/api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f"Authorization: Bearer {citizen.session}\r\nContent-Length: {200 * 1024 * 1024}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", running.port), timeout=90) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.jpg", b"MZ" + b"0" * 100, "file_type"),
        ("a.jpg", b"\xff\xd8\xff\xe0broken" * 20, "file_broken"),
        ("a.png", b"", "file_empty"),
    ],
)
def test_bad_files_get_a_clear_answer_and_the_interview_goes_on(running, name, data, code):
    citizen = Citizen(running.url)
    for body in STORY[:2]:
        citizen.post(**body)
    sent = {"message_id": uuid.uuid4().hex}
    refused = citizen.client.post("/chat/api/messages", data=sent, files={"file": (name, data)}, headers=citizen.auth)
    assert (refused.status_code, refused.json()["error"]) == (400, code)
    assert "Chuyện xảy ra ở đâu" in words(citizen.say("nhóm lạ tuyển người đi xa, hứa lương cao"))
