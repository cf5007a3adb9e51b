"""What a person told and sent before the interview, and how a draft begins with it. Pure; Python 3.10-compatible.

The gateway keeps the last messages of a conversation, sealed with its state, and hands them over when an interview
begins. An entry is a plain dict: {"text", "place", "files", "tells"}; `tells`: the words are part of a story.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.core.text import fold
from bot.dialogue import category
from bot.dialogue.interview.draft import (
    Draft,
    Message,
    absorb,
    has_substance,
    keep_files,
    keep_words,
    mark,
    note,
)
from bot.dialogue.interview.extract import extract

Entry = Mapping[str, Any]
MAX_STORY_CHARS = 8_000
_WHOLE = 25  # words from which a story is not asked for again
ENOUGH_WORDS = 4  # "cứu em với" says nothing of what happens; four words with a deed in them may

# Something was done to somebody, in the words people have for it, north and south. Without marks only the words that
# mean little else: "ban" is also a friend and "cho" also "for".
_DEED = (
    r"(?:bị|dụ|dụ dỗ|rủ|rủ rê|lừa|gạt|ép|bắt|nhốt|giam|giữ|đánh|đập|bán|mất tích|mất liên lạc|không liên lạc|mất hút|đòi|chuộc|mua|"
    r"chở|đưa|dẫn|dắt|chích|khóa|khoá|tịch thu|thu giấy|thu điện thoại|trốn|bỏ trốn|bỏ đi|môi giới|tuyển|dọa|doạ|hăm|quay clip|"
    r"tiếp khách|hành hạ|bỏ đói|trả nợ|cầm cố|lấy chồng|ca ve|chưa về|không về|không cho|hổng cho|hông cho|không trả lương|không thấy về|đi khách)"
)
_DEED_BARE = (
    r"(?:bi|du do|du di|du qua|du sang|ru re|ru di|ru qua|ru sang|lua|gat|ep|nhot|giam|giu|danh|mat tich|mat lien lac|khong lien lac|"
    r"doi tien|chuoc|ban qua|ban sang|dem ban|cho di|cho qua|dua di|dua qua|dua sang|dan di|chich dien|tich thu|thu giay|"
    r"thu dien thoai|bo tron|tron|moi gioi|de doa|tiep khach|hanh ha|bo doi|tra no|cam co|lay chong|ca ve|chua ve|khong ve|"
    r"khong cho|hong cho|ko cho|k cho|khong tra luong|khong thay ve|trafficked|sold|locked|held|kidnapped|forced|beaten|missing|lured|"
    r"took (?:her|him|my|them|our)|won'?t let|not let)"
)
_SOMEBODY = (
    r"(?:con|cháu|em|bạn|chị|anh|cô|chú|bác|dì|cậu|mợ|ông|bà|mẹ|má|bố|ba|vợ|chồng|nó|hắn|bọn|tui|tôi|mình|tao|hàng xóm|"
    r"người|đứa|thằng|chủ|nhóm|y|học sinh|học trò|bệnh nhân|cổ|ổng|bả|ảnh|chỉ|ẻm)"
)
_SOMEBODY_BARE = (
    r"(?:con|chau|em|ban|chi|anh|co|chu|bac|di|cau|mo|ong|ba|me|ma|bo|vo|chong|no|han|bon|tui|toi|minh|tao|hang xom|nguoi|dua|"
    r"thang|nhom|hoc sinh|hoc tro|benh nhan|my|she|he|they|i|we|girls?|boys?|m|e|t|mk|mik|ck|vk)"
)
_TOLD = re.compile(rf"\b{_SOMEBODY}\b(?:\W+\w+){{0,8}}?\W+{_DEED}\b")
_TOLD_BARE = re.compile(rf"\b{_SOMEBODY_BARE}\b(?:\W+\w+){{0,8}}?\W+{_DEED_BARE}\b")
_HAPPENS = re.compile(rf"\b{_DEED}\b")
_HAPPENS_BARE = re.compile(rf"\b{_DEED_BARE}\b")
_SUPPOSED = re.compile(r"^\W*(?:neu|lo|nho|gia su|truong hop|lam sao biet|lam the nao|dau hieu|the nao la|if|how do)\b")
# Of the law, of secrecy: what is asked of us, whoever it is about.
OF_US = re.compile(
    r"\b(?:giữ bí mật|giu bi mat|bị lộ|bi lo|giữ kín|giu kin|bí mật|bi mat|bị (?:phạt|xử|tù|đi tù|truy cứu|gì)|bi (?:phat|xu|tu|di tu|gi)|"
    r"mua bán người|mua ban nguoi|buôn người|buon nguoi)\b"
)
_ASKS = re.compile(
    r"\?|\b(?:la gi|lam sao|lam gi|lam the nao|the nao|bao nhieu|bao lau|may nam|so nao|so may|o dau|vi sao|tai sao|phai khong|"
    r"dung khong|duoc khong|duoc hong|duoc hok|dc ko|dc k|co khong|khong a|khong vay|khong nhi|thi sao|ra sao|co phai|phai lam|what|how|"
    r"where|who|can i)\b|\bco\b.{0,60}\b(?:khong|hong|hok|ko)\W*$|\b(?:khong|hong|hok|ko|chua|ha|vay|nhi|gi|ai|nao|dau)\W*$"
)
_WISHES = re.compile(
    r"^\W*(?:da |vang |alo |chao \w+ |gio |roi |cho )?(?:(?:toi|em|minh|con|chau|tui|mik|mk|t|e) )?(?:muon|can|xin|nho|dinh|i want to|i'd like to) "
    r"(?:duoc )?(?:bao|to giac|to cao|hoi|gap|noi chuyen|giup|tu van|trinh bao|gui tin|report|ask)\b"
)
_CAPTION = re.compile(
    r"^\W*(?:day la |gui )?(?:anh|hinh|clip|video|tin nhan|ghi am|file|tep|bang chung|photo|picture)\b(?:\W+\w+){0,6}\W*$"
)
_PARTS = re.compile(r"[.;!?\n]+|,\s+|\b(?:giờ|gio|thì|thi|mà|ma|vậy|vay|nên|nen)\b")
# Meanings that are no story however they are worded, unless the words tell one all the same.
SMALL_TALK = frozenset({
    "greet", "thank", "goodbye", "bot_challenge", "chitchat", "affirm", "deny", "stop_cancel", "abuse_insult",
    "ask_human", "subscribe", "unsubscribe", "report_tip_status", "menu", "unsupported", "out_of_scope",
})  # fmt: skip
SURE_PLACES = frozenset({"commune", "candidates", "foreign"})  # found in a story, these count as the answer to "where?"
_OTHER_SCRIPT = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff]"
)  # Thai, Lao, Burmese, Khmer, Chinese, Japanese
_FOREIGN_CHARS = 12
DISTRESS = "self_harm_distress"


def tells(text: str, intent: str = "", *, emergency: bool = False) -> bool:
    """Whether `text` tells what happened, rather than greeting, asking, or wishing to report.

    A question that also tells is a story: losing words hurts more than one question too many in a tip.
    """
    folded = fold(text)
    words = len(text.split())
    if not any(char.isalnum() for char in text):
        return False
    if _OTHER_SCRIPT.search(text) and intent != DISTRESS:
        return emergency or len(text) >= _FOREIGN_CHARS  # unread here, but an officer can have it read
    told = _told(text) and not _SUPPOSED.match(folded)
    found = extract(text)
    if intent == DISTRESS:  # how somebody feels is no report; what was done to them is
        return told and (category.categorise(text) != "other" or bool(found.traces or found.people))
    if emergency:
        return True
    if _ASKS.search(folded):
        return told and (words >= 7 or _a_part_tells(text))
    if told or (found.traces and words >= 3):
        return True
    if intent in SMALL_TALK or _WISHES.match(folded):
        return has_substance(text) and _happens(text)
    return words >= ENOUGH_WORDS


def _told(text: str) -> bool:
    """Somebody, and soon after what was done to them."""
    words = OF_US.sub(" ", text.lower())
    return bool((_TOLD_BARE if text.isascii() else _TOLD).search(words))


def _happens(text: str) -> bool:
    return bool((_HAPPENS_BARE if text.isascii() else _HAPPENS).search(text.lower()))


def _a_part_tells(text: str) -> bool:
    """Some clause of the message is no question and tells of somebody."""
    return any(_told(part) and not _ASKS.search(fold(part)) for part in _PARTS.split(text.lower()))


def fold_in(draft: Draft, entries: Iterable[Entry], *, urgent: bool = False) -> bool:
    """Put what was told and sent before into a fresh draft: story, place, traces, files. Whether there was anything.

    The story answers "what" only when it says what happens; else the question is still asked, and its answer added.
    """
    kept = list(entries)
    story: list[str] = []
    for entry in kept:
        words = str(entry.get("text") or "").strip()
        found = extract(words)
        keep_files(draft, tuple(entry.get("files") or ()))
        if entry.get("tells"):
            if words not in story and len(draft.get("what", "")) + len(words) <= MAX_STORY_CHARS:
                keep_words(draft, Message(text=words))
            story.append(words)
            continue
        if found.traces:  # a number, a link, a plate: no story, but what the officers look for
            asked = "evidence" not in draft["done"]
            note(draft, "evidence", Message(text=words))
            if asked:
                draft["done"].remove("evidence")
            continue
        # Nothing of a question is taken but how to reach the person, if it is told.
        absorb(draft, replace(found, people=None, child=False, still_in_danger=False, official_conflict=False))
    if says_enough("\n".join(part for part in story if not _CAPTION.match(fold(part))), urgent=urgent):
        mark(draft, "what")
    place = best_place(e.get("place") or {} for e in kept)
    if place.get("status") in SURE_PLACES:  # less than that is asked again, as from any story
        draft["where"] = {**place, "text": place.get("name", "")}
        mark(draft, "where")
    return bool(story or draft.get("where") or draft.get("files") or draft.get("traces"))


def says_enough(story: str, *, urgent: bool) -> bool:
    """Whether a story can stand as the answer to "what happened?"."""
    words = len(story.split())
    return words >= (ENOUGH_WORDS if urgent else _WHOLE) and (urgent or _happens(story))


_RANK = {"commune": 3, "candidates": 2, "province": 1, "foreign": 1}


def best_place(places: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The surest of the places told, the latest of equally sure ones; a country told beside it stays with it. {}: none.

    A position beats words that are less than a commune: whoever shares it means "here".
    """
    best: dict[str, Any] = {}
    country = ""
    for place in places:
        rank = _RANK.get(str(place.get("status")), 0)
        country = str(place.get("country") or "") or country
        if rank and (place.get("corrects") or rank >= _RANK.get(str(best.get("status")), 0)):
            best = dict(place)
    if best and country and not best.get("country"):
        best["country"] = country
    return best
