"""The Django configuration of this app."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Contacts placed on days, within the capacity of those who make them."""

    name = "keybook.apps.plans"
    label = "plans"
