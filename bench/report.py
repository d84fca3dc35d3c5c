"""What was measured, as tables: on terminal and, between two markers, in docs/performance.md."""

from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- made by make bench -->", "<!-- to here -->"


@dataclass
class Row:
    """One thing measured.

    Attributes:
        value: the measure, in ``unit``.
        ratio: how it compares with the row the table is about; a target is one of the ratio
            where there is one, and of the value where there is none.
        most: the target: not more than this.
        above: the target: more than this.
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    most: float | None = None
    above: float | None = None

    def cells(self):
        mark = "×" if self.ratio is not None else self.unit
        held = self.value if self.ratio is None else self.ratio
        target = verdict = ""
        if self.most is not None:
            target, met = f"≤ {self.most:,g} {mark}", held <= self.most
        elif self.above is not None:
            target, met = f"> {self.above:,g} {mark}", held > self.above
        if target:
            verdict = "met" if met else "**short**"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f} ×"
        return [self.name, f"{number(self.value)} {self.unit}", ratio, target, verdict]


@dataclass
class Table:
    title: str
    rows: list[Row]
    compared: str = ""

    def text(self):
        head = ["", "Measured", self.compared, "Target", ""]
        lines = [head, ["---", "--:", "--:", "--:", "---"], *(row.cells() for row in self.rows)]
        return "\n".join([f"### {self.title}", "", *(f"| {' | '.join(line)} |" for line in lines)])


def number(value):
    """Three digits at least: 4.31, 43.1, 431, 4,310."""
    if float(value).is_integer() or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def write(words, tables, begin=BEGIN):
    """Put the tables between the page's markers.

    Args:
        words: the machine and the versions.
        begin: the first of the two.
    """
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(END)
    made = "\n\n".join([begin, words, *(table.text() for table in tables), END])
    PAGE.write_text(before + made + after, encoding="utf-8")
