"""What was measured, as tables."""

from bench.refresh.scenes import FLIGHT, HEADER, NAMES, OUT_OF_BAND, TRIGGER, middle, ratio
from bench.report import Row, Table

HEAD = [
    *("Fragments", "", "Click → all fresh", "of HX-Trigger", "Requests", "Bytes"),
    *("Server CPU", "of HX-Trigger", "Queries"),
]

# {fragments: (name, base, measure, at most)}
OWN = {
    10: [
        (FLIGHT, OUT_OF_BAND, "ms", 1.1),
        (HEADER, TRIGGER, "ms", 0.75),
        (HEADER, TRIGGER, "cpu", 0.5),
        (FLIGHT, OUT_OF_BAND, "cpu", 1.2),
    ],
    30: [
        (FLIGHT, OUT_OF_BAND, "ms", 1.1),
        (HEADER, TRIGGER, "ms", 0.42),
        (HEADER, TRIGGER, "cpu", 0.45),
        (FLIGHT, OUT_OF_BAND, "cpu", 1.2),
    ],
}
BELOW = [(HEADER, OUT_OF_BAND, "cpu", 1), (FLIGHT, OUT_OF_BAND, "cpu", 1)]
SHARED = {10: BELOW, 30: BELOW}
WORDS = {"ms": "time", "cpu": "CPU"}


class Clicks:
    """The clicks of one page, with several numbers of fragments.

    Args:
        played: {fragments: {contender: its clicks}}.
    """

    def __init__(self, title, played):
        self.title, self.played = title, played

    def text(self):
        lines = [HEAD, ["--:", "---", *["--:"] * (len(HEAD) - 2)]]
        for number, played in self.played.items():
            lines += [row(number, played, name) for name in played]
        return "\n".join([f"### {self.title}", "", *(f"| {' | '.join(line)} |" for line in lines)])


def row(number, played, name):
    cells = [str(number) if name == TRIGGER else "", NAMES[name]]
    cells += timed(played, name, "ms", 0)
    cells += [f"{middle(played[name], measure):,.0f}" for measure in ("requests", "bytes")]
    return [*cells, *timed(played, name, "cpu", 1), f"{middle(played[name], 'queries'):.0f}"]


def timed(played, name, measure, digits):
    """The milliseconds, and how they compare with the first contender's."""
    took = middle(played[name], measure)
    return [f"{took:.{digits}f} ms", f"{ratio(played, measure, name, TRIGGER):.2f} ×"]


def targets(title, clicks, aims):
    """A table of how the contenders compare, each with its target.

    Args:
        clicks: {a name: its ``Clicks``}.
        aims: as ``OWN``.
    """
    rows = [
        Row(
            f"{where}, {number} fragments: {NAMES[name]}, {WORDS[measure]} of {NAMES[base]}",
            middle(played[name], measure),
            "ms",
            ratio(played, measure, name, base),
            most=most,
        )
        for where, table in clicks.items()
        for number, played in table.played.items()
        for name, base, measure, most in aims.get(number, ())
    ]
    return Table(title, rows, "Compared")


def counts(title, played, aims):
    """A table of how many requests and queries it takes.

    Args:
        played: {a name: {contender: its clicks}}.
        aims: {(contender, measure): the most}.
    """
    return Table(
        title,
        [
            Row(
                f"{where}: {NAMES[name]}, {measure}",
                middle(clicks, measure),
                "",
                most=aims.get((name, measure)),
            )
            for where, contenders in played.items()
            for name, clicks in contenders.items()
            for measure in ("requests", "queries")
        ],
    )
