"""The addresses of the relationship ledger."""

from __future__ import annotations

from django.urls import path

from keybook.apps.ledger import views

app_name = "ledger"
urlpatterns = [
    path("settings/ledger/", views.weights, name="weights"),
    path("settings/ledger/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("settings/ledger/learned/", views.learned, name="learned"),
]
