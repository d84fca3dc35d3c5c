"""Every kind of type a declaration may use, with values of it, each echoed by a mutation."""

import datetime
import decimal
import enum
import ipaddress
import uuid
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import NotRequired, TypeAliasType, TypedDict

from mizan_htmx import Context, mutation

UTC = datetime.timezone.utc
INDIA = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
BigId = Annotated[int, Field(ge=0, le=2**63 - 1)]
Item = TypeVar("Item")


class Colour(enum.Enum):
    RED = "red"
    ODD = "*/ `${1}`\" '\n\u2028"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Mixed(enum.Enum):
    NONE = None
    PRICE = decimal.Decimal("1.50")
    DAY = datetime.date(2026, 11, 20)
    PAIR = (1, "a")


Tree = TypeAliasType("Tree", int | list["Tree"] | dict[str, "Tree"])


class Grove(BaseModel):
    tree: Tree
    more: dict[Level, Tree] = {}


class Point(BaseModel):
    x: int
    y: float = 0.5


class Node(BaseModel):
    """A tree. */ globalThis.pwned = 1 /*"""

    name: str
    kids: list["Node"] = []


class Page(BaseModel, Generic[Item]):
    items: list[Item]
    total: int


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
    name: str


class Aliased(BaseModel):
    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    first_name: str = Field(alias="firstName")


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")

    a: int


@dataclass
class Money:
    amount: decimal.Decimal
    currency: str = "EUR"
    tags: list[str] = field(default_factory=list)


class Row(TypedDict):
    id: int
    note: NotRequired[str]


Odd = TypedDict("Odd", {'*/ alert() "`${1}`\n': int, "__proto__": str, "class": bool})
Animal = Annotated[Cat | Dog, Field(discriminator="kind")]

NOON = datetime.datetime(2026, 11, 20, 12, 0, 0, 123456)
# name: (annotation, values, the TypeScript of its result)
TYPES: dict[str, tuple[Any, list[Any], str]] = {
    "int": (int, [0, -7, 2**53], "number"),
    "big_int": (BigId, [0, 2**53 + 1, 2**63 - 1], "number | string"),
    "float": (float, [0.0, -1.5, 1e300, 5e-324], "number"),
    "bool": (bool, [True, False], "boolean"),
    "str": (str, ["", "é\u2028</script>", "*/"], "string"),
    "bytes": (bytes, [b"", b"ab"], "string"),
    "none": (None, [None], "null"),
    "decimal": (decimal.Decimal, [decimal.Decimal("0.10"), decimal.Decimal(10**20)], "string"),
    "uuid": (uuid.UUID, [uuid.UUID(int=7)], "string"),
    "datetime": (
        datetime.datetime,
        [NOON, NOON.replace(tzinfo=UTC), NOON.replace(tzinfo=INDIA)],
        "string",
    ),
    "date": (datetime.date, [datetime.date(2026, 11, 20)], "string"),
    "time": (datetime.time, [datetime.time(1, 2), datetime.time(1, 2, 3, 4)], "string"),
    "timedelta": (
        datetime.timedelta,
        [datetime.timedelta(days=1, microseconds=1), -datetime.timedelta(1)],
        "string",
    ),
    "ip": (ipaddress.IPv4Address, [ipaddress.IPv4Address("10.0.0.1")], "string"),
    "enum": (Colour, list(Colour), r'"red" | "*/ `${1}`\" ' "'" r'\n\u2028"'),
    "int_enum": (Level, list(Level), "1 | 2"),
    "literal": (Literal["a", 1, True, None], ["a", 1, True, None], '"a" | 1 | true | null'),
    "big_literal": (Literal[9007199254740993], [9007199254740993], '"9007199254740993"'),
    "optional": (int | None, [None, 3], "number | null"),
    "union": (bool | str, [True, "yes"], "boolean | string"),
    "list": (list[int], [[], [1, 2]], "number[]"),
    "set": (set[str], [set(), {"a"}], "string[]"),
    "pair": (tuple[int, str], [(1, "a")], "[number, string]"),
    "tuple": (tuple[int, ...], [(), (1, 2, 3)], "number[]"),
    "dict": (dict[str, float], [{}, {"__proto__": 1.5}], "{ [key: string]: number }"),
    "int_dict": (dict[int, bool], [{}, {3: True}], "{ [key: string]: boolean }"),
    "nested": (dict[str, list[Point | None]], [{"a": [None, Point(x=1)]}], ""),
    "model": (Point, [Point(x=1), Point(x=1, y=2)], "{ x: number; y: number }"),
    "recursive": (Node, [Node(name="a", kids=[Node(name="b")])], ""),
    "generic": (Page[Point], [Page[Point](items=[Point(x=1)], total=1)], ""),
    "generic_int": (
        Page[int],
        [Page[int](items=[1], total=1)],
        "{ items: number[]; total: number }",
    ),
    "animal": (Animal, [Cat(lives=9), Dog(name="Rex")], ""),
    "aliased": (Aliased, [Aliased(firstName="Ada")], "{ firstName: string }"),
    "open": (Open, [Open(a=1, b="more")], "{ a: number } & { [key: string]: unknown }"),
    "dataclass": (Money, [Money(decimal.Decimal("1.10"))], ""),
    "row": (Row, [{"id": 1}, {"id": 2, "note": "x"}], "{ id: number; note?: string }"),
    "odd": (Odd, [{'*/ alert() "`${1}`\n': 1, "__proto__": "x", "class": True}], ""),
    "mixed": (Mixed, [Mixed.NONE, Mixed.PRICE, Mixed.DAY], ""),
    "grove": (Grove, [Grove(tree=[1, {"a": 2}], more={Level.LOW: 3})], ""),
    "any": (Any, [None, 1, "a", [{"b": [1.5]}]], "unknown"),
}


def declare():
    """Declare the mutations, and a context whose queries return the first value of each."""
    everything = Context("everything")
    for name, (annotation, values, _) in TYPES.items():

        def echo(request, value):
            return value

        echo.__annotations__ = {"value": annotation, "return": annotation}
        mutation(name=f"echo_{name}", affects=everything)(echo)

        everything.query(_query(name, annotation, values[0]))


def _query(name, annotation, value):
    def query(request):
        return value

    query.__name__ = name
    query.__annotations__ = {"return": annotation}
    return query
