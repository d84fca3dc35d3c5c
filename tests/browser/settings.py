"""The browser tests' own server: the tests' settings, a database in a file, and its own pages."""

import os

from tests.settings import *  # noqa: F403

ROOT_URLCONF = "tests.browser.urls"
LOGIN_URL = "/login/"
WSGI_APPLICATION = "tests.browser.wsgi.application"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["BROWSER_DB"],
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"},
    }
}
