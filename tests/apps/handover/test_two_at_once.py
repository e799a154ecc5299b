"""Two handovers of one book, two into one book, and an act that is killed: one after the other, all or nothing."""

from __future__ import annotations

import random
import threading
import time
import uuid

import pytest
from django.db import Error, connection

from bench.handover import ACTS, act, furnish, hash_of, undo
from bench.handover import OWNED as ROWS
from keybook.apps.customers.models import Customer
from keybook.apps.handover import commands
from keybook.apps.handover.models import Handover, Move
from keybook.apps.handover.queries import Asked
from keybook.apps.people.models import BookCap
from keybook.apps.people.queries import bank
from keybook.apps.reminders.commands import RefusedError, day_of
from tests.apps.handover.stage import furnish as furnish_alice
from tests.apps.handover.stage import owned
from tests.cast import TODAY, make_cast, make_customer, make_staff, scope

TWO = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*acts):
    """Run these at the same moment, each on a connection of its own, and give what each said."""
    start, said = threading.Barrier(len(acts)), []

    def run(verb):
        try:
            start.wait()
            said.append(verb())
        except RefusedError as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


@TWO
def test_two_who_hand_over_one_book_at_once_do_it_once_and_the_other_is_told():
    cast = make_cast()
    day = furnish_alice(cast)
    nina = make_staff(code="nina", branch=cast.north)

    def hand(by, to):
        asked = Asked(from_id=cast.alice.pk, to=(to.pk,))
        return lambda: commands.hand_over(by=scope(by), asked=asked, client_key=uuid.uuid4(), day=day)

    said = at_once(hand(cast.dora, cast.bob), hand(cast.hugo, nina))
    assert sum(isinstance(each, str) for each in said) == 1
    assert "No customer of this book" in next(each for each in said if isinstance(each, str))
    assert Handover.objects.count() == 1
    assert len(set(Customer.objects.exclude(pk=cast.liu.pk).values_list("rm", flat=True))) == 1


@TWO
def test_two_who_fill_one_book_at_once_do_not_pass_its_cap_together():
    cast = make_cast()
    day = furnish_alice(cast)
    nina = make_staff(code="nina", branch=cast.north)
    for _ in range(2):
        make_customer(rm=nina)
    BookCap.objects.create(staff=cast.bob, most=3, from_on=TODAY)

    def hand(from_staff):
        asked = Asked(from_id=from_staff.pk, to=(cast.bob.pk,))
        return lambda: commands.hand_over(by=scope(cast.dora), asked=asked, client_key=uuid.uuid4(), day=day)

    said = at_once(hand(cast.alice), hand(nina))
    assert sum("no room" in each for each in said if isinstance(each, str)) == 1
    assert Customer.objects.filter(rm=cast.bob).count() == 2


@TWO
def test_handed_back_twice_at_once_it_is_done_once():
    cast = make_cast()
    day = furnish_alice(cast)
    before = owned()
    asked = Asked(from_id=cast.alice.pk, to=(cast.bob.pk,))
    number = commands.hand_over(by=scope(cast.dora), asked=asked, client_key=uuid.uuid4(), day=day).handover_id
    said = at_once(
        *[lambda by=by: commands.hand_back(by=scope(by), handover_id=number, day=day) for by in (cast.dora, cast.hugo)]
    )
    assert sorted("already" in each for each in said) == [False, True]
    assert owned() == before


@TWO
def test_killed_ten_times_at_random_moments_it_is_all_or_nothing():
    make_cast()
    stage = furnish(customers=40, rows=1_600)
    began = time.perf_counter()
    undo(stage, act(stage))
    longest, dice = time.perf_counter() - began, random.Random(11)
    for _ in range(10):
        before, acts = hash_of(ROWS + ACTS), Handover.objects.count()
        backend, ready = [], threading.Event()

        def run(backend=backend, ready=ready):
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    backend.append(cursor.fetchone()[0])
                ready.set()
                act(stage)
            except Error:
                pass  # killed, as it should be
            finally:
                connection.close()

        worker = threading.Thread(target=run)
        worker.start()
        ready.wait()
        time.sleep(dice.uniform(0, longest / 2))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", backend)
            worker.join(30)
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", backend)
        if Handover.objects.count() == acts:
            assert hash_of(ROWS + ACTS) == before
        else:
            latest = Handover.objects.latest("pk")
            assert Move.objects.filter(handover=latest).count() == 40
            undo(stage, latest.pk)
    assert day_of(bank()).today == TODAY
