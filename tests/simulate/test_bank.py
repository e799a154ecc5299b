"""The demo bank: the same from the same seed, true to the cent, and believable."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import duckdb
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keybook.lake.contract import FEEDS
from keybook.simulate import history, people, plan, register
from keybook.simulate.bank import draw, simulate, write_bank
from keybook.simulate.columns import codes, money

UNTIL = dt.date(2026, 11, 20)
SMALL = 3_000


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bank")
    simulate(seed=7, customers=SMALL, until=UNTIL, out=out)
    return out


@pytest.fixture(scope="module")
def lake(bank: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for path in bank.glob("*.parquet"):
        connection.sql(f"create view {path.name.split('_20')[0]} as from '{path}'")
    for path in bank.glob("*.csv"):
        connection.sql(f"create view {path.name.split('_20')[0]} as from read_csv('{path}', header=true)")
    for path in [*(bank / "truth").glob("*.parquet"), *(bank / "history").glob("*.parquet")]:
        connection.sql(f"create view past_{path.stem} as from '{path}'")
    return connection


def one(lake: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(lake.sql(query).fetchall()[0][0])


def test_the_same_seed_gives_the_same_bytes(bank: Path, tmp_path: Path):
    simulate(seed=7, customers=SMALL, until=UNTIL, out=tmp_path)
    assert fingerprint(tmp_path) == fingerprint(bank)


def test_another_seed_gives_another_bank(bank: Path, tmp_path: Path):
    simulate(seed=8, customers=SMALL, until=UNTIL, out=tmp_path)
    assert fingerprint(tmp_path)["customer_2026-11-20.parquet"] != fingerprint(bank)["customer_2026-11-20.parquet"]


def test_every_feed_but_the_holders_is_written_in_the_contracts_columns(bank: Path):
    found = {}
    for path in bank.glob("*_2026-11-20.*"):
        schema = pq.read_schema(path) if path.suffix == ".parquet" else pyarrow.csv.read_csv(path).schema
        found[path.name.removesuffix(path.suffix).removesuffix("_2026-11-20")] = schema
    assert set(found) == set(FEEDS) - {"holder"}
    for feed, schema in found.items():
        columns = {column.name for column in FEEDS[feed].columns}
        assert set(schema.names) <= columns
        assert {column.name for column in FEEDS[feed].columns if column.required} <= set(schema.names)


def test_parquet_feeds_have_the_contracts_types(bank: Path):
    for path in bank.glob("*.parquet"):
        contract = FEEDS[path.name.split("_20")[0]].arrow_schema
        for column in pq.read_schema(path):
            assert column.type == contract.field(column.name).type


def test_keys_are_not_repeated(lake: duckdb.DuckDBPyConnection):
    for feed in FEEDS.values():
        if feed.name == "holder":
            continue
        key = ", ".join(f'"{column}"' for column in feed.key)
        assert one(lake, f"select count(*) - count(distinct ({key})) from {feed.name}") == 0, feed.name


def test_references_exist(lake: duckdb.DuckDBPyConnection):
    for feed in FEEDS.values():
        for column in feed.columns:
            if not column.refers or feed.name == "holder":
                continue
            other, key = column.refers.split(".")
            query = f"select count(*) from {feed.name} where {column.name} is not null and {column.name} not in (select {key} from {other})"
            assert one(lake, query) == 0, (feed.name, column.name)


def test_balances_are_the_running_sum_of_the_postings(lake: duckdb.DuckDBPyConnection):
    broken = """select count(*) from (select balance_after - amount
        - lag(balance_after) over (partition by holding order by number) as gap from transaction) where gap <> 0"""
    assert one(lake, broken) == 0
    differ = """select count(*) from (select holding, arg_max(balance_after, number) as last from transaction group by 1) t
        join holding h on h.number = t.holding where h.balance <> t.last"""
    assert one(lake, differ) == 0


def test_no_account_is_ever_overdrawn(lake: duckdb.DuckDBPyConnection):
    assert one(lake, "select count(*) from transaction where balance_after < 0") == 0


def test_the_last_balance_is_what_the_holding_says(lake: duckdb.DuckDBPyConnection):
    query = f"""select count(*) from balance b join holding h on h.number = b.holding
        where b.date = date '{UNTIL}' and b.amount <> h.balance"""
    assert one(lake, query) == 0


def test_month_ends_of_accounts_agree_with_the_postings(lake: duckdb.DuckDBPyConnection):
    query = """select count(*) from balance b join holding h on h.number = b.holding and h.kind = 'current'
        asof join transaction t on t.holding = b.holding and t.booked_on <= b.date
        where b.amount <> t.balance_after and not exists (select 1 from transaction u where u.holding = b.holding
            and u.booked_on = t.booked_on and u.balance_after = b.amount)"""
    assert one(lake, query) == 0


def test_nothing_happens_after_the_last_day_or_before_the_first(lake: duckdb.DuckDBPyConnection):
    assert one(lake, f"select count(*) from transaction where booked_on > date '{UNTIL}'") == 0
    assert one(lake, f"select count(*) from transaction where booked_on < date '{UNTIL - dt.timedelta(days=730)}'") == 0
    assert one(lake, f"select count(*) from past_interaction where \"at\" >= date '{UNTIL}' + 1") == 0


def test_the_tiers_come_out_as_planned(lake: duckdb.DuckDBPyConnection):
    lake.sql("""create or replace view aum as select customer, sum(balance) as aum from holding
        where kind not in ('loan', 'card') and closed_on is null group by 1""")
    asked = {
        "gold": (300_000, 1_000_000, 262),
        "platinum": (1_000_000, 6_000_000, 82),
        "private": (6_000_000, 10**12, 15),
    }
    for name, (low, high, wanted) in asked.items():
        found = one(lake, f"select count(*) from aum where aum >= {low} and aum < {high}")
        assert wanted * 0.85 <= found <= wanted * 1.2, name


def test_there_are_names_of_three_worlds(lake: duckdb.DuckDBPyConnection):
    assert one(lake, "select count(*) from customer where name_zh like '%有限公司'") > 50
    assert one(lake, "select count(*) from customer where name_zh like '%·%'") > 20
    assert one(lake, "select count(*) from customer where length(name_zh) = 2 or length(name_zh) = 3") > SMALL / 2
    assert one(lake, "select count(*) from customer where regexp_matches(name, '[À-ž]')") > 20
    assert one(lake, "select count(*) from customer where name like '%-%'") > 10
    assert one(lake, "select count(*) from customer where name is null or name = ''") == 0


def test_children_bear_a_parents_family_name(lake: duckdb.DuckDBPyConnection):
    query = """select count(*) from relation r join customer c on c.number = r.customer join customer p on p.number = r.other
        where r.role in ('son', 'daughter') and c.name_zh is not null and c.name_zh not like '%·%'
          and c.name_zh[1] <> p.name_zh[1] and c.number not in (select customer from past_story)"""
    lake.sql("create or replace view past_story as select number as customer from customer where rm = 'R001'")
    assert one(lake, query) <= 2  # but for the cast, whose names are given


def test_husbands_have_wives(lake: duckdb.DuckDBPyConnection):
    roles = set(lake.sql("select distinct role, other_role from relation").fetchall())
    assert {("wife", "husband"), ("husband", "wife"), ("company", "owner")} <= roles
    assert ("wife", "wife") not in roles


def test_identity_numbers_end_in_the_right_check_digit(lake: duckdb.DuckDBPyConnection):
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]  # GB 11643-1999
    for (number,) in lake.sql("select id_number from customer where kind = 'person' limit 200").fetchall():
        total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
        assert number[17] == "10X98765432"[total % 11]


def test_promises_fall_due_around_the_last_day(lake: duckdb.DuckDBPyConnection):
    low, high = UNTIL - dt.timedelta(days=6), UNTIL + dt.timedelta(days=10)
    outside = (
        f"select count(*) from past_promise where state = 'open' and due_on not between date '{low}' and date '{high}'"
    )
    assert one(lake, outside) == 0
    assert one(lake, f"select count(*) from past_promise where state = 'open' and due_on < date '{UNTIL}'") > 0


def test_no_contact_falls_on_a_weekend(lake: duckdb.DuckDBPyConnection):
    assert one(lake, 'select count(*) from past_interaction where isodow("at") > 5') == 0


def test_answers_follow_the_truth_about_hours(lake: duckdb.DuckDBPyConnection):
    row = lake.sql("""select avg((outcome = 'reached')::int) filter (abs(date_part('hour', i."at") - best_hour) <= 1),
        avg((outcome = 'reached')::int) filter (abs(date_part('hour', i."at") - best_hour) > 2)
        from past_interaction i join past_habits using (customer) where i.channel = 'call'""").fetchall()[0]
    assert row[0] > row[1] + 0.2


def test_a_family_of_one_key_customer_bank_is_made_too(tmp_path: Path):
    made = simulate(seed=1, customers=200, until=UNTIL, out=tmp_path)
    assert made.rows["customer"] == 200


def test_a_big_bank_has_ten_transactions_a_customer(tmp_path: Path):
    made = simulate(seed=3, customers=4_000, until=UNTIL, out=tmp_path, profile="bench")
    assert 9.5 <= made.rows["transaction"] / 4_000 <= 13
    assert made.rows["interaction"] == 4_000


@pytest.mark.parametrize(("customers", "key"), [(0, 0), (-5, 0), (100, 101)])
def test_a_plan_of_too_few_customers_is_refused(tmp_path: Path, customers: int, key: int):
    with pytest.raises(plan.PlanError, match="customers"):
        write_bank(plan.big_plan(seed=1, customers=customers, key=key, until=UNTIL), tmp_path)


def test_a_bank_of_no_years_is_refused():
    with pytest.raises(plan.PlanError, match="year"):
        plan.demo_plan(seed=1, customers=500, until=UNTIL, years=0)


def test_an_unknown_profile_is_refused(tmp_path: Path):
    with pytest.raises(plan.PlanError, match="profile"):
        simulate(seed=1, customers=500, until=UNTIL, out=tmp_path, profile="huge")


def test_a_negative_seed_is_refused(tmp_path: Path):
    with pytest.raises(plan.PlanError, match="seed"):
        simulate(seed=-1, customers=500, until=UNTIL, out=tmp_path)


def test_a_refused_plan_writes_nothing(tmp_path: Path):
    with pytest.raises(plan.PlanError, match="customers"):
        simulate(seed=1, customers=3, until=UNTIL, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@given(st.lists(st.integers(-(10**17), 10**17), max_size=50))
def test_money_columns_keep_every_cent(cents: list[int]):
    import numpy as np

    column = money(np.array(cents, dtype=np.int64))
    assert [int(value.as_py() * 100) for value in column] == cents


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_codes_are_padded_and_in_order(numbers: list[int]):
    import numpy as np

    made = codes("C", np.array(sorted(numbers), dtype=np.int64), 10).to_pylist()
    assert made == [f"C{number:010d}" for number in sorted(numbers)]


@settings(max_examples=12, deadline=None)
@given(st.integers(200, 2_000), st.integers(0, 10**6))
def test_any_bank_has_as_many_key_customers_as_planned(customers: int, seed: int):
    made = people.make_people(
        plan.demo_plan(seed=seed, customers=customers, until=UNTIL), __import__("numpy").random.default_rng(seed)
    )
    assert int(made.key.sum()) == round(customers * 0.12)
    assert ((made.rm >= 0) == made.key).all()


def test_the_cast_are_in_the_first_managers_book():
    world = draw(plan.demo_plan(seed=7, customers=20_000, until=UNTIL))
    rows = register.cast_rows(world.people)
    assert len(set(rows.tolist())) == len(register.CAST)
    assert (world.people.rm[rows] == 0).all()


def test_chen_guohua_was_promised_the_fee_comparison_for_the_workday_before(lake: duckdb.DuckDBPyConnection):
    found = lake.sql("""select p.text, p.due_on from past_promise p join customer c on c.number = p.customer
        where c.name = 'Chen Guohua' and p.staff = 'R001' and p.state = 'open'""").fetchall()
    assert found == [("发送费率对比", dt.date(2026, 11, 19))]


def test_contacts_of_a_customer_are_those_of_their_banker(lake: duckdb.DuckDBPyConnection):
    assert (
        one(
            lake,
            "select count(*) from past_interaction i join customer c on c.number = i.customer where i.staff <> c.rm",
        )
        == 0
    )
    assert history.DAYS == 240
