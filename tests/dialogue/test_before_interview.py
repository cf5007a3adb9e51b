"""Real conversations in which story, file, position and numbers come before the interview; and where such a tip goes."""

from __future__ import annotations

import io
import time
import uuid

import pytest
from PIL import Image

from tests.support.product import Citizen

pytestmark = pytest.mark.dialogue
ATTACHED = "Tệp gửi kèm: 1"
STORY = "Chủ quán giữ giấy tờ, không cho các em ra ngoài"
PLACE = "phường Bến Nghé, quận 1"


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


def to_read_back(citizen: Citizen, bubbles: list[dict], **other: str) -> str:
    """Answer whatever is asked until the tip is read back; `other`: what is tapped at a question instead of a skip."""
    told = False
    for _ in range(15):
        asked, ids = text(bubbles), {choice["id"] for choice in bubbles[-1].get("choices", ())}
        if "ans:edit" in ids:
            return asked
        taps = [tap for verb, tap in other.items() if any(id_.startswith(f"{verb}:") for id_ in ids)]
        if taps:
            bubbles = citizen.tap(taps[0])
        elif "ở đâu" in asked or "xã, phường nào" in asked:
            bubbles = citizen.say(PLACE)
        elif "reply:none" in ids:
            bubbles = citizen.tap("reply:none")
        elif not told and "Bạn kể" in asked:
            told, bubbles = True, citizen.say(STORY)
        else:
            bubbles = citizen.tap("ans:skip" if "ans:skip" in ids else "ans:yes")
    raise AssertionError(text(bubbles))


def text(bubbles: list[dict]) -> str:
    return "\n".join(bubble["text"] for bubble in bubbles)


def test_a_photo_alone_is_in_the_tip(citizen):
    assert "113" in text(send(citizen))
    begun = citizen.tap("do:report_tip")
    assert "đã kể và gửi ở trên" in text(begun)
    assert ATTACHED in to_read_back(citizen, begun)


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
        answer = walk(citizen, way)
    assert ATTACHED in to_read_back(citizen, answer)


def test_a_photo_with_a_cry_is_in_the_urgent_tip(citizen):
    answer = send(citizen, "em bị nhốt ở đây, cứu em")
    assert "113" in answer[0]["text"][:60]
    for _ in range(100):  # the words are answered first, then the photo is looked at
        if "Báo tin khẩn" in (shown := text(citizen.shown())):
            break
        time.sleep(0.2)
    assert "Báo tin khẩn" in shown
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
    begun = walk(citizen, "xin chào", story, "công an có giữ bí mật không?", "xe 51F-123.45 hay tới chở", way)
    shown = to_read_back(citizen, begun, when="when:week", who="who:child")
    assert story in shown
    assert "51F-123.45" in shown
    assert "bí mật" not in shown.split("Bạn")[0]


def test_words_of_a_tip_that_was_sent_or_cancelled_are_in_no_other(citizen):
    story = "quán karaoke Sao Đêm bắt mấy đứa con gái tiếp khách, giữ hết giấy tờ"
    walk(citizen, story, "!do:report_tip", "!ans:yes", "!ans:cancel", "!ans:yes")
    assert "đã kể" not in text(walk(citizen, "!do:report_tip"))
    assert "Bạn kể mình nghe" in text(walk(citizen, "!ans:yes"))


PLACED = ["!ans:yes", "có bà hay tới xóm rủ con gái đi làm xa, hứa lương rất cao", "xã An Phú Hải Phòng"]
TO_THE_END = ["!when:week", "!who:adult", "!ans:skip", "!ans:skip", "!reply:none"]


def test_everybody_is_asked_about_the_commune_police_and_the_answer_decides(citizen):
    asked = walk(citizen, "!do:report_tip", *PLACED, *TO_THE_END)
    assert "không muốn công an xã này đọc tin không" in text(asked)
    assert {"Gửi công an xã", "Đừng gửi công an xã"} <= {c["title"] for c in asked[-1]["choices"]}
    shown = text(citizen.tap("ans:above"))
    assert "công an xã, phường không đọc" in shown
    assert "Chuyện gì" not in shown, "only what changed is read back"
    sent = text(citizen.tap("ans:send"))
    assert "Công an xã An Phú" not in sent
    assert "Tin đã được chuyển đến" in sent


@pytest.mark.parametrize(
    "words", ["đừng, ổng là anh trưởng công an", "đừng gửi xã", "dung gui cong an xa nha em so lo"]
)
def test_free_words_say_it_too(citizen, words):
    walk(citizen, "!do:report_tip", *PLACED, *TO_THE_END)
    assert "công an xã, phường không đọc" in text(citizen.say(words))
    assert "Công an xã An Phú" not in text(citizen.tap("ans:send"))


def test_nothing_against_them_sends_it(citizen):
    walk(citizen, "!do:report_tip", *PLACED, *TO_THE_END)
    assert "Công an xã An Phú" in text(citizen.say("không sao cứ gửi"))


def test_in_an_emergency_one_tap_sends_it_above(citizen):
    asked = walk(citizen, "em bị nhốt, cứu em với", "!do:urgent_tip", "xã An Phú Hải Phòng")
    assert "ans:send_above" in {c["id"] for c in asked[-1]["choices"]}
    sent = text(citizen.tap("ans:send_above"))
    assert "Tin đã được chuyển đến" in sent
    assert "Công an xã An Phú" not in sent


def test_a_commune_at_the_question_about_abroad_and_a_correction_at_the_read_back(citizen):
    story = "hai đứa con gái trong bản bị một bà lạ mặt rủ sang Trung Quốc bán hàng, đã bốn hôm nay"
    walk(citizen, "!do:report_tip", "!ans:yes", story)
    shown = walk(citizen, "xã Mường Lát, Thanh Hóa", *TO_THE_END)
    assert "Xã Mường Lát, Thanh Hóa" in text(shown)
    changed = text(citizen.say("à nhầm, không phải xã Mường Lát mà là xã Trung Lý, Thanh Hóa"))
    assert "Xã Trung Lý" in changed
    assert "Chuyện gì" not in changed


def test_an_answer_to_the_card_tells_when_and_who_too(citizen):
    citizen.say("con nhỏ cháu tui bị nhốt trong quán karaoke bắt tiếp khách")
    assert "an toàn gồm năm việc" not in text(citizen.say("tui an toàn"))  # it answers the card, and asks nothing
    asked = text(citizen.say("nó hẹn con nhỏ ở bến xe xã Kiến Thụy, Hải Phòng rồi chở đi, từ tuần trước"))
    for deed in ("con nhỏ 15 tuổi, có mình nó", "con mụ tên Lệ, số 0912 000 111"):
        assert "khi nào" not in asked
        asked = text(citizen.say(deed))
    assert "khi nào" not in asked
