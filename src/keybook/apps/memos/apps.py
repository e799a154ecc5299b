"""The Django configuration of this app."""

from django.apps import AppConfig


class MemosConfig(AppConfig):
    """The line that is typed while the customer stands there, and what is made of it."""

    name = "keybook.apps.memos"
    label = "memos"
