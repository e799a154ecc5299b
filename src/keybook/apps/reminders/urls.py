"""The addresses of what heads and administrators set for all reminders."""

from django.urls import path

from keybook.apps.reminders import views

app_name = "reminders"
urlpatterns = [
    path("settings/reminders/", views.rules, name="rules"),
    path("settings/greetings/", views.greetings, name="greetings"),
]
