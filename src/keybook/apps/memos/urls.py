"""The addresses of the memo line, and of the pairs that may be one person."""

from django.urls import path

from keybook.apps.memos import views

app_name = "memos"
urlpatterns = [
    path("memo/", views.memo, name="memo"),
    path("memo/draft/", views.draft, name="draft"),
    path("memo/undo/", views.undo, name="undo"),
    path("same/", views.same, name="same"),
    path("same/<int:match_id>/", views.settle, name="settle"),
]
