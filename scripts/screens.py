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
from bot.services.tips import answering, record  # noqa: E402
from bot.services.units import enrolment, posts  # noqa: E402
from bot.settings import load  # noqa: E402
from bot.storage.tables import Unit  # noqa: E402
from tests.support.browser import LAPTOP, PHONE, chromium  # noqa: E402
from tests.support.product import product  # noqa: E402
from tests.support.routes import straight  # noqa: E402

OUT = ROOT / "docs" / "screens"
MOST_HEIGHT = 2400  # pixels; a long list is as good as its beginning
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
        prepared = record.prepare(core.vault, draft)
        with core.db.transaction() as session:
            created = record.create(
                session, core.vault, prepared, to=straight(session, "ca.31.10645"), category=category, urgent=urgent,
                channel="web", language="vi", clocks=core.clocks, now=core.now() - 1500,
            )  # fmt: skip
            answering.tell_unit(session, created.tip_id, "new", core.now())
            opened = record.OpenTip(created.tip_id, prepared.key)
            record.add_entry(session, opened, "reporter", "dạ, các bạn ấy vẫn ở đó, tối qua còn thấy đèn", core.now())
    core.close()


def invite(running, login: str, name: str, unit_id: str) -> str:
    """A fresh account's enrolment link; the unit is made if it does not exist."""
    core = Core(load(running.env))
    with core.db.transaction() as session:
        if session.get(Unit, unit_id) is None:
            unit = Unit(id=unit_id, kind="commune_police", name="Công an xã An Lão (mẫu)", commune_code="11737", province_code="31",
                        parent_id="ca.31", phone="0225 000 000", demo=True)  # fmt: skip
            posts.set_unit(session, unit)
            session.add(unit)
        token = enrolment.invite(
            session, login=login, name=name, unit_id=unit_id, role="officer", by=None, now=core.now(), demo=True
        )
    core.close()
    return f"{running.console_url}/enrol/{token}"


class Window:
    """A browser window of one size; signs in, takes pictures."""

    def __init__(self, running, browser, officers: dict, size: str) -> None:
        self.running, self.officers, self.size = running, officers, size
        self.page = browser.new_context(viewport=LAPTOP if size == "laptop" else PHONE).new_page()

    def sign_in(self, login: str) -> None:
        self.page.context.clear_cookies()
        self.page.goto(f"{self.running.console_url}/sign-in")
        if login == "anphu":
            self.shoot("sign-in")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", self.officers[login]["password"])
        # The next time step for the second window: a code is accepted once.
        shift = 0 if self.size == "laptop" else 30
        self.page.fill("input[name=code]", pyotp.TOTP(self.officers[login]["totp_secret"]).at(time.time() + shift))
        self.page.get_by_role("button", name="Đăng nhập").click()
        self.page.wait_for_load_state()

    def open(self, path: str, name: str) -> None:
        self.page.goto(self.running.console_url + path)
        self.shoot(name)

    def shoot(self, name: str) -> None:
        self.page.wait_for_load_state()
        height = min(MOST_HEIGHT, self.page.evaluate("document.documentElement.scrollHeight"))
        width = (LAPTOP if self.size == "laptop" else PHONE)["width"]
        clip = {"x": 0, "y": 0, "width": width, "height": height}
        self.page.screenshot(path=OUT / f"console-{name}-{self.size}.png", full_page=True, clip=clip)

    def enrol(self, link: str, login: str) -> None:
        self.page.goto(link)
        self.shoot("enrol")
        for field in ("password", "again"):
            self.page.fill(f"input[name={field}]", "mot cau dai de nho")
        self.page.get_by_role("button", name="Tiếp tục").click()
        self.page.wait_for_load_state()
        secret = self.page.locator(".secret").first.inner_text().strip()
        self.officers[login] = {"password": "mot cau dai de nho", "totp_secret": secret}
        self.shoot("enrolled")

    def give_copy(self) -> None:
        self.page.locator("#copies > summary").click()
        self.page.select_option("#copies select[name=unit]", "tyt.10645")
        for part in ("where", "who", "needs"):
            self.page.check(f"#copies input[value={part}]")
        self.page.fill("#copies textarea[name=needs]", "khám sức khỏe, chỗ ở an toàn vài hôm")
        self.page.check("#copies input[value=recorded]")
        self.page.get_by_role("button", name="Gửi bản trích").click()
        self.page.wait_for_load_state()


def tour(window: Window, running, number: int) -> None:
    """Every page of the tips' side. `number` keeps the accounts of the two tours apart."""
    station = f"tramyte{number}"
    window.enrol(invite(running, f"moi{number}", "Trần Thị Mới (trình diễn)", f"ca.31.1173{number}"), f"moi{number}")
    window.enrol(invite(running, station, "Cán bộ trạm y tế (trình diễn)", "tyt.10645"), station)
    if number == 1:
        core = Core(load(running.env))
        with core.db.transaction() as session:
            enrolment.open_unit(session, session.get(Unit, "tyt.10645"))
        core.close()
    window.sign_in("anphu")
    window.open("/", "inbox")
    window.page.locator("a.open").first.click()
    window.shoot("referral")
    window.give_copy()
    for path, name in (("/unit", "unit"), ("/me", "me")):
        window.open(path, name)
    window.sign_in("haiphong")
    window.open("/unit", "unit-above")
    window.open("/statistics", "statistics")
    if number == 1:
        window.sign_in(station)
        window.open("/copies", "copies")
        window.page.locator("a.open").first.click()
        window.shoot("copy")
    window.sign_in("quantri")
    for path, name in (("/accounts", "accounts"), ("/units", "units"), ("/audit", "audit"), ("/channels", "channels")):
        window.open(path, name)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, product(Path(folder), "console") as running, chromium() as browser:
        fill(running)
        officers = {o["login"]: o for o in json.loads((Path(folder) / "data/demo-officers.json").read_text())}
        for number, size in enumerate(("laptop", "phone"), start=1):
            tour(Window(running, browser, officers, size), running, number)


if __name__ == "__main__":
    main()
