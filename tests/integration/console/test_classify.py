"""What the machine classified can be corrected; both stay, the log has codes only, and everything counts the officer's."""

from __future__ import annotations

import re

from sqlalchemy import select

from bot.core.clocks import DAY, HOUR, MINUTE
from bot.jobs import clocks
from bot.services.reports import statistics
from bot.storage.tables import Audit, Correction, Notice, Referral, Tip
from tests.integration.console.test_desk import links, urgent_tip
from tests.support.console import Desk, post, run
from tests.support.desk import ABOVE, CENTRAL, REMOTE, write_back

FORM = {"category": "labour", "urgency": "normal", "place": "Xã An Phú, Thành phố Hải Phòng", "people": "3"}


def tip_of(desk: Desk, referral: str) -> Tip:
    with desk.core.db.reading() as session:
        return session.get(Tip, session.get(Referral, referral).tip_id)


def form_of(page: str) -> dict[str, str]:
    """The form as the page shows it, so that a test changes only what it means to."""
    found = re.search(r'action="/referrals/[0-9a-f]+/classify".*?</form>', page, re.S)[0]
    return {
        "category": re.search(r'name="category".*?value="(\w+)" selected', found, re.S)[1],
        "urgency": re.search(r'name="urgency" value="(\w+)" required checked', found)[1],
        "place": re.search(r'name="place"[^>]*value="([^"]*)"', found)[1],
        "people": re.search(r'name="people"[^>]*value="([^"]*)"', found)[1],
        **({"child": "yes"} if re.search(r'name="child" value="yes" checked', found) else {}),
    }


async def correct(desk: Desk, client, referral: str, **changes: str):
    page = f"/referrals/{referral}"
    form = form_of((await client.get(page)).text) | changes
    return await post(client, f"{page}/classify", page, **{name: value for name, value in form.items() if value})


def test_a_correction_keeps_both_and_is_what_counts(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        form = form_of((await client.get(page)).text)
        assert (form["category"], form["urgency"], form["people"]) == ("labour", "normal", "3")
        changes = {"category": "sexual", "urgency": "urgent", "reason": "child_at_risk", "child": "yes", "people": "5"}
        assert (await correct(desk, client, referral, **changes)).status_code == 303
        tip = tip_of(desk, referral)
        assert (tip.category, tip.urgency, tip.child) == ("sexual", "urgent", True)
        assert (tip.commune_code, tip.province_code) == ("10645", "31"), "what was not touched stays"
        with desk.core.db.reading() as session:
            kept = session.get(Correction, tip.id)
            assert (kept.category, kept.urgency, kept.child) == ("labour", "normal", False)
            counted = statistics.totals(session, "31")
            assert counted["category"] == {"sexual": 1}
            assert counted["urgency"] == {"urgent": 1}
            detail = session.execute(select(Audit.detail).where(Audit.action == "reclassified")).scalar_one()
        assert "category=labour>sexual" in detail
        assert "urgency=normal>urgent:child_at_risk" in detail
        assert "people=changed" in detail
        assert "nhà bà" not in detail
        inside = (await client.get(page)).text
        assert "Máy xếp: Cưỡng bức lao động" in inside
        assert "Máy xếp: Thường" in inside
        assert re.search(r"<dt>Số người</dt><dd>5", inside)
        assert links((await client.get("/?category=sexual")).text) == [referral]
        assert links((await client.get("/?category=labour")).text) == []
        assert links((await client.get("/?show=urgent")).text) == [referral]
        # Corrected once more: the machine's word is still the machine's.
        await correct(desk, client, referral, category="marriage")
        with desk.core.db.reading() as session:
            assert session.get(Correction, tip.id).category == "labour"
        exported = await post(client, f"{page}/export", page, format="docx")
        assert exported.status_code == 200
        assert "Môi giới hôn nhân (máy xếp: Cưỡng bức lao động)" in docx_text(exported.content)

    run(story)


def docx_text(data: bytes) -> str:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())


def test_nothing_changed_is_no_correction(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        assert (await correct(desk, client, referral)).status_code == 303
        with desk.core.db.reading() as session:
            assert session.execute(select(Correction)).first() is None
            assert session.execute(select(Audit).where(Audit.action == "reclassified")).first() is None

    run(story)


def test_a_changed_urgency_needs_a_reason_and_the_form_comes_back(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        for changes in ({"urgency": "urgent"}, {"urgency": "urgent", "reason": "past"}, {"category": "made_up"}):
            answer = await correct(desk, client, referral, **changes)
            assert answer.status_code == 400
        answer = await correct(desk, client, referral, people="0")
        assert answer.status_code == 400
        assert 'name="people"' in answer.text
        assert tip_of(desk, referral).urgency == "normal"

    run(story)


def notices(desk: Desk) -> list[str]:
    with desk.core.db.reading() as session:
        return sorted(session.execute(select(Notice.unit_id).where(Notice.kind == "escalation")).scalars())


def test_a_lowered_urgency_stops_the_minutes_and_a_raised_one_starts_them(desk):
    async def story():
        lowered, sent = urgent_tip(desk), desk.now
        _, raised = desk.tip()
        client = await desk.signed_in("anphu")
        await correct(desk, client, lowered, urgency="normal", reason="past")
        desk.now = sent + 5 * HOUR
        client = await desk.signed_in("anphu")
        clocks.run(desk.core)
        assert notices(desk) == []
        await correct(desk, client, raised, urgency="urgent", reason="moving_soon")
        clocks.run(desk.core)
        assert notices(desk) == [], "its minutes begin with the correction"
        desk.now += 15 * MINUTE
        clocks.run(desk.core)
        assert notices(desk) == [ABOVE]
        desk.now = sent + 25 * HOUR
        clocks.run(desk.core)
        assert notices(desk) == sorted([ABOVE, CENTRAL, ABOVE]), "the lowered one is late by the day, not by the minute"

    run(story)


def test_a_tip_lowered_late_does_not_climb_after_the_fact(desk):
    async def story():
        referral, sent = urgent_tip(desk), desk.now
        desk.now = sent + 16 * MINUTE
        clocks.run(desk.core)
        client = await desk.signed_in("anphu")
        above = await desk.signed_in("haiphong")
        assert 'class="band"' in (await above.get("/")).text
        await correct(desk, client, referral, urgency="normal", reason="no_danger")
        clocks.run(desk.core)
        assert notices(desk) == [ABOVE]
        assert 'class="band"' not in (await above.get("/")).text, "the unit has acted"

    run(story)


def test_receipt_in_time_is_measured_by_the_clock_that_ran(desk):
    from bot.services.reports.targets import targets

    async def story():
        referral = urgent_tip(desk)
        desk.now += HOUR
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await post(client, f"{page}/act", page, act="receive")
        await correct(desk, client, referral, urgency="normal", reason="past")
        with desk.core.db.reading() as session:
            share = targets(session, desk.core.clocks, desk.now).in_time
        assert (share.part, share.whole) == (0, 1), "late is late, whatever it is called afterwards"

    run(story)


def test_a_new_place_offers_the_transfer_and_does_not_make_it(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        name = desk.core.gazetteer.full_name("03390")
        assert (await correct(desk, client, referral, place=name)).status_code == 303
        tip = tip_of(desk, referral)
        assert (tip.commune_code, tip.province_code) == ("03390", "12")
        inside = (await client.get(page)).text
        assert "Nơi xảy ra đã sửa thành" in inside
        offer = re.search(r'<div class="alert amber top-note"><h2>Nơi.*?</form>', inside, re.S)[0]
        assert f'name="unit" value="{REMOTE}"' in offer
        assert "Máy xếp: Xã An Phú" in inside
        with desk.core.db.reading() as session:
            assert session.get(Referral, referral).state == "new"
        answer = await post(client, f"{page}/act", page, act="transfer", unit=REMOTE, reason="other_place", sure="yes")
        assert answer.headers["location"].endswith("/done")

    run(story)


def test_a_place_whose_unit_cannot_receive_is_offered_to_who_can(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        elsewhere = next(code for code, one in desk.core.gazetteer.communes.items() if one.province not in {"31", "12"})
        answer = await correct(desk, client, referral, place="?", pick=elsewhere)
        assert answer.status_code == 303
        inside = (await client.get(page)).text
        offer = re.search(r'<div class="alert amber top-note"><h2>Nơi.*?</div>', inside, re.S)[0]
        assert "chưa dùng hệ thống" in offer or f'name="unit" value="{CENTRAL}"' in offer
        assert links((await client.get("/")).text) == [referral]

    run(story)


def test_a_place_that_may_be_several_is_asked_and_nothing_written_is_lost(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        asked = await correct(desk, client, referral, place="xã An Phú", category="sexual")
        assert asked.status_code == 400
        choices = re.findall(r'name="pick" value="(\d{5})"', asked.text)
        assert len(choices) > 1
        assert '<option value="sexual" selected>' in asked.text
        assert tip_of(desk, referral).category == "labour"
        picked = form_of(asked.text) | {"pick": choices[0]}
        assert (await post(client, f"{page}/classify", page, **picked)).status_code == 303
        assert tip_of(desk, referral).commune_code == choices[0]
        for place, said in (("chỗ nào đó không rõ", "Chưa đọc được nơi"), ("", "")):
            answer = await correct(desk, client, referral, place=place)
            assert said in answer.text
        assert answer.status_code == 303
        assert tip_of(desk, referral).province_code == "", "emptied on purpose: unknown"

    run(story)


def test_only_the_unit_that_has_the_tip_corrects_it(desk):
    async def story():
        _, referral = desk.tip()
        above, page = await desk.signed_in("haiphong"), f"/referrals/{referral}"
        inside = (await above.get(page)).text
        assert "/classify" not in inside
        assert (await post(above, f"{page}/classify", page, **FORM, child="yes")).status_code == 404
        assert tip_of(desk, referral).child is False

    run(story)


def test_danger_in_a_later_message_is_heard_after_an_officer_had_lowered_the_tip(desk):
    async def story():
        code, referral = desk.tip()
        client = await desk.signed_in("anphu")
        await correct(desk, client, referral, category="child")
        write_back(desk.core, code, "tụi nó sắp đưa con bé qua biên giới rồi")
        assert tip_of(desk, referral).urgency == "urgent"
        with desk.core.db.reading() as session:
            assert session.get(Correction, tip_of(desk, referral).id).category == "labour"

    run(story)


def test_a_correction_is_erased_with_its_tip(desk):
    from bot.services.keeping import erasure

    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        await correct(desk, client, referral, category="child", people="4")
        desk.now += DAY
        with desk.core.db.transaction() as session:
            erasure.erase_tip(session, session.get(Referral, referral).tip_id, erasure.REQUEST, desk.now)
        with desk.core.db.reading() as session:
            assert session.execute(select(Correction)).first() is None
            assert statistics.totals(session)["category"] == {"child": 1}

    run(story)


def test_a_lowered_tip_and_a_child_mark_taken_off_are_seen_from_above_with_their_reasons(desk):
    async def story():
        code, referral = desk.tip(child=True)
        client, above, page = await desk.signed_in("anphu"), await desk.signed_in("haiphong"), f"/referrals/{referral}"
        write_back(desk.core, code, "tụi nó sắp đưa con bé qua biên giới rồi")
        form = form_of((await client.get(page)).text)
        form |= {"urgency": "normal", "reason": "past"}
        form.pop("child")
        refused = await post(client, f"{page}/classify", page, **form)
        assert refused.status_code == 400
        assert "Bỏ dấu trẻ em thì cần chọn lý do" in refused.text
        assert tip_of(desk, referral).child
        assert (await post(client, f"{page}/classify", page, **form, child_reason="grown_up")).status_code == 303
        for reader in (above, client):
            listed = (await reader.get("/")).text
            assert "Hạ mức: máy xếp Khẩn" in listed
            assert "Bỏ dấu trẻ em" in listed
            inside = (await reader.get(page)).text
            assert "Mức: Khẩn → Thường (việc đã qua)" in inside
            assert "Trẻ em: Có → Không (người liên quan đã đủ 18 tuổi)" in inside
        write_back(desk.core, code, "chúng nó đang nhốt con bé")
        assert "Hạ mức" not in (await above.get("/")).text

    run(story)
