"""What is measured: the pages, who shows them, over which road."""

from dataclasses import dataclass
from statistics import median

from bench.refresh.browser import Page
from bench.timing import in_turn

TRIGGER, OUT_OF_BAND, HEADER, FLIGHT = ALL = ("trigger", "outofband", "header", "flight")
TOGETHER, ONCE = "together", "once"
OURS = (HEADER, FLIGHT)
NAMES = {
    TRIGGER: "by hand, HX-Trigger",
    OUT_OF_BAND: "by hand, out-of-band",
    TOGETHER: "by hand, one request for all",
    ONCE: "by hand, out-of-band, one query",
    HEADER: "mizan by header",
    FLIGHT: "mizan single flight",
}
HTMX = ("2.0.11", "4.0.1")


@dataclass(frozen=True)
class Scene:
    """Pages that differ only in who wrote them.

    Attributes:
        name: which page, see views.py.
        number: how many fragments it has.
        contenders: who shows it, the one that the others are compared with first.
        changed: how many places show what a write changed.
    """

    name: str
    number: int
    contenders: tuple[str, ...] = ALL
    changed: int = 0

    def play(self, browser, host, htmx, rounds):
        """{contender: [what each click cost]}, of all in turn."""
        pages = {}
        try:
            for name in self.contenders:
                where = "/mizan" if name in OURS else ""
                url = f"{host.url}{where}/page/{name}/{self.name}/{self.number}/?htmx={htmx}"
                pages[name] = Page(browser, url, self.changed or self.number)
            turns = {name: lambda page=page: measured(page, host) for name, page in pages.items()}
            return in_turn(turns, rounds)
        finally:
            for page in pages.values():
                page.close()


def measured(page, host):
    """What one click cost, of each measure."""
    before, start = host.counted(), host.computed()
    ms = page.click()
    cpu, after = host.computed() - start, host.counted()
    return {"ms": ms, "cpu": cpu, **{name: after[name] - before[name] for name in before}}


def middle(clicks, measure):
    return median(click[measure] for click in clicks)


def ratio(played, measure, name, base):
    """How many times what the base's click cost: the median over the rounds."""
    pairs = zip(played[name], played[base], strict=True)
    return median(mine[measure] / its[measure] for mine, its in pairs)
