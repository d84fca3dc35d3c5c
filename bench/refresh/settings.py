"""The bench's settings, with pages of fragments; a page asks for single flight, or does not."""

from bench.settings import *  # noqa: F403
from bench.settings import INSTALLED_APPS as APPS
from bench.settings import TEMPLATES

ROOT_URLCONF = "bench.refresh.urls"
INSTALLED_APPS = [*(app for app in APPS if app != "bench"), "bench.refresh"]
MIZAN = {"SINGLE_FLIGHT": True}

# A tile for each line of one query's result, each a template of its own as on a board of figures.
TILE = "{{% with total=figures.{} %}}{{% include 'refresh/total.html' %}}{{% endwith %}}"
TILES = {f"refresh/tiles/{number}.html": TILE.format(number) for number in range(30)}
BOUND = "{{% if number > {0} %}}{{% fragment 'board' 'refresh/tiles/{0}.html' %}}{{% endif %}}"
TILES["refresh/tiles.html"] = "{% load mizan %}" + "\n".join(map(BOUND.format, range(30)))
LOADERS = [
    "django.template.loaders.app_directories.Loader",
    ("django.template.loaders.locmem.Loader", TILES),
]
TEMPLATES[0].pop("APP_DIRS")
TEMPLATES[0]["OPTIONS"]["loaders"] = [("django.template.loaders.cached.Loader", LOADERS)]
