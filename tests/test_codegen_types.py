"""What mizan_codegen makes, compiled by tsc and run by node."""

import datetime
import json
import subprocess
import textwrap
from enum import Enum

import pytest
from django.http import HttpResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, create_model
from typing_extensions import TypedDict

from mizan_htmx import Context, mutation
from mizan_htmx.codegen import sources
from mizan_htmx.codegen.names import camel, pascal
from mizan_htmx.registry import registry
from tests import typed
from tests.frontend import MISSING, Frontend, node

TARGETS = sorted(sources.TARGETS)

pytestmark = pytest.mark.skipif(MISSING, reason="node, or its modules, are not here")


@pytest.fixture(scope="module")
def everything():
    """A mutation and a context for every type."""
    with registry.opened() as opened:
        opened.contexts.clear()
        opened.mutations.clear()
        typed.declare()
        opened.close()
        yield opened


def stem(name):
    return pascal(camel(f"echo_{name}"))


SAME = """
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Flat<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]: T[K] } : T
function same<A, B>(_: Same<Flat<A>, Flat<B>>) {}
"""


@pytest.mark.parametrize("target", TARGETS)
def test_every_type_compiles_for_every_target(target, everything, tmp_path):
    frontend = Frontend(tmp_path, target)
    lines = ['import * as made from "./index"', SAME, "made.fetchEverything()"]
    for name, (_, _, result) in typed.TYPES.items():
        # A result is an argument again.
        lines.append(
            f"export const {name}_ = (value: made.{stem(name)}Result) =>"
            f" made.{camel(f'echo_{name}')}({{ value }})"
        )
        if result:
            lines.append(f"same<made.{stem(name)}Result, {result}>(true)")
    frontend.write("use.ts", "\n".join(lines))
    assert frontend.faults() == ""
    if target == "ts":
        assert frontend.faults("typescript") == ""


ACCESSORS = {
    "ts": """
        const entry = made.registerBoard({ board_id: 3 })
        const state = entry.getState()
        const n: number | undefined = state.data?.columns[0]
        const said: Promise<string> = made.page()
        void [n, said, made.addCard({ title: "a" }), made.registerNews()]
        """,
    "react": """
        const { data, status } = made.useBoard({ board_id: "3", tag: ["a"] })
        const n: number | undefined = data?.columns[0]
        const { mutate, isPending } = made.useAddCard()
        const card: Promise<{ id: number }> = mutate({ title: "a", place: null })
        void [n, status, isPending, card, made.useNews(), made.MizanProvider]
        """,
    "vue": """
        import { ref } from "vue"
        const { data } = made.useBoard(() => ({ board_id: 3 }))
        const n: number | undefined = data.value?.columns[0]
        const { mutate, isPending } = made.useAddCard()
        const card: Promise<{ id: number }> = mutate({ title: "a" })
        void [n, isPending.value, card, made.useBoard(ref({ board_id: 3 })), made.useNews()]
        """,
    "svelte": """
        import { get } from "svelte/store"
        const n: number | undefined = get(made.board({ board_id: 3 })).data?.columns[0]
        const adding = made.addCardMutation()
        const card: Promise<{ id: number }> = adding.mutate({ title: "a" })
        void [n, get(adding).isPending, card, made.news()]
        """,
}
MISUSE = [
    "made.fetchBoard()",
    "made.fetchBoard({})",
    "made.fetchBoard({ board_id: true })",
    "made.fetchBoard({ board_id: 3, other: 1 })",
    "made.fetchNews({ other: 1 })",
    "made.addCard({})",
    'made.addCard({ title: "a", place: "x" as unknown })',
    'made.addCard({ title: "a" }).then((card) => card.name)',
    "made.registerBoard({ board_id: 3 }).getState().data.columns",
]


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_made_is_used_and_misused(target, declaring, tmp_path):
    declaring.contexts.clear()
    declaring.mutations.clear()
    board, news = Context("board"), Context("news")

    class Card(BaseModel):
        id: int

    @board.query
    def columns(request, board_id: int, tag: list[str] = []) -> list[int]: ...  # noqa: B006

    @news.query
    def headlines(request) -> list[str]: ...

    @mutation(affects=board)
    def add_card(request, title: str, place: int | None = None) -> Card: ...

    @mutation
    def page(request) -> HttpResponse: ...

    declaring.close()
    frontend = Frontend(tmp_path, target)
    head = 'import * as made from "./index"\n'
    frontend.write("use.ts", head + textwrap.dedent(ACCESSORS[target]))
    misuse = "".join(f"// @ts-expect-error\n{line}\n" for line in MISUSE)
    frontend.write("misuse.ts", head + misuse)
    assert frontend.faults() == ""
    assert "registerContext" in frontend.bundle("use.ts").read_text()


def test_a_contexts_params_are_what_a_url_carries(declaring, tmp_path):
    declaring.contexts.clear()
    declaring.mutations.clear()
    for name, (annotation, _, _) in typed.TYPES.items():

        def query(request, value): ...

        query.__annotations__ = {"value": annotation, "return": int}
        Context(f"of_{name}").query(query)
        many = Context(f"many_{name}")

        def several(request, value): ...

        several.__annotations__ = {"value": list[annotation], "return": int}
        many.query(several)
    declaring.close()
    frontend = Frontend(tmp_path, "ts")
    frontend.write(
        "use.ts",
        f"""
        import type * as made from "./index"
        {SAME}
        same<made.OfIntParams, {{ value: number | string }}>(true)
        same<made.OfAnyParams, {{ value: string }}>(true)
        same<made.OfEnumParams["value"], {typed.TYPES["enum"][2]}>(true)
        same<made.OfOptionalParams, {{ value?: number | string | null }}>(true)
        same<made.OfPairParams, {{ value?: [number | string, string] }}>(true)
        same<made.ManyListParams, {{ value?: string[] }}>(true)
        same<made.OfAnimalParams, {{ value: string }}>(true)
        same<made.OfMixedParams, {{ value: string }}>(true)
        """,
    )
    assert frontend.faults() == ""


# --- case G-3: Python, JSON, TypeScript, JSON, Python


@pytest.fixture(scope="module")
def traveller(everything, tmp_path_factory):
    """A program that gives each result as an argument again, typed by what was made."""
    frontend = Frontend(tmp_path_factory.mktemp("travel"), "ts")
    lines = ['import type * as made from "./index"', 'import { pipe } from "./pipe"', "pipe({"]
    for name in typed.TYPES:
        kinds = f"(value: made.{stem(name)}Result): made.{stem(name)}Args"
        lines.append(f"  echo_{name}: {kinds} => ({{ value }}),")
    frontend.write("travel.ts", "\n".join([*lines, "})"]))
    frontend.write("pipe.d.ts", "export function pipe(roads: Record<string, unknown>): void")
    frontend.write(
        "pipe.js",
        """
        import { readFileSync } from "node:fs"
        export function pipe(roads) {
          const trips = JSON.parse(readFileSync(0, "utf8"))
          console.log(JSON.stringify(trips.map(([name, result]) => roads[name](result))))
        }
        """,
    )
    assert frontend.faults() == ""
    program = frontend.bundle("travel.ts")

    def travel(trips):
        done = subprocess.run(
            ["node", program],
            input=json.dumps(trips),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    return travel


def dumped(everything, name, value):
    signature = everything.mutations[name].signature
    return signature.dump(signature.shape(value))


def test_values_survive_the_round_trip(db, client, everything, traveller):  # cases G-3, P-5
    trips = [
        [f"echo_{name}", value]
        for name, (annotation, values, _) in typed.TYPES.items()
        for value in values
    ]
    sent = [[name, dumped(everything, name, value)] for name, value in trips]
    for (name, value), args in zip(trips, traveller(sent), strict=True):
        body = json.dumps({"fn": name, "args": args})
        response = client.post("/api/mizan/call/", body, content_type="application/json")
        assert response.status_code == 200, (name, value, response.content)
        assert response.json()["result"] == args["value"], (name, value)
        signature = everything.mutations[name].signature
        parsed = signature.parameters["value"].adapter.validate_python(args["value"])
        assert parsed == value or signature.dump(parsed) == signature.dump(value), name


def minutes(east):
    return datetime.timezone(datetime.timedelta(minutes=east))


SCALARS = {
    "big_int": st.integers(0, 2**63 - 1),
    "int": st.integers(-(2**53), 2**53),
    "float": st.floats(allow_nan=False, allow_infinity=False).filter(lambda f: str(f) != "-0.0"),
    "str": st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    "decimal": st.decimals(allow_nan=False, allow_infinity=False).filter(
        lambda d: not (d.is_zero() and d.is_signed())
    ),
    # An offset of ISO 8601 has no seconds, which those of before 1920 often have.
    "datetime": st.datetimes(timezones=st.none() | st.builds(minutes, st.integers(-720, 840))),
    "timedelta": st.timedeltas(),
    "uuid": st.uuids(),
    "date": st.dates(),
}


@given(st.data())
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_scalar_survives_the_round_trip(everything, traveller, data):  # case G-3
    values = [
        (f"echo_{name}", value)
        for name, strategy in SCALARS.items()
        for value in data.draw(st.lists(strategy, max_size=20), label=name)
    ]
    sent = [[name, dumped(everything, name, value)] for name, value in values]
    for (name, value), args in zip(values, traveller(sent), strict=True):
        parameter = everything.mutations[name].signature.parameters["value"]
        assert parameter.adapter.validate_python(args["value"]) == value


def test_what_is_made_fetches_from_a_server(live_server, everything, tmp_path):
    frontend = Frontend(tmp_path, "ts")
    program = frontend.bundle("index.ts")
    context = everything.contexts["everything"]
    said = node(
        """
        const made = await import(process.argv[1])
        made.configure({ base: process.argv[2] })
        console.log(JSON.stringify(await made.fetchEverything()))
        """,
        program.as_uri(),
        f"{live_server.url}/api/mizan/",
    )
    assert json.loads(said) == context.load(None).data()


# --- case G-1


HOSTILE = [
    "*/ globalThis.pwned = 1 /*",
    "`${globalThis.pwned = 1}`",
    "\"; globalThis.pwned = 1; '",
    "\n\r\u2028\u2029globalThis.pwned = 1",
    "\\u002a/ globalThis.pwned = 1",
    "</script><script>globalThis.pwned = 1</script>",
    "*/\n" * 5_000,
    "__proto__",
    "constructor",
    "@default */ globalThis.pwned = 1",
    "{@link */} ${}",
]
RESERVED = [
    "delete",
    "class",
    "default",
    "then",
    "await",
    "constructor",
    "to_string",
    "import.meta",
]

INERT = """
import { readFileSync } from "node:fs"
import ts from "typescript"

const [folder, ...names] = process.argv.slice(1)
const fault = (node) => {
  throw new Error(`${ts.SyntaxKind[node.kind]}: ${node.getText().slice(0, 200)}`)
}

function inert(statement) {
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return
  if (ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)) return
  if (!ts.isFunctionDeclaration(statement)) fault(statement)
  if (statement.body.statements.length !== 1) fault(statement)
  const call = statement.body.statements[0].expression
  if (!ts.isCallExpression(call) || !ts.isIdentifier(call.expression)) fault(statement)
  for (const word of call.arguments) {
    const empty = ts.isObjectLiteralExpression(word) && word.properties.length === 0
    if (!empty && !ts.isStringLiteral(word) && !ts.isIdentifier(word)) fault(word)
  }
}

const made = names.map((name) => {
  const text = readFileSync(`${folder}/${name}`, "utf8")
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  if (source.parseDiagnostics.length) throw new Error(source.parseDiagnostics[0].messageText)
  source.statements.forEach(inert)
  return source.statements.filter((s) => s.name).map((s) => s.name.text)
})
console.log(JSON.stringify(made))
"""


def declare_hostile():
    colour = Enum("Colour", {f"C{number}": text for number, text in enumerate(HOSTILE)})
    row = TypedDict("Row", dict.fromkeys(HOSTILE, int))
    fields = {
        f"field{number}": (str, Field(text, title=text, description=text, examples=[text]))
        for number, text in enumerate(HOSTILE)
    }
    named = create_model(
        "*/ globalThis.pwned = 1 /*",
        __doc__="\n".join(HOSTILE),
        **fields,
        aliased=(int, Field(1, alias=HOSTILE[0], json_schema_extra={HOSTILE[0]: HOSTILE[1]})),
    )
    context = Context("hostile")
    for number, text in enumerate(HOSTILE):

        def query(request, a: str = HOSTILE[0]) -> None: ...

        query.__doc__ = query.__name__ = text
        query.__annotations__["return"] = named
        context.query(query)

        def change(request, value: row, colour: colour, a: str = text) -> None: ...

        change.__doc__ = text
        change.__annotations__.update(value=row, colour=colour, **{"return": named})
        mutation(name=f"hostile_{number}", affects=context)(change)
    for name in RESERVED:
        Context(f"of.{name}").query(_nothing)
        Context(name).query(_nothing)
        mutation(name=name)(_nothing)


def _nothing(request) -> None: ...


@pytest.mark.parametrize("target", TARGETS)
def test_hostile_declarations_make_inert_code(target, declaring, tmp_path):  # case G-1
    declaring.contexts.clear()
    declaring.mutations.clear()
    declare_hostile()
    declaring.close()
    frontend = Frontend(tmp_path, target)
    assert frontend.faults() == ""
    names = ["schema.d.ts", "contexts.ts", "mutations.ts", "index.ts"]
    schema, contexts, mutations, index = json.loads(node(INERT, tmp_path, *names))
    assert schema == ["paths", "webhooks", "components", "$defs", "operations"]
    assert index == []
    kinds = 2 + 2 + bool(sources.TARGETS[target].context)
    assert len(contexts) == kinds * (1 + 2 * len(RESERVED))
    kinds = 2 + 1 + bool(sources.TARGETS[target].mutation)
    assert len(mutations) == kinds * (len(HOSTILE) + len(RESERVED))


def test_importing_what_is_made_runs_nothing(declaring, tmp_path):  # case G-1
    declaring.contexts.clear()
    declaring.mutations.clear()
    declare_hostile()
    declaring.close()
    made = Frontend(tmp_path, "ts").bundle("index.ts")
    before = 'globalThis.fetch = () => { throw new Error("fetched") };'
    script = f"""
        {before}
        const known = Object.keys(globalThis)
        const made = await import({json.dumps(made.as_uri())})
        console.log(JSON.stringify({{
          names: Object.keys(made),
          left: Object.keys(globalThis).filter((name) => !known.includes(name)),
          pwned: "pwned" in globalThis,
        }}))
        """
    said = json.loads(node(script))
    assert said["pwned"] is False
    assert said["left"] == []
    assert {"delete_", "then_", "hostile0", "fetchThen"} <= {*said["names"]}
    assert "then" not in said["names"]
