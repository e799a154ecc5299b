"""The addresses of the contact standards."""

from __future__ import annotations

from django.urls import path

from keybook.apps.standards import views

app_name = "standards"
urlpatterns = [
    path("settings/standards/", views.standards, name="standards"),
    path("settings/standards/<int:standard_id>/withdraw/", views.withdraw, name="withdraw"),
]
