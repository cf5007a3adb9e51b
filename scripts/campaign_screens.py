"""Pictures of the campaign pages for docs/screens, at noon of a day in July. `python scripts/campaign_screens.py`"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.browser import PHONE, chromium  # noqa: E402
from tests.support.campaign_house import House, house  # noqa: E402

OUT = ROOT / "docs" / "screens"
SIZES = {"laptop": {"width": 1366, "height": 768}, "phone": PHONE}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, house(Path(folder)) as running:
        pages = _prepare(running)
        _take(running, pages)


def _take(running: House, pages: dict[str, dict[str, str]]) -> None:
    with chromium() as browser:
        for size, view in SIZES.items():
            for login, wanted in pages.items():
                page = browser.new_context(viewport=view).new_page()
                running.sign_in(page, login)
                for name, path in wanted.items():
                    page.goto(running.url + path)
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=OUT / f"console-{name}-{size}.png", full_page=True)
                page.context.close()


def _prepare(running: House) -> dict[str, dict[str, str]]:
    done, waiting, draft, going = running.examples()
    return {
        "haiphong": {
            "campaigns": "/campaigns", "campaign-form": f"/campaigns/{draft}/edit", "campaign-report": f"/campaigns/{done}/report",
            "campaign-kit": "/campaigns/kits/ngay_30_7", "campaign-running": f"/campaigns/{going}",
        },
        "trungtam": {"campaign-approve": f"/campaigns/{waiting}"},
    }  # fmt: skip


if __name__ == "__main__":
    main()
