"""Finds the declarations of every installed app, as the admin finds ``admin.py``."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from mizan_htmx.registry import registry


class MizanConfig(AppConfig):
    """Imports ``<app>/mizan.py`` of each app, then closes the registry."""

    name = "mizan_htmx"
    verbose_name = "Mizan"

    def ready(self) -> None:
        from mizan_htmx import checks  # noqa: F401 - registers them

        autodiscover_modules("mizan")
        registry.close()
