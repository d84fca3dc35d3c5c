"""The page of islands: htmx, React, Vue and Svelte show one board, whoever changes it."""

import json
import re
from collections import Counter

import pytest
from playwright.sync_api import Error, expect

from tests.browser.conftest import items, wait
from tests.browser.test_demo import (
    MANAGE,
    SIGNED_IN,
    VARIANTS,
    environment,
    seeded,
    serving,
    visiting,
)
from tests.browser.test_tour import check

__all__ = ["seeded"]
BUILT = MANAGE.parent / "frontend" / "dist" / "react.js"
pytestmark = pytest.mark.skipif(not BUILT.is_file(), reason="the islands are not built")

ADDRESS = "/boards/1/islands/"
ISLANDS = ["react-board", "vue-burn-down", "svelte-inbox"]
PIECES = ["#isle-fragment", *ISLANDS]

# What was ever to be seen, and on whose page; a page that is left takes nothing of it along.
RECORDER = """
new MutationObserver(() => {
  const who = document.querySelector(".who-name")?.textContent
  for (const { dataset, textContent } of document.querySelectorAll("[data-figure]"))
    if (textContent !== "–") record([who, dataset.figure, Number(textContent)])
}).observe(document, { subtree: true, childList: true, characterData: true })
"""
READ = re.compile("/(ctx|fragment|fresh)/")
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
REFUSED = {"error": {"code": "forbidden", "message": "Not on a Friday.", "details": []}}


@pytest.fixture(scope="module", **VARIANTS)
def demo(request, seeded, tmp_path_factory):
    with serving(seeded, tmp_path_factory.mktemp("islands"), **environment(request.param)) as url:
        yield url


class Reads:
    """The reads of a page: counted, and held where a test says so.

    Args:
        page: on which nothing was fetched yet.
    """

    def __init__(self, page):
        self.page, self.asked, self.over, self.waiting = page, [], set(), []
        page.on("request", self.note)
        for event in ("requestfinished", "requestfailed"):
            page.on(event, self.end)

    def note(self, request):
        if request.method == "GET" and READ.search(request.url):
            self.asked.append(request)

    def end(self, request):
        self.over.add(request)

    def hold(self, answered=True):
        """Hold the answers of the server or, not `answered`, the requests to it."""

        def take(route):
            self.waiting.append((route, route.fetch() if answered else None))

        self.page.route(READ, take)

    def held(self):
        """How many are held, when none is on its way any more."""
        wait(self.page, lambda: len(self.waiting) == len(self.asked))
        return len(self.waiting)

    def let_go(self, start=0, end=None):
        """Let what is held go on; what the page has aborted itself does not."""
        for route, response in self.waiting[start:end]:
            try:
                route.fulfill(response=response) if response else route.continue_()
            except Error as error:
                assert re.search("aborted|handled", str(error).lower())  # noqa: PT017

    def arrive(self, start=0, end=None):
        """Let go, and wait until the page has made of it what it wants."""
        self.let_go(start, end)
        wait(self.page, lambda: {r.request for r, _ in self.waiting[start:end]} <= self.over)
        self.page.evaluate(SETTLED)

    def count(self):
        """How often each context was asked for, and how many fragments."""
        said = [item for request in self.asked for item in items(request.url)]
        kinds = [re.search("/(?:ctx/([a-z_.]+)|fragment/)", item) for item in said]
        return Counter(kind[1] or "fragment" for kind in kinds)


def truth(page):
    """What the server says to whoever is signed in."""
    stats = page.request.get("/api/mizan/ctx/board/?board_id=1").json()["stats"]
    user = page.locator(".island[data-user]").first.get_attribute("data-user")
    unread = page.request.get(f"/api/mizan/ctx/inbox/?user_id={user}").json()["unread"]
    return {"open": stats["open"], "done": stats["done"], "unread": unread}


def agree(page, expected):
    for piece in PIECES:
        for name, value in expected.items():
            figure = page.locator(f"{piece} [data-figure={name}]")
            expect(figure, f"{name} of {piece}").to_have_text(str(value))


@pytest.fixture
def visitor(chromium, demo, request):
    with visiting(chromium, demo, getattr(request, "param", "ada")) as page:
        page.expose_function("record", lambda said: page.shown.add(tuple(said)))
        page.add_init_script(RECORDER)
        page.shown, page.reads = set(), Reads(page)
        page.goto(ADDRESS)
        for piece in PIECES:
            expect(page.locator(f"{piece} [data-figure]")).to_have_count(3)
        wait(page, lambda: page.evaluate("!!globalThis[Symbol.for('mizan.kernel')]?.bridge"))
        yield page


def lane(page, index):
    return page.locator("react-board .slips").nth(index)


def slip(page, title):
    return page.locator("react-board .slip").filter(has=page.get_by_text(title, exact=True))


def listed(page, column):
    """The open cards of a column in the fragment."""
    return page.locator("#isle-fragment h3", has_text=column).locator("xpath=following::ul[1]")


def tick_by_form(page):
    page.locator("#isle-fragment .tick").last.click()


def tick_in_react(page):
    lane(page, 0).locator(".tick[aria-pressed=false]").last.click()


def finish_in_vue(page):
    page.get_by_role("button", name="Finish what is next").click()


def read_in_svelte(page):
    page.get_by_role("button", name="Mark all as read").click()


def test_the_page_brings_the_data_of_its_islands(visitor):
    visitor.wait_for_load_state("networkidle")
    assert visitor.reads.count() == {}
    agree(visitor, truth(visitor))
    assert len({(name, value) for _, name, value in visitor.shown}) == 3  # never another number


# Each of somebody else, for what was read stays read.
@pytest.mark.parametrize(
    ("visitor", "change", "context"),
    [
        ("grace", tick_by_form, "board"),
        ("grace", tick_in_react, "board"),
        ("grace", finish_in_vue, "board"),
        ("mei", read_in_svelte, "inbox"),
    ],
    indirect=["visitor"],
)
def test_whoever_changes_it_all_four_agree_after_one_batch(visitor, change, context):
    before = truth(visitor)
    agree(visitor, before)
    visitor.reads.hold()
    with visitor.expect_response("**/call/**") as call:
        change(visitor)
    keys = set(call.value.headers["x-mizan-invalidate"].split(", "))
    bound = visitor.locator("[data-mizan-keys]").evaluate_all(
        "(all) => all.map(({ dataset }) => dataset.mizanKeys)"
    )
    reached = [texts for texts in bound if keys & {*texts.split(", ")}]
    assert len(reached) >= 2
    # One request for all of it; a call's own answer has brought it.
    brought = change is not tick_by_form
    due = {} if brought else {context: 1, "fragment": len(reached)}
    if not brought:
        wait(visitor, lambda: sum(visitor.reads.count().values()) >= sum(due.values()))
        assert visitor.reads.held() == 1
        assert visitor.reads.count() == due
        visitor.reads.arrive()
    after = truth(visitor)
    assert after != before
    agree(visitor, after)
    assert visitor.reads.count() == due


def test_a_card_is_moved_by_its_button_and_takes_the_focus_along(visitor):
    title = lane(visitor, 1).locator("h4").first.inner_text()
    moving = slip(visitor, title).get_by_role("button", name="Move").last
    moving.focus()
    calls = []
    visitor.route("**/call/", lambda route: calls.insert(0, route))
    expect(moving).to_be_focused()
    visitor.keyboard.press("Enter")
    wait(visitor, lambda: calls)  # Playwright may hear of it after the page shows it
    # At once: the call is held.
    expect(lane(visitor, 2).get_by_text(title, exact=True)).to_be_visible()
    expect(slip(visitor, title).get_by_role("button", name="Move").last).to_be_focused()
    calls[0].continue_()
    expect(listed(visitor, "Review").get_by_text(title)).to_have_count(1)
    expect(lane(visitor, 2).locator("h4").last).to_have_text(title)
    assert visitor.reads.count() == {}  # the call has brought what it changed


def test_a_card_is_dragged_with_a_pointer(visitor):
    title = lane(visitor, 0).locator("h4").nth(1).inner_text()
    card = slip(visitor, title).bounding_box()
    goal = lane(visitor, 2).bounding_box()
    visitor.mouse.move(card["x"] + card["width"] - 12, card["y"] + 12)
    visitor.mouse.down()
    visitor.mouse.move(goal["x"] + 40, goal["y"] + 80, steps=6)
    visitor.mouse.move(goal["x"] + 41, goal["y"] + 81)  # what is dragged is under the pointer now
    expect(lane(visitor, 2)).to_have_attribute("data-over", "")
    visitor.mouse.up()
    expect(lane(visitor, 2).locator("h4").last).to_have_text(title)
    expect(visitor.locator("[data-dragged], [data-over]")).to_have_count(0)
    expect(listed(visitor, "Review").get_by_text(title)).to_have_count(1)


@pytest.mark.parametrize("lost", [False, True], ids=["refused", "lost"])
def test_a_move_that_failed_is_taken_back_and_told(visitor, lost):
    # case F-17
    calls = []
    visitor.route("**/call/", lambda route: calls.insert(0, route))
    titles = lane(visitor, 0).locator("h4").all_inner_texts()
    move = lane(visitor, 0).get_by_role("button", name="Move").first
    move.focus()
    visitor.keyboard.press("Enter")
    expect(lane(visitor, 1).locator("h4").last).to_have_text(titles[0])
    expect(visitor.locator(".lanes")).to_have_attribute("aria-busy", "true")
    wait(visitor, lambda: calls)  # as above
    if lost:
        calls[0].abort()
    else:
        calls[0].fulfill(status=403, body=json.dumps(REFUSED), content_type="application/json")
    expect(lane(visitor, 0).locator("h4")).to_have_text(titles)
    told = visitor.locator("react-board [role=alert]")
    expect(told).to_contain_text(f"“{titles[0]}” was not moved.")
    if not lost:
        expect(told).to_contain_text("Not on a Friday.")
    expect(lane(visitor, 0).get_by_role("button", name="Move").first).to_be_focused()
    expect(visitor.locator(".lanes")).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize("late", ["comes last", "comes first"])
def test_a_stale_reply_is_never_displayed(visitor, late):
    # case F-1
    before = truth(visitor)["open"]
    visitor.reads.hold()
    asked = visitor.reads.count
    tick_by_form(visitor)
    wait(visitor, lambda: asked()["board"] == 1 and asked()["fragment"] >= 2)
    first = visitor.reads.held()
    visitor.locator("#isle-fragment .tick").first.click()
    wait(visitor, lambda: asked()["board"] == 2 and asked()["fragment"] >= 4)
    visitor.reads.held()
    if late == "comes first":
        visitor.reads.arrive(0, first)
    visitor.reads.arrive(first)
    agree(visitor, {"open": before - 2})
    if late == "comes last":
        visitor.reads.arrive(0, first)
    agree(visitor, {"open": before - 2})
    assert {value for _, name, value in visitor.shown if name == "open"} == {before, before - 2}


@pytest.mark.parametrize("visitor", ["rosa"], indirect=True)
@pytest.mark.parametrize("next_", ["linus", ""], ids=["somebody else", "nobody"])
def test_what_comes_after_a_logout_is_not_shown(visitor, demo, next_):
    # cases F-20, A-7
    SIGNED_IN.pop((demo, "rosa"))
    mine = truth(visitor)
    visitor.reads.hold(answered=False)
    tick_by_form(visitor)
    asked = visitor.reads.count
    wait(visitor, lambda: asked()["board"] == 1 and asked()["fragment"] >= 2)
    visitor.reads.held()
    other = visitor.context.new_page()
    other.goto("/boards/1/")
    other.get_by_role("button", name="Sign out").click()
    expect(other.locator("h1")).to_have_text("Sign in")
    if next_:
        other.locator(f"button[value={next_}]").click()
        expect(other.locator("h1")).to_have_text("Boards")
    visitor.reads.let_go()
    if next_:
        expect(visitor.locator(".who-name")).to_have_text("Linus")
        agree(visitor, truth(visitor))
    else:
        expect(visitor.locator("h1")).to_have_text("Sign in")
        assert "next=" in visitor.url
        expect(visitor.locator("[data-figure]")).to_have_count(0)
    shown = {(name, value) for who, name, value in visitor.shown if who == "Rosa"}
    assert shown == {*mine.items()}


REMOVE = """(names) => names.map((name) => {
    const island = document.querySelector(name)
    const place = island.parentElement
    globalThis.bring = ((before) => () => (before?.(), place.append(island)))(globalThis.bring)
    island.remove()
    return island.textContent
})"""


def test_an_island_that_leaves_the_page_leaves_nothing_behind(visitor):
    # case F-5
    asked = visitor.reads.count
    visitor.reads.hold()
    tick_by_form(visitor)
    wait(visitor, lambda: asked()["board"] == 1 and asked()["fragment"] >= 2)
    visitor.reads.held()
    assert visitor.evaluate(REMOVE, ISLANDS) == ["", "", ""]
    visitor.reads.arrive()
    visitor.unroute_all()
    visitor.reads.asked.clear()
    with visitor.expect_response(READ):
        tick_by_form(visitor)
    visitor.wait_for_load_state("networkidle")
    assert asked().keys() == {"fragment"}
    # Whoever comes back asks once for all, and only for what has changed meanwhile.
    visitor.reads.asked.clear()
    visitor.evaluate("bring()")
    agree(visitor, truth(visitor))
    assert asked() == {"board": 1}


# ── once, for htmx has no part in it ──


@pytest.fixture(scope="module")
def plain(seeded, tmp_path_factory):
    with serving(seeded, tmp_path_factory.mktemp("plain")) as url:
        yield url


def test_axe_finds_nothing(chromium, plain):
    with visiting(chromium, plain) as page:
        page.goto(ADDRESS)
        page.get_by_text("As a table", exact=True).click()
        expect(page.locator("vue-burn-down table")).to_be_visible()
        check(page, ADDRESS)


def test_where_the_islands_were_not_built_the_page_says_so_and_works(
    chromium, seeded, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("bare")
    nowhere = str(folder / "dist")
    with serving(seeded, folder, DEMO_ISLANDS=nowhere) as url, visiting(chromium, url) as page:
        page.goto(ADDRESS)
        expect(page.locator("#not-built")).to_contain_text("make islands")
        expect(page.locator(", ".join(ISLANDS))).to_have_count(0)
        assert page.locator("script[src*=islands]").count() == 0
        expect(page.locator("#strip")).to_be_visible()
        figure = page.locator("#isle-fragment [data-figure=open]")
        before = int(figure.inner_text())
        tick_by_form(page)
        expect(figure).to_have_text(str(before - 1))
        check(page, "without islands")
