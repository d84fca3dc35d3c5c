"""The demo as its visitor sees it: served by itself, from its own settings and seed."""

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import HTMX
from tests.browser.conftest import VERSIONS, wait

MANAGE = Path(__file__).parents[2] / "demo" / "manage.py"


@pytest.fixture(
    scope="module", params=VERSIONS, ids=lambda v: f"htmx-{v[0]}{'-inherits' if v[1] else ''}"
)
def demo(request, tmp_path_factory):
    version, config = request.param
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        **os.environ,
        "DEMO_DB": str(tmp_path_factory.mktemp("demo") / "demo.sqlite3"),
        "DEMO_HTMX": version[0],
        "DEMO_HTMX_SCRIPT": str(HTMX[version]),
        "DEMO_HTMX_CONFIG": config,
    }
    env.pop("DJANGO_SETTINGS_MODULE", None)
    for command in (["migrate", "--no-input", "-v0"], ["seed", "--if-empty"]):
        subprocess.run([sys.executable, MANAGE, *command], env=env, check=True, capture_output=True)
    server = subprocess.Popen(
        [sys.executable, MANAGE, "runserver", "--noreload", f"127.0.0.1:{port}"],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(10)


def ready(url):
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except OSError:
        return False


@pytest.fixture
def visitor(chromium, demo, request):
    """Somebody who has signed in and looks at the first board."""
    context = chromium.new_context(java_script_enabled=getattr(request, "param", True))
    page = context.new_page()
    page.set_default_timeout(8000)
    wait(page, lambda: ready(demo))
    page.goto(demo)
    page.locator("form button").first.click()
    page.locator("main a").first.click()
    expect(page.locator(".columns")).to_be_visible()
    page.fragments, page.faults = [], []
    page.on("request", lambda r: page.fragments.append(r.url) if "/fragment/" in r.url else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    context.close()
    assert page.faults == []


def column(page, index):
    return page.locator(".column").nth(index)


def titles(page, index):
    return column(page, index).locator(".card h3").all_inner_texts()


def test_a_moved_card_changes_every_place_that_shows_the_board(visitor):
    before = titles(visitor, 0), titles(visitor, 1)
    title = before[0][0]
    told = visitor.locator("#activity li").first.inner_text()
    column(visitor, 0).get_by_role("button", name=f"Move {title} to").first.click()
    expect(column(visitor, 1).locator(".card h3").filter(has_text=title)).to_have_count(1)
    expect(column(visitor, 0).locator(".card h3").filter(has_text=title)).to_have_count(0)
    expect(visitor.locator("#activity li").first).to_contain_text(f"moved “{title}”")
    assert visitor.locator("#activity li").first.inner_text() != told
    visitor.wait_for_load_state("networkidle")
    # Two columns, the figures and the activity; no card on its own.
    assert len(visitor.fragments) == 4
    assert not [url for url in visitor.fragments if "card_id=" in url]


def test_a_ticked_card_refetches_alone_beside_the_figures(visitor):
    figures = visitor.locator("#stats").inner_text()
    card = column(visitor, 0).locator(".card").nth(1)
    tick = card.get_by_role("button", name="Done:")
    pressed = tick.get_attribute("aria-pressed")
    tick.click()
    expect(tick).to_have_attribute("aria-pressed", "false" if pressed == "true" else "true")
    expect(visitor.locator("#stats")).not_to_have_text(figures)
    visitor.wait_for_load_state("networkidle")
    assert len(visitor.fragments) == 3
    assert len([url for url in visitor.fragments if "card_id=" in url]) == 1


def test_an_empty_title_is_told_beside_its_field(visitor):
    form = column(visitor, 0).locator("form.add")
    form.locator("input[name=title]").fill("  ")
    form.locator("button").click()
    expect(form.locator("[data-error]")).to_be_visible()
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
