"""The script in a page: loaded how it may be, under the strictest policy, and out of the way."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait

# What htmx puts through a sink the policy lets pass, and writes down who it was.
SINKS = """
globalThis.sinks = []
const pass = (text) => (globalThis.sinks.push(new Error().stack), text)
const policy = { createHTML: pass, createScript: pass, createScriptURL: pass }
globalThis.trustedTypes.createPolicy('default', policy)
document.addEventListener('securitypolicyviolation', (event) =>
    globalThis.sinks.push(`violation\\n\\n${event.effectiveDirective} ${event.sourceFile}`))
"""


def test_a_strict_policy_stops_nothing_of_ours(page, numbers):
    # case X-7
    page.add_init_script(SINKS)
    page.visit("many", "&csp=1")
    page.fill("#form input[name=by]", "2")
    page.click("#go")
    expect(page.locator(".one b").filter(has_text="2")).to_have_count(12)
    sinks = page.evaluate("() => globalThis.sinks")
    assert sinks, "htmx itself uses one"
    # The third line of a stack is who called the policy.
    assert not [sink for sink in sinks if "mizan" in sink.split("\n")[2]]


def test_a_form_is_emptied_after_success_unless_it_was_edited(page):
    page.visit("many")
    page.fill("#form input[name=by]", "3")
    page.click("#go")
    expect(page.locator("#form input[name=by]")).to_have_value("1")
    calls = []
    page.route("**/call/**", lambda route: calls.append((route, route.fetch())))
    page.fill("#form input[name=by]", "4")
    page.click("#go")
    wait(page, lambda: calls)
    page.fill("#form input[name=by]", "5")
    calls[0][0].fulfill(response=calls[0][1])
    expect(page.locator(".one b").first).to_have_text("7")
    expect(page.locator("#form input[name=by]")).to_have_value("5")


def test_the_script_twice_listens_once(page):
    # case F-16
    page.visit("many")
    page.evaluate("() => import('/static/mizan_htmx/mizan.js?again')")
    page.click("#button")
    expect(page.locator(".one b").first).to_have_text("1")
    page.wait_for_load_state("networkidle")
    assert len(page.fetched("/fragment/")) == 1


def test_htmx_may_come_late(page, numbers):
    # case F-16
    held = []
    page.route("**/htmx/**", lambda route: held.append(route))  # noqa: PLW0108 - it is marked
    page.goto(page.address("misc"), wait_until="commit")
    expect(page.locator("#out")).to_be_attached()
    wait(page, lambda: held)
    page.evaluate("() => import('/static/mizan_htmx/mizan.min.js')")
    numbers[1] = 8
    page.evaluate("() => globalThis[Symbol.for('mizan.kernel')].invalidate('number;n=1')")
    held[0].continue_()
    expect(page.locator("#one b")).to_have_text("8", timeout=8000)


def test_a_call_from_plain_javascript_refetches_the_fragments(page):
    page.visit("many")
    result = page.evaluate(
        "() => import('/static/mizan_htmx/mizan.min.js').then((m) => m.mizanCall('bump', { n: 1 }))"
    )
    assert result == 1
    expect(page.locator(".one b").filter(has_text="1")).to_have_count(12)


def test_a_call_that_fails_rejects_with_its_code(page):
    page.visit("many")
    error = page.evaluate(
        """async () => {
            const m = await import('/static/mizan_htmx/mizan.min.js')
            return m.mizanCall('bump', { n: 'x' }).catch((e) =>
                [e instanceof m.MizanError, e.code, e.status, e.details[0].loc[0]])
        }"""
    )
    assert error == [True, "invalid", 422, "n"]


def test_the_token_is_sent_to_no_other_origin(page, server):
    # case R-13
    page.visit("many")
    seen = []
    page.route(
        "http://elsewhere.test/**",
        lambda route: (seen.append(route.request.headers), route.abort()),
    )
    page.evaluate(
        """() => {
            const button = document.createElement('button')
            button.id = 'away'
            button.setAttribute('hx-post', 'http://elsewhere.test/x')
            htmx.config.selfRequestsOnly = false
            htmx.config.mode = 'cors'
            document.body.append(button)
            htmx.process(button)
        }"""
    )
    page.click("#away")
    page.wait_for_timeout(300)
    assert seen
    assert not any("csrf" in name or "mizan" in name for headers in seen for name in headers)


def test_after_a_redirect_the_keys_are_told_once(page, server):
    # case I-20
    page.visit("misc")
    told = page.evaluate(
        """async () => {
            const token = document.querySelector('[name=csrfmiddlewaretoken]').value
            const headers = { 'X-CSRFToken': token }
            const first = await fetch('/old/1/', { method: 'POST', headers })
            const later = [first]
            for (let i = 0; i < 3; i++) later.push(await fetch('/landing/'))
            return later.map((r) => r.headers.get('X-Mizan-Invalidate'))
        }"""
    )
    assert told == ["number;n=1", None, None, None]


def test_the_answer_itself_is_not_fetched_again(page, numbers):
    page.visit("misc")
    fragment = page.evaluate("() => document.querySelector('#two').outerHTML")
    page.route(
        "**/brings/**",
        lambda route: route.fulfill(
            body=fragment.replace('id="two"', 'id="brought"'),
            content_type="text/html",
            headers={"X-Mizan-Invalidate": "number;n=2"},
        ),
    )
    numbers[2] = 1
    page.click("#bring")
    expect(page.locator("#two b")).to_have_text("1")
    page.wait_for_load_state("networkidle")
    assert len(page.fetched("/fragment/")) == 1
    expect(page.locator("#brought b")).to_have_text("0")


@pytest.mark.parametrize("header", ["__proto__;a=1, *evil, <b>", "number;n=1;hx-get=/x", "*"])
def test_a_hostile_header_can_only_refetch_what_is_bound(page, header):
    # cases
    page.visit("misc")
    page.route(
        "**/brings/**",
        lambda route: route.fulfill(body="x", headers={"X-Mizan-Invalidate": header}),
    )
    page.click("#bring")
    page.wait_for_load_state("networkidle")
    paths = {url.split("?")[0].partition("/api")[2] for url in page.fetched("/api/")}
    assert paths <= {"/mizan/fragment/"}
    assert page.evaluate("() => ({}).a === undefined")
