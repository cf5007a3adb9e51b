"""Officers' notes are for officers; a tip has somebody who keeps it; nobody answers twice unknowingly; what is begun is not lost."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.services.keeping import erasure
from bot.services.tips import record
from bot.storage import sealing
from bot.storage.tables import AnswerDraft, Assignment, Officer, Referral, TipEntry, TipKey, TipNote
from tests.support.canary import Canary
from tests.support.console import csrf, post, run
from tests.support.desk import ABOVE, REMOTE, UNIT

WORDS = "Đã gọi trạm y tế, chiều nay cô Sáu sang thăm giả làm khảo sát."


def opened_by_reporter(desk, code: str) -> record.OpenTip:
    keys = desk.core.vault.receipt_keys(code)
    with desk.core.db.reading() as session:
        opened = record.open_with_receipt(session, desk.core.vault, keys.lookup, keys.pair)
    assert opened is not None
    return opened


def test_a_note_is_read_by_both_units_and_not_by_the_reporters_code(desk):
    async def story():
        code, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        assert (await post(client, f"{page}/note", page, note=WORDS)).headers["location"].endswith("#notes")
        await post(client, f"{page}/note", page, note="lời thứ hai")
        above = await desk.signed_in("haiphong")
        for reader in (client, above):
            text = (await reader.get(page)).text
            assert WORDS in text
            assert text.index(WORDS) < text.index("lời thứ hai")
        tip = opened_by_reporter(desk, code)
        with desk.core.db.reading() as session:
            rows = session.execute(select(TipNote)).scalars().all()
            assert {row.holder.split(":")[0] for row in session.execute(select(TipKey)).scalars()} == {
                "receipt", "unit", "note", "contact",
            }  # fmt: skip
            assert WORDS not in str(record.entries(session, tip))
        for row in rows:
            for key in (tip.key, sealing.adding_half(tip.key)):
                with pytest.raises(sealing.CannotOpen):
                    sealing.unseal_either(key, row.body, f"note:{row.tip_id}")

    run(story)


def test_notes_go_along_with_a_transfer_and_leave_the_old_unit(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await post(client, f"{page}/note", page, note=WORDS)
        await post(client, f"{page}/owner", page, to=officer_id(desk, "anphu"))
        await post(
            client, f"{page}/act", page, act="transfer", reason="other_place", unit=REMOTE, note="chị gọi trước 9 giờ"
        )
        other = await desk.signed_in("binhlu")
        link = re.search(r'href="(/referrals/[0-9a-f]{32})"', (await other.get("/")).text)[1]
        text = (await other.get(link)).text
        assert WORDS in text
        assert "Lời bàn giao" in text
        assert "chị gọi trước 9 giờ" in text
        assert "Chưa ai giữ tin này" in text
        with desk.core.db.reading() as session:
            held = session.execute(select(TipKey.holder).where(TipKey.holder.startswith("note:"))).scalars().all()
            assert f"note:{UNIT}" not in held
            assert f"note:{REMOTE}" in held
            assert session.execute(select(Assignment)).first() is None

    run(story)


def officer_id(desk, login: str) -> str:
    with desk.core.db.reading() as session:
        return session.execute(select(Officer.id).where(Officer.login == login)).scalar_one()


def test_a_note_changed_in_the_database_is_seen(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await post(client, f"{page}/note", page, note=WORDS)
        assert "sửa ngoài hệ thống" not in (await client.get(page)).text
        with desk.core.db.transaction() as session:
            session.execute(select(TipNote)).scalar_one().officer_id = officer_id(desk, "haiphong")
        assert "Ghi chú này đã bị sửa ngoài hệ thống" in (await client.get(page)).text

    run(story)


def test_erasing_the_tip_erases_notes_drafts_and_owner_and_no_word_is_on_the_disk(desk, tmp_path):
    async def story():
        canary = Canary("bảnnháp0f3a9c")
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await post(client, f"{page}/note", page, note=f"ghi {canary.word}")
        await post(client, f"{page}/owner", page, to=officer_id(desk, "anphu"))
        await post(client, f"{page}/draft", page, text=f"nháp {canary.word} bảnnháp0f3a9c")
        await post(client, f"{page}/note", page, note="")
        assert canary.hits(desk.core.settings.data_dir) == []
        with desk.core.db.transaction() as session:
            tip_id = session.get(Referral, referral).tip_id
            assert erasure.erase_tip(session, tip_id, erasure.REQUEST, desk.now) is not None
        with desk.core.db.reading() as session:
            for table in (TipNote, AnswerDraft, Assignment, TipKey):
                assert session.execute(select(table)).first() is None, table

    run(story)


def test_a_tip_is_taken_given_and_laid_down_within_its_unit(desk):
    async def story():
        _, referral = desk.tip()
        client, above, page = await desk.signed_in("anphu"), await desk.signed_in("haiphong"), f"/referrals/{referral}"
        assert "Chưa ai giữ tin này" in (await client.get(page)).text
        await post(client, f"{page}/owner", page, to=officer_id(desk, "anphu"))
        assert "Bạn đang giữ tin này" in (await client.get(page)).text
        assert "đang giữ tin này" in (await above.get(page)).text
        assert f"{page}/owner" not in (await above.get(page)).text
        assert (await post(above, f"{page}/owner", page, to="")).status_code == 404
        assert (await post(client, f"{page}/owner", page, to=officer_id(desk, "haiphong"))).status_code == 400
        await post(client, f"{page}/owner", page, to="")
        assert "Chưa ai giữ tin này" in (await client.get(page)).text

    run(story)


def test_a_colleagues_answer_is_shown_before_a_second_one_goes_out(desk):
    async def story():
        _, referral = desk.tip()
        client, above, page = await desk.signed_in("anphu"), await desk.signed_in("haiphong"), f"/referrals/{referral}"
        mine = (await client.get(page)).text
        assert 'name="said" value="0"' in mine
        assert "vừa mở tin này" in (await above.get(page)).text, "two look at the same tip"
        await post(above, f"{page}/answer", page, text="Chúng tôi tới ngay.", said="0")
        token = await csrf(client, page)
        late = await client.post(f"{page}/answer", data={"csrf": token, "text": "Mai chúng tôi gọi.", "said": "0"})
        assert late.status_code == 400
        assert "Đồng nghiệp vừa trả lời" in late.text
        assert "Chúng tôi tới ngay." in late.text
        assert ">Mai chúng tôi gọi.</textarea>" in late.text
        with desk.core.db.reading() as session:
            assert len(session.execute(select(TipEntry)).all()) == 1
        again = {
            "csrf": token,
            "text": "Mai chúng tôi gọi.",
            "said": re.search(r'name="said" value="(\d)"', late.text)[1],
        }
        assert (await client.post(f"{page}/answer", data=again)).status_code == 303
        more = {"csrf": token, "text": "Bạn nhớ giữ máy.", "said": "1"}
        assert (await client.post(f"{page}/answer", data=more)).status_code == 303, "one's own words are no surprise"

    run(story)


def test_what_is_begun_is_kept_for_its_writer_alone_until_it_is_sent(desk):
    async def story():
        _, referral = desk.tip()
        client, above, page = await desk.signed_in("anphu"), await desk.signed_in("haiphong"), f"/referrals/{referral}"
        token = await csrf(client, page)
        kept = await client.post(f"{page}/draft", data={"csrf": token, "text": "Chào bạn, mai", "quiet": "yes"})
        assert kept.status_code == 204
        again = await desk.signed_in("anphu")
        assert ">Chào bạn, mai</textarea>" in (await again.get(page)).text
        assert "Chào bạn, mai" not in (await above.get(page)).text
        await post(again, f"{page}/answer", page, text="Chào bạn, mai chúng tôi gọi.", said="0")
        assert ">Chào bạn, mai</textarea>" not in (await again.get(page)).text
        with desk.core.db.reading() as session:
            assert session.execute(select(AnswerDraft)).first() is None

    run(story)


def test_the_unit_above_brings_notes_back_after_a_lost_key(desk):
    """Restoring a unit's key seals the notes to it too: kinds of keys are named once."""
    from bot.services.units import rekey
    from bot.storage.tables.tips import TIP_KEYS

    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await post(client, f"{page}/note", page, note=WORDS)
        assert set(TIP_KEYS) == {"unit", "contact", "note", "left"}
        with desk.core.db.reading() as session:
            waiting = session.execute(rekey._waiting(UNIT)).scalars().all()
        assert {row.holder.split(":")[0] for row in waiting} == set(TIP_KEYS) - {"left"}
        page_of_unit = await post(client, "/unit/rekey", "/unit", sure="yes")
        assert page_of_unit.status_code == 200
        assert WORDS in (await (await desk.signed_in("anphu")).get(page)).text
        assert WORDS in (await (await desk.signed_in("haiphong")).get(page)).text
        assert ABOVE

    run(story)
