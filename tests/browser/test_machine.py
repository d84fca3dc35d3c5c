"""A state machine drives real pages; whatever happens, nobody sees what is not right any more.

`make soak` runs it for long. A run is told again by its seed: SOAK_SEED, SOAK_RUNS, SOAK_STEPS.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

import mizan_htmx
from tests.browser.conftest import CHROMIUM, name_of
from tests.browser.machine import Soak

RUNS = int(os.environ.get("SOAK_RUNS", "6"))
STEPS = int(os.environ.get("SOAK_STEPS", "25"))
SEED = int(os.environ.get("SOAK_SEED", "3"))
SAID = 10  # after so many runs it says how far it is
SCRIPT = Path(mizan_htmx.__file__).parent / "static" / "mizan_htmx" / "mizan.js"

pytestmark = pytest.mark.parametrize(
    "version", [("2.0.11", ""), ("4.0.1", "")], ids=name_of, scope="module"
)


@pytest.fixture(scope="module")
def context(chromium):
    """Playwright's Chromium keeps no page that was left, unless asked to."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM,
        args=["--no-sandbox"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    with browser, browser.new_context() as context:
        yield context


def soak(context, server, htmx, runs=RUNS):
    counts, wrongs = Counter(), []

    @seed(SEED)
    def machine():
        if counts["runs"] and counts["runs"] % SAID == 0:
            print(f"\nhtmx {htmx}, seed {SEED}: {counts['runs']} runs so far", flush=True)
        return Soak(context, server, htmx, counts, wrongs)

    limits = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(machine, settings=limits)
    except Flaky as flaky:
        raise (wrongs or [flaky])[0] from None
    finally:
        steps = sum(n for name, n in counts.items() if name[0] != " ") - counts["runs"]
        print(f"\nhtmx {htmx}, seed {SEED}: {counts['runs']} runs, {steps} steps")
        for name in sorted(counts):
            print(f"  {counts[name]:6} {name}")
    return counts


def test_whatever_happens_nobody_sees_what_is_not_right_any_more(context, server, version):
    # cases F-1, F-2, F-4, F-12, F-13, F-15, F-20, F-24; INV-1, INV-4, INV-5
    assert soak(context, server, version[0])["runs"] >= RUNS


def test_the_machine_finds_that_the_check_of_the_sequence_is_missing(context, server, version):
    whole = SCRIPT.read_text()
    start = "const current = ("
    assert whole.count(start) == 1
    broken = whole.replace(
        start, f"const current = () => true;\n  {start.replace('current', 'was')}"
    )
    context.route(
        "**/mizan.min.js",
        lambda route: route.fulfill(body=broken, content_type="text/javascript"),
    )
    try:
        with pytest.raises(AssertionError, match="INV-5"):
            soak(context, server, version[0])
    finally:
        context.unroute("**/mizan.min.js")
