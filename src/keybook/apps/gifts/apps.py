"""The Django configuration of this app."""

from django.apps import AppConfig


class GiftsConfig(AppConfig):
    """What customers are given, within limits and never by one person alone above them."""

    name = "keybook.apps.gifts"
    label = "gifts"
