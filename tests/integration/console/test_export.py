"""Exports of one referral: they open again, hold what they must and never the reporter's contact."""

from __future__ import annotations

import asyncio
import hashlib
import io
import re
import zipfile
import zlib

import pytest
from docx import Document
from PIL import Image
from sqlalchemy import select

from bot.console.documents import pdf
from bot.core.errors import InvalidInput
from bot.services import audit
from bot.services.tips import files, record
from bot.storage import sealing
from bot.storage.tables import Audit, Referral
from tests.support.console import csrf, post

ZIP_TYPE = "application/zip"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 30), "teal").save(out, "PNG")
    return out.getvalue()


def words_of(document) -> str:
    """All text of a Word document, its tables and its footer."""
    parts = [paragraph.text for paragraph in document.paragraphs]
    parts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    parts += [paragraph.text for paragraph in document.sections[0].footer.paragraphs]
    return "\n".join(parts)


def streams_of(data: bytes) -> bytes:
    """A PDF's streams, unpacked where they are packed."""
    import base64

    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        raw = match[1].strip(b"\r\n")
        try:
            found.append(zlib.decompress(base64.a85decode(raw, adobe=False) if raw.endswith(b"~>") else raw))
        except (ValueError, zlib.error):
            found.append(raw)
    return b"\n".join(found)


async def exported(client, referral: str, kind: str):
    return await post(client, f"/referrals/{referral}/export", f"/referrals/{referral}", format=kind)


def entries(desk, action: str) -> list[Audit]:
    with desk.core.db.reading() as session:
        return list(session.execute(select(Audit).where(Audit.action == action).order_by(Audit.seq)).scalars())


def test_word_holds_everything_but_the_contact(desk):
    async def story():
        kept = files.keep(desk.core.settings.blobs_dir, picture())
        code, referral = desk.tip(files=[kept.ref], what="dòng một\ndòng\x07 hai \u202ecod.exe")
        client = await desk.signed_in("anphu")
        await post(client, f"/referrals/{referral}/answer", f"/referrals/{referral}", text="Bạn <b>đang</b> ở đâu?")
        keys = desk.core.vault.receipt_keys(code)
        with desk.core.db.transaction() as session:
            opened = record.open_with_receipt(session, desk.core.vault, keys.lookup, keys.pair)
            record.add_entry(session, opened, "reporter", "mình ở gần chợ", desk.now)
        answer = await exported(client, referral, "docx")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"] == f'attachment; filename="phieu-chuyen-{referral[:8]}.docx"'
        assert answer.headers["cache-control"] == "no-store"
        document = Document(io.BytesIO(answer.content))
        text = words_of(document)
        for expected in (
            "PHIẾU CHUYỂN TIN BÁO", "Công an xã An Phú (mẫu)", "Cưỡng bức lao động", "đúng địa bàn", "dòng một\ndòng hai cod.exe",
            "gần chợ", "0912 345 678", "Bạn <b>đang</b> ở đâu?", "mình ở gần chợ", "tep-01.jpg", "Tin được gửi đến",
            "Trả lời người báo (Cán bộ xã An Phú (trình diễn))", "Số lượt mở xem: 1", "trong tuần này",
        ):  # fmt: skip
            assert expected in text, expected
        (entry,) = entries(desk, "exported")
        assert entry.hash in text, "the sheet names its entry of the log"
        assert entry.detail == f"referral={referral} format=docx files=0"
        with desk.core.db.reading() as session:
            assert audit.verify(session).ok
        with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
            everything = b"".join(parts.read(name) for name in parts.namelist())
        assert b"0987" not in everything
        assert "chị Hoa".encode() not in everything
        page = document.sections[0]
        assert (page.page_width.mm, page.page_height.mm) == (pytest.approx(210, abs=0.1), pytest.approx(297, abs=0.1))
        assert document.core_properties.author == "Công an xã An Phú (mẫu)"

    asyncio.run(story())


def test_what_was_added_after_sending_stands_on_the_page_and_on_the_sheet_with_its_label(desk):
    async def story():
        code, referral = desk.tip()
        keys = desk.core.vault.receipt_keys(code)
        with desk.core.db.transaction() as session:
            opened = record.open_with_receipt(session, desk.core.vault, keys.lookup, keys.pair)
            to = record.ToAdd(opened.tip_id, sealing.adding_half(opened.key))
            facts = {"behind": "bà Tư <b>Thơm</b>", "traces": ["29A-123.45"], "places": [["held", "nhà kho sau chợ"]]}
            told = "bà Tư <b>Thơm</b>, xe 29A-123.45, giữ ở nhà kho sau chợ"
            record.add_entry(session, to, "reporter", told, desk.now, question="behind", facts=facts)
            record.add_entry(session, to, "reporter", "", desk.now, question="when", facts={"when": "when:now"})
        client = await desk.signed_in("anphu")
        page = (await client.get(f"/referrals/{referral}")).text
        for expected in (
            '<b class="added">Bổ sung · Ai đứng sau</b>', "Nơi bị giữ: nhà kho sau chợ", "Số, tài khoản, đường dẫn: 29A-123.45",
            '<b class="added">Bổ sung · Khi nào</b>', "Khi nào: đang xảy ra", "bà Tư &lt;b&gt;Thơm",
        ):  # fmt: skip
            assert expected in page, expected
        text = words_of(Document(io.BytesIO((await exported(client, referral, "docx")).content)))
        for expected in (
            "Bổ sung · Ai đứng sau",
            "Bổ sung · Khi nào",
            "Khi nào: đang xảy ra",
            "Nơi bị giữ: nhà kho sau chợ",
        ):
            assert expected in text, expected

    asyncio.run(story())


def test_pdf_has_its_fonts_inside_and_survives_a_long_story(desk):
    async def story():
        _, referral = desk.tip(what="Nhà bà Năm giữ giấy tờ của ba cô gái. " * 400 + "x" * 500 + " & <i> 語")
        client = await desk.signed_in("anphu")
        answer = await exported(client, referral, "pdf")
        assert answer.status_code == 200
        data = answer.content
        assert data.startswith(b"%PDF")
        assert b"/FontFile2" in data
        assert data.count(b"DejaVuSans") >= 2
        assert len(re.findall(rb"/Type /Page\b", data)) > 2
        assert len(streams_of(data)) > 50_000, "two fonts and some pages"

    asyncio.run(story())


def test_pdf_says_what_it_could_not_print():
    writer = pdf._Writer(pdf.fonts())
    assert writer.text("tiếng Việt: ặ ữ ỹ Đ ₫ “…”").text
    assert not writer.unknown
    assert writer.text("語").text == pdf.UNKNOWN
    assert writer.unknown


def test_pdf_without_fonts_is_refused_clearly(tmp_path):
    with pytest.raises(InvalidInput) as refused:
        pdf.fonts(tmp_path)
    assert refused.value.code == "no_font"
    assert sum(path.stat().st_size for path in pdf.FONTS.iterdir()) < 1_500_000
    assert (pdf.FONTS / "LICENSE.txt").exists()


def test_zip_has_the_clean_pictures_and_the_rest_under_neutral_names_with_sums(desk):
    async def story():
        image, papers = picture(), b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
        kept = [files.keep(desk.core.settings.blobs_dir, data).ref for data in (image, papers)]
        clean = files.fetch(desk.core.settings.blobs_dir, files.FileRef.unpack(kept[0]), view=True)
        _, referral = desk.tip(files=kept)
        client = await desk.signed_in("anphu")
        answer = await exported(client, referral, "zip")
        assert answer.headers["content-type"] == ZIP_TYPE
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.testzip() is None
            names = set(archive.namelist())
            word = f"phieu-chuyen-{referral[:8]}.docx"
            assert {word, "SHA256SUMS.txt"} < names
            others = names - {word, "SHA256SUMS.txt"}
            assert all(re.fullmatch(r"tep-0[12]\.(jpg|pdf)", name) for name in others), others
            assert {archive.read(name) for name in others} == {clean, papers}
            for line in archive.read("SHA256SUMS.txt").decode().splitlines():
                digest, _, name = line.partition("  ")
                assert hashlib.sha256(archive.read(name)).hexdigest() == digest
            listed = words_of(Document(io.BytesIO(archive.read(word))))
            assert all(name in listed for name in others)
        assert len(entries(desk, "file_downloaded")) == 2
        assert entries(desk, "exported")[0].detail.endswith("format=zip files=2")

    asyncio.run(story())


def test_nobody_else_exports_and_nothing_is_written_down(desk):
    async def story():
        _, referral = desk.tip()
        for login, page in (("binhlu", "/unit"), ("trungtam", "/unit"), ("quantri", "/audit"), ("kiemtra", "/audit")):
            client = await desk.signed_in(login)
            token = await csrf(client, page)
            for kind in ("docx", "pdf", "zip"):
                answer = await client.post(f"/referrals/{referral}/export", data={"csrf": token, "format": kind})
                assert answer.status_code == 404, login
        client = await desk.signed_in("anphu")
        assert (await client.post(f"/referrals/{referral}/export", data={"format": "docx"})).status_code == 404
        assert (await exported(client, referral, "exe")).status_code == 400
        assert entries(desk, "exported") == []

    asyncio.run(story())


def test_a_missing_original_is_an_error_and_not_an_empty_file(desk):
    async def story():
        kept = files.keep(desk.core.settings.blobs_dir, picture())
        _, referral = desk.tip(files=[kept.ref])
        files.erase(desk.core.settings.blobs_dir, files.FileRef.unpack(kept.ref).id)
        client = await desk.signed_in("anphu")
        assert (await exported(client, referral, "zip")).status_code == 400
        assert (await exported(client, referral, "docx")).status_code == 200
        with desk.core.db.reading() as session:
            assert session.get(Referral, referral).state == "new"

    asyncio.run(story())
