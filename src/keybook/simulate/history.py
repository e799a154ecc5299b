"""Contacts with the key customers, as their bankers would have logged them, from a known truth.

The last eight months are drawn here; what was before comes from `bonds`, which also says who left because of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from keybook.simulate import sentences as s
from keybook.simulate.bonds import BROKEN, Bonds, Care
from keybook.simulate.columns import Flags, Ints, codes, dates, day_number, joined, moments, money, pick, words
from keybook.simulate.habits import Habits, make_habits
from keybook.simulate.people import People
from keybook.simulate.plan import Plan
from keybook.simulate.register import cast_rows, numbers_of, rm_code, speaks_english
from keybook.simulate.stories import BELOW, MOVED, SHOP, Stories
from keybook.simulate.words import OTHER_BANKS

CHANNELS = ("call", "visit", "branch", "wechat", "sms", "email")
OUTCOMES = ("reached", "not_reached", "left_message", "met")
EFFECTS = ("strengthened", "unchanged", "weakened")
REACHED, NOT_REACHED, LEFT, MET = range(4)
CALL, VISIT, BRANCH = 0, 1, 2
FEES = next(number for number, talk in enumerate(s.TALKS) if talk.topic[0] == "Fees")
DAYS = 240
HABITS = 40  # the stream they are drawn from first, here and where the bonds are
INTERVAL = np.array([60, 45, 30, 14])  # days between contacts: by tier
STANDARD = np.array([90, 90, 60, 30])  # days after which the newest should not lie, and sometimes does


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts, one array a trait, in order of time for each customer."""

    customer: Ints
    day: Ints
    hour: Ints
    channel: Ints
    outcome: Ints
    talk: Ints
    effect: Ints
    newest: Flags  # the last of its customer
    due: Ints  # the day the next step is promised for; -1 for none

    @property
    def spoke(self) -> Flags:
        """Whether the customer was there."""
        spoke: Flags = (self.outcome == REACHED) | (self.outcome == MET)
        return spoke


def make_contacts(plan: Plan, people: People, stories: Stories, habits: Habits, rng: np.random.Generator) -> Contacts:
    """Draw the contacts of the last eight months; promises of the newest fall due around the last day."""
    until = day_number(plan.until)
    key = np.flatnonzero(people.key)
    interval = INTERVAL[people.tier[key]]
    count = np.maximum((DAYS / interval * rng.uniform(0.7, 1.25, len(key))).astype(np.int64), 1)
    if plan.contacts is not None:
        count[:] = plan.contacts
    customer = np.repeat(key, count)
    first = np.repeat(np.cumsum(count) - count, count)
    back = np.repeat(count, count) - 1 - (np.arange(len(customer)) - first)  # 0 is the newest
    late = np.where(rng.random(len(key)) < 0.06, 1.25, 0.86)
    recent = 1 + rng.random(len(key)) ** 1.3 * STANDARD[people.tier[key]] * late
    step = np.repeat(interval, count) * rng.uniform(0.75, 1.15, len(customer))
    day = until - (np.repeat(recent, count) + back * step).astype(np.int64)
    day -= np.maximum((day + 3) % 7 - 4, 0)
    hour = np.where(
        rng.random(len(customer)) < 0.45, habits.peak[customer] + rng.integers(-1, 2, len(customer)),
        9 + pick(rng, [10, 16, 12, 5, 6, 12, 16, 13, 10], len(customer)),
    ).clip(9, 17)  # fmt: skip
    likes = rng.random(len(customer)) < 0.45
    channel = np.where(likes, habits.channel[customer], pick(rng, [0.62, 0.06, 0.08, 0.15, 0.03, 0.06], len(customer)))
    newest = back == 0
    answered = rng.random(len(customer)) < habits.likelihood(customer, hour)
    answered |= newest & (rng.random(len(customer)) < 0.88)  # a banker who did not reach them tries again
    person = (channel == VISIT) | (channel == BRANCH)
    quiet = np.where(rng.random(len(customer)) < 0.65, NOT_REACHED, LEFT)
    quiet = np.where(channel == CALL, quiet, LEFT)
    outcome = np.where(person, MET, np.where(answered, REACHED, quiet))
    favourite = newest & np.isin(customer, cast_rows(people)[:1])  # Chen Guohua was promised the fee comparison
    outcome = np.where(favourite, REACHED, outcome)
    spoke = person | answered | favourite
    sour = newest & np.isin(stories.story[customer], (MOVED, BELOW))
    effect = np.where(sour & (rng.random(len(customer)) < 0.5), 2, pick(rng, [0.28, 0.66, 0.06], len(customer)))
    talk = np.where(favourite, FEES, rng.integers(0, len(s.TALKS), len(customer)))
    day = np.where(favourite, np.minimum(day, until - 4), day)
    return Contacts(
        customer=customer, day=day, hour=hour, channel=channel, outcome=outcome, talk=talk,
        effect=np.where(spoke, effect, 1), newest=newest,
        due=np.where(spoke, _due(until, favourite, day, newest, talk, rng), -1),
    )  # fmt: skip


def _due(until: int, favourite: Flags, day: Ints, newest: Flags, talk: Ints, rng: np.random.Generator) -> Ints:
    """When the next step is due: kept ones a week on, open ones of a few around the last day, some of them late."""
    has_step = np.array([bool(t.step[0]) for t in s.TALKS])[talk]
    past = ~newest & has_step & (rng.random(len(day)) < 0.25) & (day < until - 20)
    due = np.where(past, day + rng.integers(3, 12, len(day)), -1)
    open_ = newest & has_step & (rng.random(len(day)) < 0.11)
    around = until + pick(rng, [4, 6, 14, 26, 12, 10, 10, 8, 10], len(day)) - 3
    due = np.where(open_, np.maximum(around, day + 1), due)
    yesterday = until - 1 - np.maximum((until - 1 + 3) % 7 - 4, 0)
    weekend = np.where(due >= 0, np.maximum((due + 3) % 7 - 4, 0), 0)
    return np.where(favourite, yesterday, due + np.where(weekend > 0, 3 - weekend, 0))


def _in_language(pairs: list[tuple[str, str]], picks: Ints, english: Flags) -> pa.Array:
    """The sentence in the customer's language."""
    flat = [text for pair in pairs for text in pair]
    return words(flat, picks * 2 + np.where(english, 0, 1))


def interaction_table(plan: Plan, people: People, contacts: Contacts, rng: np.random.Generator) -> pa.Table:
    """The contacts as rows to load; `client_key` is a UUID drawn from the seed."""
    n = len(contacts.day)
    english = speaks_english(people)[contacts.customer]
    spoke = contacts.spoke
    said = _in_language([t.content for t in s.TALKS], contacts.talk, english)
    tried = _in_language(list(s.TRIES), np.where(contacts.outcome == LEFT, 3, 0) + rng.integers(0, 2, n), english)
    step = _in_language([t.step for t in s.TALKS], contacts.talk, english)
    seconds = contacts.hour * 3600 + rng.integers(0, 3599, n)
    nothing = pa.scalar("", pa.string())
    return pa.table({
        "customer": numbers_of(contacts.customer), "staff": staff_of(plan, people, contacts.customer),
        "at": moments(contacts.day, seconds), "channel": words(CHANNELS, contacts.channel),
        "outcome": words(OUTCOMES, contacts.outcome),
        "topic": pc.if_else(pa.array(spoke), _in_language([t.topic for t in s.TALKS], contacts.talk, english), nothing),
        "content": pc.if_else(pa.array(spoke), said, tried), "effect": words(EFFECTS, contacts.effect),
        "next_step": pc.if_else(pa.array(contacts.due >= 0), step, nothing),
        "next_on": dates(contacts.due, known=contacts.due >= 0), "client_key": _uuids(n, rng),
    })  # fmt: skip


def staff_of(plan: Plan, people: People, customer: Ints) -> pa.Array:
    """The codes of the bankers of these customers."""
    return words([rm_code(number) for number in range(plan.rms)], people.rm[customer])


def _uuids(count: int, rng: np.random.Generator) -> pa.Array:
    raw = rng.bytes(16 * count).hex()
    digits = pa.array([raw[start : start + 32] for start in range(0, len(raw), 32)], pa.string())
    parts = [
        pc.utf8_slice_codeunits(digits, low, high) for low, high in ((0, 8), (8, 12), (13, 16), (17, 20), (20, 32))
    ]
    return joined(parts[0], "-", parts[1], "-4", parts[2], "-8", parts[3], "-", parts[4])


def promise_table(contacts: Contacts, made: pa.Table) -> pa.Table:
    """What was promised: open for the newest contacts, kept (a few late) for the older ones."""
    rows = np.flatnonzero(contacts.due >= 0)
    picked = made.take(pa.array(rows))
    kept = ~contacts.newest[rows]
    return pa.table({
        "customer": picked["customer"], "staff": picked["staff"], "text": picked["next_step"],
        "due_on": dates(contacts.due[rows]), "made_on": dates(contacts.day[rows]), "made_in": picked["client_key"],
        "state": words(["open", "kept"], kept.astype(np.int64)),
        "closed_on": dates(contacts.due[rows] + np.where(rows % 9 == 0, 2, 0), known=kept),
    })  # fmt: skip


def occasion_table(plan: Plan, people: People, stories: Stories, rng: np.random.Generator) -> pa.Table:
    """Openings to come, anniversaries, memorial days and founding days."""
    until = day_number(plan.until)
    kinds = list(s.OCCASIONS)
    key = np.flatnonzero(people.key)
    draw = rng.random(len(key))
    company = people.company[key]
    kind = np.where(company, np.where(draw < 0.3, 3, -1), np.where(draw < 0.05, 1, np.where(draw < 0.06, 2, -1)))
    kind = np.where(stories.story[key] == SHOP, 0, kind)
    rows, kind = key[kind >= 0], kind[kind >= 0]
    on = np.where(kind == 0, until + rng.integers(1, 20, len(rows)), until - rng.integers(0, 365, len(rows)))
    at = on.astype("datetime64[D]")
    month = at.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (at - at.astype("datetime64[M]")).astype(np.int64) + 1
    year = at.astype("datetime64[Y]").astype(np.int64) + 1970
    return pa.table({
        "customer": numbers_of(rows), "kind": words(kinds, kind), "month": pa.array(month), "day": pa.array(day),
        "year": pa.array(year, mask=kind != 0), "yearly": pa.array(kind != 0),
        "label": _in_language(list(s.OCCASIONS.values()), kind, speaks_english(people)[rows]),
    })  # fmt: skip


def preference_table(people: People, habits: Habits, rng: np.random.Generator) -> pa.Table:
    """What nearly half of the key customers have said about being contacted."""
    rows = np.flatnonzero(people.key & (rng.random(people.size) < 0.45))
    english = speaks_english(people)[rows]
    never = pick(rng, [0.8, 0.08, 0.07, 0.05], len(rows))
    never = np.where(np.array([-1, 5, 4, 0])[never] == habits.channel[rows], 0, never)
    hours = rng.random(len(rows)) < 0.5
    start = np.clip(habits.peak[rows], 9, 16)
    avoid = rng.integers(0, len(s.AVOIDS), len(rows))
    return pa.table({
        "customer": numbers_of(rows), "channels": joined("{", words(CHANNELS, habits.channel[rows]), "}"),
        "never": words(["{}", "{email}", "{sms}", "{call}"], never),
        "hour_from": pa.array(start, mask=~hours), "hour_until": pa.array(start + 2, mask=~hours),
        "topics": _in_language(list(s.LIKES), rng.integers(0, len(s.LIKES), len(rows)), english),
        "avoid": _in_language(list(s.AVOIDS), avoid, english),
        "no_congratulation": pa.array(rng.random(len(rows)) < 0.03),
    })  # fmt: skip


def held_away_table(plan: Plan, people: People, rng: np.random.Generator) -> pa.Table:
    """What a few customers said they have elsewhere, drawn from what they really have."""
    until = day_number(plan.until)
    rows = np.flatnonzero(people.key & (rng.random(people.size) < 0.18))
    n = len(rows)
    english = speaks_english(people)[rows]
    kind = pick(rng, [0.45, 0.3, 0.15, 0.1], n)
    seen = until - rng.integers(5, 300, n)
    matures = until + rng.integers(10, 300, n)
    amount = (people.elsewhere[rows] * rng.uniform(0.3, 0.8, n)).astype(np.int64) // 1_000_000 * 1_000_000
    bank = rng.integers(0, len(OTHER_BANKS), n)
    return pa.table({
        "customer": numbers_of(rows), "institution": words(OTHER_BANKS, bank),
        "kind": words([h[0] for h in s.HEARSAY], kind), "amount": money(amount, known=amount > 0),
        "source": words(["said"], kind * 0), "detail": _in_language([(h[1], h[2]) for h in s.HEARSAY], kind, english),
        "confidence": words(["sure", "likely", "unsure"], pick(rng, [0.3, 0.45, 0.25], n)), "seen_on": dates(seen),
        "matures_on": dates(matures, known=kind == 0), "expires_on": dates(np.where(kind == 0, matures + 30, seen + 270)),
        "key": joined("said|", codes("", bank, 1), "|", dates(seen).cast(pa.string())),
    })  # fmt: skip


def as_care(contacts: Contacts) -> Care:
    """The last eight months as far as they pull: what was promised in them is still too young to."""
    none = np.full(len(contacts.day), -1, dtype=np.int64)
    return Care(
        contacts.customer, contacts.day, contacts.hour, contacts.channel, contacts.outcome, contacts.talk,
        contacts.effect, none, none, none + 1,
    )  # fmt: skip


def older(care: Care) -> Contacts:
    """The contacts of the time before."""
    return Contacts(
        customer=care.customer, day=care.day, hour=care.hour, channel=care.channel, outcome=care.outcome,
        talk=care.talk, effect=care.effect, newest=care.day < 0, due=care.due,
    )  # fmt: skip


def older_promises(care: Care, made: pa.Table) -> pa.Table:
    """What was promised then: kept, kept late or broken."""
    rows = np.flatnonzero(care.due >= 0)
    picked = made.take(pa.array(rows))
    return pa.table({
        "customer": picked["customer"], "staff": picked["staff"], "text": picked["next_step"],
        "due_on": dates(care.due[rows]), "made_on": dates(care.day[rows]), "made_in": picked["client_key"],
        "state": words(["kept", "broken"], (care.fate[rows] == BROKEN).astype(np.int64)),
        "closed_on": dates(care.closed[rows]),
    })  # fmt: skip


def write_history(plan: Plan, people: People, stories: Stories, bonds: Bonds, folder: Path) -> dict[str, int]:
    """Write the history, and the habits behind it into the truth; return how many rows of each there are."""
    rng = np.random.default_rng([plan.seed, HABITS])
    habits = make_habits(people, rng)
    contacts = make_contacts(plan, people, stories, habits, rng)
    made = interaction_table(plan, people, contacts, rng)
    before = interaction_table(plan, people, older(bonds.care), np.random.default_rng([plan.seed, 41]))
    promised = pa.concat_tables([older_promises(bonds.care, before), promise_table(contacts, made)])
    tables = {
        "interaction": pa.concat_tables([before, made]), "promise": promised,
        "occasion": occasion_table(plan, people, stories, rng), "preference": preference_table(people, habits, rng),
        "held_away": held_away_table(plan, people, rng),
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    everyone = np.arange(people.size)
    pq.write_table(pa.table({
        "customer": numbers_of(everyone), "best_hour": pa.array(habits.peak), "channel": words(CHANNELS, habits.channel),
        **{f"answers_{hour}": pa.array(habits.likelihood(everyone, np.full(people.size, hour))) for hour in range(9, 18)},
    }), folder.parent / "truth" / "habits.parquet")  # fmt: skip
    return {name: int(table.num_rows) for name, table in tables.items()}
