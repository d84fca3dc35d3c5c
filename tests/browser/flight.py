"""Single flight, for the tests that turn it on in a server."""

from django.test import override_settings


class Flight:
    """The setting, while it is on."""

    def __init__(self):
        self.override = None

    def enable(self):
        self.disable()
        self.override = override_settings(MIZAN={"SINGLE_FLIGHT": True})
        self.override.enable()

    def disable(self):
        if self.override:
            self.override.disable()
        self.override = None


FLIGHT = Flight()
