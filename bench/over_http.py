"""Whole requests, over HTTP: the middleware beside a bare view, call/ and ctx/ beside the peers.

What is measured is the CPU time of the server's one worker, which whatever else the machine does
disturbs less than the clock on the wall.
"""

import json
from functools import partial
from statistics import median

from bench import client
from bench.models import READ, SESSION, WRITTEN
from bench.report import Row, Table
from bench.timing import in_turn, ratio

TOKEN = "b" * 32
LOGGED_IN = {"Cookie": f"sessionid={SESSION}; csrftoken={TOKEN}"}
JSON = {**LOGGED_IN, "Content_Type": "application/json", "X_CSRFToken": TOKEN}
CARD = {"board_id": WRITTEN, "title": "A card", "points": 3, "due": "2026-08-01"}
CALL = {"fn": "add_card", "args": CARD}
QUERY = f"?board_id={READ}&done=false"


def post(path, data):
    return client.request("POST", path, json.dumps(data).encode(), **JSON)


def get(path):
    return client.request("GET", path + QUERY, **LOGGED_IN)


VIEWS = {
    "GET, bare": client.request("GET", "/bare/"),
    "GET, nothing recorded": client.request("GET", "/mizan/bare/"),
    "POST, bare": client.request("POST", "/bare/"),
    "POST, five keys": client.request("POST", "/mizan/five/"),
}
WRITES = {
    "call/": post("/mizan/api/call/", CALL),
    "django-ninja": post("/ninja/cards", CARD),
    "Django REST framework": post("/drf/cards", CARD),
}
READS = {
    "ctx/": get("/mizan/api/ctx/board/"),
    "django-ninja": get("/ninja/cards"),
    "Django REST framework": get("/drf/cards"),
}


def measure(speaker, number, rounds):
    """The tables of all that is measured over HTTP."""
    check(speaker)

    def turns(requests):
        # Short turns: what else the machine does then meets the contenders alike.
        each = {name: partial(speaker.turn, sent, number) for name, sent in requests.items()}
        return in_turn(each, rounds)

    views, writes, reads = turns(VIEWS), turns(WRITES), turns(READS)
    return [
        Table("A view behind the middleware, over HTTP", beside_bare(views), "Time, of bare"),
        Table("`call/`: typed in, one insert, typed out", beside_ours(writes), "Time, of ours"),
        Table("`ctx/`: typed in, 50 typed objects out", beside_ours(reads), "Time, of ours"),
    ]


def beside_bare(turns):
    """Rows in which ours may take a little longer."""
    targets = {"nothing recorded": 1.05, "five keys": 1.15}
    rows = []
    for name in turns:
        method, _, what = name.partition(", ")
        compared = ratio(turns, name, f"{method}, bare")
        rows.append(Row(name, 1e6 * median(turns[name]), "µs", compared, most=targets.get(what)))
    return rows


def beside_ours(turns):
    """Rows in which the peers have to take longer; ours is the first."""
    ours, *_ = turns
    return [
        Row(
            name,
            1e6 * median(turns[name]),
            "µs",
            ratio(turns, name, ours),
            above=None if name == ours else 1,
        )
        for name in turns
    ]


def check(speaker):
    """All contenders do the same work, or there is nothing to compare."""
    head, _ = speaker.ask(VIEWS["POST, five keys"])
    told = "X-Mizan-Invalidate: " + ", ".join(f"card;card_id={n}" for n in range(1001, 1006))
    assert told in head, head
    assert "X-Mizan" not in speaker.ask(VIEWS["GET, nothing recorded"])[0]
    written = [json.loads(speaker.ask(sent)[1]) for sent in WRITES.values()]
    written[0] = written[0]["result"]
    assert len({card.pop("id") for card in written}) == 3
    read = [json.loads(speaker.ask(sent)[1]) for sent in READS.values()]
    read[0] = read[0]["cards"]
    assert len(read[0]) == 50
    for first, *others in written, read:
        assert all(other == first for other in others), (first, others)
