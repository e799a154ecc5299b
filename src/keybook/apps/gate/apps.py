"""The Django configuration of this app."""

from django.apps import AppConfig


class GateConfig(AppConfig):
    """Whether, how and when a customer may be contacted now: one answer for people, plans and campaigns."""

    name = "keybook.apps.gate"
    label = "gate"
