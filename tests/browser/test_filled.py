"""What an answer puts in beside what is bound there, and what becomes of an element meanwhile."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait

KEY = {"X-Mizan-Invalidate": "number;n=1", "Content-Type": "text/html"}
COPY = 'document.querySelector("#one").outerHTML.replace("one", "copy")'


@pytest.fixture
def hold(page):
    """Has the next such request wait for the test: `hold(pattern)` has it once it came."""

    def hold(pattern):
        waiting = []

        def handle(route):  # Playwright looks at its signature
            waiting.append(route)

        page.route(pattern, handle, times=1)
        return waiting

    return hold


def click(page, markup):
    """Somebody presses what was put into the page."""
    page.evaluate(
        """markup => {
          const place = document.querySelector("main") ?? document.body
          place.insertAdjacentHTML("beforeend", markup)
          htmx.process(place.lastElementChild)
          place.lastElementChild.click()
        }""",
        markup,
    )


@pytest.fixture
def asks(page, hold):
    """`asks(markup)`: an element asks `/slow/`; the request, once it is under way."""

    def asks(markup):
        waiting = hold("**/slow/**")
        click(page, markup)
        wait(page, lambda: waiting)
        return waiting[0]

    return asks


def later(page, change, value):
    """What is bound changes meanwhile, and the page has shown it."""
    change(1, value)
    expect(page.locator("#one b")).to_have_text(str(value))
    page.requests.clear()


def refetched(page):
    """It is asked for once more, and what the server has now is shown."""
    wait(page, lambda: page.fetched("/fragment/"))
    expect(page.locator("#one b")).to_have_text("5")


def test_a_write_asked_for_before_another_does_not_keep_its_older_rendering(page, asks, change):
    # case F-1; INV-5
    page.visit("misc")
    write = asks('<button class="asks" hx-post="/slow/" hx-target="#one">x</button>')
    later(page, change, 5)
    write.fulfill(body="<b>7</b>", headers=KEY)
    refetched(page)


def test_what_a_write_brings_that_went_stale_meanwhile_is_refetched(page, asks, change):
    # case F-3
    page.visit("misc")
    write = asks('<button class="asks" hx-post="/slow/" hx-target="#slot">x</button>')
    brought = page.evaluate(COPY)
    later(page, change, 5)
    write.fulfill(body=brought, headers={"Content-Type": "text/html"})
    expect(page.locator("#copy b")).to_have_text("5")


def test_a_read_into_a_fragment_that_was_refetched_meanwhile_is_not_left_there(page, asks, change):
    # case F-3; INV-5
    page.visit("misc")
    read = asks('<button class="asks" hx-get="/slow/" hx-target="#one">x</button>')
    later(page, change, 5)
    read.fulfill(body="<b>0</b>", headers={"Content-Type": "text/html"})
    refetched(page)


@pytest.mark.parametrize("swap", ["innerHTML", "outerHTML"])
def test_what_a_write_puts_over_a_part_of_a_fragment_is_not_left_there(page, asks, change, swap):
    # case F-3; INV-5
    page.visit("typing")
    write = asks(f'<button hx-post="/slow/" hx-target="#row-1" hx-swap="{swap}">x</button>')
    change(3, 5)
    expect(page.locator("#rows > b")).to_have_text("5")
    page.requests.clear()
    write.fulfill(body="<i>old</i>", headers={"Content-Type": "text/html"})
    wait(page, lambda: page.fetched("/fragment/"))
    expect(page.locator("#rows i")).to_have_count(0)
    expect(page.locator("#row-1 summary")).to_have_text("1")


@pytest.mark.parametrize("swap", ["outerHTML swap:1s", "outerHTML transition:true"])
def test_what_goes_out_slowly_is_not_cut_short_by_a_refetch(page, asks, change, numbers, swap):
    # case B-1
    page.visit("typing")
    page.evaluate("""() => {
      globalThis.seen = []
      const row = document.querySelector("#row-1")
      const asked = ({ target }) => target.id === "rows" && seen.push("asked")
      document.addEventListener("htmx:beforeRequest", asked)
      document.addEventListener("htmx:before:request", asked)
      const left = () => row.isConnected || seen.push("left")
      new MutationObserver(left).observe(row.parentElement, { childList: true })
    }""")
    write = asks(f'<button hx-post="/slow/" hx-target="#row-1" hx-swap="{swap}">x</button>')
    numbers[3] = 5
    write.fulfill(body="", headers={**KEY, "X-Mizan-Invalidate": "number;n=3"})
    expect(page.locator("#rows > b")).to_have_text("5")
    assert page.evaluate("seen.slice(0, 2)") == ["left", "asked"]


def test_an_answer_is_not_put_into_an_element_that_shows_something_else_by_now(
    page, hold, change, numbers
):
    # case F-4
    page.visit("misc")
    numbers[2] = 9
    waiting = hold("**/fragment/**")
    change(1, 5)
    wait(page, lambda: waiting)
    page.evaluate("""() => {
      const [one, two] = ["#one", "#two"].map((id) => document.querySelector(id))
      one.dataset.mizanKeys = two.dataset.mizanKeys
      one.setAttribute("hx-get", two.getAttribute("hx-get"))
      htmx.process(one)
    }""")
    waiting[0].continue_()
    expect(page.locator("#one b")).to_have_text("9")


def test_a_fragment_that_a_write_filled_is_not_left_busy(page, hold, change):
    # case F-1
    page.visit("misc")
    page.route("**/slow/**", lambda route: route.fulfill(body="<b>5</b>", headers=KEY))
    waiting = hold("**/fragment/**")
    change(1, 5)
    wait(page, lambda: waiting)
    expect(page.locator("#one")).to_have_attribute("aria-busy", "true")
    click(page, '<button hx-post="/slow/" hx-target="#one">x</button>')
    expect(page.locator("#one b")).to_have_text("5")
    waiting[0].continue_()
    expect(page.locator("#one")).not_to_have_attribute("aria-busy", "true")


def test_a_write_whose_answer_an_extension_takes_is_heard_of(page, asks, version, numbers):
    # case B-1; INV-1
    if version[0] < "4":
        pytest.skip("htmx 2 asks nobody")
    page.visit("misc")
    takes = "{ htmx_before_response: (elt) => !elt.matches('.asks') }"
    page.evaluate(f"htmx.registerExtension('taker', {takes})")
    numbers[1] = 5
    asks('<button class="asks" hx-post="/slow/">x</button>').fulfill(headers=KEY)
    expect(page.locator("#one b")).to_have_text("5")


def test_an_element_with_any_name_sends_the_token(page, asks):
    # case R-13
    page.visit("misc")
    write = asks('<button class="asks" id="кнопка" hx-post="/slow/">x</button>')
    assert {"x-csrftoken", "x-mizan-epoch"} <= set(write.request.headers)


def test_an_etag_is_taken_once_for_what_came_with_it(page, change):
    # case F-12
    page.visit("misc")
    assert page.evaluate("document.querySelectorAll('[data-mizan-etag]').length") == 0
    later(page, change, 5)
    copy = "document.querySelector('#one').outerHTML = document.querySelector('#one').outerHTML"
    page.evaluate(f"{copy}; htmx.process(document.querySelector('#one'))")
    later(page, change, 0)


def test_the_error_of_a_call_whose_button_left_reaches_the_document(page, hold):
    page.visit("misc")
    page.evaluate("""() => {
      globalThis.heard = []
      document.addEventListener("mizan:error", ({ detail }) => heard.push(detail.code))
    }""")
    waiting = hold("**/call/**")
    page.click("#negative button")
    wait(page, lambda: waiting)
    page.evaluate("document.querySelector('#negative').remove()")
    waiting[0].continue_()
    wait(page, lambda: page.evaluate("heard[0]"))


def test_a_page_that_was_just_loaded_again_is_not_for_the_same_fault(page, change):
    page.visit("misc")
    page.reload()
    wait(page, lambda: page.evaluate("!!globalThis[Symbol.for('mizan.kernel')]?.bridge"))
    page.evaluate("globalThis.same = true")
    page.route("**/fragment/**", lambda route: route.fulfill(status=409, body="{}"))
    change(1, 5)
    expect(page.locator("#one")).to_have_attribute("data-mizan-stale", "")
    assert page.evaluate("globalThis.same")


def test_a_page_says_how_many_items_a_batch_may_have(page, numbers):
    # case B-6
    page.visit("misc")
    page.evaluate("document.querySelector('script[data-mizan-base]').dataset.mizanItems = 2")
    page.evaluate("globalThis[Symbol.for('mizan.kernel')].invalidate('*')")
    wait(page, lambda: len(page.fetched("f=")) >= 3)
    batches = [url for _, url in page.requests if "/fresh/" in url]
    assert batches
    assert all(url.count("f=") <= 2 for url in batches)


def test_what_an_extension_of_htmx_4_restores_is_revalidated(page, numbers):
    # case F-12
    page.visit("misc")
    numbers[1] = 5
    event = "new CustomEvent('htmx:history:cache:after:restore', { bubbles: true })"
    page.evaluate(f"document.dispatchEvent({event})")
    expect(page.locator("#one b")).to_have_text("5")
