"""Caps of books and how a book is split: worked by hand, then for every book that can be."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from keybook.core.books import Book, Member, Wanted, fullness, key_of, split

ANN, BEN, CID = 1, 2, 3


def give(members, takers, rule="evenly", **named):
    return split(members=members, wanted=Wanted(takers, rule, named))


def test_a_book_is_near_its_cap_from_nine_tenths_and_full_at_it():
    # nine tenths of 230 are 207
    assert [fullness(book=Book(ANN, count, 230)) for count in (206, 207, 229, 230, 240)] == [
        "free", "near", "near", "full", "full",
    ]  # fmt: skip


def test_without_a_cap_a_book_is_never_full():
    assert fullness(book=Book(ANN, 10_000)) == "free"
    assert Book(ANN, 10_000).holds(10_000)
    assert Book(ANN, 10_000).room is None


def test_a_book_above_a_cap_set_later_has_no_room_and_still_holds_who_is_in_it():
    book = Book(ANN, 240, 230)
    assert book.room == 0
    assert book.holds(0)
    assert not book.holds(1)


def test_evenly_means_every_tier_by_itself():
    members = [Member(n, "private", 3) for n in range(4)] + [Member(n, "gold", 1) for n in range(10, 16)]
    found = give(members, [Book(ANN, 100), Book(BEN, 0)])
    by = Counter((found.places[each.id], each.tier) for each in members)
    assert by == {(ANN, "private"): 2, (BEN, "private"): 2, (ANN, "gold"): 3, (BEN, "gold"): 3}


def test_an_odd_one_goes_to_the_smaller_book():
    assert give([Member(7)], [Book(ANN, 100), Book(BEN, 20)]).places == {7: BEN}


def test_a_household_stays_together():
    members = [Member(1, household=9), Member(2, household=9), Member(3), Member(4)]
    found = give(members, [Book(ANN, 0), Book(BEN, 0)])
    assert found.places[1] == found.places[2]
    assert (found.households, found.parted, found.given(ANN), found.given(BEN)) == (1, 0, 2, 2)


def test_a_household_is_parted_before_anybody_is_left_over():
    members = [Member(n, household=9) for n in (1, 2, 3)]
    found = give(members, [Book(ANN, 0, 2), Book(BEN, 0, 1)])
    assert (found.left, found.parted) == ((), 1)
    assert Counter(found.places.values()) == {ANN: 2, BEN: 1}


def test_by_tier_who_was_named_takes_all_of_it_and_the_rest_is_even():
    members = [Member(n, "private", 3) for n in range(3)] + [Member(n, "gold", 1) for n in range(10, 14)]
    found = give(members, [Book(ANN, 0), Book(BEN, 0)], "tier", private=BEN)
    assert {found.places[n] for n in range(3)} == {BEN}
    assert Counter(found.places[n] for n in range(10, 14)) == {ANN: 2, BEN: 2}


def test_by_district_a_household_goes_where_its_first_member_lives():
    members = [Member(1, "gold", 1, "North", 5), Member(2, "private", 3, "South", 5)]
    found = give(members, [Book(ANN, 0), Book(BEN, 0)], "district", North=ANN, South=BEN)
    assert set(found.places.values()) == {BEN}
    assert key_of(member=members[0], rule="evenly") == ""


def test_who_was_named_and_is_full_gets_nobody_and_somebody_is_left_over():
    found = give([Member(1, "gold", 1)], [Book(ANN, 5, 5), Book(BEN, 0)], "tier", gold=ANN)
    assert (found.places, found.left) == ({}, (1,))


def test_nobody_who_takes_over_leaves_everybody_over():
    assert give([Member(1), Member(2)], []).left == (1, 2)


members_ = st.lists(
    st.builds(
        Member, id=st.integers(1, 10_000), tier=st.sampled_from(["private", "gold", ""]), rank=st.integers(0, 3),
        district=st.sampled_from(["North", "South", ""]), household=st.integers(0, 6),
    ), max_size=40, unique_by=lambda member: member.id,
)  # fmt: skip
takers_ = st.lists(
    st.builds(Book, staff_id=st.integers(1, 5), count=st.integers(0, 30), most=st.none() | st.integers(1, 40)),
    min_size=1, max_size=4, unique_by=lambda book: book.staff_id,
)  # fmt: skip


@given(members_, takers_, st.sampled_from(["evenly", "tier", "district"]), st.data())
def test_everybody_is_placed_once_or_left_over_and_no_cap_is_passed(members, takers, rule, data):
    ids = [taker.staff_id for taker in takers]
    named = data.draw(st.dictionaries(st.sampled_from(["private", "gold", "North", "South"]), st.sampled_from(ids)))
    found = split(members=members, wanted=Wanted(takers, rule, named))
    assert sorted([*found.places, *found.left]) == sorted(member.id for member in members)
    for taker in takers:
        assert taker.holds(found.given(taker.staff_id))


@given(members_, takers_)
def test_split_evenly_nobody_is_left_over_while_somebody_has_room(members, takers):
    room = sum(10_000 if taker.room is None else taker.room for taker in takers)
    assert len(split(members=members, wanted=Wanted(takers)).left) == max(0, len(members) - room)
