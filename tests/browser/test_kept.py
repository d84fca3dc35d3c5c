"""What somebody did inside a fragment stays through its refetch; what was sent is let go."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait
from tests.browser.hands import focused, is_done, leave, shown


@pytest.fixture(autouse=True)
def _visited(page):
    page.visit("typing")


def test_what_was_put_in_unfocused_fields_stays_and_all_else_is_new(page, change, tmp_path):
    # case F-12
    (tmp_path / "file.txt").write_text("x")
    one = page.locator("#one")
    one.locator("[name=text]").fill("mine")
    one.locator("[name=area]").fill("my\nlines")
    one.locator("[name=one]").select_option("c")
    one.locator("[name=many]").select_option(["a", "c"])
    one.locator("[name=tick]").first.check()
    one.locator("[name=tick]").last.uncheck()
    one.locator("[name=radio]").last.check()
    one.locator("[name=file]").set_input_files(tmp_path / "file.txt")
    leave(page)
    for value in "12":
        change(1, value)
        is_done(page, "#one", value)
    assert one.locator("[name=text]").input_value() == "mine"
    assert one.locator("[name=area]").input_value() == "my\nlines"
    assert one.locator("[name=one]").input_value() == "c"
    selected = "nodes => nodes.map(node => node.selected)"
    assert one.locator("[name=many] option").evaluate_all(selected) == [True, False, True]
    checked = "nodes => nodes.map(node => node.checked)"
    assert one.locator("[name=tick]").evaluate_all(checked) == [True, False]
    assert one.locator("[name=radio]").evaluate_all(checked) == [False, True]
    assert one.locator("[name=file]").evaluate("node => node.files[0].name") == "file.txt"
    assert one.locator("[name=other]").input_value() == "other 2"
    assert one.locator("[name=color]").input_value() == "#ff0000"


def test_what_was_opened_stays_open_and_what_was_closed_closed(page, change):
    # case F-12
    page.locator("#one .shut summary").click()
    change(1, 1)
    is_done(page, "#one", "1")
    page.locator("#one .shown summary").click()
    change(1, 2)
    is_done(page, "#one", "2")
    opened = "nodes => nodes.map(node => node.open)"
    assert page.locator("#one details").evaluate_all(opened) == [True, False]


@pytest.mark.parametrize(
    ("held", "then"),
    [(".plus", ".plus"), ("[name=one]", "[name=one]"), (".gone", ""), (".shut summary",) * 2],
)
def test_the_focus_stays_where_it_was_and_never_falls_to_the_body(page, change, held, then):
    # case F-12
    page.locator(f"#one {held}").focus()
    change(1, 1)
    is_done(page, "#one", "1")
    assert page.evaluate(
        "then => document.activeElement === (then ? one.querySelector(then) : one)",
        then,
    )
    change(1, 2)
    is_done(page, "#one", "2")
    assert focused(page, "node.isConnected && node !== document.body")


@pytest.mark.parametrize("name", ["text", "area"])
def test_the_caret_and_what_is_selected_in_a_field_stay(page, change, name):
    # case F-12
    field = page.locator(f"#one [name={name}]")
    field.focus()
    field.evaluate("node => node.setSelectionRange(2, 4, 'backward')")
    change(1, 1)
    is_done(page, "#one", "1")
    place = focused(page, "[node.selectionStart, node.selectionEnd, node.selectionDirection]")
    assert place == [2, 4, "backward"]
    page.keyboard.type("X")
    assert field.input_value() == f"{name[:2]}X 1"


def test_scrolled_places_hold(page, change):
    # case F-12
    page.locator("#one .list").evaluate("node => { node.scrollTop = 40 }")
    page.locator("#one").evaluate("node => { node.scrollTop = 30 }")
    page.evaluate("() => scrollTo(0, 25)")
    change(1, 1)
    is_done(page, "#one", "1")
    places = "() => [one.querySelector('.list').scrollTop, one.scrollTop, scrollY]"
    assert page.evaluate(places) == [40, 30, 25]


def test_what_was_typed_moves_with_its_row(page, change):
    # case F-12
    rows = page.locator("#rows")
    rows.locator("#row-2 input").fill("typed")
    rows.locator("#row-1 summary").click()
    rows.locator("[name=plain]").last.fill("plainly")
    leave(page)
    change(3, 1)
    is_done(page, "#rows", "1")
    values = "nodes => nodes.map(node => node.value)"
    assert rows.locator("[name=title]").evaluate_all(values) == ["4", "typed", "1"]
    assert rows.locator("[name=plain]").evaluate_all(values) == ["new", "x", "plainly"]
    assert rows.locator("#row-1 details").evaluate("node => node.open")


def test_the_focus_moves_with_its_row(page, change):
    page.locator("#row-1 input").focus()
    change(3, 1)
    is_done(page, "#rows", "1")
    assert focused(page, "node.closest('li').id") == "row-1"


@pytest.mark.parametrize("name", ["shifting", "morphing"])
def test_however_new_content_is_let_in_it_keeps_what_was_typed_and_the_caret(page, change, name):
    # case F-12
    typed, held = (page.locator(f"#{name} [name={field}]") for field in "ab")
    typed.fill("typed")
    held.focus()
    held.evaluate("node => node.setSelectionRange(1, 1)")
    change(7, 1)
    is_done(page, f"#{name}", "1")
    assert typed.input_value() == "typed"
    page.keyboard.type("X")
    assert held.input_value() == "bX 1"


def test_a_form_that_was_sent_shows_what_is_new(page, change):
    page.fill("#call [name=note]", "typed too")
    page.fill("#call [name=by]", "3")
    page.keyboard.press("Enter")
    is_done(page, "#forms", "3")
    expect(page.locator("#call [name=by]")).to_have_value("")
    expect(page.locator("#call [name=note]")).to_have_value("note 3")
    assert focused(page, "[node.name, node.isConnected]") == ["by", True]
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    is_done(page, "#forms", "7")


def test_a_form_with_a_view_of_its_own_does_so_too(page, change):
    page.fill("#view [name=said]", "typed")
    page.keyboard.press("Enter")
    is_done(page, "#forms", "1")
    expect(page.locator("#view [name=said]")).to_have_value("said 1")


def test_a_form_that_was_refused_keeps_what_was_typed(page, change):
    page.fill("#call [name=by]", "x")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    leave(page)
    change(4, 5)
    is_done(page, "#forms", "5")
    expect(page.locator("#call [name=by]")).to_have_value("x")


def test_a_field_that_saves_itself_shows_what_was_made_of_it(page, change):
    page.fill("#call [name=note]", "not sent")
    page.fill("#self", "5")
    page.keyboard.press("Tab")
    is_done(page, "#forms", "5")
    page.fill("#self", "2")
    page.keyboard.press("Tab")
    is_done(page, "#forms", "7")
    expect(page.locator("#self")).to_have_value("7")
    expect(page.locator("#call [name=note]")).to_have_value("not sent")


def test_a_childs_post_outlives_the_refetch_and_its_answer_lands_where_it_belongs(
    page, change, numbers
):
    # case F-21
    posts = []
    page.route("**/class/5/", lambda route: posts.append((route, route.fetch())))
    page.click("#child button")
    wait(page, lambda: posts)
    leave(page)
    change(4, 5)
    is_done(page, "#forms", "5")
    page.requests.clear()
    posts[0][0].fulfill(response=posts[0][1])
    expect(page.locator("#child-out")).to_have_text("1")
    is_done(page, "#forms", "5")
    assert not page.fetched("f=")
    expect(page.locator("#child-out")).to_have_text("1")
    shown(page, "#forms").to_have_text("5")
