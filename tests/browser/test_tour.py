"""The tour through the demo: each thing it shows, once, on every supported htmx."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import HTMX
from tests.browser.test_demo import (
    VARIANTS,
    column,
    environment,
    manage,
    scopes,
    seeded,
    serving,
    titles,
    visiting,
)

__all__ = ["seeded"]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture(scope="module", **{**VARIANTS, "params": VARIANTS["params"][: len(HTMX)]})
def demo(request, seeded, tmp_path_factory):
    with serving(seeded, tmp_path_factory.mktemp("tour"), **environment(request.param)) as url:
        yield url


@pytest.fixture(scope="module")
def plain(seeded, tmp_path_factory):
    """The demo as `make demo` serves it, with the htmx that django-htmx brings."""
    with serving(seeded, tmp_path_factory.mktemp("plain")) as url:
        yield url


@pytest.fixture
def ada(chromium, demo):
    with visiting(chromium, demo) as page:
        yield page


def ready(page):
    """Wait for the scripts: without them a form would leave the page."""
    expect(page.locator("#strip")).to_be_visible()
    page.fragments.clear()


def visit(page, address):
    page.goto(address)
    ready(page)


def open_card(page, title):
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.locator("#drawer h1")).to_have_text(title)
    page.fragments.clear()


def card_of(page, title):
    return page.locator(".card").filter(has_text=title)


def test_errors_stand_beside_their_fields_and_the_board_behind_follows(ada):
    visit(ada, "/boards/1/")
    open_card(ada, "Offer page for schools")
    drawer = ada.locator("#drawer")
    drawer.get_by_text("Edit", exact=True).click()
    drawer.get_by_label("Title").fill(" ")
    drawer.get_by_label("Points").fill("99")
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.locator("[data-error=title]")).to_have_text("A card needs a title.")
    expect(drawer.locator("[data-error=points]")).to_have_text("Give it 1 to 13 points.")
    expect(drawer.get_by_label("Title")).to_be_focused()
    drawer.get_by_label("Title").fill("Offer page for schools and museums")
    expect(drawer.locator("[data-error=points]")).to_be_hidden()
    drawer.get_by_label("Points").fill("5")
    drawer.get_by_label("Assigned to").select_option(label="Mei Tanaka")
    drawer.get_by_label("Legal").check()
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.locator("h1")).to_have_text("Offer page for schools and museums")
    expect(drawer.locator(".facts")).to_contain_text("Mei Tanaka")
    ada.keyboard.press("Escape")
    card = card_of(ada, "Offer page for schools and museums")
    expect(card.locator(".points")).to_contain_text("5")
    expect(card.locator(".tag")).to_contain_text(["Content", "Legal"])


def test_what_is_typed_survives_a_tick_and_a_comment(ada):
    visit(ada, "/cards/1/")
    ada.get_by_text("Edit", exact=True).click()
    ada.get_by_label("Description").fill("Half a sentence")
    ada.get_by_role("button", name="Mark as done").click()
    expect(ada.locator("#page-toggle")).to_have_text("Done")
    ada.get_by_label("Comment", exact=True).fill("As I said:\nit is done.")
    ada.get_by_role("button", name="Comment", exact=True).click()
    expect(ada.locator(".talk li").last).to_contain_text("it is done.")
    expect(ada.get_by_label("Comment", exact=True)).to_have_value("")
    expect(ada.get_by_label("Description")).to_have_value("Half a sentence")


def test_a_deleted_card_leaves_the_drawer_and_the_board(ada):
    visit(ada, "/boards/1/")
    open_card(ada, "Print style sheet for recipes")
    drawer = ada.locator("#drawer")
    drawer.get_by_text("Delete this card").click()
    drawer.get_by_role("button", name="Delete for good").click()
    expect(drawer).to_be_hidden()
    expect(card_of(ada, "Print style sheet for recipes")).to_have_count(0)
    visit(ada, "/cards/10/")
    ada.get_by_text("Delete this card").click()
    ada.get_by_role("button", name="Delete for good").click()
    expect(ada.locator(".columns")).to_be_visible()  # the page's 404 led to the board


def test_only_the_lead_sets_a_goal_and_others_are_told_so(ada):
    visit(ada, "/boards/1/")
    goal = ada.locator("#stats .goal").inner_text()
    ada.get_by_text("Set goal").click()
    ada.get_by_label("A new goal").fill("Tea for everybody")
    ada.get_by_role("button", name="Save goal").click()
    expect(ada.locator("#notice")).to_contain_text("Only Grace")
    expect(ada.locator("#stats .goal")).to_have_text(goal)
    visit(ada, "/boards/2/")
    ada.get_by_text("Set goal").click()
    ada.get_by_label("A new goal").fill("Tea for everybody")
    ada.get_by_role("button", name="Save goal").click()
    expect(ada.locator("#stats .goal")).to_have_text("Tea for everybody")
    expect(ada.get_by_label("A new goal")).to_be_hidden()


def test_a_table_that_filtered_itself_hears_of_every_card(ada):
    visit(ada, "/boards/2/table/")
    rows = ada.locator("#rows tr")
    ada.get_by_label("Search titles").fill("barcode")
    expect(rows).to_have_count(1)
    tick = rows.get_by_role("button", name="Done:")
    pressed = tick.get_attribute("aria-pressed")
    tick.click()
    expect(tick).to_have_attribute("aria-pressed", "false" if pressed == "true" else "true")
    expect(rows).to_have_count(1)


def test_my_work_and_my_notifications_are_mine(ada):
    visit(ada, "/work/")
    numbers, first = ada.locator(".mine"), ada.locator(".list li").first
    title = first.locator("a").inner_text()
    before = int(re.search(r"\d+", numbers.inner_text())[0])
    first.get_by_role("button").click()
    expect(ada.get_by_role("link", name=title, exact=True)).to_have_count(0)
    expect(numbers).to_contain_text(f"My work {before - 1}")
    assert scopes(ada) == ["user_id", "user_id"]
    expect(numbers.locator(".bell .badge")).to_be_visible()
    ada.get_by_role("button", name="Mark all as read").click()
    expect(numbers.locator(".bell .badge")).to_have_count(0)
    expect(ada.locator(".unread")).to_have_count(0)


def test_a_stranger_reads_the_tour_and_nobodys_numbers(chromium, demo, ada):
    with visiting(chromium, demo, person=None) as stranger:
        visit(stranger, "/tour/")
        expect(stranger.locator(".stops li")).to_have_count(13)
        expect(stranger.locator(".mine")).to_be_empty()
        assert stranger.locator("[data-mizan-keys]").count() == 0
        stranger.get_by_role("link", name="The table").click()
        expect(stranger.locator("h1")).to_have_text("Sign in")
    visit(ada, "/tour/")
    expect(ada.locator(".mine")).to_contain_text("My work")


def test_a_card_is_dragged_and_has_keys_of_its_own(ada):
    visit(ada, "/boards/3/")
    title = titles(ada, 0)[0]
    column(ada, 0).locator(".card").first.drag_to(column(ada, 2))
    expect(column(ada, 2).locator(".card").filter(has_text=title)).to_have_count(1)
    tick = column(ada, 1).locator(".card").first.get_by_role("button", name="Done:")
    tick.focus()
    pressed = tick.get_attribute("aria-pressed")
    ada.keyboard.press("x")
    expect(tick).to_have_attribute("aria-pressed", "false" if pressed == "true" else "true")
    expect(tick).to_be_focused()


def test_a_changed_fragment_flashes_and_is_announced(ada):
    visit(ada, "/boards/3/")
    card = column(ada, 1).locator(".card").nth(2)
    card.get_by_role("button", name="Done:").click()
    expect(card).to_have_attribute("data-flash", "")
    expect(ada.locator("#announcer")).to_contain_text("Updated:")
    expect(ada.locator("#announcer")).to_contain_text(card.locator("h3").inner_text())
    assert column(ada, 0).locator("[data-flash]").count() == 0
    expect(card).not_to_have_attribute("data-flash", "")


def test_the_strip_tells_the_keys_and_the_fragments(ada):
    visit(ada, "/boards/3/")
    strip = ada.locator("#strip")
    expect(strip.locator("ol")).to_be_hidden()
    strip.locator("summary").click()
    card = column(ada, 0).locator(".card").nth(3)
    number = card.get_attribute("data-card")
    card.get_by_role("button", name="Done:").click()
    entry = strip.locator("#strip-log > li")
    expect(entry.locator(".sent code")).to_contain_text([f"card;card_id={number}"])
    expect(entry.locator("li").filter(has_text=f"card;card_id={number}")).to_contain_text(" ms")
    expect(entry.locator("li").filter(has_text="figures")).to_have_count(1)
    ada.wait_for_load_state("networkidle")
    expect(entry.locator("li")).to_have_count(len(scopes(ada)))


# ── once, for htmx has no part in it ──


def test_a_switch_in_the_page_chooses_the_htmx(chromium, plain):
    with visiting(chromium, plain) as page:
        visit(page, "/boards/1/")
        for number in ("4", "2"):
            page.get_by_role("link", name=f"htmx {number}").click()
            page.wait_for_function("number => window.htmx?.version[0] === number", arg=number)
            ready(page)
            card = column(page, 0).locator(".card").nth(4)
            card.get_by_role("button", name="Done:").click()
            expect(card).to_have_attribute("data-flash", "")


def test_with_the_keyboard_alone(chromium, plain):
    with visiting(chromium, plain) as page:
        visit(page, "/boards/2/")
        card = column(page, 0).locator(".card").first
        title = card.locator("h3").inner_text()
        page.keyboard.press("Tab")
        expect(page.get_by_text("Skip to content")).to_be_focused()
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id").startswith("right-"):
                break
        page.keyboard.press("Enter")
        moved = column(page, 1).locator(".card").filter(has_text=title)
        expect(moved.get_by_role("button", name="Move").last).to_be_focused()
        moved.get_by_role("link", name=title).focus()
        page.keyboard.press("Enter")
        expect(page.locator("#drawer h1")).to_have_text(title)
        page.keyboard.press("Escape")
        expect(moved.get_by_role("link", name=title)).to_be_focused()


def test_those_who_want_less_motion_see_none(chromium, plain):
    with visiting(chromium, plain, reduced_motion="reduce") as page:
        visit(page, "/boards/2/")
        card = column(page, 0).locator(".card").nth(1)
        card.get_by_role("button", name="Done:").click()
        expect(card).to_have_attribute("data-flash", "")
        assert card.evaluate("card => getComputedStyle(card).animationName") == "none"


def test_without_javascript_cards_are_made_edited_moved_and_deleted(chromium, plain):
    with visiting(chromium, plain, java_script_enabled=False) as page:
        page.goto("/boards/3/")
        column(page, 0).get_by_label("New card").fill("Buy a plant")
        column(page, 0).get_by_role("button", name="Add to").click()
        expect(page).to_have_url(f"{plain}/boards/3/")
        column(page, 0).get_by_role("link", name="Buy a plant").click()
        page.get_by_text("Edit", exact=True).click()
        page.get_by_label("Title").fill("Buy two plants")
        page.get_by_label("Points").fill("99")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".error")).to_contain_text("Points: ")
        page.go_back()
        page.get_by_text("Edit", exact=True).click()
        page.get_by_label("Title").fill("Buy two plants")
        page.get_by_label("Points").fill("2")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("h1")).to_have_text("Buy two plants")
        page.get_by_role("button", name="Move to").click()
        expect(page.locator(".place")).to_contain_text("Waiting")
        page.get_by_text("Delete this card").click()
        page.get_by_role("button", name="Delete for good").click()
        expect(page).to_have_url(f"{plain}/boards/3/")
        expect(page.get_by_text("Buy two plants", exact=True)).to_have_count(0)


def check(page, where):
    """No violation and nothing too wide: in both schemes, at both sizes."""
    page.add_script_tag(path=AXE)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert too_wide <= 0, (where, size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
            nodes = [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]]
            assert nodes == [], (where, size, scheme)


@pytest.mark.parametrize("address", ["/login/", "/tour/"])
def test_axe_finds_nothing_where_a_stranger_is(chromium, plain, address):
    with visiting(chromium, plain, person=None) as page:
        visit(page, address)
        check(page, address)


ADDRESSES = ["/", "/boards/1/", "/boards/1/table/", "/cards/12/", "/work/", "/tour/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing(chromium, plain, address):
    with visiting(chromium, plain) as page:
        visit(page, address)
        check(page, address)


def test_axe_finds_nothing_in_what_opens(chromium, plain):
    with visiting(chromium, plain) as page:
        visit(page, "/cards/13/")
        page.get_by_text("Edit", exact=True).click()
        page.locator("#strip summary").click()
        page.locator("#page-toggle").click()
        expect(page.locator("#strip-log li li").first).to_be_visible()
        page.get_by_label("Title").fill("")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("[data-error=title]")).to_be_visible()
        check(page, "an edited card and what stands behind it")
        visit(page, "/boards/1/")
        page.locator(".card a").first.click()
        expect(page.locator("#drawer h1")).to_be_visible()
        check(page, "the drawer")


def test_a_board_of_500_cards_takes_12_queries_at_most(tmp_path):
    env = {"DEMO_DB": str(tmp_path / "large.sqlite3"), "DEMO_DEBUG": "1"}
    manage("migrate", "--no-input", "-v0", **env)
    manage("seed", "--boards", "50", "--cards", "5000", **env)
    count = """
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

client = Client(HTTP_HOST="localhost")
client.force_login(get_user_model().objects.first())
with CaptureQueriesContext(connection) as queries:
    page = client.get("/boards/1/").content.decode()
print(len(queries), page.count('class="card"'))
"""
    queries, cards = map(int, manage("shell", "-v0", "-c", count, **env).split())
    assert cards == 500
    assert queries <= 12
