"""One table: the suite on each Django, and its pages under each server with each htmx.

Each cell is one command; `make table` runs them all. A number is tests passed, behind `+` skipped.
"""

import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

from interpreters import find_interpreters

ROOT = Path(__file__).resolve().parent.parent
CELLS = ["py311-django52", "py312-django60", "py313-django61"]
SERVERS = {"gunicorn": "sync", "uvicorn": "async"}
HTMX = re.compile(r"\[(htmx-[0-9.]+(?:-beta[0-9]+)?(?:-inherits)?)")


def results(cell: str, words: list[str]) -> dict[str, Counter]:
    """Run one tox cell; what became of its tests, by the htmx in their names."""
    xml = ROOT / ".tox" / f"{cell}.xml"
    command = [sys.executable, "-m", "tox", "run", "-q", "-e", cell, "--"]
    subprocess.run(
        [*command, f"--junitxml={xml}", *words], cwd=ROOT, stdout=sys.stderr, check=False
    )
    found: dict[str, Counter] = {}
    for case in ElementTree.parse(xml).iter("testcase"):
        match = HTMX.search(case.get("name"))
        kind = case[0].tag if len(case) and case[0].tag != "system-out" else "passed"
        found.setdefault(match[1] if match else "suite", Counter())[kind] += 1
    return found


def cell(counts: Counter) -> str:
    bad = counts["failure"] + counts["error"]
    return (
        f"{counts['passed']}"
        + (f" + {counts['skipped']}" if counts["skipped"] else "")
        + (f", {bad} FAILED" if bad else "")
    )


def rows_of(name: str) -> dict[tuple[str, str], dict[str, Counter]]:
    rows = {(name, "without a browser"): results(name, ["-q", "-m", "not browser"])}
    for server, kind in SERVERS.items():
        words = ["-q", "-m", "browser and not demo", "--server", server]
        rows[name, f"{kind}, {server}"] = results(name, words)
    return rows


def main() -> None:
    find_interpreters()
    with ThreadPoolExecutor(len(CELLS)) as pool:
        rows = {key: found for part in pool.map(rows_of, CELLS) for key, found in part.items()}
    columns = sorted({column for found in rows.values() for column in found}, reverse=True)
    print("| Python and Django | pages under |", " | ".join(columns), "|")
    print("|---|---|" + "---|" * len(columns))
    for (name, where), found in rows.items():
        cells = (cell(found[column]) if column in found else "" for column in columns)
        print(f"| {name} | {where} |", " | ".join(cells), "|")


main()
