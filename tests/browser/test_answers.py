"""What a refetch answers decides what is shown: never an error page or a login inside a card."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait


def listen(page, *names):
    page.evaluate(
        """(names) => {
            globalThis.kernel = globalThis[Symbol.for('mizan.kernel')]
            globalThis.heard = []
            for (const name of names) document.addEventListener(name, (event) =>
                heard.push([name, event.target.id ?? '', event.detail]))
        }""",
        list(names),
    )


def heard(page, name):
    page.wait_for_function("(name) => heard.some((h) => h[0] === name)", arg=name)
    return page.evaluate("(name) => heard.filter((h) => h[0] === name)", name)


def invalidate(page, keys="number;n=1"):
    page.evaluate("(keys) => kernel.invalidate(keys)", keys)


def test_forbidden_empties_the_element(page, numbers):
    # case F-11
    page.visit("misc")
    listen(page, "mizan:denied")
    numbers.fault(1, 403)
    invalidate(page)
    assert heard(page, "mizan:denied")[0][1:] == ["one", {"status": 403}]
    expect(page.locator("#one")).to_be_empty()
    expect(page.locator("#two b")).to_have_text("0")


def test_not_found_removes_the_element(page, numbers):
    # case F-11
    page.visit("misc")
    listen(page, "mizan:denied")
    numbers.fault(1, 404)
    invalidate(page)
    expect(page.locator("#one")).to_have_count(0)


@pytest.mark.parametrize(("status", "near"), [(403, "one"), (404, "around")])
def test_the_focus_does_not_fall_to_the_body_with_what_is_denied(page, numbers, status, near):
    # case F-12
    page.visit("misc")
    listen(page, "mizan:denied")
    with page.expect_response("**/typing.min.js"):
        page.evaluate(
            """() => {
                const one = document.querySelector("#one")
                const around = document.createElement("div")
                around.id = "around"
                one.replaceWith(around)
                around.append(one)
                one.firstElementChild.tabIndex = 0
                one.firstElementChild.focus()
            }"""
        )
    numbers.fault(1, status)
    invalidate(page)
    heard(page, "mizan:denied")
    page.wait_for_function("(id) => document.activeElement.id === id", arg=near)


def test_a_listener_may_keep_what_is_denied(page, numbers):
    page.visit("misc")
    listen(page, "mizan:denied")
    page.evaluate("() => document.addEventListener('mizan:denied', (e) => e.preventDefault())")
    numbers.fault(1, 403)
    invalidate(page)
    heard(page, "mizan:denied")
    expect(page.locator("#one b")).to_have_text("0")


def test_a_fault_keeps_the_old_content_marked_stale_and_is_tried_again(page, numbers):
    # case F-11
    page.visit("misc")
    listen(page, "mizan:stale", "mizan:fresh")
    answers = iter([500, 502])

    def answer(route):
        status = next(answers, None)
        if status:
            route.fulfill(status=status, body="<h1>fault</h1>", content_type="text/html")
        else:
            route.continue_()

    page.route("**/fragment/**", answer)
    numbers[1] = 9
    invalidate(page)
    heard(page, "mizan:stale")
    expect(page.locator("#one")).to_have_attribute("data-mizan-stale", "")
    expect(page.locator("#one b")).to_have_text("0")
    expect(page.locator("#one b")).to_have_text("9", timeout=8000)
    expect(page.locator("#one")).not_to_have_attribute("data-mizan-stale", "")
    assert page.locator("h1").count() == 0


# The first retry of a failed refetch comes after 750 to 1,250 ms; here it never does.
NO_RETRY = """
const later = globalThis.setTimeout
const isRetry = (ms) => ms >= 700 && ms <= 1300
globalThis.setTimeout = (run, ms, ...rest) => (isRetry(ms) ? 0 : later(run, ms, ...rest))
"""


def test_offline_waits_for_online(page, numbers):
    # case F-11
    page.add_init_script(NO_RETRY)
    page.visit("misc")
    listen(page, "mizan:stale", "mizan:fresh")
    page.context.set_offline(True)
    numbers[1] = 3
    invalidate(page)
    heard(page, "mizan:stale")
    page.context.set_offline(False)
    expect(page.locator("#one b")).to_have_text("3")


@pytest.mark.parametrize("how", ["logged out", "redirected"])
def test_an_ended_session_navigates_to_the_login_once(page, server, how):
    # case F-11
    page.goto(f"{server}/login-as/ada/")
    page.visit("misc")
    expect(page.locator("#secret")).to_have_text("for ada")
    listen(page, "mizan:login")
    if how == "redirected":
        page.click("#to-login")
    else:
        page.context.clear_cookies(name="sessionid")
        invalidate(page, "secret")
    page.wait_for_url("**/login/?next=*")
    expect(page.locator("h1")).to_have_text("Sign in")
    assert len(page.fetched("/login/?next=%2Fpage%2Fmisc")) == 1


def test_a_listener_may_log_in_its_own_way(page, server):
    page.visit("misc")
    listen(page, "mizan:login")
    page.evaluate("() => document.addEventListener('mizan:login', (e) => e.preventDefault())")
    page.click("#members")
    assert heard(page, "mizan:login")[0][2]["status"] == 401
    expect(page.locator("#one b")).to_have_text("0")


def test_another_user_reloads_the_page_before_anything_is_shown(page, server, numbers):
    # case F-20
    page.goto(f"{server}/login-as/ada/")
    page.visit("misc")
    expect(page.locator("#secret")).to_have_text("for ada")
    other = page.context.new_page()
    other.goto(f"{server}/login-as/grace/")
    other.close()
    numbers[1] = 6
    listen(page)
    with page.expect_navigation():
        invalidate(page)
    expect(page.locator("#secret")).to_have_text("for grace")
    expect(page.locator("#one b")).to_have_text("6")


def test_a_page_that_leaves_for_another_user_writes_nothing_more(page, server):
    # case R-14: it would be done as the other
    page.goto(f"{server}/login-as/ada/")
    page.visit("misc")
    page.evaluate(
        """() => document.addEventListener("mizan:invalidated", ({ detail: { source } }) => {
            if (source === "user") setTimeout(() => {
                for (const one of document.querySelectorAll("#bring, #negative button")) one.click()
            })
        })"""
    )
    other = page.context.new_page()
    other.goto(f"{server}/login-as/grace/")
    other.close()
    listen(page)
    with page.expect_navigation():
        invalidate(page)
    expect(page.locator("#secret")).to_have_text("for grace")
    assert [method for method, _ in page.requests if method == "POST"] == []


def test_a_forbidden_call_is_an_event_on_its_form(page):
    page.visit("misc")
    listen(page, "mizan:error")
    page.click("#negative button")
    detail = heard(page, "mizan:error")[0][2]
    assert detail["status"] == 422
    assert detail["code"] == "invalid"
    assert detail["details"] == [{"loc": ["by"], "message": "only upwards"}]


def test_a_changed_template_reloads_unless_something_is_typed(page, numbers):
    page.visit("misc")
    listen(page, "mizan:stale")
    page.route("**/fragment/**", lambda route: route.fulfill(status=409, body="{}"))
    page.fill("#negative input[name=note]", "half a sen")
    invalidate(page)
    heard(page, "mizan:stale")
    expect(page.locator("#negative input[name=note]")).to_have_value("half a sen")
    page.fill("#negative input[name=note]", "")
    with page.expect_navigation():
        invalidate(page)


def test_an_error_paints_nothing_where_debug_is_on(page, numbers):
    numbers.tell("debug")
    page.visit("debug")
    listen(page, "mizan:error", "mizan:denied")
    page.click("#negative button")
    heard(page, "mizan:error")
    numbers.fault(1, 404)
    invalidate(page)
    heard(page, "mizan:denied")
    page.click("#missing")
    wait(page, lambda: len(heard(page, "mizan:error")) == 2)
    expect(page.locator("#two b")).to_have_text("0")
