"""A site of one page, whose templates a test writes; its fragments can be fetched again."""

import re
from contextlib import contextmanager

from bs4 import BeautifulSoup
from django.shortcuts import render
from django.urls import path

from mizan_htmx import Context
from mizan_htmx.registry import registry
from tests import urls


class Pages:
    """The templates of a test by name, shown by a view at ``/page/``.

    Args:
        client: the browser.
        settings: pytest-django's, which are as before when the test is over.
        processors: context processors besides those of tests/settings.py.
    """

    def __init__(self, client, settings, processors=()):
        self.client, self.settings = client, settings
        self.templates, self.known, self.html = {}, {}, ""
        self.shown = "page.html"
        settings.ROOT_URLCONF = (path("page/", self.view), *urls.urlpatterns)
        self.configure(processors)

    def configure(self, processors=(), cached=False, **options):
        """Set the template engine up, without cached loader unless said."""
        loaders = [
            ("django.template.loaders.locmem.Loader", self.templates),
            "django.template.loaders.app_directories.Loader",
        ]
        (ours,) = self.settings.TEMPLATES
        known = ours["OPTIONS"]["context_processors"]
        options["context_processors"] = list(dict.fromkeys([*known, *processors]))
        options["loaders"] = (
            [("django.template.loaders.cached.Loader", loaders)] if cached else loaders
        )
        backend = {"BACKEND": ours["BACKEND"], "OPTIONS": options}
        self.settings.TEMPLATES = [backend]

    def view(self, request):
        return render(request, self.shown, self.known)

    def __setitem__(self, name, source):
        self.templates[name] = "{% load mizan %}" + source

    def show(self, source, /, **known):
        """The page made of a source and what its view knows, parsed."""
        self["page.html"] = source
        return self.again(**known)

    def again(self, **known):
        """The page as its templates stand, parsed."""
        self.known = known
        self.html = self.client.get("/page/").content.decode()
        return soup(self.html)

    def one(self, source, /, **known):
        """The first element of that page."""
        return self.show(source, **known).find(True)

    def refetch(self, element, **headers):
        """What htmx receives when the element fetches itself again."""
        return self.client.get(element["hx-get"], headers={"HX-Request": "true", **headers})

    @property
    def inner(self):
        """What stands inside a page's outermost element, to the byte."""
        return re.fullmatch(r"\s*<([a-z0-9-]+)[^>]*>(.*)</\1>\s*", self.html, re.DOTALL)[2]


def soup(html):
    """HTML, parsed; an attribute that stands twice on one element is a fault."""

    def twice(attributes, name, value):
        raise AssertionError(f"{name} stands twice: {attributes[name]!r}, {value!r}")

    return BeautifulSoup(
        html, "html.parser", multi_valued_attributes=None, on_duplicate_attribute=twice
    )


@contextmanager
def declared(*queries, name="probe", **options):
    """A context of a test's own."""
    with registry.opened():
        context = Context(name, **options)
        for query in queries:
            context.query(query)
        registry.close()
        yield context
