"""Data with the page in a browser: its parser and JSON.parse read what the server wrote."""

import json

import pytest

from mizan_htmx.data import ELEMENT, script
from tests.test_injection import HOSTILE

READ = f"""() => ({{
  data: Array.from(document.querySelectorAll("#{ELEMENT}"), (e) => JSON.parse(e.textContent)),
  elements: Array.from(document.body.querySelectorAll("*"), (e) => e.localName),
}})"""
CSP = "default-src 'none'"


@pytest.fixture
def page(chromium):
    page = chromium.new_page()
    page.said = []
    page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    yield page
    page.close()


# case
@pytest.mark.parametrize("policy", ["", CSP])
def test_a_browser_reads_what_was_written(page, policy):
    texts = [*HOSTILE, "\0", "</SCRIPT\n>", "--!>", "<!--<script></script>-->"]
    both = [{"a": {"status": 200, "data": texts}}, {text: text for text in texts}]
    html = "".join(f"{script(data)}<i></i>" for data in both)
    headers = {"Content-Security-Policy": policy} if policy else {}
    page.route(
        "**/*",
        lambda route: route.fulfill(
            body=f"<!doctype html><body>{html}</body>", content_type="text/html", headers=headers
        ),
    )
    page.goto("http://page.test/")
    read = page.evaluate(f"() => JSON.stringify(({READ})())")
    assert json.loads(read) == {"data": both, "elements": ["script", "i"] * 2}
    assert page.said == []
