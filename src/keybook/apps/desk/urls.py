"""The addresses of the desk: Today, the Customer page, search."""

from django.urls import path

from keybook.apps.desk.views import customer, customer_forms, search, today

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("today/<int:customer_id>/", today.line, name="line"),
    path("today/walk/<int:place>/", today.walk, name="walk"),
    path("customers/<int:customer_id>/log/", today.log, name="log"),
    path("customers/<int:customer_id>/later/", today.snooze, name="snooze"),
    path("customers/<int:customer_id>/deputy/", today.hand_over, name="hand_over"),
    path("customers/<int:customer_id>/not-now/", today.dismiss, name="dismiss"),
    path("customers/<int:customer_id>/contacts/<int:interaction_id>/correct/", today.correct, name="correct"),
    path("undo/", today.undo, name="undo"),
    path("customers/<int:customer_id>/", customer.overview, name="customer"),
    path("customers/<int:customer_id>/timeline/", customer.timeline, name="customer_timeline"),
    path("customers/<int:customer_id>/holdings/", customer.holdings, name="customer_holdings"),
    path("customers/<int:customer_id>/household/", customer.household, name="customer_household"),
    path("customers/<int:customer_id>/access/", customer.access, name="customer_access"),
    path("customers/<int:customer_id>/attachments/<int:attachment_id>/", customer.attached, name="customer_attachment"),
    path("customers/<int:customer_id>/unmask/", customer_forms.unmask, name="customer_unmask"),
    path("customers/<int:customer_id>/likes/", customer_forms.preference, name="customer_preference"),
    path("customers/<int:customer_id>/elsewhere/", customer_forms.away_add, name="customer_away_add"),
    path("customers/<int:customer_id>/relations/", customer_forms.relation_add, name="customer_relation_add"),
    path(
        "customers/<int:customer_id>/relations/<int:relation_id>/remove/",
        customer_forms.relation_remove,
        name="customer_relation_remove",
    ),
    path("customers/<int:customer_id>/banker/", customer_forms.assign, name="customer_assign"),
    path("search", search.search, name="search"),
]
