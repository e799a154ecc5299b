"""The addresses of the register of gifts."""

from django.urls import path

from keybook.apps.gifts import views

app_name = "gifts"
urlpatterns = [
    path("gifts/", views.register, name="register"),
    path("gifts/<int:gift_id>/", views.gift, name="gift"),
    path("gifts/<int:gift_id>/decision/", views.decision, name="decision"),
    path("gifts/<int:gift_id>/given/", views.given, name="given"),
    path("gifts/<int:gift_id>/declined/", views.declined, name="declined"),
    path("customers/<int:customer_id>/gifts/new/", views.new, name="new"),
    path("customers/<int:customer_id>/office/", views.office, name="office"),
    path("settings/gifts/", views.limits, name="limits"),
]
