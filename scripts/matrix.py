"""Run tox over every cell whose interpreter is on this machine, and say aloud which are not.

Interpreters are those on PATH and pyenv's. Words on the command line go to pytest.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from interpreters import find_interpreters

ROOT = Path(__file__).resolve().parent.parent
TOX = [sys.executable, "-m", "tox"]


def runs(interpreter: str) -> bool:
    """A shim of pyenv is on PATH for versions that are not switched on, so ask it to run."""
    found = shutil.which(interpreter)
    return bool(found) and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0


def row(cell: str) -> str:
    results = ROOT / ".tox" / cell / "results.xml"
    if not results.exists():
        return f"{cell:<16} no result"
    suite = ElementTree.parse(results).find("testsuite")
    total, *bad = (int(suite.get(name)) for name in ("tests", "skipped", "failures", "errors"))
    return f"{cell:<16} {total - sum(bad):>7} {bad[0]:>8} {bad[1] + bad[2]:>7}"


def main() -> int:
    find_interpreters()
    os.chdir(ROOT)
    cells: dict[str, list[str]] = {}
    for cell in subprocess.check_output([*TOX, "list", "--no-desc", "-q"], text=True).split():
        minor = re.match(r"py3(\d+)-", cell).group(1)
        cells.setdefault(f"python3.{minor}", []).append(cell)
    here = [cell for name in cells if runs(name) for cell in cells[name]]
    for cell in here:
        (ROOT / ".tox" / cell / "results.xml").unlink(missing_ok=True)
    code = subprocess.call([*TOX, "run", "-e", ",".join(here), "--", *sys.argv[1:]])
    print(f"\n{'cell':<16} {'passed':>7} {'skipped':>8} {'failed':>7}")
    print("\n".join(map(row, here)))
    for name, missing in cells.items():
        if missing[0] not in here:
            print(f"MISSING: {name} — not on this machine, {len(missing)} cells not run")
    return code


sys.exit(main())
