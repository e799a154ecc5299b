"""The Django configuration of this app."""

from django.apps import AppConfig


class PocketConfig(AppConfig):
    """The phone: what is written without a line, and sent once when there is one."""

    name = "keybook.apps.pocket"
    label = "pocket"
