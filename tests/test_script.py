"""The built script: small, up to date, and free of what a strict policy forbids."""

import gzip
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "mizan_htmx" / "static" / "mizan_htmx"
BUDGET = 6 * 1024  # bytes, minified and compressed
REACHED = 8_545


def size(name):
    return len(gzip.compress((STATIC / name).read_bytes(), 9))


@pytest.mark.xfail(
    reason=f"it is at {REACHED} bytes, docs/performance.md says of what", strict=True
)
def test_the_script_keeps_its_budget():
    assert size("mizan.min.js") <= BUDGET


def test_the_script_does_not_grow():
    assert size("mizan.min.js") <= REACHED


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("mizan.js", "build:page"),
        ("kernel.js", "build:kernel"),
        ("mizan.min.js", "build:min"),
        ("typing.min.js", "build:typing"),
    ],
)
def test_what_is_committed_is_what_the_sources_make(tmp_path, name, step):
    command = json.loads((ROOT / "package.json").read_text())["scripts"][step]
    target = f"mizan_htmx/static/mizan_htmx/{name}"
    assert target in command
    command = command.replace(target, str(tmp_path / name))
    bins = f'PATH="{ROOT}/node_modules/.bin:$PATH" '
    subprocess.run(bins + command.replace(" | ", " | " + bins), shell=True, check=True, cwd=ROOT)
    assert (tmp_path / name).read_text() == (STATIC / name).read_text()


@pytest.mark.parametrize("path", sorted((STATIC / "src").glob("*.js")), ids=lambda path: path.name)
def test_no_source_evaluates_text_or_writes_html(path):
    # case X-7
    sinks = r"\beval\(|new Function|(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write"
    assert not re.search(sinks, path.read_text())
    assert len(path.read_text().splitlines()) <= 200
