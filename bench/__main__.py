"""``python -m bench``: measure, print, and write the tables into docs/performance.md.

``BENCH_SCALE=0.1`` makes a tenth of the rounds, for a look; it writes nothing.
"""

import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import django
from django.core.management import call_command


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BENCH_DATABASE"] = str(Path(folder) / "db.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        django.setup()
        run(float(os.environ.get("BENCH_SCALE", "1")))


def run(scale):
    from bench import models, report  # noqa: PLC0415 - Django is set up by now

    call_command("migrate", run_syncdb=True, verbosity=0)
    models.seed()
    tables = []
    for table in measured(lambda rounds: max(3, round(scale * rounds))):
        print(f"\n{table.text()}", flush=True)
        tables.append(table)
    if scale >= 1:
        report.write(machine(), tables)


def measured(rounds):
    from bench import client, in_process, keys, over_http, page, server  # noqa: PLC0415

    with server.running() as (address, clock):
        yield from over_http.measure(client.Client(address, clock), 50, rounds(240))
    yield from in_process.measure(2000, rounds(60))
    yield from keys.measure(2000, rounds(60))
    yield from page.measure(1, rounds(60))


def machine():
    """The machine and the versions, in words."""
    names = ["django", "pydantic", "gunicorn", "django-ninja", "djangorestframework"]
    node = subprocess.check_output(["node", "--version"], text=True).strip().removeprefix("v")
    versions = [f"{name} {version(name)}" for name in names]
    return (
        f"Measured on {os.cpu_count()} cores ({platform.system()}, {platform.machine()}) with"
        f" Python {platform.python_version()}, {', '.join(versions)}, Node {node}."
    )


sys.exit(main())
