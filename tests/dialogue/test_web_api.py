"""The web chat's interface against hostile, broken and impatient clients: a clear 4xx or a kind answer, never a 500."""

from __future__ import annotations

import json
import uuid

import httpx
import pytest

from tests.support.product import Citizen

pytestmark = pytest.mark.dialogue


@pytest.fixture
def citizen(running) -> Citizen:
    return Citizen(running.url)


def test_a_repeated_id_gets_the_same_answer_and_does_nothing_twice(citizen):
    first = citizen.post("same-id", text="xin chào")
    again = citizen.post("same-id", text="xin chào")
    assert first.json() == again.json()
    everything = citizen.client.get("/chat/api/messages?after=0", headers=citizen.auth).json()["messages"]
    assert len(everything) == len(first.json()["messages"])


def test_later_messages_are_fetched_by_id(citizen):
    last = citizen.say("xin chào")[-1]["id"]
    citizen.say("cảm ơn")
    later = citizen.client.get(f"/chat/api/messages?after={last}", headers=citizen.auth).json()["messages"]
    assert later
    assert all(int(message["id"]) > int(last) for message in later)


@pytest.mark.parametrize("auth", ["", "Bearer", "Bearer x", "Basic abc", f"Bearer {'A' * 43}", "Bearer " + "é" * 40])
def test_unknown_sessions(citizen, auth):
    headers = [("Authorization", auth.encode("utf-8"))]
    response = citizen.client.post("/chat/api/messages", json={"message_id": "1", "text": "x"}, headers=headers)
    assert response.status_code == 401
    assert response.json()["error"] == "unknown_session"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b"", 400), (b"[]", 400), (b'"x"', 400), (b"[" * 50_000, 400), (b"\xff\xfe", 400),
        (b'{"text":"x"}', 400), (b'{"message_id":1,"text":"x"}', 400), (b'{"message_id":"a","text":1}', 400),
        (b'{"message_id":"a","text":"x","choice":"y"}', 400), (b'{"message_id":"a"}', 400),
        (b'{"message_id":"a","choice":"no such shape"}', 400), (b'{"message_id":"a","choice":7}', 400),
        (b'{"message_id":"a","text":""}', 400), (b'{"message_id":"a","text":"   "}', 400),
        (b'{"message_id":"","text":"x"}', 400), (b'{"message_id":"' + b"i" * 200 + b'","text":"x"}', 400),
        (b'{"message_id":"a","location":{"latitude":"x","longitude":1}}', 400),
        (b'{"message_id":"a","location":{"latitude":91,"longitude":1}}', 400),
        (b'{"message_id":"a","location":{"latitude":1' + b"0" * 400 + b',"longitude":1}}', 400),
        (json.dumps({"message_id": "a", "text": "a" * 4001}).encode(), 413), (b'{"message_id":"a","text":"' + b"a" * 100_000 + b'"}', 413),
    ],
)  # fmt: skip
def test_bad_requests_get_a_clear_4xx(citizen, body, status):
    response = citizen.client.post(
        "/chat/api/messages", content=body, headers={**citizen.auth, "Content-Type": "application/json"}
    )
    assert response.status_code == status
    assert response.json()["message"]


@pytest.mark.parametrize(
    "text",
    ["/restart", '/emergency_in_danger{"a":"b"}', "\x00\x00chào\x00", "🙂🙂🙂", "a" * 4000, "…", "1", "\u202eolleh", "x" + "\u0301" * 500,
     "‮" * 50, "\ud800", "SELECT * FROM tip; --", "{code} {summary} %s %(x)s", "<script>alert(1)</script>", "chào\u0000"],
)  # fmt: skip
def test_strange_texts_get_a_kind_answer(citizen, text):
    raw = json.dumps({"message_id": uuid.uuid4().hex, "text": text}).encode()
    response = citizen.client.post(
        "/chat/api/messages", content=raw, headers={**citizen.auth, "Content-Type": "application/json"}
    )
    assert response.status_code == 200
    assert response.json()["messages"][0]["text"]


def test_an_unknown_choice_asks_again_kindly(citizen):
    assert citizen.tap("ans:nonsense")[0]["text"]
    assert citizen.tap("say:no_such_item")[0]["text"]


def test_a_wrong_content_type_and_method(citizen):
    assert citizen.client.post("/chat/api/messages", content=b"x", headers=citizen.auth).status_code == 400
    assert citizen.client.put("/chat/api/messages", headers=citizen.auth).status_code == 405


def test_quick_exit_forgets_the_session(citizen):
    citizen.say("xin chào")
    assert citizen.client.delete("/chat/api/sessions", headers=citizen.auth).status_code == 204
    assert citizen.post(text="còn đó không").status_code == 401


def test_messages_at_once_are_answered_and_every_answer_stands_once(citizen):
    import concurrent.futures

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: citizen.post(f"m{n}", text="xin chào"), range(8)))
    assert all(answer.status_code == 200 and answer.json()["messages"] for answer in answers)
    shown = [
        row["id"] for row in citizen.client.get("/chat/api/messages?after=0", headers=citizen.auth).json()["messages"]
    ]
    told = {row["id"] for answer in answers for row in answer.json()["messages"]}  # joined ones got the same answer
    assert sorted(told, key=int) == shown


def test_every_answer_has_the_security_headers(running, citizen):
    for path in ("/", "/healthz", "/static/chat.js", "/nothing"):
        response = httpx.get(running.url + path)
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
    assert httpx.get(running.url + "/").headers["cache-control"] == "no-store"


def test_no_two_requests_a_second_too_many(citizen):
    codes = [citizen.post(text="xin chào").status_code for _ in range(3)]
    assert codes == [200, 200, 200]


def test_metrics_count_and_name_nobody(running, citizen):
    citizen.say("một câu rất riêng tư CANARYWORD")
    text = httpx.get(running.url + "/metrics").text
    assert "lachan_turns_total" in text
    assert "CANARYWORD" not in text
    assert citizen.session not in text
