"""Whatever comes late or twice, what is shown is never older than what was known."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait


@pytest.fixture
def held(page):
    """Fragment requests are answered by the server at once and let through when a test says so."""
    waiting = []
    page.route("**/fragment/**", lambda route: waiting.append((route, route.fetch())))

    def arrive(index):
        wait(page, lambda: len(waiting) > index)
        route, response = waiting[index]
        try:
            route.fulfill(response=response)
        except Exception as error:  # the script aborted it, which is as good
            assert "aborted" in str(error).lower() or "handled" in str(error).lower()  # noqa: PT017

    arrive.waiting = waiting
    return arrive


def stale(page, numbers, value):
    numbers[1] = value
    page.evaluate("() => kernel.invalidate('number;n=1')")


def asked(page, held, count):
    wait(page, lambda: len(held.waiting) >= count)


def kernel(page):
    page.evaluate("() => { globalThis.kernel = globalThis[Symbol.for('mizan.kernel')] }")


def test_a_late_answer_is_not_painted_over_a_newer_one(page, numbers, held):
    # case F-1
    page.visit("misc")
    kernel(page)
    stale(page, numbers, 1)
    asked(page, held, 1)
    stale(page, numbers, 2)
    asked(page, held, 2)
    held(1)
    expect(page.locator("#one b")).to_have_text("2")
    held(0)
    page.wait_for_timeout(50)
    expect(page.locator("#one b")).to_have_text("2")


def test_an_invalidation_in_flight_causes_one_more_request_at_once(page, numbers, held):
    # case F-2: also when the first hangs
    page.visit("misc")
    kernel(page)
    stale(page, numbers, 1)
    asked(page, held, 1)
    stale(page, numbers, 2)
    asked(page, held, 2)
    held(1)
    expect(page.locator("#one b")).to_have_text("2")
    page.wait_for_timeout(100)
    assert len(held.waiting) == 2
    expect(page.locator("#one")).not_to_have_attribute("aria-busy", "true")


def test_of_three_invalidations_the_third_is_shown_though_the_second_answers_last(
    page, numbers, held
):
    # case F-23
    page.visit("misc")
    kernel(page)
    for value in (1, 2, 3):
        stale(page, numbers, value)
        asked(page, held, value)
    held(2)
    expect(page.locator("#one b")).to_have_text("3")
    held(1)
    held(0)
    page.wait_for_timeout(50)
    expect(page.locator("#one b")).to_have_text("3")


def test_several_invalidations_of_one_moment_are_one_request(page, numbers):
    page.visit("misc")
    kernel(page)
    numbers[1] = 4
    page.evaluate("() => { for (let i = 0; i < 50; i++) kernel.invalidate('number;n=1, total') }")
    expect(page.locator("#one b")).to_have_text("4")
    page.wait_for_load_state("networkidle")
    assert len(page.fetched("/fragment/")) == 1
    assert len(page.fetched("/rows/")) == 1


def test_an_element_that_left_gets_nothing(page, numbers, held):
    # case F-5
    page.visit("misc")
    kernel(page)
    stale(page, numbers, 1)
    asked(page, held, 1)
    page.evaluate("() => document.querySelector('#one').remove()")
    held(0)
    page.wait_for_timeout(50)
    stale(page, numbers, 2)
    page.wait_for_timeout(50)
    assert len(held.waiting) == 1


def test_a_childs_post_in_flight_outlives_the_refetch_of_its_fragment(page, numbers):
    # case F-21
    page.visit("child")
    kernel(page)
    posts = []
    page.route("**/class/**", lambda route: posts.append((route, route.fetch())))
    page.click("#child")
    wait(page, lambda: posts)
    stale(page, numbers, 5)
    expect(page.locator("#one > b")).to_have_text("5")
    posts[0][0].fulfill(response=posts[0][1])
    expect(page.locator("#child-out")).to_have_text("1")
    expect(page.locator("#one > b")).to_have_text("5")
