"""The sheet "Phiếu chuyển tin báo" as plain text: what stands on it, in which order, in words a reader needs no code for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.console import told
from bot.content.phrasebooks import Phrasebook
from bot.core.places.gazetteer import Gazetteer
from bot.presentation.words import when, words
from bot.services.tips.export import Attached, Exported, Said
from bot.services.tips.glimpses import number

TITLE = "PHIẾU CHUYỂN TIN BÁO"
# Margins of an administrative document, top, right, bottom, left in millimetres (Decree 30/2020/ND-CP, annex I).
MARGINS = (20, 15, 20, 30)
# What XML cannot hold, and signs that turn the direction of reading and could make a sheet show another text.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_KINDS = {"image": "Ảnh", "audio": "Ghi âm", "video": "Video", "file": "Tài liệu"}
_WHO = {"reporter": "Người báo", "system": "Hệ thống"}


@dataclass(frozen=True)
class Block:
    """A small heading (may be "") and the text below it."""

    label: str
    text: str


@dataclass(frozen=True)
class Section:
    """A numbered part of the sheet; `empty` is what stands there when it has no blocks."""

    title: str
    blocks: tuple[Block, ...]
    empty: str = "Không có."


@dataclass(frozen=True)
class Sheet:
    """All text of one sheet."""

    unit: str
    number: str
    made: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    officer: str
    footer: tuple[str, str]
    title: str = TITLE


def compose(exported: Exported, book: Phrasebook, gazetteer: Gazetteer) -> Sheet:
    """The sheet of an exported referral."""
    sections = (
        Section("Nội dung tin", _blocks(told.lines(book, exported.words)), "Người báo không trả lời câu nào."),
        Section(
            book.labels["traces"],
            tuple(
                Block(kind, clean(trace))
                for kind, trace in told.labelled(
                    exported.words, [line.entry for line in exported.dialogue], words()["trace_kinds"]
                )
            ),
        ),
        Section("Về lời kể", _blocks(told.notes(exported.words, words()))),
        Section("Nguyên văn lời kể", _blocks(told.verbatim(exported.words, words()["asked"]))),
        Section("Trao đổi với người báo", _dialogue(exported, book), "Chưa có trao đổi."),
        Section("Tệp gửi kèm", tuple(Block(item.name, _file(item)) for item in exported.attached)),
        Section("Lịch sử xử lý", _history(exported)),
    )
    entry = f"Mục nhật ký số {exported.audit_seq} · SHA-256 {exported.audit_hash}"
    return Sheet(
        unit=clean(exported.unit_name),
        number=number(exported.referral.id),
        made=when(exported.at),
        facts=_facts(exported, book, gazetteer),
        sections=sections,
        officer=clean(exported.officer_name),
        footer=(f"{clean(exported.unit_name)} · Phiếu {number(exported.referral.id)}", entry),
    )


def clean(text: str) -> str:
    """`text` without characters that cannot be printed or that change how the line around them reads."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _blocks(pairs: list[tuple[str, str]]) -> tuple[Block, ...]:
    return tuple(Block(clean(label), clean(text)) for label, text in pairs)


def _facts(exported: Exported, book: Phrasebook, gazetteer: Gazetteer) -> tuple[tuple[str, str], ...]:
    table, tip, referral = words(), exported.tip, exported.referral
    machine = exported.correction.machine if exported.correction else None

    def shown(now: str, before: str) -> str:
        return f"{now} (máy xếp: {before})" if machine is not None and now != before else now

    level = {"urgent": "Khẩn cấp", "normal": "Thường"}
    child = "Có trẻ em: phối hợp Tổng đài 111"
    then = machine or tip
    rows = [
        ("Loại việc", shown(_category(book, tip.category), _category(book, then.category))),
        ("Mức", shown(level[tip.urgency], level[then.urgency])),
        ("Trẻ em", child if tip.child else (shown("Không", "có") if then.child else "")),
        ("Nơi xảy ra", shown(place(gazetteer, tip.commune_code, tip.province_code),
                             place(gazetteer, then.commune_code, then.province_code))),
        ("Số người, cán bộ ghi", _people(exported)),
        ("Kết quả xác minh", _finding(exported)),
        ("Căn cứ xác minh", "; ".join(table["bases"][code] for code in tip.verify_basis.split(",") if code)),
        ("Quyết định giải quyết", table["decisions"].get(tip.decision, "")),
        ("Đơn vị nhận", exported.unit_name),
        ("Chuyển đến vì", route_words(referral.route_reason)),
        ("Trạng thái", table["states"][referral.state]),
        ("Lý do, kết quả", table["reasons"].get(referral.reason, referral.reason)),
        ("Tin đến bằng", table["channels"].get(tip.channel, tip.channel)),
        ("Tin gửi lúc", when(tip.created_at)),
        ("Đến đơn vị lúc", when(referral.created_at)),
        ("Tiếp nhận lúc", when(referral.received_at)),
        ("Quyết định lúc", when(referral.decided_at)),
        ("Khép lại lúc", when(referral.closed_at)),
        ("Thời hạn kế tiếp", when(referral.next_clock_at)),
        ("Gia hạn đến", when(referral.extended_until)),
    ]  # fmt: skip
    return tuple((label, clean(value)) for label, value in rows if value and value != "–")


def _category(book: Phrasebook, code: str) -> str:
    return book.categories.get(code, code)


def _people(exported: Exported) -> str:
    found = exported.correction
    if found is None or not found.people_changed:
        return ""
    return str(found.people) if found.people else "Chưa rõ"


def _finding(exported: Exported) -> str:
    tip = exported.tip
    if not tip.verify_result:
        return ""
    people = f": {tip.victims} nạn nhân, {tip.victims_child} dưới 18 tuổi" if tip.victims else ""
    return f"{words()['findings'][tip.verify_result]}{people}, ghi lúc {when(tip.verified_at)}"


def place(gazetteer: Gazetteer, commune: str, province: str) -> str:
    """The full name of a commune or province, by code."""
    if commune in gazetteer.communes:
        return gazetteer.full_name(commune)
    return gazetteer.provinces[province].full_name if province in gazetteer.provinces else "Chưa rõ"


def route_words(reason: str) -> str:
    """Why a referral came to its unit."""
    table, short = words(), reason.removeprefix("transfer_")
    return table["routes"].get(reason) or table["reasons"].get(short, short)


def _dialogue(exported: Exported, book: Phrasebook) -> tuple[Block, ...]:
    return tuple(_line(line, book) for line in exported.dialogue)


def _line(line: Said, book: Phrasebook) -> Block:
    title, rows = told.added(line.entry, words(), book)
    label = ", ".join(filter(None, ["Người báo" if line.by_reporter else "Cán bộ", when(line.at), title]))
    read = [f"{name}: {clean(said)}" for name, said in rows]
    files = f"(kèm {', '.join(line.files)})" if line.files else ""
    doubt = str(words()["line_changed"]) if line.entry.get("doubtful") else ""
    return Block(label, "\n".join(filter(None, [clean(line.text), *read, files, doubt])))


def _file(item: Attached) -> str:
    size = f"{item.ref.size / 1024:,.0f} kB".replace(",", ".")
    scan = "đã quét mã độc" if item.ref.scan == "clean" else "chưa quét mã độc"
    sender = "người báo gửi" if item.by_reporter else "cán bộ gửi"
    return f"{_KINDS[item.ref.kind]} ({item.ref.mime}), {size}, {sender} {when(item.at)}, {scan}"


def _history(exported: Exported) -> tuple[Block, ...]:
    names = words()["audit"]
    lines = [
        f"{when(line.at)}: {names.get(line.action, line.action)} ({clean(_WHO.get(line.who, line.who))})"
        for line in exported.history
    ]
    if exported.reads:
        lines.append(f"Số lượt mở xem: {exported.reads}")
    return (Block("", "\n".join(lines)),)
