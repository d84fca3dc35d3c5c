"""Build the wheel, install it into an empty environment and use it there, far from the checkout.

A plain script, for `make test`; pytest does not collect it.
"""

import os
import subprocess
import sys
import tempfile
import textwrap
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PACKED = [
    "mizan_htmx/py.typed",
    "mizan_htmx/management/commands/mizan_codegen.py",
    "mizan_htmx/static/mizan_htmx/kernel.d.ts",
    "mizan_htmx/static/mizan_htmx/mizan.min.js",
    "mizan_htmx/static/mizan_htmx/typing.min.js",
    "mizan_htmx/static/mizan_htmx/react.d.ts",
    "mizan_htmx/templatetags/mizan.py",
]

PROJECT = {
    "settings.py": """
        SECRET_KEY = "smoke"
        ALLOWED_HOSTS = ["testserver"]
        ROOT_URLCONF = "urls"
        STATIC_URL = "static/"
        INSTALLED_APPS = [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.staticfiles",
            "django_htmx",
            "mizan_htmx",
            "shop",
        ]
        MIDDLEWARE = [
            "mizan_htmx.middleware.MizanMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
        ]
        DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
        TEMPLATES = [{
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }]
        """,
    "urls.py": """
        from django.urls import include, path
        from django.views.generic import TemplateView

        urlpatterns = [
            path("", TemplateView.as_view(template_name="shop.html")),
            path("api/mizan/", include("mizan_htmx.urls")),
        ]
        """,
    "shop/__init__.py": "",
    "shop/mizan.py": """
        from mizan_htmx import Context, mutation

        CARTS = {1: ["tea"]}
        cart = Context("cart")

        @cart.query
        def items(request, cart_id: int) -> list[str]:
            return CARTS[cart_id]

        @mutation(affects=cart)
        def add_item(request, cart_id: int, item: str) -> list[str]:
            CARTS[cart_id].append(item)
            return CARTS[cart_id]
        """,
    "shop/templates/shop.html": """
        {% load mizan %}{% mizan_scripts %}
        {% fragment "cart" cart_id=1 %}<p>{{ items|join:" and " }}</p>{% endfragment %}
        """,
    "check.py": """
        import html, io, json, os, re, sys
        from pathlib import Path

        import django

        os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
        django.setup()

        from django.contrib.staticfiles import finders
        from django.core.management import call_command
        from django.test import Client

        import mizan_htmx

        done = 0

        def check(truth, evidence):
            global done
            assert truth, evidence
            done += 1

        check(Path(mizan_htmx.__file__).is_relative_to(sys.prefix), mizan_htmx.__file__)

        client = Client(enforce_csrf_checks=True)
        page = client.get("/").content.decode()
        check("<p>tea</p>" in page, page)
        check('data-mizan-keys="cart;cart_id=1"' in page, page)
        for name in re.findall(r'src="/static/([^"]+)"', page):
            check(finders.find(name), name)
        check("mizan.min.js" in page, page)

        answer = client.get("/api/mizan/ctx/cart/?cart_id=1")
        check(answer.status_code == 200, answer)
        check(answer.json() == {"items": ["tea"]}, answer.content)

        session = client.get("/api/mizan/session/")
        check(session.status_code == 204, session)
        call = client.post(
            "/api/mizan/call/",
            {"fn": "add_item", "args": {"cart_id": 1, "item": "milk"}},
            content_type="application/json",
            headers={"X-CSRFToken": session["X-CSRFToken"]},
        )
        check(call.status_code == 200, call.content)
        check(call["X-Mizan-Invalidate"] == "cart;cart_id=1", call.headers)
        check(
            call.json() == {
                "result": ["tea", "milk"],
                "invalidate": [{"context": "cart", "params": {"cart_id": 1}}],
            },
            call.content,
        )

        refetch = html.unescape(re.search(r'hx-get="([^"]+)"', page)[1])
        fragment = client.get(refetch, headers={"HX-Request": "true"})
        check(fragment.content.decode().strip() == "<p>tea and milk</p>", fragment.content)

        written = io.StringIO()
        call_command("mizan_schema", stdout=written)
        paths = json.loads(written.getvalue())["paths"]
        check(list(paths) == ["/call/add_item/", "/ctx/cart/"], paths)

        print(done)
        """,
}


def expected() -> set[str]:
    """What the wheel must hold: PACKED, and whatever else lies in the package."""
    files = [path for path in (ROOT / "mizan_htmx").rglob("*") if path.is_file()]
    names = {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}
    return names.union(PACKED)


def build(folder: Path) -> Path:
    """The wheel, built from the sdist, so that both are whole."""
    subprocess.run(
        [sys.executable, "-m", "build", "--outdir", folder, ROOT],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return next(folder.glob("*.whl"))


def install(wheel: Path, folder: Path) -> Path:
    venv.create(folder, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", wheel],
        check=True,
    )
    return python


def write(project: Path) -> None:
    for name, text in PROJECT.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="mizan-wheel-") as name:
        folder = Path(name)
        wheel = build(folder / "dist")
        missing = expected() - set(zipfile.ZipFile(wheel).namelist())
        assert not missing, f"not in {wheel.name}: {sorted(missing)}"
        python = install(wheel, folder / "venv")
        write(folder / "project")
        env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run(
            [python, "-W", "error", "check.py"],
            cwd=folder / "project",
            env=env,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    print(f"wheel smoke: {1 + int(done.stdout)} checks passed")


if __name__ == "__main__":
    main()
