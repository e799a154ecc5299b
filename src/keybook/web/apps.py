"""The Django configuration of the HTML face."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The HTML face."""

    name = "keybook.web"
    label = "web"
