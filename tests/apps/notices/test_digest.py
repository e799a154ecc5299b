"""The morning digest and urgent notices, sent to a real mail server, in the right words, once."""

from __future__ import annotations

import datetime as dt
import uuid
from email.message import EmailMessage

import pytest

from keybook.apps.customers.models import Preference
from keybook.apps.gifts.models import Gift
from keybook.apps.notices.commands import channels as verbs
from keybook.apps.notices.commands import notices, outbox
from keybook.apps.notices.models import Channel, Delivery, Notice, Wish
from keybook.apps.people.models import Deputy, Staff
from keybook.apps.people.telling import notify, settle
from keybook.apps.reminders.models import Promise
from tests.apps.notices.conftest import PostOffice
from tests.cast import TODAY, Cast, as_web, make_customer, make_interaction, make_line, make_reminder

LONG_AGO = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
EIGHT = dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)  # 08:00 in Shanghai, a Monday
NOON = EIGHT + dt.timedelta(hours=4)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def alice(cast: Cast) -> Staff:
    """Alice, who is told by e-mail, with a full morning."""
    cast.alice.email = "alice@bank.example"
    cast.alice.save()
    verbs.add_email(staff=cast.alice, at=LONG_AGO)
    make_line(customer=cast.zhang, group="a_late", reasons=[{"kind": "deposit_maturing"}])
    make_line(customer=cast.liu, group="a_late", reasons=[{"kind": "deposit_maturing"}])
    Promise.objects.create(customer=cast.osei, staff=cast.alice, text="Send the brochure", due_on=TODAY)
    Promise.objects.create(customer=cast.osei, staff=cast.alice, text="Much later", due_on=TODAY + dt.timedelta(days=9))
    make_reminder(customer=cast.zhang, cause="occasion", kind="birthday", key="2026", facts={"on": "2026-11-26"})
    return cast.alice


def plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


def html(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return part.get_content()


def test_the_digest_says_whom_to_contact_what_is_promised_and_whose_birthday_it_is(
    alice: Staff, office: PostOffice, run
) -> None:
    assert run(EIGHT) == ["sent"]
    (message,) = office.taken
    assert message["Subject"] == "Keybook: 3 things for today"
    assert (message["X-To"], message["From"]) == ("alice@bank.example", "Keybook <keybook@bank.example>")
    for said in (
        "To contact today (1)",
        "- Zhang Wei: maturity",
        "- Kwame Osei: Send the brochure",
        "- Zhang Wei: birthday",
    ):
        assert said in plain(message)
    for said in ("Zhang Wei: maturity", "Kwame Osei: Send the brochure"):
        assert said in html(message)
    for hidden in ("Liu", "Much later", "13800138000", "1,800,000"):
        assert hidden not in plain(message) + html(message)


def test_it_speaks_chinese_to_who_reads_chinese(alice: Staff, office: PostOffice, run) -> None:
    Staff.objects.filter(pk=alice.pk).update(language="zh-hans")
    run(EIGHT)
    assert office.taken[0]["Subject"].strip() == "Keybook: 今天有 3 件事"
    assert "今天要联系（1）" in plain(office.taken[0])
    assert "张伟" in html(office.taken[0])


def make_gift(cast: Cast, **more: object) -> Gift:
    """Orchids for Mrs Zhang, above a limit, asked for by Alice."""
    values: dict[str, object] = {
        "customer": cast.zhang, "text": "Orchids", "category": "flowers", "value": 900, "currency": "CNY",
        "on": dt.date(2026, 11, 26), "state": "to_approve", "asked_by": cast.alice, "edited_by": cast.alice,
        "client_key": uuid.uuid4(), **more,
    }  # fmt: skip
    return Gift.objects.create(**values)


@pytest.fixture
def heads(cast: Cast) -> Cast:
    """The head of North and the head of all, who are told by e-mail."""
    for staff in (cast.dora, cast.hugo):
        staff.email = f"{staff.code}@bank.example"
        staff.save()
        verbs.add_email(staff=staff, at=LONG_AGO)
    return cast


def test_a_gift_that_waits_is_told_to_the_nearest_head_at_once_and_in_the_digest(
    heads: Cast, office: PostOffice, run
) -> None:
    make_gift(heads)
    run(NOON)
    run(NOON + 5 * MINUTE)
    told = {(message["X-To"], message["Subject"].strip()) for message in office.taken}
    assert ("dora@bank.example", "Keybook: 1 thing that cannot wait") in told
    assert "Waiting for your approval (1)\n- Zhang Wei: Orchids" in plain(office.taken[0])
    assert not [each for each in told if each[0] == "hugo@bank.example" and "cannot wait" in each[1]]


def test_who_asked_for_the_gift_is_not_asked_to_approve_it_but_the_head_above(heads: Cast) -> None:
    make_gift(heads, asked_by=heads.dora)
    notices.gather(today=TODAY, at=NOON)
    assert list(Notice.objects.values_list("staff", flat=True)) == [heads.hugo.pk]


def test_a_gift_that_was_decided_is_not_told_any_more_and_a_changed_one_is_told_again(
    heads: Cast, office: PostOffice, run
) -> None:
    gift = make_gift(heads)
    Wish.objects.create(staff=heads.dora, digest_days=[])
    Wish.objects.create(staff=heads.hugo, digest_days=[])
    run(NOON)
    Gift.objects.filter(pk=gift.pk).update(state="planned")
    assert run(NOON + 5 * MINUTE) == []
    Gift.objects.filter(pk=gift.pk).update(state="to_approve", value=1200)
    run(NOON + 6 * MINUTE)
    assert run(NOON + 11 * MINUTE) == ["sent"]
    assert len(office.taken) == 1


def test_what_an_app_settles_before_it_was_told_is_not_told(alice: Staff, office: PostOffice, run) -> None:
    Channel.objects.update(digest=False)
    notify(staff_ids=[alice.pk], kind="gift", key="7", on=TODAY)
    notify(staff_ids=[alice.pk], kind="gift", key="8", on=TODAY)
    settle(kind="gift", key="7")
    Notice.objects.update(made_at=NOON - 6 * MINUTE)
    assert run(NOON) == ["sent"]
    assert "A gift waits for my approval (1)" in plain(office.taken[0])


def test_it_goes_out_once_a_business_date_however_often_the_worker_looks(alice: Staff, office: PostOffice, run) -> None:
    assert [run(EIGHT + n * MINUTE) for n in range(5)] == [["sent"], [], [], [], []]
    assert len(office.taken) == 1


def test_nothing_goes_out_before_the_hour_on_a_day_off_or_to_who_said_no(alice: Staff, office: PostOffice, run) -> None:
    assert run(EIGHT - MINUTE) == []
    Wish.objects.create(staff=alice, digest_days=[1, 2, 3, 4])
    assert run(EIGHT) == []
    Wish.objects.update(digest_days=[0])
    Channel.objects.update(digest=False)
    assert run(EIGHT) == []
    assert office.taken == []


def test_a_channel_added_in_the_afternoon_does_not_get_the_mornings_digest(
    alice: Staff, office: PostOffice, run
) -> None:
    Channel.objects.update(made_at=NOON)
    assert run(NOON + MINUTE) == []


def test_a_leaver_is_not_written_to_any_more(alice: Staff, office: PostOffice, run) -> None:
    outbox.plan_digests(bank=notices_bank(), at=EIGHT)
    Staff.objects.update(is_active=False)
    assert run(EIGHT) == ["failed"]
    assert (office.taken, Delivery.objects.get().reason) == ([], "left")


def notices_bank():
    from keybook.apps.people.queries import bank

    return bank()


def test_with_nothing_to_say_nothing_is_sent(cast: Cast, office: PostOffice, run) -> None:
    cast.carol.email = "carol@bank.example"
    cast.carol.save()
    verbs.add_email(staff=cast.carol, at=LONG_AGO)
    assert run(EIGHT) == ["empty"]
    assert office.taken == []


def test_the_mail_server_is_down_nothing_is_lost_and_the_digest_goes_out_later_once(
    alice: Staff, office: PostOffice, run
) -> None:
    office.shut()
    assert run(EIGHT) == ["waiting"]
    assert run(EIGHT + MINUTE) == ["waiting"]
    assert run(EIGHT + 2 * MINUTE) == []  # it waits longer each time
    answer = as_web(alice).get("/settings/notices/history/")
    assert "The other side did not answer." in answer.content.decode()
    office.open()
    assert run(EIGHT + 60 * MINUTE) == ["sent"]
    assert run(EIGHT + 120 * MINUTE) == []
    assert len(office.taken) == 1
    assert Channel.objects.get().off_at is None
    assert Delivery.objects.get().tries == 3


def test_the_next_mornings_digest_replaces_one_that_still_waits(
    alice: Staff, cast: Cast, office: PostOffice, run
) -> None:
    office.shut()
    run(EIGHT)
    cast.bank.business_date = TODAY + dt.timedelta(days=1)
    cast.bank.save()
    office.open()
    assert run(EIGHT + dt.timedelta(days=1)) == ["sent"]
    assert [message["Subject"] for message in office.taken] == ["Keybook: 3 things for today"]
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["replaced", "sent"]


def test_after_three_days_it_is_given_up_and_the_bell_says_so(alice: Staff, office: PostOffice, run) -> None:
    office.shut()
    run(EIGHT)
    run(EIGHT + dt.timedelta(days=3))
    row = Delivery.objects.get(kind="digest", on=TODAY)
    assert (row.state, row.reason) == ("failed", "too_old")
    page = as_web(alice).get("/book/").content.decode()
    assert "1 message to you failed" in page
    as_web(alice).post("/settings/notices/heard/")
    assert "message to you failed" not in as_web(alice).get("/book/").content.decode()


def test_a_temporary_answer_is_tried_again_under_the_same_name(alice: Staff, office: PostOffice, run) -> None:
    office.answers = ["451 later"]
    assert run(EIGHT) == ["waiting"]
    assert run(EIGHT + MINUTE) == ["sent"]
    assert office.taken[0]["Message-ID"].endswith("@keybook.bank.example>")


def test_a_channel_that_refuses_five_times_is_switched_off_and_can_be_switched_on_again(
    alice: Staff, office: PostOffice, run
) -> None:
    channel = Channel.objects.get()
    office.answers = ["550 no such person"] * 5
    for number in range(5):
        assert Channel.objects.get().off_at is None
        verbs.ask_for_test(
            staff=alice, channel_id=channel.pk, on=TODAY, at=NOON - dt.timedelta(hours=9) + number * MINUTE
        )
        run(NOON - dt.timedelta(hours=9) + number * MINUTE)
    assert Channel.objects.get().off_at is not None
    page = as_web(alice).get("/settings/notices/").content.decode()
    assert "switched off" in page
    assert run(EIGHT) == []
    as_web(alice).post(f"/settings/notices/channels/{channel.pk}/", {"digest": "on"})
    assert run(EIGHT) == ["sent"]


def test_an_urgent_notice_waits_five_minutes_and_takes_the_others_along(
    alice: Staff, cast: Cast, office: PostOffice, run
) -> None:
    Channel.objects.update(digest=False)
    make_reminder(customer=cast.zhang, kind="large_outflow")
    make_reminder(customer=cast.osei, kind="outflow_other_bank")
    Promise.objects.create(customer=cast.zhang, staff=alice, text="x", due_on=TODAY, state="broken", closed_on=TODAY)
    assert run(NOON) == []
    assert run(NOON + 4 * MINUTE) == []
    assert run(NOON + 5 * MINUTE) == ["sent"]
    assert run(NOON + 6 * MINUTE) == []
    (message,) = office.taken
    assert message["Subject"] == "Keybook: 3 things that cannot wait"
    assert "A large outflow (2)" in plain(message)
    assert "- Kwame Osei" in plain(message)
    assert "A broken promise (1)" in plain(message)
    assert "List-Unsubscribe" not in message


def test_in_quiet_hours_it_waits_until_they_are_over(alice: Staff, cast: Cast, office: PostOffice, run) -> None:
    Channel.objects.update(digest=False)
    make_reminder(customer=cast.zhang, kind="large_outflow")
    night = dt.datetime(2026, 11, 22, 18, 0, tzinfo=dt.UTC)  # 02:00 in Shanghai
    assert [run(night + n * 30 * MINUTE) for n in range(10)] == [[]] * 10
    assert run(dt.datetime(2026, 11, 22, 23, 0, tzinfo=dt.UTC)) == ["sent"]


@pytest.mark.parametrize(
    ("begins", "ends", "quiet"),
    [
        (20, 7, {20, 21, 22, 23, *range(7)}),
        (12, 14, {12, 13}),
        (0, 0, set()),
        (9, 9, set()),
        (23, 0, {23}),
        (0, 1, {0}),
    ],
)
def test_quiet_hours_may_run_over_midnight_and_never_cover_the_hour_they_end(begins, ends, quiet) -> None:
    wish = Wish(quiet_from=begins, quiet_until=ends)
    assert {hour for hour in range(24) if outbox.is_quiet(wish=wish, hour=hour)} == quiet


def test_a_deputy_is_told_too_and_a_stranger_is_not(alice: Staff, cast: Cast, office: PostOffice, run) -> None:
    Channel.objects.update(digest=False)
    for staff in (cast.bob, cast.carol):
        Staff.objects.filter(pk=staff.pk).update(email=f"{staff.code}@bank.example")
        staff.refresh_from_db()
        verbs.add_email(staff=staff, at=NOON)
    make_reminder(customer=cast.zhang, kind="large_outflow")
    run(NOON)
    run(NOON + 5 * MINUTE)
    assert sorted(message["X-To"] for message in office.taken) == ["alice@bank.example", "bob@bank.example"]


def test_who_lost_the_customer_meanwhile_is_not_told_of_them(alice: Staff, cast: Cast, office: PostOffice, run) -> None:
    Channel.objects.update(digest=False)
    notify(staff_ids=[cast.alice.pk], kind="outflow", key="x", on=TODAY, customer_id=cast.liu.pk)
    Notice.objects.update(made_at=NOON - 6 * MINUTE)
    assert run(NOON) == ["empty"]
    assert office.taken == []


def test_what_was_said_in_confidence_is_hidden_from_the_deputys_digest_and_notices(
    alice: Staff, cast: Cast, office: PostOffice, run
) -> None:
    Staff.objects.filter(pk=cast.bob.pk).update(email="bob@bank.example")
    cast.bob.refresh_from_db()
    verbs.add_email(staff=cast.bob, at=LONG_AGO)
    contact = make_interaction(customer=cast.zhang, staff=alice, confidential=True)
    secret = Promise.objects.create(
        customer=cast.zhang, staff=alice, text="In confidence", due_on=TODAY, made_in=contact
    )
    run(EIGHT)
    told = {message["X-To"]: plain(message) for message in office.taken}
    assert "In confidence" in told["alice@bank.example"]
    assert "In confidence" not in told["bob@bank.example"]
    Promise.objects.filter(pk=secret.pk).update(state="broken", closed_on=TODAY)
    notices.gather(today=TODAY, at=NOON)
    assert list(Notice.objects.values_list("staff", flat=True)) == [alice.pk]


def test_kinds_not_wanted_are_not_sent_and_not_kept_for_later(
    alice: Staff, cast: Cast, office: PostOffice, run
) -> None:
    Wish.objects.create(staff=alice, urgent=["broken"], digest_days=[])
    make_reminder(customer=cast.zhang, kind="large_outflow")
    run(NOON)
    assert run(NOON + 5 * MINUTE) == []
    Wish.objects.update(urgent=["outflow", "broken"])
    assert run(NOON + 10 * MINUTE) == []


def test_the_same_cause_is_never_told_twice(alice: Staff, cast: Cast) -> None:
    for _ in range(3):
        notify(staff_ids=[alice.pk, alice.pk], kind="gift", key="gift|7", on=TODAY)
    make_reminder(customer=cast.zhang, kind="large_outflow")
    for _ in range(3):
        notices.gather(today=TODAY, at=NOON)
    assert Notice.objects.count() == 2


def test_an_unknown_kind_of_notice_is_refused(cast: Cast) -> None:
    with pytest.raises(notices.UnknownKindError):
        notify(staff_ids=[cast.alice.pk], kind="gossip", key="x", on=TODAY)


def test_a_line_end_in_a_name_cannot_make_a_header_or_a_line(alice: Staff, cast: Cast, office: PostOffice, run) -> None:
    evil = "Zhang\r\nBcc: thief@example.com\r\n\r\n<script>alert(1)</script>"
    type(cast.zhang).objects.filter(pk=cast.zhang.pk).update(name=evil)
    run(EIGHT)
    (message,) = office.taken
    assert message["Bcc"] is None
    assert message["X-To"] == "alice@bank.example"
    assert "- Zhang Bcc: thief@example.com <script>alert(1)</script>: maturity" in plain(message)
    assert "<script>" not in html(message)


@pytest.mark.parametrize(
    "address", ["alice@bank.example\r\nBcc: thief@example.com", "alice@bank.example\nX: y", "no address"]
)
def test_a_line_end_in_an_address_is_refused_and_nothing_is_sent(
    address: str, alice: Staff, office: PostOffice, run
) -> None:
    Staff.objects.filter(pk=alice.pk).update(email=address)
    assert run(EIGHT) == ["failed"]
    assert office.taken == []


def test_the_way_out_of_the_digest_needs_no_session_and_does_nothing_else(
    alice: Staff, office: PostOffice, run, client
) -> None:
    run(EIGHT)
    link = office.taken[0]["List-Unsubscribe"].strip(" <>")
    assert office.taken[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = link.removeprefix("https://keybook.bank.example")
    assert client.get(path).status_code == 200
    assert Channel.objects.get().digest
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    channel = Channel.objects.get()
    assert (channel.digest, channel.urgent) == (False, True)
    assert client.get("/settings/notices/").status_code == 302


def test_another_token_does_not_stop_a_digest(alice: Staff, cast: Cast, client) -> None:
    from django.core import signing

    channel = Channel.objects.get()
    for token in ("x", f"{alice.pk}.{channel.pk}:x", signing.Signer(salt="other").sign(f"{alice.pk}.{channel.pk}")):
        assert client.post(f"/notices/unsubscribe/{token}/").status_code == 404
    right = signing.Signer(salt="keybook.notices.unsubscribe").sign(f"{cast.carol.pk}.{channel.pk}")
    assert client.post(f"/notices/unsubscribe/{right}/").status_code == 200
    assert Channel.objects.get().digest


def test_who_ended_deputising_is_told_nothing_more(alice: Staff, cast: Cast) -> None:
    Staff.objects.filter(pk=cast.bob.pk).update(email="bob@bank.example")
    cast.bob.refresh_from_db()
    verbs.add_email(staff=cast.bob, at=NOON)
    Deputy.objects.update(until_on=TODAY)
    make_reminder(customer=cast.zhang, kind="large_outflow")
    notices.gather(today=TODAY, at=NOON)
    assert set(Notice.objects.values_list("staff", flat=True)) == {alice.pk}


def test_who_does_not_want_to_be_congratulated_is_not_in_the_digest(
    alice: Staff, cast: Cast, office: PostOffice, run
) -> None:
    Preference.objects.create(customer=cast.zhang, no_congratulation=True)
    run(EIGHT)
    assert "birthday" not in plain(office.taken[0])


def test_a_long_list_says_how_many_more(alice: Staff, office: PostOffice, run) -> None:
    for number in range(15):
        make_line(customer=make_customer(rm=alice, name=f"Customer {number:02}"), reasons=[{"kind": "dormant"}])
    run(EIGHT)
    assert "To contact today (16)" in plain(office.taken[0])
    assert "and 6 more" in plain(office.taken[0])


def test_without_mail_settings_the_digest_waits_and_says_why(alice: Staff, settings, run) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert run(EIGHT) == ["waiting"]
    assert Delivery.objects.get().reason == "not_set_up"


def test_a_mail_server_that_is_not_allowed_is_not_asked(alice: Staff, office: PostOffice, settings, run) -> None:
    settings.OUTBOUND_ALLOW = []
    assert run(EIGHT) == ["waiting"]
    assert (Delivery.objects.get().reason, office.taken) == ("not_allowed", [])
