"""The Django configuration of this app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The relationship ledger's weights, and the model that learns them beside the hand-set ones."""

    name = "keybook.apps.ledger"
    label = "ledger"
