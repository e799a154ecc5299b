"""The Django configuration of this app."""

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    """Contact standards: how often each tier is contacted, versioned and dated, with exceptions."""

    name = "keybook.apps.standards"
    label = "standards"
