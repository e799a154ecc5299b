"""The addresses of the register."""

from django.urls import path

from keybook.apps.customers import views

app_name = "customers"
urlpatterns = [
    path("book/", views.book, name="book"),
    path("customers/new/", views.new, name="new"),
]
