"""The addresses of the handover of books."""

from __future__ import annotations

from django.urls import path

from keybook.apps.handover.views import acts, offers

app_name = "handover"
urlpatterns = [
    path("handover/", acts.index, name="index"),
    path("handover/past/", acts.past, name="past"),
    path("handover/ledger/", acts.ledger, name="ledger"),
    path("handover/wish/", acts.wish, name="wish"),
    path("handover/wishes/<int:wish_id>/", acts.answer_wish, name="answer_wish"),
    path("handover/acts/<int:handover_id>/", acts.act, name="act"),
    path("handover/acts/<int:handover_id>/back/", acts.back, name="back"),
    path("handover/offers/", offers.offers, name="offers"),
    path("handover/offers/<int:offer_id>/", offers.decide, name="decide"),
    path("handover/offers/<int:offer_id>/answer/", offers.answer, name="answer"),
    path("handover/<int:staff_id>/", acts.hand, name="hand"),
    path("handover/<int:staff_id>/leave/", acts.leave, name="leave"),
    path("settings/books/", offers.limits, name="limits"),
]
