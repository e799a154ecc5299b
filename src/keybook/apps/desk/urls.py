"""The addresses of the desk: Today, the Customer page, search."""

from django.urls import path

from keybook.apps.desk.views import customer, customer_days, customer_forms, customer_standard, search, today

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
    path("customers/<int:customer_id>/promises/", customer_days.promise_add, name="promise_add"),
    path("customers/<int:customer_id>/promises/<int:promise_id>/", customer_days.promise_edit, name="promise_edit"),
    path(
        "customers/<int:customer_id>/promises/<int:promise_id>/withdraw/",
        customer_days.promise_withdraw,
        name="promise_withdraw",
    ),
    path(
        "customers/<int:customer_id>/promises/<int:promise_id>/keep/", customer_days.promise_keep, name="promise_keep"
    ),
    path("customers/<int:customer_id>/occasions/", customer_days.occasion_add, name="occasion_add"),
    path("customers/<int:customer_id>/occasions/<int:occasion_id>/", customer_days.occasion_edit, name="occasion_edit"),
    path(
        "customers/<int:customer_id>/occasions/<int:occasion_id>/remove/",
        customer_days.occasion_remove,
        name="occasion_remove",
    ),
    path("customers/<int:customer_id>/keeping/", customer_days.keeping, name="keeping"),
    path("customers/<int:customer_id>/greet/<int:reminder_id>/", customer_days.greet, name="greet"),
    path("customers/<int:customer_id>/standard/", customer_standard.standard, name="standard"),
    path("customers/<int:customer_id>/standard/<int:exception_id>/end/", customer_standard.end, name="exception_end"),
    path("customers/<int:customer_id>/banker/", customer_forms.assign, name="customer_assign"),
    path("search", search.search, name="search"),
]
