"""Which scenes are played, and what is said of them."""

from bench.refresh.scenes import ALL, FLIGHT, HEADER, HTMX, ONCE, OURS, TOGETHER, Scene
from bench.refresh.tables import OWN, SHARED, Clicks, counts, targets

ROAD = "60 ms of round trip, HTTP/1.1"


def by_http1(chromium, near, far, rounds):
    """The tables of HTTP/1.1."""

    def play(host, htmx, *scenes, rounds=rounds):
        return {scene.number: scene.play(chromium, host, htmx, rounds) for scene in scenes}

    own = [Scene("own", number, (*ALL, TOGETHER)) for number in (1, 10, 30)]
    shared = [Scene("shared", number, (*ALL, ONCE)) for number in (10, 30)]
    at_60 = {}
    for htmx in HTMX:
        title = f"Each fragment with a query of its own, htmx {htmx}"
        at_60[f"htmx {htmx}"] = Clicks(f"{title}, {ROAD}", play(far, htmx, *own))
        yield at_60[f"htmx {htmx}"]
        yield Clicks(f"{title}, no round trip, HTTP/1.1", play(near, htmx, *own))
    yield targets(f"Queries of their own, {ROAD}: what was aimed at", at_60, OWN)
    first = HTMX[0]
    title = f"All fragments show one query's result, htmx {first}, {ROAD}"
    together = Clicks(title, play(far, first, *shared))
    yield together
    yield targets("One query's result: what was aimed at", {f"htmx {first}": together}, SHARED)
    few = {"rounds": 3}
    islands = Scene("islands", 10, OURS, 13)
    rows = Scene("rows", 100, ALL, 1)
    two = {(HEADER, "requests"): 2, (FLIGHT, "requests"): 1}
    one_row = {(HEADER, "queries"): 2, (FLIGHT, "queries"): 2}  # the write's and the row's
    for scene, title, aims in (
        (islands, "10 fragments and 3 islands' contexts, a query each", two),
        (rows, "100 rows, of which a write changes one, a query each", {**two, **one_row}),
    ):
        played = {f"htmx {v}": play(far, v, scene, **few)[scene.number] for v in HTMX}
        yield counts(title, played, aims)
    played = {name: clicks.played[30] for name, clicks in at_60.items()}
    yield counts("30 fragments", played, {(HEADER, "requests"): 3, (FLIGHT, "requests"): 1})


def by_http2(chromium, far, rounds):
    """The tables of HTTP/2."""
    for htmx in HTMX:
        played = {n: Scene("own", n).play(chromium, far, htmx, rounds) for n in (10, 30)}
        title = f"Each fragment with a query of its own, htmx {htmx}"
        yield Clicks(f"{title}, 60 ms of round trip, HTTP/2", played)
