"""The addresses of the gate before a contact."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "gate"
urlpatterns: list[URLPattern] = []
