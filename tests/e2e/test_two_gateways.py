"""Two gateways over one PostgreSQL, the same conversation on both by turns: no stickiness, no double, no gap."""

from __future__ import annotations

import re
import uuid

import httpx
import pytest

from tests.support.postgres import postgres
from tests.support.product import product

pytestmark = pytest.mark.e2e
STORY = [
    {"text": "tôi muốn tố giác"}, {"choice": "ans:yes"}, {"text": "nhóm trên mạng rủ thanh niên đi làm xa, hứa lương cao"},
    {"text": "xã An Phú, Hải Phòng"}, {"choice": "when:week"}, {"choice": "who:many"}, {"choice": "ans:skip"},
    {"choice": "ans:skip"}, {"choice": "reply:none"}, {"choice": "ans:send"},
]  # fmt: skip


def test_a_conversation_that_wanders_between_two_gateways(tmp_path):
    (tmp_path / "b").mkdir()
    with (
        postgres() as url,
        product(tmp_path, "gateway", database_url=url) as first,
        product(
            tmp_path / "b", "gateway", database_url=url, demo=False,
            **{name: first.env[name] for name in ("LACHAN_SERVER_KEY", "LACHAN_VAULT_KEY", "LACHAN_RECEIPT_SALT")},
        ) as second,
    ):  # fmt: skip
        urls = [first.url, second.url]
        session = httpx.post(f"{urls[0]}/chat/api/sessions").json()["session"]
        headers = {"Authorization": f"Bearer {session}"}
        answers = []
        for number, body in enumerate(STORY):
            payload = {"message_id": uuid.uuid4().hex, **body}
            for url in (urls[number % 2], urls[(number + 1) % 2]):  # delivered to both, answered once
                answer = httpx.post(f"{url}/chat/api/messages", json=payload, headers=headers, timeout=60)
                assert answer.status_code == 200
                answers.append(answer.json()["messages"])
            assert answers[-1] == answers[-2]
        assert re.search(r"\d{3}(?: \d{3}){6}", "\n".join(m["text"] for m in answers[-1]))
        everything = httpx.get(f"{urls[1]}/chat/api/messages?after=0", headers=headers).json()["messages"]
        assert len(everything) == sum(len(answer) for answer in answers[::2])
