"""The whole browser: storms, loops, other tabs, and pages that somebody comes back to."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait

KERNEL = "globalThis[Symbol.for('mizan.kernel')]"


def invalidate(page, keys):
    page.evaluate(f"(keys) => {KERNEL}.invalidate(keys)", keys)


def quiet(page):
    """Until nothing more is asked for."""
    page.wait_for_load_state("networkidle")


def refetches(page):
    return [url for _, url in page.requests if "/fresh/" in url or "/fragment/" in url]


# --- storms


def test_a_thousand_invalidations_in_a_second_are_few_requests_and_end_right(page, numbers):
    # case F-8
    page.visit("flight", "&shown=50")
    numbers[7] = 5
    page.evaluate(
        f"""async () => {{
          const start = performance.now()
          for (let sent = 0; sent < 1000; ) {{
            const due = Math.min(1000, performance.now() - start)
            for (; sent < due; sent++) {KERNEL}.invalidate(`number;n=${{sent % 50 + 1}}`)
            await new Promise((done) => setTimeout(done))
          }}
        }}"""
    )
    numbers[7] = 6
    invalidate(page, "number;n=7")
    expect(page.locator(".one b").nth(6)).to_have_text("6")
    quiet(page)
    assert len(refetches(page)) <= 60


def test_a_hundred_bindings_are_few_requests(page, numbers):
    # case F-9
    page.visit("cards")
    for n in (1, 50, 99):
        numbers[n] = 3
    invalidate(page, "*")
    expect(page.locator(".card span").filter(has_text="3")).to_have_count(3)
    quiet(page)
    assert len(refetches(page)) <= 5


def test_somebody_who_is_never_left_in_peace_sees_something_new(page, numbers):
    # case F-24: each answer takes longer than the next invalidation
    page.visit("misc")
    slow = {"offline": False, "latency": 120, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    page.evaluate(
        f"""() => {{
          globalThis.painted = []
          const note = () => painted.push(performance.now())
          document.querySelector("#one").addEventListener("mizan:fresh", note)
          globalThis.beats = setInterval(() => {KERNEL}.invalidate("number;n=1"), 50)
        }}"""
    )
    wait(page, lambda: page.evaluate("() => painted.length") >= 3)
    numbers[1] = 9
    page.evaluate("() => clearInterval(beats)")
    invalidate(page, "number;n=1")
    expect(page.locator("#one b")).to_have_text("9")


def test_a_fragment_that_writes_as_it_loads_is_stopped(page, numbers):
    # case F-10
    errors = []
    page.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" else None
    )
    page.clock.set_fixed_time("2026-01-01")  # however slow the machine, it is within two seconds
    page.visit("loop")
    page.evaluate(
        """() => {
          globalThis.loops = 0
          document.addEventListener("mizan:loop", ({ target }) => (loops += target.id === "one"))
        }"""
    )
    invalidate(page, "number;n=1")  # on htmx 4 the first write came before the script
    wait(page, lambda: any("mizan:loop" in text for text in errors))
    quiet(page)
    stopped = len(page.requests)
    page.wait_for_timeout(300)
    assert len(page.requests) == stopped < 30
    # Others, and this one by another's hand, go on.
    numbers[2] = 4
    invalidate(page, "number;n=2")
    expect(page.locator("#two b")).to_have_text("4")


# --- what comes late


def test_what_was_rendered_before_a_write_and_comes_after_it_is_refetched(page, numbers):
    # case F-3
    page.visit("late")
    held = []
    page.route("**/page/part/**", lambda route: held.append((route, route.fetch())))
    page.click("#bring")
    wait(page, lambda: held)
    page.click("#bump")
    expect(page.locator("#one b")).to_have_text("1")
    page.requests.clear()
    (route, response) = held[0]
    assert "<b>0</b>" in response.text()
    route.fulfill(response=response)
    expect(page.locator("#late b")).to_have_text("1")
    quiet(page)
    assert len(refetches(page)) == 1


# --- what nobody looks at yet


def test_a_page_that_is_only_prerendered_asks_for_nothing(page, numbers):
    # case F-14
    page.add_init_script(
        "Object.defineProperty(document, 'prerendering', { get: () => !globalThis.isSeen })"
    )
    page.visit("misc")
    numbers[1] = 4
    invalidate(page, "number;n=1")
    page.evaluate("() => new Promise((done) => setTimeout(done, 200))")  # four of its windows
    assert refetches(page) == []
    page.evaluate(
        """() => {
          globalThis.isSeen = true
          document.dispatchEvent(new Event("prerenderingchange"))
        }"""
    )
    expect(page.locator("#one b")).to_have_text("4")
    quiet(page)
    assert len(refetches(page)) == 1


# --- other tabs


def test_another_tab_learns_of_it(page, numbers):
    # cases F-15, L-15
    page.visit("misc")
    other = page.context.new_page()
    other.goto(page.address("flight"))
    wait(other, lambda: other.evaluate(f"!!{KERNEL}?.bridge"))
    page.requests.clear()
    other.click("#all")
    expect(other.locator(".one b").first).to_have_text("1")
    expect(page.locator("#one b")).to_have_text("1")
    quiet(page)
    assert len(refetches(page)) == 1  # and it does not send the news back
    other.evaluate(f"() => {{ for (const again of [1, 2, 3]) {KERNEL}.store.mark([], 'tab') }}")
    quiet(page)
    assert len(refetches(page)) == 1


# --- coming back


def test_a_tab_on_its_way_hears_what_the_others_heard_meanwhile(page, numbers):
    # case F-3, F-15: its HTML is there, its script is not
    page.visit("misc")
    late, held = page.context.new_page(), []

    def hold(route):
        held.append(route)

    late.route("**/mizan.min.js", hold)
    late.goto(page.address("misc"), wait_until="commit")
    wait(late, lambda: held)
    numbers[1] = 5
    invalidate(page, "number;n=1")
    expect(page.locator("#one b")).to_have_text("5")
    expect(late.locator("#one b")).to_have_text("0")
    held.pop().continue_()
    expect(late.locator("#one b")).to_have_text("5")


def test_a_tab_asks_for_nothing_where_nobody_heard_anything(page, numbers):
    page.visit("misc")
    invalidate(page, "number;n=1")
    quiet(page)
    late, asked = page.context.new_page(), []
    late.on("request", lambda request: asked.append(request.url))
    late.goto(page.address("misc"))
    quiet(late)
    assert not [url for url in asked if "/fresh/" in url or "/fragment/" in url]


def test_coming_back_after_a_while_revalidates_once(page, numbers):
    # case F-13
    page.clock.install()
    page.visit("misc")
    numbers[1] = 3
    hide = """(hidden) => {
      Object.defineProperty(document, "hidden", { value: hidden, configurable: true })
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))
    }"""
    page.evaluate(hide, True)
    page.clock.fast_forward(29_000)
    page.evaluate(hide, False)
    page.clock.run_for(100)
    quiet(page)
    assert refetches(page) == []
    page.evaluate(hide, True)
    page.clock.fast_forward(31_000)
    page.evaluate(hide, False)
    page.clock.run_for(100)
    expect(page.locator("#one b")).to_have_text("3")
    quiet(page)
    assert len(refetches(page)) == 1
    page.requests.clear()
    numbers[1] = 4
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.clock.run_for(100)
    expect(page.locator("#one b")).to_have_text("4")
    quiet(page)
    assert len(refetches(page)) == 1


def test_after_sleep_it_revalidates_once(page, numbers):
    # case F-13
    page.clock.install()
    page.visit("misc")
    numbers[1] = 3
    page.clock.run_for(25_000)
    assert refetches(page) == []
    page.clock.fast_forward(3_600_000)  # no timer ran meanwhile
    page.clock.run_for(100)
    expect(page.locator("#one b")).to_have_text("3")
    quiet(page)
    assert len(refetches(page)) == 1


@pytest.fixture(scope="module")
def cached(launch):
    """A Chromium that keeps pages for `history.back()`, as Playwright's does not."""
    return launch(ignore_default_args=["--disable-back-forward-cache"])


def test_a_page_from_the_cache_of_the_browser_revalidates_once(cached, server, version, numbers):
    # cases F-13, A-8
    page = cached.new_context().new_page()
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{server}/page/misc/?htmx={version[0]}")
    wait(page, lambda: page.evaluate(f"!!{KERNEL}?.bridge"))
    page.evaluate("() => { globalThis.kept = true }")
    page.goto(f"{server}/landing/")
    numbers[1] = 8
    requests.clear()
    page.evaluate("() => history.back()")
    expect(page.locator("#one b")).to_have_text("8")
    assert page.evaluate("() => globalThis.kept")  # the same document, or the case says nothing
    page.wait_for_load_state("networkidle")
    assert len([url for url in requests if "/fresh/" in url]) == 1
    page.context.close()


def test_a_page_of_another_user_from_the_cache_is_loaded_again(cached, server, version, numbers):
    # cases A-8, F-20
    page = cached.new_context().new_page()
    page.goto(f"{server}/login-as/ada/")
    page.goto(f"{server}/page/misc/?htmx={version[0]}")
    expect(page.locator("#secret")).to_have_text("for ada")
    page.goto(f"{server}/logout/")
    page.evaluate("() => history.back()")
    expect(page.locator("#secret")).to_have_text("")
    page.context.close()
