"""The addresses of the plans."""

from __future__ import annotations

from django.urls import path

from keybook.apps.plans.views import adding, entries, making, page, time

app_name = "plans"
urlpatterns = [
    path("plan/", page.plan, name="plan"),
    path("plan/entries/<int:entry_id>/", entries.entry, name="entry"),
    path("plan/entries/<int:entry_id>/answers/", entries.entry_answers, name="entry_answers"),
    path("plan/entries/<int:entry_id>/out/", entries.dropped, name="dropped"),
    path("plan/entries/<int:entry_id>/loose/", entries.loose, name="loose"),
    path("plan/unplaced/<int:unplaced_id>/", entries.unplaced, name="unplaced"),
    path("plan/unplaced/<int:unplaced_id>/answers/", entries.unplaced_answers, name="unplaced_answers"),
    path("plan/make/", making.make, name="make"),
    path("plan/undo/", entries.undo, name="undo"),
    path("plan/time/", time.time, name="time"),
    path("plan/meetings/<int:meeting_id>/remove/", time.meeting_removed, name="meeting_removed"),
    path("plan/absences/<int:absence_id>/remove/", time.absence_removed, name="absence_removed"),
    path("customers/<int:customer_id>/plan/", adding.add, name="add"),
    path("settings/capacity/", time.usual, name="capacity"),
]
