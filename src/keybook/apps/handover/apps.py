"""The Django configuration of this app."""

from django.apps import AppConfig


class HandoverConfig(AppConfig):
    """Books that move between bankers, whole or in part, and can be handed back; limits of a book."""

    name = "keybook.apps.handover"
    label = "handover"
