"""The address of the page on the bank's files."""

from django.urls import path

from keybook.apps.feeds import views

app_name = "feeds"
urlpatterns = [path("settings/feeds/", views.feeds, name="feeds")]
