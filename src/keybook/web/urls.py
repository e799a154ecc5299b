"""The root of the URL map."""

from __future__ import annotations

from django.urls import include, path

from keybook.apps.people.views import sign_in
from keybook.web import installable, views

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.broken

urlpatterns = [
    path("look/", views.look, name="look"),
    path("manifest.webmanifest", installable.manifest, name="manifest"),
    path("sw.js", installable.worker, name="worker"),
    path("pocket/", installable.shell, name="shell"),
    path("accounts/login/", sign_in, name="account_login"),
    path("accounts/", include("allauth.urls")),
    path("", include("keybook.apps.people.urls")),
    path("", include("keybook.api.urls")),
    path("", include("keybook.apps.customers.urls")),
    path("", include("keybook.apps.feeds.urls")),
    path("", include("keybook.apps.pocket.urls")),
    path("", include("keybook.apps.memos.urls")),
    path("", include("keybook.apps.reminders.urls")),
    path("", include("keybook.apps.gifts.urls")),
    path("", include("keybook.apps.notices.urls")),
    path("", include("keybook.apps.standards.urls")),
    path("", include("keybook.apps.ledger.urls")),
    path("", include("keybook.apps.gate.urls")),
    path("", include("keybook.apps.proposals.urls")),
    path("", include("keybook.apps.plans.urls")),
    path("", include("keybook.apps.campaigns.urls")),
    path("", include("keybook.apps.events.urls")),
    path("", include("keybook.apps.handover.urls")),
    path("", include("keybook.apps.team.urls")),
    path("", include("keybook.apps.desk.urls")),
]
