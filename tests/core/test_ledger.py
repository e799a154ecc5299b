"""The relationship ledger: points that halve, and the state they add up to, by hand and by law."""

import math
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keybook.core.ledger import (
    BAD,
    DEFAULT,
    GOOD,
    KINDS,
    STATES,
    Posting,
    Stood,
    UnknownPostingError,
    Weights,
    WeightsError,
    balance,
    components,
    contact_kind,
    curve,
    decay,
    health,
    money_postings,
    promise_kind,
    remembered_from,
    signal_kind,
    stand,
    state,
)

TODAY = date(2026, 11, 23)
postings = st.lists(
    st.builds(
        Posting, on=st.dates(date(2021, 1, 1), TODAY + timedelta(days=40)), kind=st.sampled_from(KINDS),
        times=st.integers(1, 3),
    ),
    max_size=30,
)  # fmt: skip
half_lives = st.sampled_from([30, 90, 180, 365])


def ago(days, kind, times=1):
    return Posting(TODAY - timedelta(days=days), kind, times)


def weights(half_life_days=180, **points):
    return Weights({**DEFAULT.points, **points}, half_life_days)


def slow_balance(entries, day, weighing):
    """An independent reference: fractions of exact integers times a power taken with 60 digits."""
    with localcontext() as context:
        context.prec = 60
        total = Decimal(0)
        for each in entries:
            days = (day - each.on).days
            if 0 <= days <= 8 * weighing.half_life_days:
                power = Decimal(2) ** (Decimal(-days) / Decimal(weighing.half_life_days))
                total += Decimal(weighing.points[each.kind]) * each.times * power
        return int(max(Decimal(-100), min(Decimal(100), total.quantize(Decimal(1), rounding="ROUND_HALF_EVEN"))))


def slow_stand(entries, day, weighing):
    """The states as the sentences at the head of the module say them, one after the other."""
    known = [e for e in entries if 0 <= (day - e.on).days <= 8 * weighing.half_life_days]
    now, month, trend = (slow_balance(entries, day - timedelta(days=days), weighing) for days in (0, 30, 60))
    if not known:
        return Stood(0, "")
    ends = sorted(e.on for e in known if e.kind == "ended")
    if ends and not any(e.on > ends[-1] and e.kind.endswith("_strengthened") for e in known):
        return Stood(now, "ended")
    if now <= -20 or (month <= -20 and now <= -10) or trend - now >= 30:
        return Stood(now, "at_risk")
    if trend - now >= 8 or (now <= -5 and now - trend < 8):
        return Stood(now, "cooling")
    return Stood(now, "growing" if now - trend >= 8 else "steady")


def test_a_point_halves_in_its_half_life():
    assert [decay(days=days) for days in (0, 180, 360)] == [1, 0.5, 0.25]
    assert decay(days=90, half_life_days=90) == 0.5


def test_the_balance_is_what_a_hand_finds():
    """Met today 9; a call 180 days ago 7 · ½; weakened 360 days ago −14 · ¼; a promise kept late today −7.

    9 + 3.5 − 3.5 − 7 = 2; without the promise 9.
    """
    entries = [ago(0, "met_strengthened"), ago(180, "call_strengthened"), ago(360, "weakened")]
    assert balance(postings=entries, today=TODAY) == 9
    assert balance(postings=[*entries, ago(0, "promise_late")], today=TODAY) == 2


def test_half_a_point_goes_to_the_even_number():
    """A call 180 days ago leaves 3.5, which is 4; one of 5 points leaves 2.5, which is 2."""
    assert balance(postings=[ago(180, "call_strengthened")], today=TODAY) == 4
    assert balance(postings=[ago(180, "call_strengthened")], today=TODAY, weights=weights(call_strengthened=5)) == 2


def test_a_months_money_counts_as_many_times_as_it_moved_tenths():
    """Three tenths out: 3 · −3 = −9; half a year later −4.5, which is −4."""
    assert balance(postings=[ago(0, "money_out", 3)], today=TODAY) == -9
    assert balance(postings=[ago(180, "money_out", 3)], today=TODAY) == -4


def test_after_eight_half_lives_nothing_is_left_to_count():
    assert balance(postings=[ago(1440, "ended", 7)], today=TODAY) == -1
    assert balance(postings=[ago(1441, "ended", 7)], today=TODAY) == 0
    assert remembered_from(today=TODAY) == TODAY - timedelta(days=1440)


def test_the_steps_say_what_each_was_worth_and_what_is_left_newest_first():
    found = health(postings=[ago(180, "weakened"), ago(0, "met_strengthened"), ago(1, "spoke")], today=TODAY)
    assert [(step.posting.kind, step.points, step.left) for step in found.steps] == [
        ("met_strengthened", 9, 9.0),
        ("weakened", -14, -7.0),
    ]
    assert (found.balance, found.weights.version) == (2, "ledger/2")


def test_what_happens_tomorrow_does_not_count_today():
    entries = [ago(-1, "ended")]
    assert health(postings=entries, today=TODAY).steps == ()
    assert stand(postings=entries, today=TODAY) == Stood(0, "")


def test_the_balance_never_leaves_a_hundred():
    assert balance(postings=[ago(0, "met_strengthened")] * 50, today=TODAY) == 100
    assert balance(postings=[ago(0, "ended")] * 50, today=TODAY) == -100


@pytest.mark.parametrize(
    ("channel", "outcome", "effect", "kind"),
    [
        ("visit", "met", "strengthened", "met_strengthened"),
        ("branch", "reached", "strengthened", "met_strengthened"),
        ("call", "reached", "strengthened", "call_strengthened"),
        ("call", "left_message", "strengthened", "text_strengthened"),
        ("visit", "left_message", "strengthened", "text_strengthened"),
        ("wechat", "reached", "strengthened", "text_strengthened"),
        ("letter", "left_message", "strengthened", "text_strengthened"),
        ("call", "reached", "unchanged", "spoke"),
        ("call", "left_message", "unchanged", None),
        ("call", "not_reached", "unchanged", None),
        ("sms", "left_message", "weakened", "weakened"),
        ("call", "reached", "ended", "ended"),
    ],
)
def test_how_a_contact_is_posted(channel, outcome, effect, kind):
    assert contact_kind(channel=channel, outcome=outcome, effect=effect) == kind


@pytest.mark.parametrize("effect", ["strengthened", "weakened", "ended", "unchanged"])
def test_a_try_that_reached_nobody_is_not_posted_whatever_was_ticked(effect):
    assert contact_kind(channel="call", outcome="not_reached", effect=effect) is None


def test_a_visit_is_worth_more_than_a_call_and_a_call_more_than_a_message():
    worth = [
        DEFAULT.of(str(contact_kind(channel=channel, outcome=outcome, effect="strengthened")))
        for channel, outcome in (("visit", "met"), ("call", "reached"), ("sms", "left_message"))
    ]
    assert worth == sorted(worth, reverse=True)
    assert len(set(worth)) == 3


def test_how_a_promise_and_a_signal_are_posted():
    assert promise_kind(state="kept", late=False) == "promise_kept"
    assert promise_kind(state="kept", late=True) == "promise_late"
    assert promise_kind(state="broken", late=True) == "promise_broken"
    assert signal_kind(kind="dormant") == "signal_dormant"


@pytest.mark.parametrize("kind", ["deposit_maturing", "birthday", "large_outflow", "near_next_tier", ""])
def test_a_signal_that_says_nothing_of_the_relationship_is_not_posted(kind):
    assert signal_kind(kind=kind) is None


def months(*assets, first=date(2026, 6, 1)):
    return [(date(2026, first.month + place, 1), Decimal(amount)) for place, amount in enumerate(assets)]


def test_net_new_money_is_posted_on_the_last_day_of_its_month_by_the_tenth():
    """1,000,000 → 1,250,000 is two whole tenths in; → 1,200,000 not one; → 600,000 five, of which three count."""
    found = money_postings(months=months(1_000_000, 1_250_000, 1_200_000, 600_000), today=TODAY)
    assert found == [Posting(date(2026, 7, 31), "money_in", 2), Posting(date(2026, 9, 30), "money_out", 3)]


def test_a_month_that_has_not_ended_is_not_posted_yet():
    rows = months(1_000_000, 500_000, first=date(2026, 10, 1))
    assert money_postings(months=rows, today=TODAY) == []
    assert money_postings(months=rows, today=date(2026, 11, 30)) == [Posting(date(2026, 11, 30), "money_out", 3)]


def test_a_month_without_the_one_before_is_not_posted():
    rows = months(1_000_000, 500_000)
    assert money_postings(months=[rows[0], (date(2026, 8, 1), rows[1][1])], today=TODAY) == []
    assert money_postings(months=rows[:1], today=TODAY) == []


def test_tenths_of_small_assets_say_nothing():
    """From 0 to 9,999 is less than a tenth of 100,000; to 10,000 is one."""
    assert money_postings(months=months(0, 9_999), today=TODAY) == []
    assert money_postings(months=months(0, 10_000), today=TODAY) == [Posting(date(2026, 7, 31), "money_in", 1)]


@pytest.mark.parametrize(
    ("now", "then", "before", "word"),
    [
        (-20, 0, 0, "at_risk"),
        (-19, 0, -19, "cooling"),
        (-10, -20, -20, "at_risk"),
        (-9, -20, -20, "growing"),
        (-10, -19, -19, "growing"),
        (30, 40, 60, "at_risk"),
        (31, 40, 60, "cooling"),
        (32, 36, 40, "cooling"),
        (33, 36, 40, "steady"),
        (-5, -5, -5, "cooling"),
        (-4, -4, -4, "steady"),
        (-5, -5, -13, "growing"),
        (-5, -5, -12, "cooling"),
        (7, 0, 0, "steady"),
        (8, 0, 0, "growing"),
        (0, 0, 0, "steady"),
    ],
)
def test_the_state_from_three_balances(now, then, before, word):
    assert state(now=now, then=then, before=before) == word


def test_left_alone_for_sixty_days_forty_points_cool():
    """Met four times and called once 60 days ago: 43 then, 43 · 2^(−1/3) = 34.1 today, down by 9."""
    entries = [ago(60, "met_strengthened")] * 4 + [ago(60, "call_strengthened")]
    assert stand(postings=entries, today=TODAY) == Stood(34, "cooling")


def test_who_was_at_risk_a_month_ago_leaves_it_only_above_minus_ten():
    """−21 thirty days ago is −18.7 today: still at risk; a call makes it −11.7, a visit more −2.7."""
    entries = [ago(30, "weakened"), ago(30, "promise_late")]
    assert stand(postings=entries, today=TODAY) == Stood(-19, "at_risk")
    assert stand(postings=[*entries, ago(0, "call_strengthened")], today=TODAY).state == "at_risk"
    more = [*entries, ago(0, "call_strengthened"), ago(0, "met_strengthened")]
    assert stand(postings=more, today=TODAY) == Stood(-3, "steady")


def test_an_ended_relationship_is_ended_until_somebody_strengthens_it_again():
    ended = [ago(400, "met_strengthened"), ago(200, "ended")]
    assert stand(postings=ended, today=TODAY).state == "ended"
    assert stand(postings=[*ended, ago(10, "spoke"), ago(5, "money_in")], today=TODAY).state == "ended"
    assert stand(postings=[*ended, ago(200, "met_strengthened")], today=TODAY).state == "ended"
    assert stand(postings=[*ended, ago(10, "call_strengthened")], today=TODAY).state != "ended"


def test_a_closed_customer_is_ended_whatever_was_posted():
    assert stand(postings=[], today=TODAY, closed=True) == Stood(0, "ended")
    assert stand(postings=[ago(1, "met_strengthened")], today=TODAY, closed=True) == Stood(9, "ended")


def test_with_whom_nothing_was_posted_has_no_state():
    assert stand(postings=[], today=TODAY) == Stood(0, "")
    assert stand(postings=[ago(1441, "ended")], today=TODAY) == Stood(0, "")


def test_the_curve_has_both_ends_its_months_and_every_posting():
    """A call 10 days ago: 0 before it, 7 after; nothing else moves the line between."""
    found = curve(postings=[ago(10, "call_strengthened")], start=TODAY - timedelta(days=35), today=TODAY)
    assert [((TODAY - turn.on).days, turn.before, turn.after) for turn in found] == [
        (35, 0, 0), (10, 0, 7), (5, 7, 7), (0, 7, 7),
    ]  # fmt: skip


def test_a_curve_that_starts_today_is_one_point():
    assert [turn.after for turn in curve(postings=[ago(0, "spoke")], start=TODAY, today=TODAY)] == [0]


def test_what_is_left_of_each_kind_is_what_the_points_are_multiplied_with():
    """Two calls, today and 180 days ago: 1.5 calls; two tenths out 90 days ago: 2 · 0.7071."""
    entries = [ago(0, "call_strengthened"), ago(180, "call_strengthened"), ago(90, "money_out", 2), ago(-1, "ended")]
    found = components(postings=entries, today=TODAY, half_life_days=180)
    assert set(found) == {"call_strengthened", "money_out"}
    assert found["call_strengthened"] == 1.5
    assert math.isclose(found["money_out"], math.sqrt(2))


def test_an_unknown_posting_is_refused():
    with pytest.raises(UnknownPostingError, match="'liked'"):
        balance(postings=[ago(0, "liked")], today=TODAY)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"weakened": 1}, "weakened"), ({"met_strengthened": -1}, "met_strengthened"), ({"ended": -41}, "ended"),
        ({"met_strengthened": 41}, "met_strengthened"), ({"liked": 3}, "liked"),
    ],
)  # fmt: skip
def test_weights_that_cannot_be_are_refused_by_name(change, kind):
    with pytest.raises(WeightsError) as refused:
        weights(**change)
    assert refused.value.kind == kind


@pytest.mark.parametrize("days", [0, 29, 721, -180])
def test_points_that_halve_at_once_or_never_are_refused(days):
    with pytest.raises(WeightsError, match="30 to 720 days"):
        weights(half_life_days=days)


def test_weights_that_forget_a_kind_are_refused():
    with pytest.raises(WeightsError, match="'ended'"):
        Weights({kind: points for kind, points in DEFAULT.points.items() if kind != "ended"})


def test_every_kind_is_good_or_bad_and_never_both():
    assert not set(GOOD) & set(BAD)
    assert all(points >= 0 for points in GOOD.values())
    assert all(points < 0 for points in BAD.values())


@given(postings, half_lives)
def test_health_and_state_equal_an_independent_slow_reference(entries, half_life):
    weighing = weights(half_life_days=half_life)
    found = stand(postings=entries, today=TODAY, weights=weighing)
    assert found == slow_stand(entries, TODAY, weighing)
    explained = health(postings=entries, today=TODAY, weights=weighing)
    assert (explained.balance, explained.state) == (found.balance, found.state)
    assert found.state in {"", *STATES}


@given(postings, half_lives)
def test_health_is_the_points_times_what_is_left_of_each_kind(entries, half_life):
    weighing = weights(half_life_days=half_life)
    left = components(postings=entries, today=TODAY, half_life_days=half_life)
    total = sum(weighing.points[kind] * amount for kind, amount in left.items())
    assert abs(max(-100, min(100, total)) - balance(postings=entries, today=TODAY, weights=weighing)) <= 0.5 + 1e-9


@given(postings, st.integers(0, 2000))
def test_a_good_contact_never_lowers_the_balance(entries, days):
    more = [*entries, ago(days, "met_strengthened")]
    assert balance(postings=more, today=TODAY) >= balance(postings=entries, today=TODAY)


@given(postings, st.randoms())
def test_the_order_of_the_postings_does_not_matter(entries, random):
    shuffled = random.sample(entries, len(entries))
    assert health(postings=entries, today=TODAY) == health(postings=shuffled, today=TODAY)


@given(postings, st.integers(0, 400))
def test_a_state_of_the_past_hangs_on_nothing_that_came_later(entries, back):
    day = TODAY - timedelta(days=back)
    known = [each for each in entries if each.on <= day]
    assert stand(postings=entries, today=day) == stand(postings=known, today=day)


@given(st.lists(st.tuples(st.decimals(0, 10**9, places=2), st.decimals(0, 10**9, places=2)), max_size=12))
def test_tenths_are_whole_and_no_more_than_three(pairs):
    for had, has in pairs:
        for posting in money_postings(months=[(date(2026, 8, 1), had), (date(2026, 9, 1), has)], today=TODAY):
            moved = Fraction(has - had) * 10 / Fraction(max(had, Decimal(100_000)))
            assert posting.times == min(3, math.floor(abs(moved)))
            assert (posting.kind == "money_in") == (has > had)
