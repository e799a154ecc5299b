"""Where the API stands."""

from django.urls import path

from keybook.api.root import api

urlpatterns = [path("api/v1/", api.urls)]
