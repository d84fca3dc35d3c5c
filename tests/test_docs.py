"""The docs are executed: each of their blocks is run or checked, and every public name is there."""

import ast
import html
import inspect
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import types
import unittest
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from django.core.management import get_commands

import mizan_htmx
from mizan_htmx import checks, conf, exceptions, http, tags, urls
from mizan_htmx.codegen.sources import TARGETS
from mizan_htmx.registry import registry
from mizan_htmx.signals import invalidated
from mizan_htmx.templatetags.mizan import register
from tests.frontend import MISSING, Frontend
from tests.library import models
from tests.library.models import Book, Shelf
from tests.library.pages import Pages

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "mizan_htmx"
STATIC = PACKAGE / "static" / "mizan_htmx"
README = ROOT / "README.md"
QUICKSTART = ROOT / "docs" / "quickstart.md"
FILES = [README, *sorted((ROOT / "docs").glob("*.md"))]

VITE = ROOT / "demo" / "frontend" / "node_modules" / "vite" / "bin" / "vite.js"

NOT_RUN = re.compile(r"<!-- not run: (.+) -->")
FILE = re.compile(r"(?:# |\{# )([\w.]+/[\w/.]+)(, at the end)?(?: #\})?\n")


@dataclass(frozen=True)
class Block:
    """A fenced block of code.

    Attributes:
        file: the page it stands on.
        line: the line of its fence.
        language: what stands behind the fence.
        text: what stands between the fences.
        excuse: why it is not run, or "".
    """

    file: Path
    line: int
    language: str
    text: str
    excuse: str = ""

    def __str__(self):
        return f"{self.file.name}:{self.line}"

    @property
    def path(self):
        """The file that its first line names, and whether it is added to that file's end."""
        match = FILE.match(self.text)
        return (match[1], bool(match[2])) if match else (None, False)


def blocks_of(file, text):
    found, before, opened = [], "", None
    for number, line in enumerate(text.splitlines(), 1):
        fence = re.fullmatch(r"\s*(```+|~~~+)(.*)", line)
        if opened is None and fence:
            excuse = NOT_RUN.fullmatch(before)
            opened = (number, fence[2], [], excuse[1] if excuse else "")
        elif fence:
            line_number, language, lines, excuse = opened
            inner = "".join(f"{line}\n" for line in lines)
            found.append(Block(file, line_number, language, inner, excuse))
            opened = None
        elif opened is not None:
            opened[2].append(line)
        before = line if line.strip() else before
    assert opened is None, f"{file.name}:{opened[0]} is not closed"
    return found


BLOCKS = [block for file in FILES for block in blocks_of(file, file.read_text())]
TO_RUN = [block for block in BLOCKS if not block.excuse]


def blocks_in(*languages, file=None):
    return [b for b in TO_RUN if b.language in languages and file in (None, b.file)]


def test_blocks_are_found():
    text = "a\n```python\nx = 1\n```\n<!-- not run: needs a moon -->\n\n```bash\nfly\n\nhome\n```\n"
    assert blocks_of(README, text) == [
        Block(README, 2, "python", "x = 1\n"),
        Block(README, 7, "bash", "fly\n\nhome\n", "needs a moon"),
    ]


def test_every_block_is_of_a_kind_that_is_checked():
    known = {"python", "django", "html", "http", "js", "ts", "json", "bash"}
    known |= {"jsx", "vue", "svelte"}  # run by tests/js/adapters/docs.test.js
    known |= {"tsx"}  # built below, as the page says
    assert [str(b) for b in TO_RUN if b.language not in known] == []


def test_hardly_a_block_is_excused():
    assert len([b for b in BLOCKS if b.excuse]) <= 2


# --- what runs: Python, templates, requests


class Site:
    """One page of the docs: the modules that it writes, and a client that visits it.

    Args:
        pages: a site of one page.
        known: what the views of the docs give their templates.
        modules: puts a module into `sys.modules` under a name.
    """

    def __init__(self, pages, known, modules):
        self.pages, self.known, self.modules = pages, known, modules
        pages.configure(string_if_invalid="(there is no %s)")
        self.written, self.response = {}, None
        self.enter("library.mizan")

    def enter(self, name):
        """Go on in a module; settings and URLs begin with what a project has."""
        if name not in self.written:
            module = self.written[name] = types.ModuleType(name)
            module.__package__ = name.partition(".")[0]
            vars(module).update(INSTALLED_APPS=[], MIDDLEWARE=[], urlpatterns=[])
            self.modules(name, module)
        self.module = self.written[name]

    def run(self, block):
        getattr(self, block.language)(block)

    def python(self, block):
        name, _ = block.path
        if name:
            self.enter(name.removesuffix(".py").replace("/", "."))
        # The line numbers of a traceback are those of the page.
        source = "\n" * block.line + block.text
        code = compile(source, str(block.file), "exec", dont_inherit=True)
        registry.closed = False
        exec(code, vars(self.module))
        # A context of an earlier block may have another query since.
        registry.unchecked = [*registry.contexts.values(), *registry.mutations.values()]
        registry.close()

    def django(self, block):
        name, _ = block.path
        if name:
            self.pages[name.partition("/templates/")[2] or name] = block.text
        self.pages.show(block.text, **self.known)
        assert "(there is no " not in self.pages.html, f"{block}: {self.pages.html}"

    def html(self, block):
        """What the template above it gave; an ellipsis stands for anything."""
        assert pattern(block.text).search(flat(self.pages.html)), f"{block}: {self.pages.html}"

    def json(self, block):
        json.loads(block.text)

    def http(self, block):
        head, _, body = block.text.partition("\n\n")
        start, *lines = head.splitlines()
        headers = dict(line.split(": ", 1) for line in lines)
        if start.startswith("HTTP/"):
            return self.compare(block, int(start.split()[1]), headers, body)
        method, path = start.split()
        kind = headers.pop("Content-Type", "")
        said = {name: value for name, value in headers.items() if value != "…"}
        client = self.pages.client
        client.raise_request_exception = False
        self.response = client.generic(
            method, self.address(path), body.strip(), content_type=kind, headers=said
        )
        client.raise_request_exception = True

    def address(self, path):
        """A path, or that element's of the page which it is like."""
        if "…" not in path:
            return path
        known = map(html.unescape, re.findall(r'hx-get="([^"]*)"', self.pages.html))
        return next(filter(pattern(path).fullmatch, known))

    def compare(self, block, status, headers, body):
        told = f"{block}: {self.response.headers} {self.response.content.decode()}"
        assert self.response.status_code == status, told
        for name, value in headers.items():
            there = self.response.headers.get(name, "")
            assert pattern(value).fullmatch(there), f"{name} of {told}"
        if headers.get("Content-Type", "") == "application/json":
            shown = pattern(json.dumps(json.loads(body), ensure_ascii=False))
            given = json.dumps(self.response.json(), ensure_ascii=False)
            assert self.response.json() == json.loads(body) or shown.fullmatch(given), told
        elif body or status == 204:
            assert flat(self.response.content.decode()) == flat(body), told

    def tests(self):
        """What the page shows as tests: functions and TestCases."""
        values = [value for module in self.written.values() for value in vars(module).values()]
        for value in values:
            if getattr(value, "__module__", "") not in self.written:
                continue
            if isinstance(value, types.FunctionType) and value.__name__.startswith("test_"):
                yield value
            elif isinstance(value, type) and issubclass(value, unittest.TestCase):
                yield unittest.defaultTestLoader.loadTestsFromTestCase(value)


def flat(text):
    return " ".join(text.split())


def pattern(text):
    return re.compile(".*?".join(map(re.escape, flat(text).split("…"))))


@pytest.fixture
def site(db, client, settings, monkeypatch):
    hall = Shelf.objects.create(pk=3, name="Hall")
    emma = Book.objects.create(pk=7, shelf=hall, title="Emma")
    Book.objects.create(pk=8, shelf=hall, title="Ulysses", lent=True)
    known = {"shelf": hall, "book": emma, "books": hall.books.order_by("title")}

    package = types.ModuleType("library")
    package.__path__ = []
    receivers = list(invalidated.receivers)
    with registry.opened():
        registry.contexts.clear()
        registry.mutations.clear()
        modules = partial(monkeypatch.setitem, sys.modules)
        modules("library", package)
        modules("library.models", models)
        yield Site(Pages(client, settings), known, modules)
    invalidated.receivers = receivers
    invalidated.sender_receivers_cache.clear()


@pytest.mark.parametrize(
    "file", [file for file in FILES if file != QUICKSTART], ids=lambda file: file.name
)
def test_a_page_is_true(request, site, file):
    for block in blocks_in("python", "django", "html", "http", "json", file=file):
        site.run(block)
    for shown in site.tests():
        if isinstance(shown, unittest.TestSuite):
            result = shown.run(unittest.TestResult())
            assert result.testsRun
            assert [text for _, text in result.errors + result.failures] == []
        else:
            names = inspect.signature(shown).parameters
            shown(**{name: request.getfixturevalue(name) for name in names})


def test_the_settings_are_what_they_are_said_to_be(site, settings):
    file = ROOT / "docs" / "settings.md"
    rows = re.findall(r"^\| `([A-Z_]+)` \| `(.*?)` \|", file.read_text(), re.MULTILINE)
    assert {name: ast.literal_eval(default) for name, default in rows} == conf.DEFAULTS
    for block in blocks_in("python", file=file):
        site.run(block)
    assert site.module.MIZAN.keys() == conf.DEFAULTS.keys()
    settings.MIZAN = site.module.MIZAN
    assert checks.check_settings(None) == []


# --- the quickstarts, to the letter, in a project of their own

# Whoever has a project with htmx already has this; the rest of it is the quickstart's.
EXISTING = {
    "mysite/settings.py": 'INSTALLED_APPS += ["library"]\n',
    "mysite/urls.py": (
        "from library.views import shelf_page\n\nurlpatterns += [path('', shelf_page)]\n"
    ),
}

VISIT = """
import html, json, re
import django

django.setup()

from django.test import Client
from library.models import Book, Shelf

browser = Client(enforce_csrf_checks=True, headers={"Host": "localhost"})
page = browser.get("/").content.decode()
shelf = Shelf.objects.get()
htmx = {"HX-Request": "true"}


def press(page, name, **fields):
    tag = re.search(rf'<(?:form|button) ([^>]*/call/{name}/[^>]*)>', page)[1]
    said = {n: html.unescape(value) for n, value in re.findall(r'([-\\w]+)="([^"]*)"', tag)}
    token = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    body = {**fields, **json.loads(said["hx-vals"])}
    answer = browser.post(said["hx-post"], body, headers=htmx | token)
    return [answer.status_code, answer.headers.get("X-Mizan-Invalidate")]


def shown(page):
    urls = map(html.unescape, re.findall(r'hx-get="([^"]*)"', page))
    return " / ".join(browser.get(url, headers=htmx).content.decode() for url in urls)


if "add_book" in page:
    said = press(page, "add_book", title="Emma")
else:
    said = Book.objects.create(shelf=shelf, title="Emma") and None
first = shown(page)
print(json.dumps([said, first, press(browser.get("/").content.decode(), "lend"), shown(page)]))
"""


class Project:
    """A project in an empty directory, made as a page says.

    Args:
        folder: where its first command is run.
    """

    def __init__(self, folder):
        self.folder = folder
        self.env = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        self.env |= {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}

    def follow(self, blocks):
        for block in blocks:
            name, at_the_end = block.path
            if block.language == "bash":
                for line in block.text.splitlines():
                    self.run(*shlex.split(line))
            elif name:
                self.write(name, block.text, at_the_end)

    def write(self, name, text, at_the_end):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text() if at_the_end else ""
        path.write_text(before + text)

    def run(self, command, *words, **more):
        if command == "cd":
            self.folder /= words[0]
        elif command not in ("pip", "make") and "runserver" not in words:
            python = {"python": [], "django-admin": ["-m", "django"]}[command]
            done = subprocess.run(
                [sys.executable, *python, *words],
                check=False,
                cwd=self.folder,
                env={**self.env, **more},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            assert done.returncode == 0, done.stdout
            return done.stdout

    def visit(self):
        self.run("python", "manage.py", "check", "--fail-level", "WARNING")
        return json.loads(self.run("python", "-c", VISIT, DJANGO_SETTINGS_MODULE="mysite.settings"))


def test_the_quickstart_followed_to_the_letter(tmp_path):
    project = Project(tmp_path)
    project.follow(blocks_in("bash", "python", "django", file=QUICKSTART))
    added, first, lent, second = project.visit()
    assert added == lent == [204, "shelf;shelf_id=1"]
    assert re.search(r"0 of 1 lent .* Emma .* Lend ", flat(first))
    assert re.search(r"1 of 1 lent .* Emma .* Take back ", flat(second))


def test_the_readme_followed_to_the_letter(tmp_path):
    project = Project(tmp_path)
    base = blocks_in("bash", "python", file=QUICKSTART)
    ours = {*EXISTING, "library/mizan.py"}
    making = [block for block in base if block.path[0] not in ours]
    start = 1 + next(n for n, block in enumerate(making) if "startproject" in block.text)
    project.follow(making[:start])
    new = blocks_in("bash", "python", "django", file=README)
    project.follow(new)
    for name, text in EXISTING.items():
        project.write(name, text, at_the_end=True)
    project.follow(making[start:])
    _, first, lent, second = project.visit()
    assert lent == [204, "shelf;shelf_id=1"]
    assert re.search(r"0 lent .* Emma .* Lend ", flat(first))
    assert re.search(r"1 lent .* Emma .* Take back ", flat(second))


# --- what is checked without running it


SYNTAX = """
const vm = require("node:vm")
const { sources, script } = JSON.parse(require("node:fs").readFileSync(0))
const faults = sources.map((source) => {
  try {
    new vm.SourceTextModule(source)
  } catch (error) {
    return `${error}`
  }
})
import(script).then((module) => console.log(JSON.stringify({ faults, names: Object.keys(module) })))
"""


@pytest.fixture(scope="module")
def node():
    """What one process says of all JavaScript: its faults, and the names the script exports."""
    if shutil.which("node") is None:
        pytest.skip("node is not here")
    sources = [block.text for block in blocks_in("js")]
    done = subprocess.run(
        ["node", "--no-warnings", "--experimental-vm-modules", "-e", SYNTAX],
        input=json.dumps({"sources": sources, "script": (STATIC / "mizan.js").as_uri()}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_javascript_parses(node):
    assert node["faults"] == [None] * len(blocks_in("js"))


def test_javascript_imports_what_there_is(node):
    text = "".join(block.text for block in blocks_in("js"))
    imported = re.findall(r'import \{([^}]*)\} from "[^"]*/mizan(?:\.min)?\.js"', text)
    assert imported
    assert {name.strip() for names in imported for name in names.split(",")} == {*node["names"]}


@pytest.mark.skipif(MISSING, reason="node, or its modules, are not here")
@pytest.mark.parametrize("target", TARGETS)
def test_typescript_compiles(site, tmp_path, target):
    """Against what is made of the page's Python; the first line of a block names its target."""
    page = ROOT / "docs" / "codegen.md"
    for block in blocks_in("python", file=page):
        site.run(block)
    frontend = Frontend(tmp_path, target, "api")
    blocks = [b.text for b in blocks_in("ts") if b.text.startswith(f"// {target}\n")]
    for number, text in enumerate(blocks):
        frontend.write(f"{number}.ts", text)
    assert blocks
    assert frontend.faults() == ""


@pytest.mark.skipif(MISSING or not VITE.is_file(), reason="the demo's modules are not here")
def test_an_island_is_built_as_the_page_says(site, tmp_path):
    """By the demo's Vite: the first line of a block names its file."""
    page = ROOT / "docs" / "islands.md"
    for block in blocks_in("python", file=page):
        site.run(block)
    frontend = Frontend(tmp_path, "react", "src/api", VITE.parents[2])
    for block in blocks_in("tsx", "js", file=page):
        frontend.write(re.match("// (.+)\n", block.text)[1], block.text)
    assert frontend.faults("typescript") == ""
    subprocess.run(["node", VITE, "build", "--logLevel", "error"], check=True, cwd=tmp_path)
    assert "mizan.kernel" in (tmp_path / "dist" / "shelf.js").read_text()


def commands():
    for block in blocks_in("bash"):
        for number, line in enumerate(block.text.splitlines(), block.line + 1):
            yield pytest.param(line, id=f"{block.file.name}:{number}")


@pytest.mark.parametrize("line", [*commands()])
def test_commands_exist(line):
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    match shlex.split(line):
        case ["make", target]:
            assert target in targets
        case ["python", "manage.py", command, *_] | ["django-admin", command, *_]:
            assert command in get_commands()
        case ["pip", "install", *_] | ["cd", _] | ["npm", "install", *_] | ["npx", "vite", "build"]:
            pass
        case words:
            pytest.fail(f"{words[0]}: what is this?")


def anchors(file):
    headings = re.findall(r"^#+ (.*)$", file.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def links():
    for file in FILES:
        prose = re.sub(r"^```.*?^```$", "", file.read_text(), flags=re.MULTILINE | re.DOTALL)
        for target in dict.fromkeys(re.findall(r"\]\(([^)\s]+)\)", prose)):
            if not target.startswith("https://"):
                yield pytest.param(file, target, id=f"{file.name}-{target}")


@pytest.mark.parametrize(("file", "target"), [*links()])
def test_links_lead_somewhere(file, target):
    path, _, anchor = target.partition("#")
    there = (file.parent / path).resolve() if path else file
    assert there.is_file()
    assert not anchor or anchor in anchors(there)


# --- what must be there

DOCS = "\n".join(file.read_text() for file in FILES if file != README)
PYTHON = "\n".join(path.read_text() for path in sorted(PACKAGE.rglob("*.py")))
JAVASCRIPT = "\n".join(path.read_text() for path in sorted((STATIC / "src").glob("*.js")))
SOURCES = PYTHON + JAVASCRIPT


def subclasses(kind):
    return {kind, *(below for direct in kind.__subclasses__() for below in subclasses(direct))}


def options(function):
    kinds = inspect.signature(function).parameters.values()
    return [p.name for p in kinds if p.kind is p.KEYWORD_ONLY]


NAMES = {
    "public name": [rf"\b{name}\b" for name in mizan_htmx.__all__],
    "setting": [rf"`{name}`" for name in conf.DEFAULTS],
    "tag": [rf"`{{% {name} %}}`" for name in register.tags],
    "option": [
        *(rf"\b{name}=" for name in tags.OPTIONS),
        *(rf"\b{name}=" for name in options(mizan_htmx.mutation)),
        *(rf"\b{name}=" for name in options(mizan_htmx.affects)),
        *(rf"\b{name}=" for name in options(mizan_htmx.Context)),
        *(rf"\b{name}=" for name in options(mizan_htmx.Context.invalidate)),
    ],
    "header": [rf"`{value}`" for value in vars(http).values() if str(value).startswith("X-Mizan")],
    "cookie": [rf"`{http.PARKED}`"],
    "check": [rf"`{id_}`" for id_ in re.findall(r"mizan\.[EW]\d+", inspect.getsource(checks))],
    "event": [rf"`{name}`" for name in re.findall(r"mizan:[a-z]+", JAVASCRIPT)],
    "attribute": [
        *(rf"`{name}`" for name in re.findall(r"\bdata-mizan-[a-z-]+\b", SOURCES)),
        *(rf"`data-mizan-{n.lower()}`" for n in re.findall(r"dataset\.mizan(\w+)", JAVASCRIPT)),
    ],
    "error code": [rf"`{error.code}`" for error in subclasses(exceptions.RequestError)],
    "error": [rf"`{name}`" for name in ("MizanError", "DeclarationError", "RecordingError")],
    "client's code": [rf"`{code}`" for code in re.findall(r'code: "(\w+)"', JAVASCRIPT)],
    "URL": [rf"`mizan_htmx:{path.name}`" for path in urls.urlpatterns],
    "path": [rf"`{route}`" for route in re.findall(r'path\("([a-z/]+)"', inspect.getsource(urls))],
    "command": [rf"`{n}`" for n, app in get_commands().items() if app == mizan_htmx.__name__],
    "target": [rf"`--target {name}`" for name in TARGETS],
    "signal": [r"`mizan_htmx\.signals\.invalidated`"],
    "logger": [r"`mizan_htmx`", r"`django\.request`"],
}


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, names in NAMES.items() for name in dict.fromkeys(names)],
)
def test_is_documented(kind, name):
    assert re.search(name, DOCS), f"the {kind} {name} stands nowhere in docs/"


def test_every_kind_of_name_was_found():
    assert [kind for kind, names in NAMES.items() if not names] == []


def test_what_the_script_exports_is_documented(node):
    assert [name for name in node["names"] if not re.search(rf"`{name}[(`]", DOCS)] == []


def test_the_house_is_as_it_stands():
    text = (ROOT / "docs" / "architecture.md").read_text()
    listed = re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)
    modules = {path.stem for path in PACKAGE.glob("*.py")}
    modules |= {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    modules |= {path.name for path in (STATIC / "src").glob("*.js")}
    assert sorted(listed) == sorted(modules)


def test_the_readme_says_what_the_metadata_says():
    text = README.read_text()
    metadata = (ROOT / "pyproject.toml").read_text()
    rows = dict(re.findall(r"^\| Django ([\d., ]+) \| Python ([\d., ]+) \|$", text, re.MULTILINE))
    said = {word for row in rows.items() for words in row for word in words.split(", ")}
    kinds = "Framework :: Django|Programming Language :: Python"
    assert said == set(re.findall(rf'"(?:{kinds}) :: ([\d.]+)"', metadata))
    assert f"version {mizan_htmx.__version__}" in text
