"""The addresses of the pocket: what a phone asks, and what arrived from it."""

from django.urls import path

from keybook.apps.pocket import api, views

app_name = "pocket"
urlpatterns = [
    path("api/pocket/me", api.me, name="me"),
    path("api/pocket/items", api.items, name="items"),
    path("pocket/notes/", views.notes, name="notes"),
    path("pocket/notes/<int:note_id>/", views.settle, name="settle"),
    path("pocket/files/<int:file_id>/", views.file, name="file"),
]
