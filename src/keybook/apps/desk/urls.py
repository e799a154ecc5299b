"""The addresses of the desk: Today, the Customer page, search."""

from django.urls import path

from keybook.apps.desk.views import search

app_name = "desk"
urlpatterns = [
    path("search", search.search, name="search"),
]
