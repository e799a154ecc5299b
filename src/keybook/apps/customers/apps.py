"""The Django configuration of this app."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """The register: customers, relations, tiers, books, holdings, preferences."""

    name = "keybook.apps.customers"
    label = "customers"
