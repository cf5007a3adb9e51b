"""Rows that can be told apart, and a search over the officer's own tips that leaves no word behind."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.services.tips import glimpses
from bot.storage.tables import Audit, Officer
from tests.support.canary import Canary
from tests.support.console import csrf, post, run
from tests.support.desk import REMOTE, write_back


def row_of(page: str, referral: str) -> str:
    return next(row for row in re.findall(r"<tr[^>]*class.*?</tr>", page, re.S) if referral in row)


def test_a_row_says_which_tip_it_is(desk):
    async def story():
        code, referral = desk.tip()
        _, other = desk.tip(what="quán karaoke ép mấy em tiếp khách", contact="")
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        write_back(desk.core, code, "dạ họ còn ở đó")
        with desk.core.db.reading() as session:
            me = session.execute(select(Officer.id).where(Officer.login == "anphu")).scalar_one()
        await post(client, f"{page}/owner", page, to=me)
        listed = (await client.get("/")).text
        mine, second = row_of(listed, referral), row_of(listed, other)
        number = f"{referral[:4]} {referral[4:8]}".upper()
        for said in (number, "nhà bà Năm giữ giấy tờ", "có để liên lạc", "1 lời trao đổi", "bạn giữ"):
            assert said in mine, said
            assert said not in second, said
        assert "&lt;b&gt;ba cô" in mine, "words are shown, not run"
        assert f"Phiếu <b>{number}</b>" in (await client.get(page)).text
        assert "0987" not in listed, "the contact stays shut"
        assert referral in (await client.get("/?show=mine")).text
        assert other not in (await client.get("/?show=mine")).text

    run(story)


def test_the_first_words_of_a_tip_handed_on_are_gone_with_it(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        await post(client, f"{page}/act", page, act="transfer", reason="other_place", unit=REMOTE)
        listed = (await client.get("/?show=all")).text
        assert "Đã giao" in listed
        assert "nhà bà Năm" not in listed
        assert "có để liên lạc" not in listed
        found = await post(client, "/search", "/", q="giấy tờ")
        assert "0 tin" in found.text

    run(story)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("giu giay to", True), ("GIẤY TỜ", True), ("giấy tờ ba lô", False), ("0912.345.678", True), ("+84 912 345 678", True),
        ("912345678", True), ("0912345679", False), ("15a 12345", True), ("15A-123.45", True), ("51F 12345", False),
        ("0987654321", False), ("đổi sang nhà", True), ("15/01/2027", True), ("15/1", True), ("16/01/2027", False), ("15/01/2026", False),
    ],
)  # fmt: skip
def test_words_numbers_plates_and_days_are_found(desk, typed, found):
    async def story():
        code, referral = desk.tip()
        _, elsewhere = desk.tip(unit=REMOTE, what="giữ giấy tờ, xe 15A-123.45, số 0912 345 678")
        write_back(desk.core, code, "họ đổi sang nhà ông Bảy, xe 15A-123.45")
        client = await desk.signed_in("anphu")
        page = (await post(client, "/search", "/", q=typed)).text
        assert (referral in page) is found, typed
        assert elsewhere not in page
        by_number = (await post(client, "/search", "/", q=glimpses.number(referral).lower())).text
        assert referral in by_number

    run(story)


def test_a_search_is_written_down_without_its_words_and_leaves_none_on_the_disk(desk):
    async def story():
        canary = Canary()
        desk.tip(what=f"nhà {canary.word} nhốt ba đứa")
        client = await desk.signed_in("anphu")
        before = len(entries(desk))
        page = (await post(client, "/search", "/", q=canary.word)).text
        assert "1 tin" in page
        assert f'value="{canary.word}"' in page
        assert [(row.action, row.detail) for row in entries(desk)[before:]] == [("searched", "tips=1")]
        assert canary.hits(desk.core.settings.data_dir) == []
        short = await client.post("/search", data={"csrf": await csrf(client, "/"), "q": " ."})
        assert short.status_code == 400
        assert "ít nhất hai chữ" in short.text

    run(story)


def entries(desk) -> list[Audit]:
    with desk.core.db.reading() as session:
        return list(session.execute(select(Audit).order_by(Audit.seq)).scalars())
