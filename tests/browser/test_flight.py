"""How many requests a write takes, and what its own answer brings."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait

ISLANDS = """() => {
  globalThis.kernel = globalThis[Symbol.for("mizan.kernel")]
  globalThis.islands = [1, 2, 3].map((n) => {
    const entry = kernel.registerContext("number", { n })
    entry.subscribe(() => {})
    return entry
  })
}"""
STATES = "() => islands.map((entry) => entry.getState().data?.value ?? null)"


def mount(page, more=""):
    """A page of ten fragments and three islands, all there."""
    page.visit("flight", more)
    page.evaluate(ISLANDS)
    wait(page, lambda: None not in page.evaluate(STATES))
    page.requests.clear()


def expect_fresh(page, value, count=10):
    expect(page.locator(".one b").filter(has_text=str(value))).to_have_count(count)
    wait(page, lambda: page.evaluate(STATES) == [value] * 3)
    page.wait_for_load_state("networkidle")


def paths(page):
    return [url.split("?")[0].partition("/api/mizan/")[2] for _, url in page.requests]


@pytest.mark.parametrize("button", ["#all", "#shout"])
def test_ten_fragments_and_three_islands_are_two_requests(page, button):
    mount(page)
    page.click(button)
    expect_fresh(page, 1)
    assert len(paths(page)) == 2
    assert paths(page)[1] == "fresh/"


def test_a_call_brings_them_itself(page):
    mount(page)
    page.evaluate("() => kernel.mizanCall('bump_all')")
    expect_fresh(page, 1)
    assert paths(page) == ["call/"]


@pytest.mark.parametrize("button", ["#all", "#shout"])
def test_a_write_of_htmx_brings_them_itself_where_the_setting_says_so(page, numbers, button):
    numbers.tell("flight")
    mount(page)
    page.click(button)
    expect_fresh(page, 1)
    assert len(paths(page)) == 1
    assert page.locator("script[data-mizan-fresh]").count() == 0
    if button == "#shout":
        assert page.locator("#out").inner_html() == "<em>shouted at all</em>"
    # And again, for what was brought is used once.
    page.click(button)
    expect_fresh(page, 2)
    assert len(paths(page)) == 2


def test_thirty_fragments_are_one_request_more_or_none(page, numbers):
    mount(page, "&shown=30")
    page.click("#all")
    expect_fresh(page, 1, 30)
    assert len(paths(page)) == 2
    numbers.tell("flight")
    mount(page, "&shown=30")
    page.click("#all")
    expect_fresh(page, 2, 30)
    assert len(paths(page)) == 1


def test_what_is_not_affected_is_not_asked_for(page):
    mount(page)
    page.evaluate("() => kernel.mizanCall('bump', { n: 2 })")
    expect(page.locator(".one b").nth(1)).to_have_text("1")
    page.wait_for_load_state("networkidle")
    assert paths(page) == ["call/"]
    assert page.evaluate(STATES) == [0, 1, 0]


def test_what_is_brought_is_swapped_once_and_without_a_request(page, numbers):
    numbers.tell("flight")
    mount(page)
    page.evaluate(
        """() => {
          globalThis.told = []
          const names = ["mizan:fresh", "htmx:beforeRequest", "htmx:before:request",
            "htmx:afterSettle", "htmx:after:settle"]
          const element = document.querySelector(".one")
          for (const name of names) element.addEventListener(name, () => told.push(name))
        }"""
    )
    page.click("#all")
    expect_fresh(page, 1)
    told = page.evaluate("() => told.map((name) => name.replace('after:s', 'afterS'))")
    assert sorted(told) == ["htmx:afterSettle", "mizan:fresh"]


@pytest.mark.parametrize("before", ["page", "refetch"])
def test_unchanged_items_are_not_swapped(page, numbers, before):
    mount(page)
    if before == "refetch":
        page.click("#all")
        expect_fresh(page, 1)
    page.evaluate("() => { globalThis.nodes = [...document.querySelectorAll('.one b')] }")
    numbers[2] = 7
    page.evaluate("() => kernel.invalidate('number')")
    expect(page.locator(".one b").nth(1)).to_have_text("7")
    page.wait_for_load_state("networkidle")
    same = "() => nodes.map((node) => node.isConnected)"
    assert page.evaluate(same) == [True, False] + [True] * 8


def test_one_bad_item_leaves_the_others(page, numbers):
    # cases B-1, A-2
    mount(page)
    numbers.fault(3, 500)
    numbers.fault(4, 404)
    numbers.fault(5, 403)
    page.click("#all")
    expect(page.locator(".one b").filter(has_text="1")).to_have_count(7)
    expect(page.locator(".one")).to_have_count(9)  # 404 is removed
    expect(page.locator(".one").nth(2)).to_have_attribute("data-mizan-stale", "")
    expect(page.locator(".one").nth(2)).to_have_text("0")  # 500 keeps what it had
    expect(page.locator(".one").nth(3)).to_have_text("")  # 403 is emptied


def test_what_is_on_the_screen_goes_first(page):
    page.visit("flight", "&shown=30")
    asked = []

    def answer(route):
        asked.append(route.request.url)
        route.continue_()

    page.route("**/fresh/**", answer)
    page.add_style_tag(content=".one:nth-of-type(-n+20) { display: block; height: 100vh }")
    page.evaluate("() => { scrollTo(0, 0) }")
    page.evaluate("() => globalThis[Symbol.for('mizan.kernel')].invalidate('number')")
    wait(page, lambda: asked)
    first = asked[0].partition("?")[2].split("&")[0]
    assert "n%3D1" in first
    order = [part.rpartition("n%3D")[2].split("%40")[0] for part in asked[0].split("&f=")]
    assert order[0] == "1"
    assert json.dumps(order)


def test_a_reply_that_was_lost_refetches_all_that_is_bound(page, numbers):
    # case F-4
    mount(page)
    page.route("**/call/**", lambda route: (route.fetch(), route.abort()))
    page.click("#all")
    expect_fresh(page, 1)
    expect(page.locator("#sum b")).to_have_text("30")
