"""What the tests of typing do, and what they look at."""

from playwright.sync_api import expect


def shown(page, selector):
    """What a fragment shows of its number."""
    return expect(page.locator(f"{selector} > b"))


def leave(page):
    page.evaluate("() => document.activeElement.blur()")


def focused(page, expression="node.outerHTML"):
    return page.evaluate(f"() => {{ const node = document.activeElement; return {expression} }}")


def is_held(page, selector, value):
    """The change has arrived, and waits for somebody."""
    expect(page.locator(selector)).to_have_attribute("data-mizan-updated", "")
    expect(page.locator(selector)).to_have_css("outline-style", "dotted")
    expect(page.locator(selector)).not_to_have_attribute("aria-busy", "true")
    shown(page, selector).not_to_have_text(value)


def is_done(page, selector, value):
    """The change is shown; and htmx has looked at what is new, for else a form is the browser's."""
    shown(page, selector).to_have_text(value)
    expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)
    expect(page.locator(selector)).not_to_have_attribute("data-mizan-updated", "")
