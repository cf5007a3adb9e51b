"""One message that costs much to read holds up everybody's cry: such a message is refused, or made small, before any work on it."""

from __future__ import annotations

import unicodedata

import pytest

from bot.core.messages import MAX_TEXT_CHARS
from bot.core.text import nfc
from tests.integration.channels.test_web_files import Person, chat

# Normalising puts marks in order of their class, in time that grows with the square of a pile of them.
MARKS = sorted(
    {unicodedata.combining(chr(code)): chr(code) for code in range(0x370, 0x1F000) if unicodedata.combining(chr(code))}.items(),
    reverse=True,
)  # fmt: skip
PILE = "".join(mark * 400 for _, mark in MARKS)[:15_000]
HEAD = b'--y\r\nContent-Disposition: form-data; name="message_id"\r\n\r\none\r\n'


def test_a_pile_of_marks_of_any_script_is_cut_before_it_is_put_in_order():
    assert len(MARKS) > 30
    assert len(nfc("a" + PILE)) <= 4
    assert len(nfc("".join(f"a{mark * 50}" for _, mark in MARKS))) <= 4 * len(MARKS)


@pytest.mark.parametrize("text", ["ấ", "tiếng Việt có dấu", "ภาษาไทยที่นี่", "ខ្ញុំត្រូវគេឃុំ", "မြန်မာ", "שָׁלוֹם", "नमस्ते"])
def test_what_people_write_keeps_its_marks(text: str):
    assert nfc(text) == unicodedata.normalize("NFC", text)
    assert nfc(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFC", text)


def test_what_is_far_too_long_is_refused_as_such_and_the_next_message_is_heard(tmp_path):
    async def story(person: Person) -> None:
        for text in (PILE * 2, "a" * (4 * MAX_TEXT_CHARS + 1)):
            body = {"message_id": "one", "text": text}
            refused = await person.client.post("/chat/api/messages", json=body, headers=person.auth)
            assert refused.status_code == 413
            assert refused.json()["error"] == "too_large"
        heard = await person.client.post(
            "/chat/api/messages", json={"message_id": "two", "text": "cứu em với"}, headers=person.auth
        )
        assert heard.status_code == 200

    chat(tmp_path, story)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("boundary=y", HEAD + b'--y\r\nContent-Disposition: form-data; name="q"; filename="' + b";" * 60_000 + b'"\r\n\r\n1\r\n--y--'),
        ("boundary=y", HEAD + b'--y\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n' * 5_000 + b"--y--"),
        (";" * 8_000 + "boundary=y", HEAD + b"--y--"),
    ],
    ids=["options", "parts", "its own header"],
)  # fmt: skip
def test_a_form_that_is_slow_to_take_apart_is_refused(tmp_path, kind: str, body: bytes):
    async def story(person: Person) -> None:
        headers = person.auth | {"content-type": f"multipart/form-data; {kind}"}
        refused = await person.client.post("/chat/api/messages", content=body, headers=headers)
        assert (refused.status_code, refused.json()["error"]) == (400, "form_broken")

    chat(tmp_path, story)
