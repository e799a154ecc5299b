"""The addresses of signing in and of the page about oneself."""

from django.urls import path

from keybook.apps.people import views

app_name = "people"
urlpatterns = [
    path("sign-in/demo", views.demo, name="demo"),
    path("settings/me/", views.me, name="me"),
    path("settings/me/deputies/", views.appoint, name="appoint"),
    path("settings/me/deputies/<int:deputy_id>/end/", views.end, name="end"),
]
