"""The header of five keys: to text and back, in Python; matching, entries, sizes: the script."""

import gzip
import json
import subprocess
from pathlib import Path
from statistics import median

from bench.report import Row, Table
from bench.timing import in_turn, repeated
from mizan_htmx import Key
from mizan_htmx.invalidation import Invalidation

HERE = Path(__file__).resolve().parent
STATIC = HERE.parent / "mizan_htmx" / "static" / "mizan_htmx"
KEYS = [
    Key("board", board_id=3),
    Key("column", column_id=17),
    Key("card", card_id=1234),
    Key("notifications", user_id=42),
    Key("activity"),
]
TEXT = (
    "board;board_id=3, column;column_id=17, card;card_id=1234, notifications;user_id=42, activity"
)


def measure(number, rounds):
    """The header's table and the script's."""
    assert Invalidation(KEYS).to_header() == TEXT
    assert Invalidation.from_header(TEXT) == Invalidation(KEYS)
    contenders = {
        "format": lambda: Invalidation(KEYS).to_header(),
        "parse": lambda: Invalidation.from_header(TEXT),
    }
    turns = in_turn({name: repeated(f, number) for name, f in contenders.items()}, rounds)
    rows = [Row(name, 1e6 * median(turns[name]), "µs") for name in turns]
    both = map(sum, zip(turns["format"], turns["parse"], strict=True))
    rows.append(Row("both", 1e6 * median(both), "µs", most=20))
    return [
        Table("A header of five keys", rows),
        Table("The script", [matching(), entries(), *sizes()]),
    ]


def matching():
    run = subprocess.run(["node", HERE / "matching.mjs"], check=True, capture_output=True)
    return Row("10 keys matched with 1,000 bindings", json.loads(run.stdout), "µs")


def entries():
    run = subprocess.run(["node", HERE / "entries.mjs"], check=True, capture_output=True)
    took = json.loads(run.stdout)
    name = "1 of 100,000 entries invalidated, TanStack Query's time beside ours"
    return Row(name, took["ours"], "µs", ratio=took["ratio"], above=10)


def sizes():
    script = (STATIC / "mizan.min.js").read_bytes()
    yield Row("minified", len(script), "bytes")
    yield Row("minified, gzip", len(gzip.compress(script, 9, mtime=0)), "bytes")
