"""One Chromium for all, a context for each test, every supported htmx, real servers."""

import shutil
import urllib.request
from contextlib import ExitStack
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import HTMX
from tests.browser.servers import COMMANDS, pages

INHERITS = '{"implicitInheritance": true}'
WITH_DEMO = ("test_demo", "test_islands", "test_tour")  # these bring a server of their own
VERSIONS = [*((version, "") for version in HTMX), ("4.0.1", INHERITS)]
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


def name_of(version):
    return f"htmx-{version[0]}{'-inherits' if version[1] else ''}"


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            if item.path.stem in WITH_DEMO:
                item.add_marker(pytest.mark.demo)


# Not for the session: Playwright's loop runs in this thread, where async tests want their own.
@pytest.fixture(scope="package")
def launch():
    """Starts a Chromium, with more to say to Playwright where a test needs it."""
    with sync_playwright() as playwright, ExitStack() as stack:

        def start(**more):
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox"], **more
            )
            stack.callback(browser.close)
            return browser

        yield start


@pytest.fixture(scope="package")
def chromium(launch):
    return launch()


@pytest.fixture(params=VERSIONS, ids=name_of)
def version(request):
    return request.param


@pytest.fixture(scope="package")
def addresses(tmp_path_factory):
    """The tests' pages by server, each started when it is first asked for."""
    with ExitStack() as stack:
        started = {}

        def address(name):
            if name not in started:
                database = tmp_path_factory.mktemp(name) / "db.sqlite3"
                started[name] = stack.enter_context(pages(name, database))
            return started[name]

        yield address


@pytest.fixture
def server(request, addresses, version):
    """The pages under the server of --server; unless said, the versions of htmx take turns."""
    names = sorted(COMMANDS)
    turn = names[VERSIONS.index(version) % len(names)]
    return addresses(request.config.getoption("server") or turn)


class State:
    """What stands in the server's memory, to set from here."""

    def __init__(self, server):
        self.server = server

    def tell(self, path):
        urllib.request.urlopen(f"{self.server}/state/{path}/", timeout=10).close()

    def __setitem__(self, n, value):
        self.tell(f"number/{n}/{value}")

    def fault(self, n, status):
        self.tell(f"fault/{n}/{status}")


@pytest.fixture
def numbers(server):
    state = State(server)
    state.tell("reset")
    return state


def wait(page, condition):
    """Let the browser go on until something is true; bounded."""
    for _ in range(500):
        if condition():
            return
        page.wait_for_timeout(10)
    raise AssertionError("it did not come true")


@pytest.fixture
def page(chromium, server, version, numbers):
    """A page that remembers its requests and fails a test for an error nobody expected."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(8000)
    page.requests, page.faults = [], []
    page.on("request", lambda request: page.requests.append((request.method, request.url)))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("dialog", lambda dialog: (page.faults.append(dialog.message), dialog.dismiss()))
    config = f"&config={quote(version[1])}" if version[1] else ""
    page.address = lambda name: f"{server}/page/{name}/?htmx={version[0]}{config}"

    def visit(name, more=""):
        page.goto(page.address(name) + more)
        wait(page, lambda: page.evaluate("!!globalThis[Symbol.for('mizan.kernel')]?.bridge"))
        page.requests.clear()

    page.visit = visit
    page.fetched = lambda part: [
        item for _, url in page.requests for item in items(url) if part in item
    ]
    yield page
    context.close()
    assert page.faults == []


@pytest.fixture
def change(page, numbers):
    """Something else changes a number, and the page hears of it."""

    def change(n, value):
        numbers[n] = value
        kernel = "globalThis[Symbol.for('mizan.kernel')]"
        page.evaluate(f"n => {kernel}.invalidate(`number;n=${{n}}`)", n)

    return change


def items(url):
    """A request's URL; of fresh/, those of the fragments and contexts that it asks for together."""
    at = urlsplit(url)
    if not at.path.endswith("/fresh/"):
        return [url]
    base = at.path.removesuffix("fresh/")
    asked = parse_qs(at.query)
    fragments = [text.rpartition("@")[0] or text for text in asked.get("f", [])]
    return [
        *(f"{base}fragment/?f={text.replace('?', '&', 1)}" for text in fragments),
        *(f"{base}ctx/{text}" for text in asked.get("c", [])),
    ]
