"""The Django configuration of this app."""

from __future__ import annotations

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Whom a campaign contacts, the task of each contact, and what came of it."""

    name = "keybook.apps.campaigns"
    label = "campaigns"
