"""Pages a second, signed in, whole, at eight at once; beside the bare SQL and an empty Django view."""

from __future__ import annotations

import itertools
import os
import random
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bench import banks, client, serving
from bench.report import Row, keep

BANKERS, SECONDS, AT_ONCE = 16, 8.0, 8
TODAY_SQL = """SELECT l.*, c.number, c.name, c.name_zh, c.tier_id FROM reminders_line l
    JOIN customers_customer c ON c.id = l.customer_id
    WHERE l.rm_id = %s ORDER BY l."group", l.priority DESC LIMIT 25"""
BOOK_SQL = """SELECT c.id, c.number, c.name, c.name_zh, c.aum, c.next_due_on, c.health, t.code FROM customers_customer c
    LEFT JOIN customers_tier t ON t.id = c.tier_id WHERE c.rm_id = %s ORDER BY c.aum DESC LIMIT 50"""
CUSTOMER_SQL = (
    "SELECT * FROM customers_customer WHERE id = %s",
    "SELECT * FROM interactions_interaction WHERE customer_id = %s ORDER BY at DESC LIMIT 30",
    "SELECT * FROM customers_holding WHERE customer_id = %s",
)
SEARCH_SQL = """SELECT k.customer_id, k.key FROM customers_searchkey k
    WHERE k.rm_id = %s AND k.key >= %s AND k.key < %s ORDER BY k.key, k.weight LIMIT 8"""
MEMOS = (
    "张先生 13800138000 八月底定期到期 45万 提醒他", "Mr Zhang 13800138000, CD of 450k matures end of August, call him",
    "王总 下周三下午回电 他在招行有20万理财", "Mrs Novak walked in, her shop opens on 18 December, send flowers",
    "李姐农历八月初五生日 女儿明年六月高考", "called Smith, wants the new rate, back on Friday",
)  # fmt: skip
LOG_SQL = """INSERT INTO interactions_interaction (customer_id, staff_id, at, channel, outcome, topic, content, effect,
    next_step, superseded, client_key, created_at)
    VALUES (%s, %s, now(), 'call', 'reached', '', 'bench', 'unchanged', '', false, %s, now())"""


@dataclass(frozen=True, slots=True)
class Banker:
    """One who is signed in, and some of the book."""

    id: int
    cookie: str
    customers: tuple[int, ...]
    lines: tuple[int, ...]  # customers on Today's list


@dataclass(frozen=True, slots=True)
class Page:
    """One kind of page: its requests, the SQL of its main rows, and what is asked of it."""

    name: str
    requests: Sequence[bytes]
    floor: Sequence[tuple[str, tuple[Any, ...]]]  # statements; `queries` of them make one page
    queries: int
    least: int
    aim: int
    slow: tuple[int, int]  # p95: at most, aim
    seconds: float = SECONDS
    repeat: bool = True


def measure() -> list[Row]:
    """Measure every page and give the rows."""
    home = banks.build(banks.LARGE)
    os.environ |= {"KEYBOOK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "keybook.settings.demo"}
    import django

    django.setup()
    _rest()
    bankers = sign_in()
    rows: list[Row] = []
    queries = _queries(bankers)
    with serving.empty(home):
        nothing = client.run(port=serving.EMPTY_PORT, requests=[client.get("/")], seconds=4, at_once=AT_ONCE)
    pages = _pages(bankers)
    floors = {page.name: _bare(page) for page in pages}
    with serving.keybook(home) as server:
        for page in pages:
            _look(page)
            client.run(port=serving.PORT, requests=page.requests[:200], seconds=2, repeat=page.repeat, at_once=AT_ONCE)
            rest = page.requests[200:] if not page.repeat else page.requests
            load = client.run(
                port=serving.PORT, requests=rest, seconds=page.seconds, at_once=AT_ONCE, repeat=page.repeat
            )
            rows.append(_row(page, load, 1 / nothing.rate + floors[page.name]))
            banks.say(f"{page.name}: {load.rate:,.0f}/s, p95 {load.p95:.0f} ms")
        memory = serving.worker_megabytes(server)
    rows.append(
        Row("web workers’ memory, two, after it all", f"{memory:.0f} MB", "< 300 MB", "200 MB", well=memory < 300)
    )
    rows += [Row(f"queries of {name}", str(count), "≤ 12", "≤ 7", well=count <= 12) for name, count in queries.items()]
    rows.append(Row("empty Django view, same server", f"{nothing.rate:,.0f}/s, p95 {nothing.p95:.1f} ms"))
    keep("pages", rows)
    return rows


def _rest() -> None:
    """Put back the lines an earlier run logged away, and let PostgreSQL finish its housework after the great load."""
    from django.db import connection

    from keybook.apps.people.queries import bank
    from keybook.apps.reminders.commands import day_of, rank_all

    with connection.cursor() as cursor:
        cursor.execute("""UPDATE reminders_reminder SET state = 'open', closed_on = NULL, closed_by_id = NULL,
            closed_in_id = NULL WHERE state = 'done' AND closed_in_id IS NOT NULL
            AND closed_on = (SELECT business_date FROM people_bank)""")
        if cursor.rowcount:
            rank_all(day=day_of(bank()))
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def _row(page: Page, load: client.Load, floor: float) -> Row:
    """One line: rate and p95, with the floor as the rate nobody can beat."""
    wrong = f", {load.wrong} WRONG" if load.wrong else ""
    return Row(
        f"{page.name}, a second at {AT_ONCE} at once",
        f"{load.rate:,.0f}/s, p50 {load.p50:.0f}, p95 {load.p95:.0f} ms, {load.bytes_each / 1024:.0f} KB{wrong}",
        f"≥ {page.least}, p95 < {page.slow[0]} ms", f"{page.aim}, {page.slow[1]} ms", f"{1 / floor:,.0f}/s",
        f"{1 / load.rate / floor:.1f}", load.rate >= page.least and load.p95 < page.slow[0] and not load.wrong,
    )  # fmt: skip


def sign_in() -> list[Banker]:
    """Sessions of some bankers with a full book, made as the sign-in makes them."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from keybook.apps.customers.models import Customer
    from keybook.apps.people.models import Staff
    from keybook.apps.reminders.models import Line

    store = import_module(settings.SESSION_ENGINE).SessionStore
    found = []
    for staff in Staff.objects.filter(role="rm").order_by("code")[:BANKERS]:
        session = store()
        session[SESSION_KEY] = str(staff.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = staff.get_session_auth_hash()
        session.save()
        book = Customer.objects.filter(rm_id=staff.pk).order_by("-aum").values_list("id", flat=True)
        cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
        lines = Line.objects.filter(rm_id=staff.pk).order_by("id").values_list("customer_id", flat=True)
        found.append(Banker(staff.pk, cookie, tuple(book), tuple(lines)))
    return found


def _pages(bankers: Sequence[Banker]) -> list[Page]:
    """What is asked, of whom, with which bare SQL beneath."""
    rng = random.Random(7)
    each = list(itertools.islice(itertools.cycle(bankers), 400))
    someone = [(banker, rng.choice(banker.customers)) for banker in each]
    typed = ["w", "wa", "wang", "wang w", "zh", "zhang", "li", "陈", "王", "5521", "smi", "C00", "zw"]
    tries = [(banker, typed[number % len(typed)]) for number, banker in enumerate(each)]
    book = [(banker, customer) for banker in bankers for customer in banker.customers]
    rng.shuffle(book)
    listed = [(banker, rng.choice(banker.lines)) for banker in itertools.islice(itertools.cycle(bankers), 6_000)]
    lines = [(banker, MEMOS[number % len(MEMOS)]) for number, banker in enumerate(each)]
    logs = [(LOG_SQL, (who, banker.id, uuid.uuid4())) for banker, who in book[:4000]]
    return [
        Page("Today", [client.get("/", cookie=banker.cookie) for banker in each],
             [(TODAY_SQL, (banker.id,)) for banker in each], 1, 120, 300, (100, 50)),
        Page("Customer", [client.get(f"/customers/{who}/", cookie=banker.cookie) for banker, who in someone],
             [(query, (who,)) for _banker, who in someone for query in CUSTOMER_SQL], 3, 120, 300, (100, 50)),
        Page("Book", [client.get("/book/", cookie=banker.cookie) for banker in each],
             [(BOOK_SQL, (banker.id,)) for banker in each], 1, 120, 300, (100, 50)),
        Page("Search as you type", [client.get(f"/search?q={quote(text)}", cookie=banker.cookie, more="HX-Request: true\r\n")
                                    for banker, text in tries],
             [(SEARCH_SQL, (banker.id, text, text + "\U0010ffff")) for banker, text in tries], 1, 300, 800, (40, 20)),
        Page("Memo, the draft as it is typed", [_draft(banker, text) for banker, text in lines],
             [(SEARCH_SQL, (banker.id, "1380013", "1380013\U0010ffff")) for banker in each], 1, 1, 1, (150, 75)),
        Page("Log a contact", [_log(banker, who) for banker, who in book], logs, 1, 150, 400, (80, 40), repeat=False),
        Page("Log a contact on Today, the next line opened",
             [_log(banker, who, rng.choice(banker.lines)) for banker, who in listed], logs, 1, 150, 400, (80, 40),
             repeat=False),
    ]  # fmt: skip


def _draft(banker: Banker, text: str) -> bytes:
    """One memo line, read as it is typed."""
    return client.post("/memo/draft/", f"text={quote(text)}", cookie=banker.cookie, token="b" * 32)


def _log(banker: Banker, who: int, following: int = 0) -> bytes:
    """One contact, logged by the form of the Customer page, or by Today's, which opens the line of `following`."""
    where = f"from=today&next={following}&at=1&group=b_today" if following else "from=customer"
    form = (
        f"channel=call&outcome=reached&effect=unchanged&topic=Deposit&content=Wants+to+think+it+over.&next_step=&next_on="
        f"&client_key={uuid.uuid4()}&{where}"
    )
    return client.post(f"/customers/{who}/log/", form, cookie=banker.cookie, token="b" * 32)


def _look(page: Page) -> None:
    """One request must be answered well before it is timed."""
    status, body = client.once(port=serving.PORT, request=page.requests[0])
    if status != 200 or (len(body) < 100 and page.repeat):
        raise banks.FailedError(f"{page.name} answers {status} with {len(body)} bytes: {body[:300]!r}")


def _bare(page: Page) -> float:
    """Seconds a page's main rows cost by bare SQL, eight connections at once."""
    from django.db import connection

    from keybook import database

    entry = connection.settings_dict
    address = database.Address(entry["NAME"], entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"])
    count = [0] * AT_ONCE
    until = time.perf_counter() + 3

    def work(number: int) -> None:
        with database.connect(address, str(entry["NAME"])) as bare:
            for place in itertools.count(number, AT_ONCE):
                if time.perf_counter() > until:
                    break
                query, values = page.floor[place % len(page.floor)]
                if query is LOG_SQL:
                    values = (*values[:2], uuid.uuid4())
                cursor = bare.execute(query, values)
                if cursor.description:
                    cursor.fetchall()
                count[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if page.floor[0][0] is LOG_SQL:
        with database.connect(address, str(entry["NAME"])) as bare:
            bare.execute("DELETE FROM interactions_interaction WHERE content = 'bench'")
    return 3 / sum(count) * page.queries


def _queries(bankers: Sequence[Banker]) -> dict[str, int]:
    """How many queries each page makes, session and user included, counted in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    banker, found = bankers[0], {}
    name, _, key = banker.cookie.partition("=")
    browser = Client()
    browser.cookies[name] = key
    for what, path in (("Today", "/"), ("Customer", f"/customers/{banker.customers[0]}/"), ("Book", "/book/"),
                       ("search", "/search?q=wang")):  # fmt: skip
        browser.get(path, headers={"host": "127.0.0.1"})
        with CaptureQueriesContext(connection) as captured:
            browser.get(path, headers={"host": "127.0.0.1"})
        found[what] = sum(
            not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))
            for query in captured.captured_queries
        )
    return found
