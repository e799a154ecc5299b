"""The floor of the web: a Django view that says nothing, with no middleware, served by the same server."""

from __future__ import annotations

from django.conf import settings

if not settings.configured:
    settings.configure(
        DEBUG=False, SECRET_KEY="of no use to anybody", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF="bench.empty",  # noqa: S106  it signs nothing
        MIDDLEWARE=[], INSTALLED_APPS=[], USE_TZ=True,
    )  # fmt: skip

import django
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

django.setup()


def nothing(_request: HttpRequest) -> HttpResponse:
    """Answer at once."""
    return HttpResponse(b"<!doctype html><title>-</title>")


urlpatterns = [path("", nothing)]
application = WSGIHandler()
