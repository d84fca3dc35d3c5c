"""One Chromium for the session, a context for each test, and every supported htmx."""

import os
import shutil
from urllib.parse import quote

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import HTMX, mizan

# Playwright's loop runs in this thread; Django would refuse the database for it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

INHERITS = '{"implicitInheritance": true}'
VERSIONS = [*((version, "") for version in HTMX), ("4.0.1", INHERITS)]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=VERSIONS, ids=lambda v: f"htmx-{v[0]}{'-inherits' if v[1] else ''}")
def version(request):
    return request.param


@pytest.fixture(autouse=True)
def numbers(settings):
    settings.ROOT_URLCONF = "tests.browser.urls"
    settings.LOGIN_URL = "/login/"
    mizan.NUMBERS.clear()
    mizan.FAULTS.clear()
    return mizan.NUMBERS


def wait(page, condition):
    """Let the browser go on until something is true; bounded."""
    for _ in range(500):
        if condition():
            return
        page.wait_for_timeout(10)
    raise AssertionError("it did not come true")


@pytest.fixture
def page(chromium, live_server, version):
    """A page that remembers its requests and fails a test for an error nobody expected."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(5000)
    page.requests, page.faults = [], []
    page.on("request", lambda request: page.requests.append((request.method, request.url)))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("dialog", lambda dialog: (page.faults.append(dialog.message), dialog.dismiss()))

    config = f"&config={quote(version[1])}" if version[1] else ""
    page.address = lambda name: f"{live_server.url}/page/{name}/?htmx={version[0]}{config}"

    def visit(name, more=""):
        page.goto(page.address(name) + more)
        wait(page, lambda: page.evaluate("!!globalThis[Symbol.for('mizan.kernel')]?.bridge"))
        page.requests.clear()

    page.visit = visit
    page.fetched = lambda part: [url for _, url in page.requests if part in url]
    yield page
    context.close()
    assert page.faults == []
