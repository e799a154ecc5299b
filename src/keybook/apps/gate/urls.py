"""The addresses of the gate before a contact."""

from __future__ import annotations

from django.urls import path

from keybook.apps.gate import views

app_name = "gate"
urlpatterns = [
    path("customers/<int:customer_id>/gate/", views.said, name="said"),
    path("care/", views.all_care, name="all_care"),
    path("customers/<int:customer_id>/care/", views.care, name="care"),
    path("settings/gate/", views.rules, name="rules"),
]
