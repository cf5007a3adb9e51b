"""The citizen's chat page in a real browser: what is written arrives once, what comes back is shown as text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.support import live
from tests.support.browser import Visit
from tests.support.chat_stub import Stub

pytestmark = pytest.mark.e2e


def test_a_message_is_answered(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    assert stub.opened == 0, "looking at the page opens no session"
    visit.say("Có người rủ mình đi Campuchia")
    expect(page.locator(".mine .text")).to_have_text("Có người rủ mình đi Campuchia")
    expect(page.locator(".theirs .text")).to_contain_text("Mình nghe rồi")
    expect(page.locator("#typing")).to_be_hidden()
    expect(page.locator("#input")).to_have_value("")
    assert stub.opened == 1
    assert re.fullmatch(r"[0-9a-f-]{36}", stub.taken[0]["message_id"])


def test_shift_enter_breaks_the_line(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    page.locator("#input").press_sequentially("một")
    page.press("#input", "Shift+Enter")
    page.locator("#input").press_sequentially("hai")
    assert stub.posts == []
    page.press("#input", "Enter")
    expect(page.locator(".theirs")).to_have_count(1)
    assert stub.taken[0]["text"] == "một\nhai"


def test_a_choice_is_tapped_once_and_then_gone(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    page.click("text=Mình đang gặp nguy hiểm")
    assert page.locator(".mine .text").inner_text() == "Mình đang gặp nguy hiểm"
    page.click("text=Có, mình nhắn được")
    expect(page.locator(".theirs").last).to_contain_text("safe_yes")
    expect(page.locator(".option")).to_have_count(0)
    assert [said.get("choice") for said in stub.taken] == ["say:emergency_in_danger", "safe_yes"]


def test_messages_leave_in_order(visit: Visit, stub: Stub) -> None:
    stub.delay = 0.1
    page = visit.open()
    for word in ("một", "hai", "ba"):
        visit.say(word)
    expect(page.locator(".theirs")).to_have_count(3)
    assert [said["text"] for said in stub.taken] == ["một", "hai", "ba"]


def test_a_piece_does_not_wait_for_the_answer_to_the_one_before(visit: Visit, stub: Stub) -> None:
    stub.delay = 60.0
    visit.open()
    visit.say("ở quán sao đêm")
    visit.say("xã an lão")
    live.wait_for(lambda: [said["text"] for said in stub.posts] == ["ở quán sao đêm", "xã an lão"])
    expect(visit.page.locator("#typing")).to_be_visible()


def test_nothing_overtakes_a_piece_that_is_tried_again(visit: Visit, stub: Stub) -> None:
    stub.fail_next = [503]
    page = visit.open()
    visit.say("ở quán sao đêm")
    live.wait_for(lambda: stub.posts)
    visit.say("xã an lão")
    expect(page.locator(".theirs")).to_have_count(2)
    assert [said["text"] for said in stub.taken] == ["ở quán sao đêm", "xã an lão"]


def test_pieces_after_the_session_has_ended_move_to_one_new_session(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    visit.say("xin chào")
    expect(page.locator(".theirs")).to_have_count(1)
    stub.forget_sessions()
    visit.say("ở quán sao đêm")
    visit.say("xã an lão")
    live.wait_for(lambda: {said.get("text") for said in stub.taken} == {"xin chào", "ở quán sao đêm", "xã an lão"})
    expect(page.locator("#typing")).to_be_hidden()


@pytest.mark.parametrize("failure", [503, 429, 0], ids=["server down", "too many", "answer lost on the way"])
def test_a_failed_send_is_repeated_with_the_same_id(visit: Visit, stub: Stub, failure: int) -> None:
    stub.fail_next = [failure]
    page = visit.open()
    visit.say("xin chào")
    expect(page.locator(".theirs")).to_have_count(1)
    assert len(stub.posts) == 2
    assert len({said["message_id"] for said in stub.posts}) == 1
    assert len(stub.taken) == 1
    expect(page.locator(".mine")).to_have_count(1)


def test_giving_up_offers_another_try_with_the_same_id(visit: Visit, stub: Stub) -> None:
    stub.fail_next = [503] * 4
    page = visit.open()
    visit.say("xin chào")
    expect(page.locator(".state")).to_contain_text("Chưa gửi được")
    assert len(stub.posts) == 4, "the automatic tries are bounded"
    page.click("text=Thử lại")
    expect(page.locator(".theirs")).to_have_count(1)
    expect(page.locator(".state")).to_have_count(0)
    assert len({said["message_id"] for said in stub.posts}) == 1
    assert len(stub.taken) == 1


def test_a_refusal_shows_the_servers_sentence_and_is_not_repeated(visit: Visit, stub: Stub) -> None:
    stub.fail_next = [422]
    page = visit.open()
    visit.say("?")
    expect(page.locator(".state")).to_have_text("Mình chưa đọc được tin này, bạn viết lại giúp mình nhé.")
    expect(page.locator(".retry")).to_have_count(0)
    assert len(stub.posts) == 1


def test_a_lost_session_is_replaced_and_said_kindly(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    visit.say("một")
    expect(page.locator(".theirs")).to_have_count(1)
    stub.forget_sessions()
    visit.say("hai")
    expect(page.locator(".theirs")).to_have_count(2)
    expect(page.locator(".notice")).to_contain_text("đã được đóng để giữ kín")
    assert stub.opened == 2
    assert stub.taken[-1]["text"] == "hai"


def test_a_choice_of_a_lost_session_is_not_sent_into_the_new_one(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    visit.say("nguy hiểm")
    page.wait_for_selector("text=Không an toàn")
    page.wait_for_timeout(300)  # the page listens already: only the tap can find out
    stub.forget_sessions()
    page.click("text=Không an toàn")
    expect(page.locator(".notice")).to_contain_text("Bạn gửi lại giúp mình nhé")
    assert len(stub.taken) == 1
    assert stub.opened == 1


@pytest.mark.parametrize("stream_status", [200, 404], ids=["stream", "polling"])
def test_later_messages_arrive_once(visit: Visit, stub: Stub, stream_status: int) -> None:
    stub.stream_status = stream_status
    page = visit.open()
    visit.say("một")
    expect(page.locator(".theirs")).to_have_count(1)
    page.wait_for_timeout(200)
    stub.push("Cán bộ đã nhận tin của bạn.")
    expect(page.locator(".theirs").last).to_contain_text("Cán bộ đã nhận tin")
    page.wait_for_timeout(700)
    expect(page.locator(".theirs")).to_have_count(2)


def test_what_came_while_the_stream_was_broken_is_not_skipped_by_the_next_answer(visit: Visit, stub: Stub) -> None:
    page = visit.open()

    def down(route: Route) -> None:
        if route.request.method == "GET":
            route.abort()
        else:
            route.continue_()

    page.route("**/chat/api/**", down)
    visit.say("một")
    expect(page.locator(".theirs")).to_have_count(1)
    stub.push("Cán bộ đã trả lời bạn.")
    visit.say("hai")
    expect(page.locator(".theirs")).to_have_count(2)
    page.unroute("**/chat/api/**")
    expect(page.locator(".theirs")).to_have_count(3)
    expect(page.locator(".theirs").last).to_contain_text("Cán bộ đã trả lời")
    page.wait_for_timeout(700)
    expect(page.locator(".theirs")).to_have_count(3)


def test_answers_are_text_and_only_known_links_are_links(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    visit.say("một")
    expect(page.locator(".theirs")).to_have_count(1)
    page.wait_for_timeout(200)
    stub.push(
        "<img src=x onerror=alert(1)> Gọi 113, 111. Ở nước ngoài: +84 981 84 84 84. Lương 115 triệu, 1130 người, "
        "20/112/2025, Điều 114. https://tongdai111.vn/a?b=1. https://viec-nhe.example/x javascript:alert(1) "
        "https://tongdai111.vn.evil.example/"
    )
    last = page.locator(".theirs .text").last
    expect(last).to_contain_text("<img src=x onerror=alert(1)>")
    assert last.locator("img").count() == 0
    links = last.locator("a").evaluate_all("nodes => nodes.map((node) => [node.getAttribute('href'), node.rel])")
    assert [href for href, _ in links] == ["tel:113", "tel:111", "tel:+84981848484", "https://tongdai111.vn/a?b=1"]
    assert "noopener" in links[-1][1]
    assert "noreferrer" in links[-1][1]


def test_ones_own_words_are_never_linked(visit: Visit) -> None:
    page = visit.open()
    visit.say("Họ gửi https://congan.gov.vn/x và số 113")
    expect(page.locator(".theirs")).to_have_count(1)
    assert page.locator(".mine a").count() == 0


def test_a_picture_comes_from_this_server_only(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    visit.say("cho mình xem ảnh")
    expect(page.locator(".theirs img")).to_have_attribute("alt", "Biểu tượng lá chắn")
    stub.push("Ảnh lạ", image={"src": "https://elsewhere.example/track.png", "alt": ""})
    expect(page.locator(".theirs").last).to_contain_text("Ảnh lạ")
    assert page.locator(".theirs img").count() == 1


def test_files_are_chosen_dropped_and_sent(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    files = [{"name": f"anh{n}.png", "mimeType": "image/png", "buffer": b"x" * 10} for n in range(3)]
    page.set_input_files("#picker", files)
    expect(page.locator(".chip")).to_have_count(3)
    page.click("[aria-label='Bỏ tệp anh1.png']")
    visit.say("chứng cứ")
    expect(page.locator(".theirs").last).to_contain_text("2 tệp")
    sent = stub.taken[0]
    assert [file["name"] for file in sent["files"]] == ["tep", "tep"], "what a file is called does not leave the phone"
    assert sent["text"] == "chứng cứ"
    expect(page.locator(".chip")).to_have_count(0)


def test_who_adds_a_photo_is_told_what_it_carries_and_may_send_the_original(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    expect(page.locator("#traces")).to_be_hidden()
    photo = {"name": "anh.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 10}
    page.set_input_files("#picker", [photo])
    expect(page.locator("#traces")).to_contain_text("nơi chụp")
    expect(page.locator("#unclean")).to_be_hidden()
    visit.say("một")
    expect(page.locator(".theirs")).to_have_count(1)
    page.set_input_files("#picker", [photo, {"name": "a.m4a", "mimeType": "audio/mp4", "buffer": b"x"}])
    expect(page.locator("#unclean")).to_contain_text("không làm sạch được")
    page.check("#original")
    visit.say("hai")
    expect(page.locator(".theirs")).to_have_count(2)
    assert [said.get("original") for said in stub.taken] == [None, "1"]
    page.set_input_files("#picker", [photo])
    assert not page.is_checked("#original"), "asked anew for every message"


def test_words_that_could_not_be_sent_come_back(visit: Visit, stub: Stub, tmp_path: Path) -> None:
    page, large = visit.open(), [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for file in large:  # from the disk: what is given as bytes goes to the browser as text
        file.write_bytes(b"x" * 11 * 1024 * 1024)
    page.set_input_files("#picker", large)
    visit.say("em kể ở đây")
    expect(page.locator("#problem")).to_contain_text("cộng lại lớn quá 20 MB")
    assert page.input_value("#input") == "em kể ở đây"
    assert stub.posts == []
    page.click("[aria-label='Bỏ tệp b.mp4']")
    stub.fail_next.append(400)
    page.click("button.send")
    expect(page.locator("#input")).to_have_value("em kể ở đây")
    expect(page.locator(".chip")).to_have_count(1)


def test_too_many_files_are_refused_kindly(visit: Visit) -> None:
    page = visit.open()
    files = [{"name": f"{n}.txt", "mimeType": "text/plain", "buffer": b"x"} for n in range(11)]
    page.set_input_files("#picker", files)
    expect(page.locator("#problem")).to_contain_text("tối đa 10 tệp")
    expect(page.locator(".chip")).to_have_count(10)


def test_an_attachment_is_fetched_with_the_session(visit: Visit) -> None:
    page = visit.open()
    visit.say("tệp")
    with page.expect_download() as download:
        page.click("text=Lưu tệp vào máy: a.txt")
    assert download.value.suggested_filename == "a.txt"


def test_a_long_text_is_counted_and_never_cut(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    page.fill("#input", "ư" * 3900)
    expect(page.locator("#counter")).to_have_text("Còn 100 ký tự")
    visit.say("ư" * 4001)
    expect(page.locator("#problem")).to_contain_text("quá 4.000 ký tự")
    assert len(page.input_value("#input")) == 4001
    assert stub.posts == []
    visit.say("u\u031b" * 4000)  # decomposed: 4,000 letters once composed
    expect(page.locator(".theirs")).to_have_count(1)


def test_the_location_is_sent_only_when_asked_and_allowed(browser: Browser, base: str, stub: Stub) -> None:
    place = {"latitude": 10.75, "longitude": 106.66}
    visit = Visit(browser, base, geolocation=place, permissions=["geolocation"])
    page = visit.open()
    assert page.locator(".place").count() == 0
    visit.say("ở đâu")
    page.click("text=Gửi vị trí của mình")
    expect(page.locator(".theirs").last).to_contain_text("đã nhận vị trí")
    assert stub.taken[-1]["location"] == place
    visit.close()


def test_a_refused_location_asks_for_words(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    visit.say("ở đâu")
    page.click("text=Gửi vị trí của mình")
    expect(page.locator(".notice")).to_contain_text("gõ tên xã, phường")
    expect(page.locator("#input")).to_be_focused()
    assert len(stub.taken) == 1


def test_a_long_answer_is_shown_from_its_beginning(visit: Visit) -> None:
    page = visit.open()
    visit.say("kể dài")
    expect(page.locator(".theirs")).to_have_count(1)
    top = page.locator(".theirs").bounding_box()["y"]
    log = page.locator("#log").bounding_box()
    assert log["y"] <= top <= log["y"] + log["height"] / 2


def test_erasing_takes_two_presses_and_ends_the_session(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    visit.say("một")
    expect(page.locator(".theirs")).to_have_count(1)
    page.click("#erase")
    expect(page.locator(".theirs")).to_have_count(1)
    page.click("#erase")
    expect(page.locator(".message")).to_have_count(0)
    expect(page.locator(".notice")).to_contain_text("Đã xóa cuộc trò chuyện")
    live.wait_for(lambda: stub.ended == ["session-1"])
    visit.say("hai")
    expect(page.locator(".theirs")).to_have_count(1)
    assert stub.opened == 2


def test_what_was_erased_while_it_waited_is_never_sent(browser: Browser, base: str, stub: Stub) -> None:
    stub.fail_next = [503]
    visit = Visit(browser, base, hurry=False)
    page = visit.open()
    visit.say("một")
    page.wait_for_function("document.getElementById('typing').hidden === false")
    page.click("#erase")
    page.click("#erase")
    page.wait_for_timeout(1_500)  # the first automatic try comes after a second
    assert stub.taken == []
    assert len(stub.posts) == 1
    visit.say("hai")
    expect(page.locator(".theirs")).to_have_count(1)
    assert [said["text"] for said in stub.taken] == ["hai"]
    visit.close()


def test_an_answer_that_takes_long_comes_later(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    visit.say("im lặng")
    expect(page.locator("#status")).to_have_text("Vẫn đang xử lý. Nếu gấp, bạn gọi 113 hoặc 111 ngay nhé.")
    stub.push("Đây là câu trả lời.")
    expect(page.locator(".theirs")).to_have_text("Lá Chắn: Đây là câu trả lời.")
    expect(page.locator("#typing")).to_be_hidden()


def test_without_a_network_the_numbers_stay_and_the_message_waits(visit: Visit, stub: Stub) -> None:
    page = visit.open()
    visit.say("một")
    expect(page.locator(".theirs")).to_have_count(1)
    visit.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    visit.say("hai")
    expect(page.locator(".state")).to_contain_text("Chưa gửi được")
    visit.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    expect(page.locator(".theirs").last).to_contain_text("Mình nghe rồi")
    assert [said["text"] for said in stub.taken] == ["một", "hai"]


def test_english_and_back(visit: Visit) -> None:
    page = visit.open()
    vietnamese = page.locator("body").inner_text()
    page.click("#language")
    expect(page.locator("#exit")).to_have_text("Quick exit")
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.locator(".option").first).to_contain_text("I am in danger")
    assert not re.search(
        "[ạảấầẩẫậắằẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữự]", page.locator("body").inner_text().replace("Chắn", "")
    )
    page.click("#language")
    expect(page.locator("#exit")).to_have_text("Thoát nhanh")
    assert page.locator("body").inner_text() == vietnamese


def test_the_first_view_is_light(visit: Visit) -> None:
    sizes: dict[str, int] = {}
    visit.page.on("response", lambda got: sizes.update({got.url: len(got.body())}))
    visit.open()
    visit.page.wait_for_timeout(300)
    page_only = {url: size for url, size in sizes.items() if "/icons/" not in url}
    # Numbers as buttons, room for large letters and clean photos cost eight kilobytes over the sixty of before, and pieces that
    # do not wait for the answer to the one before two more.
    assert sum(page_only.values()) < 70 * 1024, page_only
