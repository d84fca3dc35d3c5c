"""One write, and every bound place is fresh; nothing else is asked for."""

import pytest
from playwright.sync_api import expect

FRAGMENT = "/api/mizan/fragment/"


def expect_all(page, selector, text, count):
    expect(page.locator(selector).filter(has_text=text)).to_have_count(count)


@pytest.mark.parametrize(
    "button", ["#button", "#old", "#class", "#later", "#shout", "#suicide", "#go"]
)
def test_one_write_refetches_the_12_that_show_it_and_none_of_the_30_others(page, button):
    # cases F-6 (the source leaves), I-9 (#old redirects)
    page.visit("many")
    page.click(button)
    expect_all(page, ".one b", "1", 12)
    page.wait_for_load_state("networkidle")
    # The 12 are alike, so that they are one item of one request.
    (fetched,) = page.fetched(FRAGMENT)
    assert fetched.endswith("&n=1")


def test_toggling_one_card_of_100_asks_for_one_fragment(page):
    page.visit("cards")
    page.locator(".card").nth(41).locator("button").click()
    expect(page.locator(".card").nth(41).locator("span")).to_have_text("1")
    page.wait_for_load_state("networkidle")
    assert len(page.fetched(FRAGMENT)) == 1


def test_the_outermost_of_nested_fragments_stands_for_the_inner_one(page, numbers):
    # cases F-7, F-22
    page.visit("nested")
    numbers[1] = 5
    page.evaluate("import('/static/mizan_htmx/mizan.min.js').then(m => m.invalidate('number;n=1'))")
    expect(page.locator("#outer > b")).to_have_text("5")
    expect(page.locator("#inner > i")).to_have_text("5")
    expect(page.locator("#clicked > u")).to_have_text("5")
    page.wait_for_load_state("networkidle")
    assert len(page.fetched(FRAGMENT)) == 2
    assert not any("stray" in url or "x=1" in url for url in page.fetched(FRAGMENT))
    assert page.locator("#out").count() == 1
    assert "/pushed/" not in page.url


def test_a_fragment_with_a_trigger_of_its_own_refetches_alone_too(page, numbers):
    # case F-22
    page.visit("nested")
    numbers[1] = 7
    page.click("#clicked")
    expect(page.locator("#clicked > u")).to_have_text("7")
    page.wait_for_load_state("networkidle")
    assert len(page.fetched(FRAGMENT)) == 1
    assert page.locator("#out").count() == 1
