"""Real conversations in which story, file, position and numbers come before the interview; and where such a tip goes."""

from __future__ import annotations

import io
import uuid

import pytest
from PIL import Image

from tests.support.product import Citizen

pytestmark = pytest.mark.dialogue
ATTACHED = "Tệp gửi kèm: 1"
ROAD = [
    "!ans:yes", "Chủ quán giữ giấy tờ, không cho các em ra ngoài", "phường Bến Nghé, quận 1", "!when:week", "!who:adult",
    "!ans:skip", "!ans:skip", "!reply:none",
]  # fmt: skip


@pytest.fixture
def citizen(running) -> Citizen:
    return Citizen(running.url)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


def send(citizen: Citizen, text: str = "") -> list[dict]:
    data = {"message_id": uuid.uuid4().hex, "text": text}
    files = {"file": ("a.jpg", picture(), "image/jpeg")}
    return citizen._bubbles(citizen.client.post("/chat/api/messages", data=data, files=files, headers=citizen.auth))


def locate(citizen: Citizen, latitude: float, longitude: float) -> list[dict]:
    return citizen._bubbles(citizen.post(location={"latitude": latitude, "longitude": longitude}))


def walk(citizen: Citizen, *deeds: str) -> list[dict]:
    bubbles: list[dict] = []
    for deed in deeds:
        bubbles = citizen.tap(deed[1:]) if deed.startswith("!") else citizen.say(deed)
    return bubbles


def text(bubbles: list[dict]) -> str:
    return "\n".join(bubble["text"] for bubble in bubbles)


def test_a_photo_alone_is_in_the_tip(citizen):
    assert "113" in text(send(citizen))
    assert "đã kể và gửi ở trên" in text(citizen.tap("do:report_tip"))
    assert ATTACHED in text(walk(citizen, *ROAD))


@pytest.mark.parametrize(
    "caption",
    [
        "đây là ảnh người tuyển",
        "tuyển lao động đi Cam lương 30tr, bao ăn ở",
        "công an có giữ bí mật không?",
        "alo",
        "em muốn báo tin này",
    ],
)
@pytest.mark.parametrize("way", ["!do:report_tip", "!intent:report_tip", "tôi muốn báo tin"])
def test_a_photo_with_words_is_named_and_in_the_tip(citizen, caption, way):
    answer = send(citizen, caption)
    if caption != "em muốn báo tin này":
        assert "Mình giữ tệp này một lúc" in text(answer)
        walk(citizen, way)
    assert ATTACHED in text(walk(citizen, *ROAD))


def test_a_photo_with_a_cry_is_in_the_urgent_tip(citizen):
    answer = send(citizen, "em bị nhốt ở đây, cứu em")
    assert "113" in answer[0]["text"][:60]
    assert "Báo tin khẩn" in text(answer)
    walk(citizen, "!do:urgent_tip")
    shown = text(walk(citizen, "Nhà nghỉ Hoa Mai phường Bến Nghé quận 1"))
    assert ATTACHED in shown
    assert "em bị nhốt ở đây, cứu em" in shown


def test_a_position_after_a_cry_is_the_place(citizen):
    citizen.say("cứu em với em bị nhốt ở quán karaoke")
    answer = text(locate(citizen, 10.7757, 106.7004)) + text(citizen.tap("do:urgent_tip"))
    assert "Chuyện xảy ra ở đâu" not in answer
    shown = text(citizen.tap("place:0"))
    assert "Hồ Chí Minh" in shown
    assert "quán karaoke" in shown


def test_a_position_alone_is_the_place(citizen):
    locate(citizen, 10.7757, 106.7004)
    walk(citizen, "!do:report_tip", "!ans:yes")
    answer = text(citizen.say("Chủ quán giữ giấy tờ, không cho các em ra ngoài"))
    assert "Chuyện xảy ra ở đâu" not in answer


@pytest.mark.parametrize("way", ["!do:report_tip", "em muốn báo công an", "!intent:report_tip"])
def test_a_story_told_to_a_card_is_the_story(citizen, way):
    story = "quán karaoke Sao Đêm bắt mấy đứa con gái 15 16 tuổi tiếp khách, giữ hết giấy tờ"
    walk(citizen, "xin chào", story, "công an có giữ bí mật không?", "xe 51F-123.45 hay tới chở", way, "!ans:yes")
    shown = walk(
        citizen, "phường Bến Nghé, quận 1", "!when:week", "!who:child", "!ans:skip", "!ans:skip", "!reply:none"
    )
    assert story in text(shown)
    assert "51F-123.45" in text(shown)
    assert "bí mật" not in text(shown).split("Bạn")[0]


def test_words_of_a_tip_that_was_sent_or_cancelled_are_in_no_other(citizen):
    story = "quán karaoke Sao Đêm bắt mấy đứa con gái tiếp khách, giữ hết giấy tờ"
    walk(citizen, story, "!do:report_tip", "!ans:yes", "!ans:cancel", "!ans:yes")
    assert "đã kể" not in text(walk(citizen, "!do:report_tip"))
    assert "Bạn kể mình nghe" in text(walk(citizen, "!ans:yes"))
