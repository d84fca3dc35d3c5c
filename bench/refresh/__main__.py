"""``python -m bench.refresh``: measure, print, and write the tables into docs/performance.md.

``BENCH_SCALE=0.2`` makes a fifth of the rounds, for a look; it writes nothing.
"""

import os
import platform
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import django
from django.core.management import call_command

ROUNDS = 15
BEGIN = "<!-- made by make bench-refresh -->"


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BENCH_DATABASE"] = str(Path(folder) / "db.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.refresh.settings"
        django.setup()
        run(folder, float(os.environ.get("BENCH_SCALE", "1")))


def run(folder, scale):
    from bench import report  # noqa: PLC0415 - Django is set up by now
    from bench.refresh import browser, models  # noqa: PLC0415

    call_command("migrate", run_syncdb=True, verbosity=0)
    models.seed()
    tables = []
    with browser.chromium() as chromium:
        for table in measured(chromium, folder, max(3, round(scale * ROUNDS))):
            print(f"\n{table.text()}", flush=True)
            tables.append(table)
        if scale >= 1:
            report.write(machine(chromium), tables, BEGIN)


def measured(chromium, folder, rounds):
    """Each table when it is there."""
    from bench.refresh import host  # noqa: PLC0415
    from bench.refresh.programme import by_http1, by_http2  # noqa: PLC0415

    with host.http1(0, 0.06) as (near, far):
        yield from by_http1(chromium, near, far, rounds)
    if missing := host.lacks_http2():
        print(f"\nHTTP/2 is not measured: {missing}.")
        return
    with host.http2(folder, 0.06) as (far,):
        yield from by_http2(chromium, far, rounds)


def machine(chromium):
    """The machine and the versions, in words."""
    names = ("django", "gunicorn", *(["hypercorn"] if find_spec("hypercorn") else []))
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"Measured on {os.cpu_count()} cores ({platform.system()}, {platform.machine()}), browser"
        " and server (one worker, 8 threads) on the same machine, with Python"
        f" {platform.python_version()}, {versions}, Chromium {chromium.version}."
    )


sys.exit(main())
