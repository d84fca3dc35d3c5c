"""The house: in the core a file imports only from files above it, and no file grows out of hand."""

import ast
from pathlib import Path

import pytest

import mizan_htmx

PACKAGE = Path(mizan_htmx.__file__).parent
NAME = PACKAGE.name

# Values, declarations, one request: from the top of the stairs to the bottom.
STAIRCASE = [
    "exceptions",
    "keys",
    "invalidation",
    "spelling",
    "shapes",
    "parameters",
    "signatures",
    "conf",
    "signals",
    "recording",
    "registry",
    "auth",
    "contexts",
    "affected",
    "mutations",
    "__init__",
    "http",
    "references",
    "fragments",
    "data",
    "page",
    "arguments",
    "tags",
    "rpc",
    "fresh",
    "flight",
    "middleware",
    "views",
    "urls",
]
RIM = {"apps", "checks", "codegen", "management", "templatetags"}

MODULES = {path.stem: path for path in PACKAGE.glob("*.py")}
FILES = sorted(PACKAGE.rglob("*.py"))
SOURCES = FILES + sorted((PACKAGE / "static" / NAME / "src").glob("*.js"))


class Imports(ast.NodeVisitor):
    """The package's own modules a source imports, wherever the statement stands."""

    def __init__(self, source):
        self.found, self.foreign = set(), set()
        self.visit(ast.parse(source))

    def visit_If(self, node):
        test = node.test
        name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", None)
        for statement in node.orelse if name == "TYPE_CHECKING" else [*node.body, *node.orelse]:
            self.visit(statement)

    def visit_Import(self, node):
        for alias in node.names:
            self.add(alias.name)

    def visit_ImportFrom(self, node):
        base = NAME if node.level else ""
        module = ".".join(filter(None, [base, node.module]))
        if module != NAME:
            return self.add(module)
        for alias in node.names:
            known = alias.name in MODULES or (PACKAGE / alias.name).is_dir()
            self.add(f"{NAME}.{alias.name}" if known else f"{NAME}.__init__")

    def add(self, module):
        package, _, rest = module.partition(".")
        if package != NAME:
            self.foreign.add(package)
        else:
            self.found.add(rest.partition(".")[0] or "__init__")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import mizan_htmx.keys", {"keys"}),
        ("import mizan_htmx", {"__init__"}),
        ("from mizan_htmx import Key", {"__init__"}),
        ("from mizan_htmx import conf, http", {"conf", "http"}),
        ("from mizan_htmx.templatetags.mizan import bind", {"templatetags"}),
        ("from . import views", {"views"}),
        ("from .views import call", {"views"}),
        ("def late():\n    from mizan_htmx.views import call", {"views"}),
        ("if TYPE_CHECKING:\n    from mizan_htmx import views", set()),
        ("if typing.TYPE_CHECKING:\n    import mizan_htmx.views\nelse:\n    import json", set()),
        ("if DEBUG:\n    import mizan_htmx.views", {"views"}),
        ("try:\n    import django\nexcept ImportError:\n    import mizan_htmx.urls", {"urls"}),
    ],
)
def test_imports_are_found(source, found):
    assert Imports(source).found == found


def test_every_module_has_its_place():
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert MODULES.keys() | packages == {*STAIRCASE, *RIM}


@pytest.mark.parametrize("name", STAIRCASE)
def test_the_core_imports_downwards_only(name):
    above = set(STAIRCASE[: STAIRCASE.index(name)])
    assert Imports(MODULES[name].read_text()).found - above == set()


@pytest.mark.parametrize("name", ["keys", "invalidation"])
def test_values_know_no_django(name):
    assert "django" not in Imports(MODULES[name].read_text()).foreign


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_has_more_than_300_lines(path):
    assert len(path.read_text().splitlines()) <= 300


def test_nothing_is_called_by_what_it_is_not():
    names = [path.stem for path in SOURCES]
    classes = [
        node.name
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    ]
    vague = ("utils", "helpers", "Manager", "Handler", "Helper")
    assert [name for name in names + classes if name.lstrip("_").endswith(vague)] == []


def test_the_public_names():
    assert set(mizan_htmx.__all__) == {"Context", "Key", "affects", "mutation", "recording"}
    assert all(hasattr(mizan_htmx, name) for name in mizan_htmx.__all__)
