"""The Django configuration of this app."""

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    """Promises, occasions and signals; the ranked list of whom to contact."""

    name = "keybook.apps.reminders"
    label = "reminders"
