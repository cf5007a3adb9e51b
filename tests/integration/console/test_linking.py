"""The same number, plate or link in another tip is shown to who can open both, and to nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.services.tips import linking
from bot.storage.tables import Audit
from tests.support.canary import Canary
from tests.support.console import run
from tests.support.desk import ABOVE, REMOTE


@pytest.mark.parametrize(
    ("here", "there", "shared"),
    [
        ("nó gọi bằng số 0912 345 678", "số của bà Tám là 0912.345.678", ("0912 345 678",)),
        ("nó gọi bằng số 0912345678", "số nó +84 912 345 678 nha", ("0912345678",)),
        ("nó gọi bằng số 0912345678", "số nó 0912345679", ()),
        ("xe 15A-123.45 chở đi", "thấy xe 15a12345 đậu", ("15A-123.45",)),
        ("vô t.me/viec_cam88 nha", "nhóm https://t.me/Viec_Cam88", ("t.me/viec_cam88",)),
        ("số của em là 0912345678", "nó gọi bằng số 0912345678", ()),
        ("nó gọi bằng số 0912345678", "số của em là 0912345678", ()),
        ("bà Tám ép làm", "bà Tám ép làm", ()),
    ],
)
def test_what_links_two_tips(here, there, shared):
    assert linking.shares(linking.keys_of(here), there) == shared


def test_a_tip_shows_its_like_to_who_can_open_both(desk):
    async def story():
        canary = Canary()
        _, one = desk.tip(what="bà Tám giữ giấy tờ, số bà ấy 0977 111 222", traces=["0977 111 222"])
        _, two = desk.tip(unit=REMOTE, what=f"quán {canary.word}, gọi 0977111222 là có", traces=["0977111222"])
        _, three = desk.tip(unit=ABOVE, what="tin tỉnh, số 0977.111.222", traces=["0977.111.222"])
        client, above = await desk.signed_in("anphu"), await desk.signed_in("haiphong")
        page = (await client.get(f"/referrals/{one}")).text
        assert f"/referrals/{one}/links" in page
        own = (await client.get(f"/referrals/{one}/links?part=1")).text
        assert two not in own
        assert three not in own
        assert "Chưa thấy tin nào khác" in own
        seen = (await above.get(f"/referrals/{one}/links")).text
        assert three in seen
        assert two not in seen
        assert "0977 111 222" in seen
        assert (await client.get(f"/referrals/{two}/links")).status_code == 404
        assert "Tìm tin có cùng số" not in (await above.get(f"/referrals/{one}")).text, "no noise in the tip's history"
        with desk.core.db.reading() as session:
            looks = select(Audit.detail).where(Audit.action == "links_looked_for")
            assert [detail.split()[1] for detail in session.execute(looks).scalars()] == ["tips=1", "tips=2"]
        assert canary.hits(desk.core.settings.data_dir) == []

    run(story)
