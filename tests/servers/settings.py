"""The project that test_servers.py starts under real servers."""

import os

from tests.settings import MIDDLEWARE, TEMPLATES  # noqa: F401

SECRET_KEY = "servers"
ALLOWED_HOSTS = ["testserver"]
ROOT_URLCONF = "tests.servers.urls"
USE_TZ = True
STATIC_URL = "static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django_htmx",
    "mizan_htmx",
    "tests.servers",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["MIZAN_TEST_DATABASE"],
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
    }
}
MIZAN = {"MAX_BODY": 65_536}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["stderr"], "level": "ERROR"}},
}
