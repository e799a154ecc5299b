"""The Django configuration of this app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """What reaches the banker outside the pages: calendar feed, digest, urgent notices, deliveries."""

    name = "keybook.apps.notices"
    label = "notices"
