"""Chromium, and a page in it whose button is pressed."""

import shutil
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CLICK = Path(__file__).with_name("click.js").read_text(encoding="utf-8")
READY = "htmx && (!document.querySelector('script[data-mizan-base]')"
READY += " || globalThis[Symbol.for('mizan.kernel')]?.bridge)"


@contextmanager
def chromium():
    """A running browser."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Page:
    """A page in a browser context of its own: tabs of one context tell each other what they wrote.

    Args:
        shown: how many places on it show what is written.
    """

    stamps = iter(range(1, 1_000_000))

    def __init__(self, browser, url, shown):
        self.shown = shown
        self.context = browser.new_context(ignore_https_errors=True)
        self.page = self.context.new_page()
        self.page.goto(url)
        self.page.wait_for_function(READY)

    def click(self):
        """Write; the milliseconds from the click until all of the page is fresh."""
        return self.page.evaluate(CLICK, [str(next(self.stamps)), self.shown])

    def close(self):
        self.context.close()
