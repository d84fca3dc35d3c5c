"""Contexts as data beside fragments: what one changes the other shows."""

import json

from playwright.sync_api import expect

from tests.browser.conftest import wait

ISLAND = """async () => {
    const { registerContext, mizanCall } = await import('/static/mizan_htmx/mizan.min.js')
    globalThis.mizanCall = mizanCall
    globalThis.island = registerContext('number', { n: 1 })
    globalThis.states = []
    island.subscribe((state) => states.push(state.data?.value))
}"""
GIVEN = {"number;n=1": {"status": 200, "etag": "e", "data": {"value": 41}}}


def shows(page, value):
    wait(page, lambda: page.evaluate("() => island.getState().data?.value") == value)


def test_a_form_refetches_the_island_and_a_call_of_the_island_the_fragments(page):
    page.visit("many")
    page.evaluate(ISLAND)
    shows(page, 0)
    page.fill("#form input[name=by]", "2")
    page.click("#go")
    expect(page.locator(".one b").filter(has_text="2")).to_have_count(12)
    shows(page, 2)
    assert page.evaluate("() => mizanCall('bump', { n: 1, by: 3 })") == 5
    expect(page.locator(".one b").filter(has_text="5")).to_have_count(12)
    shows(page, 5)
    assert len(page.fetched("/ctx/")) == 2  # the call has brought it


def test_an_island_starts_with_what_came_with_the_page(page):
    page.visit("many")
    # The window, too, has elements under their ids.
    page.evaluate(
        """(texts) => texts.forEach((text) => document.body.append(Object.assign(
            document.createElement('script'),
            { type: 'application/json', id: '__MIZAN_SSR_DATA__', textContent: text })))""",
        ["{", json.dumps(GIVEN)],
    )
    page.evaluate(ISLAND)
    shows(page, 41)
    page.wait_for_load_state("networkidle")
    assert page.fetched("/ctx/") == []
    page.click("#button")
    shows(page, 1)
    assert page.evaluate("() => states") == [1]


def test_offline_an_island_keeps_its_data_and_is_back_at_once(page, numbers):
    # case F-11
    page.visit("many")
    page.evaluate(ISLAND)
    shows(page, 0)
    page.context.set_offline(True)
    numbers[1] = 7
    page.evaluate("() => globalThis[Symbol.for('mizan.kernel')].invalidate('number;n=1')")
    wait(page, lambda: page.evaluate("() => island.getState().error?.code") == "network")
    assert page.evaluate("() => island.getState().data.value") == 0
    page.context.set_offline(False)
    shows(page, 7)
