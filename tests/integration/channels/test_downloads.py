"""Files of Telegram and Zalo: fetched, judged and sealed one by one; a bad one costs only itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.base import to_fetch
from bot.core.errors import InvalidInput
from bot.core.messages import MAX_ATTACHMENT_BYTES, Channel, InboundKind, InboundMessage
from bot.dialogue.heard import TurnInput
from bot.dialogue.state import ConversationState, Files
from bot.gateway.downloads import Downloads
from bot.gateway.file_taker import FileTaker
from bot.services.tips.files import FileRef
from tests.support import odd_pictures
from tests.support.world import core_in

PUSHED = [Channel.TELEGRAM, Channel.ZALO_OA, Channel.ZALO_BOT]
SENT: dict[str, Any] = {
    "photo": odd_pictures.plain(), "letter": b"PK\x03\x04" + b"\0" * 90, "broken": b"\xff\xd8\xff\xe0" + b"\0" * 40,
    "gone": InvalidInput("file_gone"), "odd": RuntimeError("CANARY"), "empty": b"", "recording": b"#!AMR\n" + b"\x3c" * 90,
    **{name: odd_pictures.with_exif("JPEG", block) for name, block in odd_pictures.ODD_EXIF.items()},
}  # fmt: skip


class Platform:
    async def fetch(self, ref: str) -> bytes:
        if isinstance(SENT[ref], Exception):
            raise SENT[ref]
        return SENT[ref]


def turn_with(channel: Channel, *refs: str, text: str = "", **more: Any) -> TurnInput:
    message = InboundMessage(
        channel, "an", "1", InboundKind.ATTACHMENT, text=text, attachments=tuple(to_fetch(ref, "file") for ref in refs)
    )
    return replace(
        TurnInput(7, "c" * 64, channel, message, ConversationState(), 1, False, 0, False, received_at=1_000.0), **more
    )


def fetched(core: Any, turn: TurnInput) -> tuple[TurnInput, list[FileRef]]:
    taker = FileTaker(core.db, core.vault, core.settings, core.now)
    done = asyncio.run(Downloads({turn.channel: Platform()}, taker)(turn))
    taker.close()
    return done, [FileRef.unpack(attachment.ref) for attachment in done.message.attachments]


@pytest.mark.parametrize("channel", PUSHED)
def test_every_trouble_costs_its_own_file_only(tmp_path, channel):
    turn = turn_with(channel, "letter", "broken", "gone", "odd", "empty", "photo", "recording", text="ảnh đây ạ")
    with core_in(tmp_path) as core:
        done, kept = fetched(core, turn)
    assert done.refused == ("file_type", "file_broken", "file_gone", "file_failed", "file_empty")
    assert [ref.kind for ref in kept] == ["image", "audio"]
    assert done.message.text == "ảnh đây ạ"


@pytest.mark.parametrize("name", odd_pictures.ODD_EXIF)
def test_odd_exif_is_taken(tmp_path, name):
    with core_in(tmp_path) as core:
        done, kept = fetched(core, turn_with(Channel.ZALO_OA, name))
    assert (done.refused, [ref.view for ref in kept]) == ((), [True])


@pytest.mark.parametrize("channel", PUSHED)
def test_only_the_clean_copy_is_kept_until_the_person_asks(tmp_path, channel):
    asked = {"state": ConversationState(files=Files(originals_until=1_001.0))}
    late = {"state": ConversationState(files=Files(originals_until=999.0))}
    with core_in(tmp_path) as core:
        assert [ref.original for ref in fetched(core, turn_with(channel, "photo"))[1]] == [False]
        assert [ref.original for ref in fetched(core, turn_with(channel, "photo", **asked))[1]] == [True]
        assert [ref.original for ref in fetched(core, turn_with(channel, "photo", **late))[1]] == [False]
        assert [ref.original for ref in fetched(core, turn_with(channel, "photo", text="gửi bản gốc"))[1]] == [True]


def test_a_film_the_platform_says_is_too_large_is_refused_as_a_file(tmp_path):
    turn = turn_with(Channel.TELEGRAM, "photo")
    large = replace(turn.message.attachments[0], size=MAX_ATTACHMENT_BYTES + 1)
    with core_in(tmp_path) as core:
        done, kept = fetched(core, replace(turn, message=replace(turn.message, attachments=(large,))))
    assert (done.refused, kept) == (("file_too_large",), [])
