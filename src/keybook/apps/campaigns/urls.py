"""The addresses of the campaigns."""

from django.urls import path

from keybook.apps.campaigns import views

app_name = "campaigns"
urlpatterns = [
    path("campaigns/", views.board, name="board"),
    path("campaigns/new/", views.new, name="new"),
    path("campaigns/<int:campaign_id>/", views.plan, name="plan"),
    path("campaigns/<int:campaign_id>/change/", views.change, name="change"),
    path("campaigns/<int:campaign_id>/targets/", views.targets, name="targets"),
    path("campaigns/<int:campaign_id>/progress/", views.progress, name="progress"),
    path("campaigns/<int:campaign_id>/launch/", views.launch, name="launch"),
    path("campaigns/<int:campaign_id>/end/", views.end, name="end"),
    path("campaigns/targets/<int:target_id>/result/", views.result, name="result"),
]
