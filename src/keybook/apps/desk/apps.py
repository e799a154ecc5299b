"""The Django configuration of this app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The RM's desk: Today, the Customer page, search."""

    name = "keybook.apps.desk"
    label = "desk"
