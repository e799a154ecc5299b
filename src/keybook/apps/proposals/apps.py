"""The Django configuration of this app."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """The next best contact: what is proposed, why, and what became of it."""

    name = "keybook.apps.proposals"
    label = "proposals"
