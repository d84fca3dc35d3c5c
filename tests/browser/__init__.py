"""The browser tests: real Chromium, real htmx, in each version that is supported."""

from pathlib import Path

import django_htmx

_SHIPPED = Path(django_htmx.__file__).parent / "static" / "django_htmx"
_NODE = Path(__file__).parents[2] / "node_modules"

HTMX = {
    "2.0.10": _SHIPPED / "htmx-2.js",
    "2.0.11": _NODE / "htmx-2.0.11" / "dist" / "htmx.js",
    "4.0.0-beta6": _SHIPPED / "htmx-4.js",
    "4.0.1": _NODE / "htmx-4.0.1" / "dist" / "htmx.js",
}
