"""Every shape of event that is known of Zalo, from its documentation and from what others' code reads, is read as it must be.

zalo_payloads.jsonl: `expect` says in words what the product owes whoever sent it, `read` what becomes of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.channels.zalo_bot import payload as zalo_bot
from bot.channels.zalo_oa import payload as zalo_oa
from bot.core.messages import InboundMessage

ROWS = [json.loads(line) for line in Path(__file__).with_name("zalo_payloads.jsonl").read_text("utf-8").splitlines()]
OUR_ACCOUNT = "388613280878808645"


def shown(message: InboundMessage) -> dict[str, Any]:
    fields = {
        "kind": message.kind.value, "text": message.text, "choice": message.choice, "files": len(message.attachments),
        "place": message.latitude is not None, "reply_to": message.reply_to,
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value}


def test_all_known_shapes_are_there() -> None:
    assert len({row["name"] for row in ROWS}) == 67


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_an_event_of_zalo(row: dict[str, Any]) -> None:
    body = row["body"]
    found = zalo_oa.messages(body, OUR_ACCOUNT) if row["channel"] == "oa" else zalo_bot.messages(body)
    assert [shown(message) for message in found] == row["read"]
