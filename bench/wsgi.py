"""All contenders in one process, so that none of them has the luckier one."""

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings


def behind(middleware):
    """Django's handler behind this middleware."""
    with override_settings(MIDDLEWARE=middleware):
        return WSGIHandler()


django.setup()
bare, mizan = behind(settings.MIDDLEWARE), behind(settings.WITH_MIZAN)


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if not path.startswith("/mizan/"):
        return bare(environ, start_response)
    environ["SCRIPT_NAME"], environ["PATH_INFO"] = "/mizan", path.removeprefix("/mizan")
    return mizan(environ, start_response)
