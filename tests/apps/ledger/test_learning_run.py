"""From the contacts in the register to a run of the learned model, and what people see and do of it."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings as django_settings

from keybook.apps.customers.models import Customer
from keybook.apps.interactions.models import Interaction
from keybook.apps.ledger import commands
from keybook.apps.ledger.models import Learning, Weights
from keybook.apps.reminders.learning import NothingToLearnError, learn, posted
from keybook.apps.reminders.models import Promise
from keybook.apps.reminders.tasks import look
from keybook.core.ledger import DEFAULT
from keybook.lake import learning
from tests.cast import NOON, TODAY, Cast, as_web, make_interaction, make_reminder, scope
from tests.lake import simulated_past

PAGE = "/settings/ledger/learned/"
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def facts() -> dict:
    past = simulated_past.past_of(simulated_past.world(seed=9))
    return learning.learn(past=past, weights=DEFAULT, least=270_000.0)


@pytest.fixture
def run(cast: Cast, facts: dict) -> Learning:
    return commands.keep_learning(until=TODAY, model_version=learning.MODEL_VERSION, facts=facts)


@pytest.fixture
def lake(tmp_path, settings):
    settings.LAKE = tmp_path
    return tmp_path


def test_confidential_corrected_and_later_contacts_are_not_told_to_the_lake(cast: Cast):
    make_interaction(customer=cast.zhang, staff=cast.alice, effect="strengthened")
    make_interaction(customer=cast.zhang, staff=cast.alice, effect="weakened", superseded=True)
    make_interaction(customer=cast.zhang, staff=cast.alice, effect="strengthened", at=NOON + DAY)
    make_interaction(customer=cast.zhang, staff=cast.alice, outcome="not_reached")
    secret = make_interaction(customer=cast.zhang, staff=cast.alice, effect="ended", confidential=True)
    Promise.objects.create(
        customer=cast.zhang, staff=cast.alice, text="x", due_on=TODAY, state="kept", closed_on=TODAY, made_in=secret
    )
    make_reminder(customer=cast.osei, kind="dormant", opens_on=TODAY)
    rows = posted(until=TODAY, zone="Asia/Shanghai").to_pylist()
    assert [(row["customer"], row["kind"]) for row in rows] == [
        ("C0001", "call_strengthened"),
        ("C0002", "signal_dormant"),
    ]


def test_a_prospect_without_a_number_is_not_told(cast: Cast):
    Customer.objects.filter(pk=cast.zhang.pk).update(number=None)
    make_interaction(customer=cast.zhang, staff=cast.alice, effect="strengthened")
    assert posted(until=TODAY, zone="Asia/Shanghai").num_rows == 0


def write_bank(cast: Cast, folder, *, customers: int = 500) -> None:
    """A bank in which who was let down takes the money away three months later."""
    rng = np.random.default_rng(3)
    numbers = [f"K{place:05d}" for place in range(customers)]
    made = Customer.objects.bulk_create(
        Customer(number=number, name="K", branch=cast.north, rm=cast.alice, tier=cast.gold, aum=Decimal(1_000_000))
        for number in numbers
    )
    firsts = [dt.date(2025 - (place < 1), 12 if place < 1 else place, 1) for place in range(13)]
    firsts += [dt.date(2026, place, 1) for place in range(1, 11)]
    assets = np.full((customers, len(firsts)), 1_000_000)
    contacts = []
    for place, one in enumerate(made):
        hurt = int(rng.integers(2, 19)) if rng.random() < 0.6 else 99
        for month, first in enumerate(firsts):
            if rng.random() < 0.3 or month == hurt:
                at = dt.datetime.combine(first + 9 * DAY, NOON.time(), dt.UTC)
                effect = "weakened" if month == hurt else "unchanged"
                contacts.append(
                    Interaction(customer=one, staff=cast.alice, at=at, channel="call", outcome="reached", effect=effect, client_key=uuid.uuid4())
                )  # fmt: skip
        if hurt < 99 and rng.random() < 0.6:
            assets[place, hurt + 3 :] = 400_000
    Interaction.objects.bulk_create(contacts)
    path = folder / "publish" / f"date={TODAY}" / "month.parquet"
    path.parent.mkdir(parents=True)
    table = pa.table({
        "customer": [number for number in numbers for _ in firsts], "month": firsts * customers,
        "aum": pa.array([Decimal(int(each)) for row in assets for each in row], pa.decimal128(18, 2)),
    })  # fmt: skip
    pq.write_table(table, path)


def test_a_run_tells_the_lake_learns_and_changes_no_weight(cast: Cast, lake):
    write_bank(cast, lake)
    found = learn(until=TODAY)
    assert found.facts["learned"]["low"] > 0.5
    assert found.facts["suggested"]["weakened"] < 0
    assert found.facts["data_date"] == TODAY.isoformat()
    assert sorted(path.name for path in lake.glob("posting/*/*")) == ["000.parquet"]
    assert not Weights.objects.exists()
    learn(until=TODAY)
    assert (Learning.objects.count(), len(list(lake.glob("posting/*/*")))) == (2, 1)


def test_the_command_prints_what_it_found_as_json(cast: Cast, lake, capsys):
    from keybook.operate import ledger

    write_bank(cast, lake)
    ledger.learn(until=None, as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["until"] == TODAY.isoformat()
    assert {"hand", "learned", "difference", "verdict", "suggested", "kinds", "train", "test"} <= set(document)
    ledger.learn(until=TODAY, as_json=False)
    assert "Nothing has changed" in capsys.readouterr().out


def test_a_day_to_come_cannot_be_learned_up_to(cast: Cast, lake):
    from keybook.operate import ledger

    with pytest.raises(ledger.LearnInputError, match="has not come yet"):
        ledger.learn(until=TODAY + DAY, as_json=True)
    assert not Learning.objects.exists()


def test_without_a_night_the_sentence_says_what_to_run(cast: Cast, lake):
    with pytest.raises(NothingToLearnError, match="keybook nightly"):
        learn(until=TODAY)


def test_the_monthly_job_of_a_young_bank_says_why_and_keeps_nothing(cast: Cast, lake):
    assert look(until=TODAY)["learned"] is False
    path = lake / "publish" / f"date={TODAY}" / "month.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(
        pa.table(
            {
                "customer": ["C0001"],
                "month": [dt.date(2026, 10, 1)],
                "aum": pa.array([Decimal(1)], pa.decimal128(18, 2)),
            }
        ),
        path,
    )
    assert "need 16" in look(until=TODAY)["why"]
    assert not Learning.objects.exists()


def test_the_monthly_job_keeps_its_run(cast: Cast, lake):
    write_bank(cast, lake)
    done = look(until=TODAY)
    assert (done["learned"], Learning.objects.get().pk) == (True, done["run"])


@pytest.mark.parametrize("who", ["mei", "alice", "ada", "dora", "leo"])
def test_everybody_reads_what_the_data_says(cast: Cast, run: Learning, who):
    page = as_web(cast.staff[who]).get(PAGE).content.decode()
    assert "Which tells better who will leave?" in page
    assert "too few to tell: stays as it is" in page
    assert ("Take these into a new version" in page) == (who in {"ada", "dora"})
    assert as_web(cast.staff[who]).get(f"{PAGE}?run={run.pk}").status_code == 200


def test_the_page_in_chinese_says_the_same_numbers(cast: Cast, run: Learning):
    browser = as_web(cast.mei)
    browser.cookies["django_language"] = "zh-hans"
    page = browser.get(PAGE, headers={"accept-language": "zh-hans"}).content.decode()
    assert f"{run.facts['learned']['auc'] * 100:.1f}" in page


def test_a_suggestion_is_put_into_the_fields_and_nothing_is_set_by_looking(cast: Cast, run: Learning):
    page = as_web(cast.ada).get(f"/settings/ledger/?learned={run.pk}").content.decode()
    assert f'name="met_strengthened" value="{run.facts["suggested"]["met_strengthened"]}"' in page
    assert "As the data up to 2026-11-23 suggests" in page
    assert not Weights.objects.exists()
    assert as_web(cast.ada).get("/settings/ledger/?learned=x9").status_code == 200


def test_a_person_adopts_a_suggestion_as_a_version_that_names_it(cast: Cast, run: Learning):
    draft = commands.Draft(run.facts["suggested"], 180, TODAY + DAY, "As the data suggests", run.pk)
    commands.set_weights(by=scope(cast.ada), draft=draft, today=TODAY)
    page = as_web(cast.mei).get("/settings/ledger/").content.decode()
    assert f"?run={run.pk}" in page
    assert as_web(cast.mei).get("/api/v1/ledger/learned").json()[0]["id"] == run.pk


def test_no_web_process_has_imported_the_model() -> None:
    import subprocess
    import sys

    asks = (
        "import django, sys; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns;"
        "import keybook.web.wsgi; print(sorted(m for m in ('sklearn', 'numpy', 'scipy', 'pyarrow') if m in sys.modules))"
    )
    env = {**__import__("os").environ, "DJANGO_SETTINGS_MODULE": django_settings.SETTINGS_MODULE}
    done = subprocess.run([sys.executable, "-c", asks], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
