"""Make the README's pictures from the demo, seeded anew: `make pictures`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import CHROMIUM  # noqa: E402 - the checkout is no package
from tests.browser.servers import free_port, running  # noqa: E402

MANAGE = str(ROOT / "demo" / "manage.py")
VIEWS = {
    "board": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"},
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "DEMO_DB": str(Path(folder) / "demo.sqlite3")}
        for command in (["migrate", "--no-input", "-v0"], ["seed", "--if-empty"]):
            subprocess.run([sys.executable, MANAGE, *command], env=env, check=True)
        port = free_port()
        serve = [MANAGE, "runserver", "--noreload", f"127.0.0.1:{port}"]
        with (
            running(serve, f"http://127.0.0.1:{port}", env) as url,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--hide-scrollbars"]
            )
            for name, view in VIEWS.items():
                page = browser.new_context(**view).new_page()
                page.goto(url)
                page.locator("form.people button").first.click()
                page.goto(f"{url}/boards/1/")
                page.get_by_role("button", name="Done:").first.click()
                page.locator("details summary", has_text="Behind the page").click()
                page.wait_for_load_state("networkidle")
                page.screenshot(path=ROOT / "docs" / "pictures" / f"{name}.png")


main()
