"""The addresses of the team."""

from __future__ import annotations

from django.urls import path

from keybook.apps.team import views

app_name = "team"
urlpatterns = [
    path("team/", views.team, name="team"),
    path("team/customers/", views.customers, name="customers"),
    path("team/export/", views.export, name="export"),
    path("team/approvals/", views.approvals, name="approvals"),
    path("team/approvals/<str:kind>/<int:waiting_id>/", views.decide, name="decide"),
    path("team/count/", views.count, name="count"),
]
