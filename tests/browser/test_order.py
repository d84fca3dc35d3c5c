"""Whatever comes late or twice, what is shown is never older than what was known."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(page):
    """Fragment requests are answered by the server at once and let through when a test says so."""
    waiting = []
    page.route("**/fragment/**", lambda route: waiting.append((route, route.fetch())))

    def arrive(index):
        page.wait_for_function("() => true")
        for _ in range(200):
            if len(waiting) > index:
                break
            page.wait_for_timeout(10)
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
    for _ in range(300):
        if len(held.waiting) >= count:
            return
        page.wait_for_timeout(10)
    raise AssertionError(f"{len(held.waiting)} requests instead of {count}")


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
    page.visit("nested")
    kernel(page)
    posts = []
    page.route("**/class/**", lambda route: posts.append((route, route.fetch())))
    page.click("#child")
    for _ in range(200):
        if posts:
            break
        page.wait_for_timeout(10)
    page.evaluate("() => document.querySelector('#child').setAttribute('data-same', '')")
    # Only the inner fragment refetches: the child stands outside of it, in the outer one.
    page.evaluate(
        "() => kernel.store.refetch([...document.querySelectorAll('#inner')].map((element) =>"
        " ({ element, keys: [] })))"
    )
    page.wait_for_timeout(50)
    route, response = posts[0]
    route.fulfill(response=response)
    expect(page.locator("#child-out")).to_have_text("1")
    expect(page.locator("#out")).to_have_text("")
