"""The Django configuration of this app."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    """Files from the bank: what was loaded, kept aside and why; the nightly run."""

    name = "keybook.apps.feeds"
    label = "feeds"
