"""The Django configuration of this app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Staff, roles, branches, deputies, and who may see which customers."""

    name = "keybook.apps.people"
    label = "people"
