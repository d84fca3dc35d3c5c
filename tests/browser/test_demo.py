"""The demo as its visitor sees it: served by itself, from its own settings and seed."""

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import HTMX
from tests.browser.conftest import VERSIONS, items, wait

MANAGE = Path(os.environ.get("DEMO_MANAGE", Path(__file__).parents[2] / "demo" / "manage.py"))
VARIANTS = {"params": VERSIONS, "ids": lambda v: f"htmx-{v[0]}{'-inherits' if v[1] else ''}"}


def manage(*arguments, **env):
    """Run a command of the demo's in a process of its own; what it printed."""
    env = {**os.environ, **env}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, MANAGE, *arguments]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


def ready(url):
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    database = tmp_path_factory.mktemp("demo") / "seeded.sqlite3"
    manage("migrate", "--no-input", "-v0", DEMO_DB=str(database))
    manage("seed", DEMO_DB=str(database))
    return database


@contextmanager
def serving(seeded, directory, **env):
    """The demo's address, over a database of its own."""
    database = directory / "demo.sqlite3"
    for file in seeded.parent.glob("seeded.sqlite3*"):
        shutil.copy(file, directory / file.name.replace("seeded", "demo"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "DEMO_DB": str(database), **env}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, MANAGE, "runserver", "--noreload", f"127.0.0.1:{port}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, env=env, **quiet)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def environment(version):
    """What makes the demo load one of the supported builds of htmx."""
    number, config = version
    script = str(HTMX[number])
    return {"DEMO_HTMX": number[0], "DEMO_HTMX_SCRIPT": script, "DEMO_HTMX_CONFIG": config}


SIGNED_IN = {}  # the cookies of those who have signed in once, by server and person


@contextmanager
def visiting(chromium, demo, person="ada", **options):
    """A page of somebody who has signed in; it remembers what was fetched and what went wrong."""
    options["storage_state"] = SIGNED_IN.get((demo, person))
    context = chromium.new_context(base_url=demo, **options)
    page = context.new_page()
    page.set_default_timeout(8000)
    if person and not options["storage_state"]:
        wait(page, lambda: ready(f"{demo}/login/"))
        page.goto("/login/")
        page.locator(f"button[value={person}]").click()
        expect(page.locator("h1")).to_have_text("Boards")
        SIGNED_IN[demo, person] = context.storage_state()
    page.fragments, page.faults = [], []
    page.on(
        "request", lambda r: page.fragments.extend(i for i in items(r.url) if "/fragment/" in i)
    )
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    context.close()
    assert page.faults == []


@pytest.fixture(scope="module", **VARIANTS)
def demo(request, seeded, tmp_path_factory):
    with serving(seeded, tmp_path_factory.mktemp("server"), **environment(request.param)) as url:
        yield url


@pytest.fixture
def visitor(chromium, demo, request):
    """Somebody who looks at the first board."""
    with visiting(chromium, demo, java_script_enabled=getattr(request, "param", True)) as page:
        page.goto("/boards/1/")
        yield page


def column(page, index):
    return page.locator(".column").nth(index)


def titles(page, index):
    return column(page, index).locator(".card h3").all_inner_texts()


def scopes(page):
    """By which parameters the fetched fragments were scoped."""
    page.wait_for_load_state("networkidle")
    return sorted(next(reversed(parse_qs(urlsplit(url).query))) for url in page.fragments)


def test_a_moved_card_changes_every_place_that_shows_the_board(visitor):
    title = titles(visitor, 0)[0]  # of somebody else
    told = visitor.locator("#activity li").first.inner_text()
    column(visitor, 0).get_by_role("button", name=f"Move {title} to").first.click()
    expect(column(visitor, 1).locator(".card h3").filter(has_text=title)).to_have_count(1)
    expect(column(visitor, 0).locator(".card h3").filter(has_text=title)).to_have_count(0)
    expect(visitor.locator("#activity li").first).to_contain_text(f"moved “{title}”")
    assert visitor.locator("#activity li").first.inner_text() != told
    # Two columns, the figures and the activity; no card on its own.
    assert scopes(visitor) == ["board_id", "board_id", "column_id", "column_id"]


def test_a_ticked_card_refetches_alone_beside_the_figures(visitor):
    figures = visitor.locator("#stats").inner_text()
    card = column(visitor, 1).locator(".card").nth(1)  # of somebody else, too
    tick = card.get_by_role("button", name="Done:")
    pressed = tick.get_attribute("aria-pressed")
    tick.click()
    expect(tick).to_have_attribute("aria-pressed", "false" if pressed == "true" else "true")
    expect(visitor.locator("#stats")).not_to_have_text(figures)
    assert scopes(visitor) == ["board_id", "board_id", "card_id"]


def test_an_empty_title_is_told_beside_its_field(visitor):
    form = column(visitor, 0).locator("form.add")
    form.locator("input[name=title]").fill("  ")
    form.locator("button").click()
    expect(form.locator("[data-error]")).to_have_text("A card needs a title.")
    form.locator("input[name=title]").fill("Write it down")
    form.locator("button").click()
    expect(column(visitor, 0).locator(".card h3").filter(has_text="Write it down")).to_have_count(1)
    expect(form.locator("input[name=title]")).to_have_value("")
    expect(form.locator("[data-error]")).to_be_hidden()


def test_an_old_view_that_redirects_and_a_call_from_plain_javascript(visitor):
    visitor.get_by_role("button", name="Assign open cards").click()
    expect(visitor.locator("#activity li").first).to_contain_text("assigned")
    visitor.get_by_role("button", name="Archive done").click()
    expect(visitor.locator("#activity li").first).to_contain_text("archived")
    expect(visitor.locator("[aria-pressed=true]")).to_have_count(0)


@pytest.mark.parametrize("visitor", [False], indirect=True, ids=["no script"])
def test_without_javascript_the_forms_do_it(visitor):
    title = titles(visitor, 1)[0]
    column(visitor, 1).get_by_role("button", name=f"Move {title} to").last.click()
    expect(visitor).to_have_url(visitor.url)
    expect(column(visitor, 2).locator(".card h3").filter(has_text=title)).to_have_count(1)
