"""The Django configuration of this app."""

from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    """What was said and done with customers; corrections keep the original."""

    name = "keybook.apps.interactions"
    label = "interactions"
