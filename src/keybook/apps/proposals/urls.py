"""The addresses of the next best contact."""

from django.urls import path

from keybook.apps.proposals import views

app_name = "proposals"
urlpatterns = [
    path("next/", views.following, name="list"),
    path("next/results/", views.results, name="results"),
    path("customers/<int:customer_id>/next/", views.customer, name="customer"),
]
