"""The addresses of the next best contact."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "proposals"
urlpatterns: list[URLPattern] = []
