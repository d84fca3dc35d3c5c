"""`manage.py mizan_schema`: what is declared, as OpenAPI, without running any of it."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.core.management import CommandError, call_command
from django.db import connections
from django.http import HttpResponse
from django.urls import include, path
from pydantic import BaseModel, Field, create_model

from mizan_htmx import Context, Key, mutation
from mizan_htmx.codegen import schema
from mizan_htmx.codegen.types import INTEGER_TEXT
from mizan_htmx.exceptions import RequestError
from tests import typed

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def empty(declaring):
    """The registry, open and with nothing in it."""
    declaring.contexts.clear()
    declaring.mutations.clear()
    return declaring


def read(document, name):
    return document["paths"][f"/ctx/{name}/"]["get"]


def write(document, name):
    return document["paths"][f"/call/{name}/"]["post"]


def arguments(document, name, kind="application/json"):
    return write(document, name)["requestBody"]["content"][kind]["schema"]


def result(document, name):
    content = write(document, name)["responses"]["200"]["content"]
    return content["application/json"]["schema"]["properties"]["result"]


INTEGER = {"anyOf": [{"type": "integer"}, INTEGER_TEXT]}


def test_a_context_is_a_get():
    document = schema.document()
    assert document["openapi"] == "3.1.0"
    found = read(document, "shelf")
    assert found["operationId"] == "ctx.shelf"
    assert found["parameters"] == [
        {"name": "shelf_id", "in": "query", "required": True, "schema": INTEGER}
    ]
    bundle = found["responses"]["200"]["content"]["application/json"]["schema"]
    assert bundle["required"] == ["books", "detail", "stats"]
    assert bundle["properties"]["stats"] == {"$ref": "#/components/schemas/Stats"}
    assert list(found["responses"]) == ["200", "304", "400", "401", "403", "404", "422", "500"]
    assert read(document, "news")["parameters"][0] == {
        "name": "limit",
        "in": "query",
        "required": False,
        "schema": {**INTEGER, "default": 3},
    }


def test_a_mutation_is_a_post():
    document = schema.document()
    found = write(document, "add_book")
    assert found["operationId"] == "call.add_book"
    assert found["security"] == [{"csrf": []}]
    assert arguments(document, "add_book") == {
        "type": "object",
        "properties": {
            "shelf_id": INTEGER,
            "title": {"type": "string"},
            "lent": {"type": "boolean", "default": False},
        },
        "required": ["shelf_id", "title"],
        "additionalProperties": False,
    }
    assert result(document, "add_book") == {"$ref": "#/components/schemas/BookOut"}
    assert list(found["responses"]) == [
        *("200", "400", "401", "403", "404", "409", "413", "415", "422", "500")
    ]
    csrf = document["components"]["securitySchemes"]["csrf"]
    assert csrf == {"type": "apiKey", "in": "header", "name": "X-CSRFTOKEN"}


def test_what_a_mutation_affects_and_how_it_is_scoped(empty):
    board, news, tags = Context("board"), Context("news"), Context("tags")

    @board.query
    def columns(request, board_id: int) -> int: ...

    @tags.query
    def names(request, board_id: int, tag: str) -> int: ...

    def declare(name, affects, params=None):
        def change(request, board_id: int, pk: int) -> None: ...

        mutation(name=name, affects=affects, affects_params=params)(change)

    declare("by_name", [news, "board", tags])
    declare("mapped", [board, news], {"board_id": "pk"})
    declare("by_result", board, lambda result: {"board_id": result})
    declare("fixed", [Key("board", board_id=3), Key.ANY, Key("news")])
    empty.close()
    document = schema.document()

    def affected(name):
        return write(document, name)["x-mizan-affects"]

    shared = {"scope": "arguments", "params": {"board_id": "board_id"}}
    assert affected("by_name") == [
        {"context": "board", **shared},
        {"context": "news", "scope": "all", "params": {}},
        {"context": "tags", **shared},
    ]
    assert affected("mapped") == [
        {"context": "board", "scope": "arguments", "params": {"board_id": "pk"}},
        {"context": "news", "scope": "all", "params": {}},
    ]
    assert affected("by_result") == [{"context": "board", "scope": "result"}]
    assert affected("fixed") == [
        {"context": "*", "scope": "all", "params": {}},
        {"context": "board", "scope": "fixed", "params": {"board_id": 3}},
        {"context": "news", "scope": "all", "params": {}},
    ]


def test_errors_are_data():
    components = schema.document()["components"]
    code = components["schemas"]["MizanErrorBody"]["properties"]["code"]
    assert set(code["enum"]) == {kind.code for kind in RequestError.__subclasses__()} | {
        RequestError.code
    }
    said = components["responses"]["csrf.forbidden"]["content"]["application/json"]["schema"]
    assert said == {"$ref": "#/components/schemas/MizanErrorAnswer"}


# case G-4
def test_nothing_is_run_and_no_database_is_asked(empty, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("was run")

    context = Context("context")

    @context.query
    def query(request, a: int, when: list[int] = []) -> int:  # noqa: B006
        return refuse()

    @mutation(affects=context, affects_params=refuse, auth=refuse)
    def change(request, a: int) -> int:
        return refuse()

    empty.close()
    for alias in connections:
        monkeypatch.setattr(connections[alias], "connect", refuse)
        monkeypatch.setattr(connections[alias], "ensure_connection", refuse)
        monkeypatch.setattr(connections[alias], "cursor", refuse)
    call_command("mizan_schema", stdout=io.StringIO())


@pytest.mark.parametrize(
    ("included", "base"),
    [
        ([path("deep/api/", include("mizan_htmx.urls"))], "/deep/api"),
        ([path("", include("mizan_htmx.urls"))], "/"),
        ([], "/api/mizan"),
    ],
)
def test_the_base_path_is_that_of_the_urlconf(settings, included, base):
    class Urls:
        urlpatterns = included

    settings.ROOT_URLCONF = Urls
    assert schema.document()["servers"] == [{"url": base}]


def test_two_models_of_one_name_do_not_collide(empty):
    one = create_model("Thing", __module__="shop.mizan", a=(str, ...))
    two = create_model("Thing", __module__="library.mizan", b=(str, ...))
    ours = create_model("MizanErrorBody", __module__="shop.mizan", mine=(str, ...))

    def first(request) -> one: ...
    def second(request) -> two: ...
    def third(request) -> ours: ...

    for function in (first, second, third):
        mutation(function)
    empty.close()
    document = schema.document()
    schemas = document["components"]["schemas"]
    kept = {
        name: [*schemas[result(document, name)["$ref"].rpartition("/")[2]]["properties"]]
        for name in ("first", "second", "third")
    }
    assert kept == {"first": ["a"], "second": ["b"], "third": ["mine"]}
    assert {"shop__mizan__Thing", "library__mizan__Thing"} <= schemas.keys()
    answer = schemas["MizanErrorAnswer"]["properties"]["error"]["$ref"].rpartition("/")[2]
    assert "code" in schemas[answer]["properties"]


def test_the_view_path_answers_with_html(empty):
    class Out(BaseModel):
        id: int

    def page(request) -> HttpResponse: ...
    def both(request) -> HttpResponse | Out: ...
    def unsaid(request): ...

    for function in (page, both, unsaid):
        mutation(function)
    empty.close()
    document = schema.document()

    def kinds(name):
        return [*write(document, name)["responses"]["200"]["content"]]

    assert kinds("page") == ["text/html"]
    assert kinds("both") == ["text/html", "application/json"]
    assert kinds("unsaid") == ["application/json"]
    assert result(document, "unsaid") == {}


def test_a_file_is_posted_by_a_form(empty):
    @mutation
    def upload(request, file: UploadedFile, more: list[UploadedFile], note: str = "") -> int: ...

    empty.close()
    given = arguments(schema.document(), "upload", "multipart/form-data")["properties"]
    file = {"type": "string", "format": "binary"}
    assert given["file"] == file
    assert given["more"] == {"type": "array", "items": file}


@pytest.mark.parametrize(
    ("annotation", "given", "got"),
    [
        (int, INTEGER, {"type": "integer"}),
        (
            Annotated[int, Field(strict=True)],
            {"type": "integer"},
            {"type": "integer"},
        ),
        (
            Annotated[int, Field(lt=2**60)],
            {"anyOf": [{"type": "integer", "exclusiveMaximum": 2**60}, INTEGER_TEXT]},
            {"anyOf": [{"type": "integer", "exclusiveMaximum": 2**60}, INTEGER_TEXT]},
        ),
        (Literal[2**60], {"enum": [str(2**60)]}, {"enum": [str(2**60)]}),
        (range, {}, {}),
    ],
    ids=str,
)
def test_types_are_honest_to_the_wire(annotation, given, got, empty):  # case P-5
    class Anything(BaseModel, arbitrary_types_allowed=True):
        value: annotation

    @mutation
    def change(request, value: Anything) -> Anything: ...

    empty.close()
    schemas = schema.document()["components"]["schemas"]

    def value(name):
        found = schemas.get(name, schemas.get("Anything"))["properties"]["value"]
        return {key: word for key, word in found.items() if key != "title"}

    assert value("Anything-Input") == given
    assert value("Anything-Output") == got


@pytest.mark.parametrize("default", [{"a", "b"}, float("inf"), {"a": {1, 2}}, object()])
def test_a_default_that_has_no_one_spelling_is_left_out(empty, default):
    model = create_model("Model", value=(Any, default))

    @mutation
    def change(request, value: model, other: Any = default) -> None: ...

    empty.close()
    document = schema.document()
    assert "default" not in document["components"]["schemas"]["Model"]["properties"]["value"]
    assert arguments(document, "change")["properties"]["other"] == {}


def test_what_a_result_always_has_and_what_it_may_lack(empty):
    class Out(BaseModel):
        always: int = 1
        never: int = Field(1, exclude=True)

    @mutation
    def change(request, value: typed.Row) -> tuple[Out, typed.Row, typed.Aliased]: ...

    empty.close()
    schemas = schema.document()["components"]["schemas"]
    assert schemas["Out"]["required"] == ["always"]
    assert schemas["Row-Output"]["required"] == ["id"]
    assert [*schemas["Aliased"]["properties"]] == ["firstName"]


def test_docstrings_are_descriptions(empty):
    context = Context("context")

    @context.query
    def query(request) -> int:
        """Of a query."""

    @mutation
    def change(request) -> int:
        """Of a mutation."""

    empty.close()
    document = schema.document()
    bundle = read(document, "context")["responses"]["200"]["content"]["application/json"]["schema"]
    assert bundle["properties"]["query"] == {"type": "integer", "description": "Of a query."}
    assert write(document, "change")["description"] == "Of a mutation."


@pytest.mark.parametrize("kind", ["contexts", "queries", "mutations"])
def test_the_order_of_declaration_does_not_matter(empty, kind):
    # Models that only their order could tell apart.
    kinds = [create_model("Out", **{name: (int, ...)}) for name in "ab"]

    def one(request, b: int, a: int) -> kinds[0]: ...
    def two(request, c: int) -> kinds[1]: ...

    one.__annotations__["return"], two.__annotations__["return"] = kinds

    def described(functions):
        with empty.opened() as opened:
            both = Context("both")
            for function in functions:
                if kind == "mutations":
                    mutation(function)
                else:
                    context = both if kind == "queries" else Context(function.__name__)
                    context.query(function)
            opened.close()
            return schema.to_json(schema.document())

    assert described([one, two]) == described([two, one])


# --- the command


DUMP = """
import django
django.setup()
from django.core.management import call_command
from mizan_htmx.registry import registry
from tests import typed
with registry.opened():
    typed.declare()
    registry.close()
    call_command({words})
"""


def run(words, seed):
    return subprocess.run(
        [sys.executable, "-c", DUMP.format(words=words)],
        env={
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
        stdout=subprocess.PIPE,
        check=True,
    ).stdout


def test_bytes_are_the_same_under_every_hash_seed():  # case G-2
    first, second = (run('"mizan_schema"', seed) for seed in "12")
    assert first == second
    assert first.isascii()
    assert "/ctx/everything/" in json.loads(first)["paths"]


def test_the_file_is_written_and_checked(tmp_path, capsys):  # case G-2
    file = tmp_path / "api" / "openapi.json"
    with pytest.raises(CommandError, match=r"openapi\.json is out of date; run mizan_schema --out"):
        call_command("mizan_schema", "--check", out=file)
    assert not file.exists()
    call_command("mizan_schema", out=file)
    call_command("mizan_schema", "--check", out=file)
    assert json.loads(file.read_text()) == schema.document()
    assert [*file.parent.iterdir()] == [file]
    with pytest.raises(CommandError, match="out of date"):
        call_command("mizan_schema", "--check", "--indent", "4", out=file)
    call_command("mizan_schema")
    assert capsys.readouterr().out == file.read_text()


def test_check_needs_a_file():
    with pytest.raises(CommandError, match="name it with --out"):
        call_command("mizan_schema", "--check")


def test_a_folder_that_cannot_be_written_is_told_of(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="cannot write"):
        call_command("mizan_schema", out=tmp_path / "file" / "openapi.json")
