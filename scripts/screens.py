"""Pictures of the console's pages for docs/screens, from a fresh demonstration. `python scripts/screens.py`"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import pyotp

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.app import Core  # noqa: E402
from bot.services import referrals, tips  # noqa: E402
from bot.settings import load  # noqa: E402
from tests.support.browser import LAPTOP, PHONE, chromium  # noqa: E402
from tests.support.product import product  # noqa: E402

OUT = ROOT / "docs" / "screens"
TIPS = (
    ("nhà trọ cuối xóm giữ giấy tờ của mấy bạn mới lên làm, không cho ra ngoài buổi tối", "labour", True),
    ("nhóm trên mạng rủ thanh niên trong xóm đi làm xa, hứa lương rất cao", "scam_compound", False),
    ("có người đến hỏi mua trẻ sơ sinh ở trạm xe", "child", False),
)


def fill(running) -> None:
    core = Core(load(running.env))
    for story, category, urgent in TIPS:
        draft = {
            "what": story, "where": {"code": "10645", "province": "31", "name": "Xã An Phú, Hải Phòng", "text": "gần chợ"},
            "when": "when:week", "who": "who:many", "traces": ["0900 000 000"], "contact": "0900 000 001",
            "child": category == "child",
        }  # fmt: skip
        prepared = tips.prepare(core.vault, draft)
        with core.db.transaction() as session:
            created = tips.create(
                session, core.vault, prepared, unit_id="ca.31.10645", route_reason="commune", category=category, urgent=urgent,
                channel="web", language="vi", clocks=core.clocks, now=core.now() - 600,
            )  # fmt: skip
            referrals.tell_unit(session, created.tip_id, "new", core.now())
            opened = tips.OpenTip(created.tip_id, prepared.key)
            tips.add_entry(session, opened, "reporter", "dạ, các bạn ấy vẫn ở đó, tối qua còn thấy đèn", core.now())
    core.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, product(Path(folder), "console") as running, chromium() as browser:
        fill(running)
        officers = {o["login"]: o for o in json.loads((Path(folder) / "data/demo-officers.json").read_text())}
        for size, view in (("laptop", LAPTOP), ("phone", PHONE)):
            for login, paths in {
                "anphu": {"inbox": "/", "referral": "a.open", "unit": "/unit"},
                "quantri": {"accounts": "/accounts", "statistics": "/statistics", "audit": "/audit"},
            }.items():
                page = browser.new_context(viewport=view).new_page()
                page.goto(f"{running.console_url}/sign-in")
                if login == "anphu":
                    page.screenshot(path=OUT / f"console-sign-in-{size}.png")
                page.fill("input[name=login]", login)
                page.fill("input[name=password]", officers[login]["password"])
                # The next time step for the second window: a code is accepted once.
                shift = 0 if size == "laptop" else 30
                page.fill("input[name=code]", pyotp.TOTP(officers[login]["totp_secret"]).at(time.time() + shift))
                page.get_by_role("button", name="Đăng nhập").click()
                page.wait_for_load_state()
                for name, path in paths.items():
                    if path.startswith("/"):
                        page.goto(running.console_url + path)
                    else:
                        page.goto(running.console_url + "/")
                        page.locator(path).first.click()
                        page.wait_for_load_state()
                    page.screenshot(path=OUT / f"console-{name}-{size}.png")


if __name__ == "__main__":
    main()
