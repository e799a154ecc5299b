"""The addresses of events."""

from __future__ import annotations

from django.urls import path

from keybook.apps.events import views

app_name = "events"
urlpatterns = [
    path("events/", views.events, name="events"),
    path("events/new/", views.new, name="new"),
    path("events/<int:event_id>/", views.event, name="event"),
    path("events/<int:event_id>/change/", views.change, name="change"),
    path("events/<int:event_id>/open/", views.opened, name="open"),
    path("events/<int:event_id>/cancel/", views.cancelled, name="cancel"),
    path("events/<int:event_id>/invite/", views.invite, name="invite"),
    path("events/<int:event_id>/seats/<int:seat_id>/", views.seat, name="seat"),
]
