"""The letter to a support service that is not on the system: what was chosen for it, and nothing else of the tip."""

from __future__ import annotations

from bot.console import told
from bot.console.documents.sheet import Block, Section, Sheet, clean
from bot.content.phrasebooks import Phrasebook
from bot.presentation.words import when, words
from bot.services.tips.glimpses import number
from bot.services.tips.support import Letter

TITLE = "THƯ ĐỀ NGHỊ HỖ TRỢ"


def compose(letter: Letter, book: Phrasebook) -> Sheet:
    """The letter as plain text, for the writers of documents."""
    parts = words()["parts"]
    chosen = [(label, clean(text)) for label, text in told.lines(book, letter.words)]
    chosen += [("Trẻ em", "Có trẻ em: phối hợp Tổng đài 111")] if letter.words.get("child") else []
    sections = [
        Section(parts["needs"], (Block("", clean(letter.needs)),) if letter.needs else (), "Như đã trao đổi."),
        Section("Điều cần biết để hỗ trợ", tuple(Block(label, text) for label, text in chosen)),
    ]
    if letter.reason:
        sections.append(Section("Vì sao gửi khi chưa hỏi được", (Block("", clean(letter.reason)),)))
    asks = words()["letter"]
    sections.append(Section(asks["title"], tuple(Block("", line) for line in asks["lines"])))
    unit, entry = clean(letter.unit_name), f"Mục nhật ký số {letter.audit_seq} · SHA-256 {letter.audit_hash}"
    return Sheet(
        unit=unit,
        number=number(letter.referral_id),
        made=when(letter.at),
        facts=(("Kính gửi", clean(letter.recipient)), ("Sự đồng ý", words()["consent"][letter.consent])),
        sections=tuple(sections),
        officer=clean(letter.officer_name),
        footer=(f"{unit} · Phiếu {number(letter.referral_id)}", entry),
        title=TITLE,
    )
