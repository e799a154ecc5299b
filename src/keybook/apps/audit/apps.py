"""The Django configuration of this app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who saw and changed what, when and why."""

    name = "keybook.apps.audit"
    label = "audit"
