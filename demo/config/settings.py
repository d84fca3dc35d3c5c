"""Settings of the demo. Everything it needs lies below demo/; the environment may say otherwise:

DEMO_DB            the SQLite file                      (demo/db.sqlite3)
DEMO_DEBUG         0 turns DEBUG off                    (1)
DEMO_HOSTS         allowed hosts, separated by commas   (this machine)
DEMO_HTMX          the htmx a page starts with, 2 or 4  (2)
DEMO_HTMX_SCRIPT   an htmx.js to load instead of the one django-htmx ships
DEMO_HTMX_CONFIG   JSON for <meta name="htmx-config">
DEMO_ISLANDS       where `make islands` built them    (demo/frontend/dist)
"""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = os.environ.get("DEMO_DEBUG", "1") != "0"
# Known to everybody who reads this file: for a demo on one's own machine, and nothing else.
SECRET_KEY = "demo-only-not-a-secret-but-long-enough-for-the-checks-0123456789"
ALLOWED_HOSTS = os.environ.get("DEMO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "tracker",  # before mizan_htmx, whose error page it replaces
    "django_htmx",
    "mizan_htmx",
]

MIDDLEWARE = [
    "mizan_htmx.middleware.MizanMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tracker.htmx.remember_version",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.htmx.context",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DEMO_DB") or BASE_DIR / "db.sqlite3",
        "OPTIONS": {
            # A write waits its turn from its first statement on, and readers never wait for it:
            # one page sends several requests at once, and a runserver answers them in threads.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "boards"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"

# A page that shows islands says so where they were not built; the rest needs none.
DEMO_ISLANDS = Path(os.environ.get("DEMO_ISLANDS") or BASE_DIR / "frontend" / "dist")
STATICFILES_DIRS = [("islands", DEMO_ISLANDS)] if DEMO_ISLANDS.is_dir() else []

DEMO_HTMX = int(os.environ.get("DEMO_HTMX", "2"))
DEMO_HTMX_SCRIPT = os.environ.get("DEMO_HTMX_SCRIPT", "")
DEMO_HTMX_CONFIG = os.environ.get("DEMO_HTMX_CONFIG", "")
