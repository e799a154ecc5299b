"""The Django configuration of this app."""

from django.apps import AppConfig


class TeamConfig(AppConfig):
    """How well a branch looks after its customers, by banker and tier, and what waits for approval."""

    name = "keybook.apps.team"
    label = "team"
