"""The addresses of calendars, and of the pages about being told."""

from django.urls import path

from keybook.apps.notices.views import public, settings

app_name = "notices"
urlpatterns = [
    path("calendar/<str:token>.ics", public.calendar, name="calendar"),
    path("notices/unsubscribe/<str:token>/", public.unsubscribe, name="unsubscribe"),
    path("settings/notices/", settings.page, name="settings"),
    path("settings/notices/history/", settings.history, name="history"),
    path("settings/notices/heard/", settings.heard, name="heard"),
    path("settings/notices/wish/", settings.wish, name="wish"),
    path("settings/notices/feed/", settings.feed, name="feed"),
    path("settings/notices/feed/amounts/", settings.feed_amounts, name="feed_amounts"),
    path("settings/notices/feed/end/", settings.feed_end, name="feed_end"),
    path("settings/notices/channels/", settings.channel_add, name="channel_add"),
    path("settings/notices/channels/<int:channel_id>/", settings.channel_set, name="channel_set"),
    path("settings/notices/channels/<int:channel_id>/test/", settings.channel_test, name="channel_test"),
    path("settings/notices/channels/<int:channel_id>/end/", settings.channel_end, name="channel_end"),
    path("settings/notices/push/", settings.push, name="push"),
]
