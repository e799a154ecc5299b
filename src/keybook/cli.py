"""The `keybook` command: one clear sentence and exit code 2 when the input is bad."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from keybook.operate import home

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Keybook: the workplace for bank relationship managers and their key customers.",
)
feed_app = typer.Typer(no_args_is_help=True, help="Files from the bank.")
app.add_typer(feed_app, name="feed")
staff_app = typer.Typer(no_args_is_help=True, help="Accounts of the bank's people.")
app.add_typer(staff_app, name="staff")
memo_app = typer.Typer(no_args_is_help=True, help="The service memorandum.")
app.add_typer(memo_app, name="memo")
ledger_app = typer.Typer(no_args_is_help=True, help="The relationship ledger.")
app.add_typer(ledger_app, name="ledger")
plan_app = typer.Typer(no_args_is_help=True, help="Contacts planned on days.")
app.add_typer(plan_app, name="plan")
campaign_app = typer.Typer(no_args_is_help=True, help="Campaigns and how far they have come.")
app.add_typer(campaign_app, name="campaign")
say = Console(stderr=True)

Day = Annotated[str, typer.Option("--date", help="The business date, YYYY-MM-DD.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


class BadInputError(Exception):
    """What was typed cannot be used; the sentence says why and what to write instead."""


def main() -> None:
    """Run the command line; foreseen faults end with one sentence and exit code 2."""
    try:
        app()
    except Exception as error:
        if not (sentence := _sentence(error)):
            raise
        say.print(f"keybook: {sentence}", style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)


def _sentence(error: Exception) -> str:
    """What to tell people of a foreseen fault: ours, Django's word on the settings, a database that does not answer."""
    name, text = type(error).__name__, str(error)
    if type(error).__module__.startswith("keybook.") or name == "ImproperlyConfigured":
        return text
    if name == "OperationalError" and "connection" in text.partition(":")[0]:
        why = " ".join(text.splitlines()[0].split())
        return f"The database does not answer ({why}). Look at DATABASE_URL, and ask keybook doctor."
    return ""


def day(text: str) -> dt.date:
    """Read a date as people type it on a command line; refuse what is no date."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadInputError(f"“{text}” is not a date. Write it as YYYY-MM-DD, for example 2026-11-23.") from None


def start(bank: str | None = None, *, tables: bool = True) -> None:
    """Choose home and settings, start Django, and bring the tables up to date where a command needs them."""
    home.choose(bank)
    home.choose_settings()
    import django

    django.setup()
    if tables:
        from keybook.operate import server

        if server.pending_migrations():
            with bars() as progress:
                server.bring_up_to_date(Shown(progress))


def bars() -> Progress:
    """A progress display on standard error, for anything that may last over two seconds."""
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
        TimeElapsedColumn(), console=say, transient=True,
    )  # fmt: skip


class Shown:
    """Turns calls `(what, done, total)` into one progress bar that names what is being done."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def __call__(self, what: str, done: float = 0, total: float | None = None) -> None:
        """Show that `done` of `total` of this is finished."""
        if self._task is None:
            self._task = self._progress.add_task(what)
        self._progress.update(self._task, description=what, completed=done, total=total or max(done, 1))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8000,
    customers: Annotated[int, typer.Option(min=100, help="How many customers the demo bank has.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same bank.")] = 7,
    until: Annotated[str, typer.Option(help="Its last business date; the newest workday if left out.")] = "",
    fresh: Annotated[bool, typer.Option(help="Throw the demo bank away and make it anew.")] = False,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help="Start the server afterwards.")] = True,
) -> None:
    """Make the demo bank once, then serve it on http://127.0.0.1:8000 with one-click personas."""
    from keybook.operate import demo as bank

    last = day(until) if until else bank.newest_workday(dt.date.today())  # noqa: DTZ011  the machine's own day
    folder = home.choose("demo")
    if fresh:
        bank.throw_away(folder)
    start("demo", tables=False)
    with bars() as progress:
        bank.build(folder=folder, seed=seed, customers=customers, until=last, progress=Shown(progress))
    if serve_it:
        _serve("127.0.0.1", port, 2, 4)
    else:
        say.print(f"The demo bank is in {folder}. Serve it with keybook serve.", markup=False, highlight=False)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Web worker processes.")] = 2,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Threads in each of them.")] = 4,
) -> None:
    """Serve the HTML and JSON faces; the embedded database starts and stops with the server."""
    start(tables=False)
    from django.conf import settings

    if settings.DEMO and host not in {"127.0.0.1", "localhost", "::1"}:
        raise BadInputError(
            f"These settings are for this machine only, so not on {host}. "
            "Set KEYBOOK_SECRET_KEY, KEYBOOK_HOSTS and DATABASE_URL to serve a bank."
        )
    from keybook.operate import server

    if pending := server.pending_migrations():
        if not settings.DEMO:
            raise BadInputError(f"{len(pending)} changes of the tables are not applied yet. Run keybook migrate first.")
        with bars() as progress:
            server.bring_up_to_date(Shown(progress))
    _serve(host, port, workers, threads)


def _serve(host: str, port: int, workers: int, threads: int) -> None:
    """Say where the first page is, then serve."""
    import socket

    from keybook.operate import server

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadInputError(
                f"Port {port} on {host} is taken ({error.strerror}). Choose another with --port."
            ) from error
    server.hand_database_to_workers()
    say.print(f"Keybook is on [link]http://{host}:{port}[/link]  (Ctrl-C stops it)")
    server.serve(host=host, port=port, workers=workers, threads=threads)


@app.command()
def worker(
    concurrency: Annotated[int, typer.Option(min=1, max=32, help="Jobs at a time.")] = 1,
    queue: Annotated[str, typer.Option(help="Only this queue: plans; all if left out.")] = "",
    with_parent: Annotated[bool, typer.Option("--with-parent", help="End when the starting process ends.")] = False,
) -> None:
    """Run queued jobs and the nightly run at its hour."""
    start()
    from keybook.operate import server

    server.work(concurrency=concurrency, queue=queue, with_parent=with_parent)


@app.command()
def migrate() -> None:
    """Bring the database's tables, roles and the assets up to this version."""
    start(tables=False)
    from keybook.operate import server

    pending = server.pending_migrations()
    with bars() as progress:
        server.bring_up_to_date(Shown(progress))
    say.print(f"{len(pending)} changes applied." if pending else "Nothing to apply.")


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(help="Folder for the files; made if missing.")] = Path("bank"),
    seed: Annotated[int, typer.Option(help="The same seed makes the same bytes.")] = 7,
    customers: Annotated[int, typer.Option(min=100, help="How many customers.")] = 20_000,
    until: Annotated[str, typer.Option(help="The last day of the two years, YYYY-MM-DD.")] = "2026-11-20",
    profile: Annotated[str, typer.Option(help="demo: everything; bench: ten transactions a customer.")] = "demo",
) -> None:
    """Make the files of an invented bank, and the truth they were made from."""
    from keybook.operate import demo as bank

    if profile not in {"demo", "bench"}:
        raise BadInputError(f"There is no profile “{profile}”. Use demo or bench.")
    with bars() as progress:
        bank.simulate(
            out=out, seed=seed, customers=customers, until=day(until), profile=profile, progress=Shown(progress)
        )
    say.print(f"Written to {out}.")


@feed_app.command("load")
def feed_load(
    folder: Annotated[Path, typer.Argument(help="The folder of files, or one file.")],
    mapping: Annotated[
        Path | None, typer.Option("--map", help="TOML mapping; none for the contract's own names.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Load the bank's files: each row is loaded, or kept aside with its reason."""
    from keybook.operate import feeds

    if not folder.exists():
        raise BadInputError(f"There is no folder or file {folder}.")
    if mapping is not None and not mapping.is_file():
        raise BadInputError(f"There is no mapping {mapping}.")
    start(feeds.bank_of(mapping))
    with bars() as progress:
        reports = feeds.load(folder=folder, mapping=mapping, progress=Shown(progress))
    feeds.print_reports(reports, as_json=as_json, console=say)


@staff_app.command("add")
def staff_add(
    code: Annotated[str, typer.Argument(help="The staff number.")],
    name: Annotated[str, typer.Option(help="The full name.")],
    role: Annotated[str, typer.Option(help="rm, lobby, head, campaign, compliance or admin.")],
    branch: Annotated[str, typer.Option(help="The branch's code; the first one of a new bank is made.")],
    language: Annotated[str, typer.Option(help="en or zh-hans.")] = "en",
) -> None:
    """Add a member of staff by hand, before any feed names one; nobody signs in without a password."""
    start()
    from keybook.apps.people.accounts import add_staff

    one = add_staff(code=code, name=name, role=role, branch=branch, language=language, page="keybook staff add")
    say.print(f"{one.code} is added. Give the first password with keybook staff password {one.code}.", markup=False)


@staff_app.command("password")
def staff_password(
    code: Annotated[str, typer.Argument(help="The staff number.")],
    stdin: Annotated[bool, typer.Option("--stdin", help="Read the password as one line of standard input.")] = False,
) -> None:
    """Give a member of staff a new password; asks twice, without showing it."""
    start()
    from keybook.apps.people.accounts import account_of, give_password

    account_of(code=code)  # who is unknown is refused before anything is typed
    password = _password_line() if stdin else _password_asked(code)
    one = give_password(code=code, password=password, page="keybook staff password")
    say.print(f"The password of {one.code} is changed.", markup=False)


def _password_line() -> str:
    """The one line of standard input."""
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise BadInputError("Standard input holds no password: write it as one line.")
    return line


def _password_asked(code: str) -> str:
    """The password as typed twice at the terminal, without echo."""
    import getpass

    if not sys.stdin.isatty():
        raise BadInputError("There is no terminal to ask on. Give the password as one line with --stdin.")
    first = getpass.getpass(f"New password of {code}: ")
    if first != getpass.getpass("The same again: "):
        raise BadInputError("Not changed: the two passwords differ.")
    return first


@app.command()
def nightly(date: Day, as_json: AsJson = False) -> None:
    """Run the night for a business date: snapshot, features, signals, publish, Today."""
    on = day(date)
    start()
    from keybook.apps.reminders.nightly import run_night
    from keybook.operate import feeds

    if on > (now := feeds.day_at_the_bank()):  # a night is not taken back: a slip of the finger would end reminders
        raise BadInputError(f"{on} has not come yet: it is {now} at the bank. Run the night of a day that has.")

    with bars() as progress:
        steps = run_night(date=on, progress=Shown(progress))
    rows = [{"step": step.step, "seconds": round(step.seconds, 3), **step.counts} for step in steps]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, default=str))  # noqa: T201  standard output is the face here
        return
    for row in rows:
        name, seconds = row.pop("step"), row.pop("seconds")
        say.print(f"{name:<24} {seconds:>8.2f} s   " + "  ".join(f"{key} {value:,}" for key, value in row.items()))


@app.command()
def today(
    rm: Annotated[str, typer.Option("--rm", help="The staff code of the relationship manager.")],
    date: Annotated[str, typer.Option("--date", help="The day; the bank's business date if left out.")] = "",
    as_json: AsJson = False,
) -> None:
    """Print the ranked list of one relationship manager with its reasons."""
    on = day(date) if date else None
    start()
    from keybook.operate import today as face

    face.show(rm_code=rm, date=on, as_json=as_json)


@app.command("next")
def next_best(
    rm: Annotated[str, typer.Option("--rm", help="The staff code of the relationship manager.")],
    as_json: AsJson = False,
) -> None:
    """Print the next best contact of each customer of one relationship manager, the most worth first."""
    start()
    from keybook.operate import next_best as face

    face.show(rm_code=rm, as_json=as_json)


@memo_app.command("read")
def memo_read(
    text: Annotated[str, typer.Argument(help="The text to read.", show_default=False)] = "",
    lang: Annotated[str, typer.Option(help="zh or en; by the script of the text if left out.")] = "",
    at: Annotated[str, typer.Option(help="When it was written, 2016-11-07T16:12; now if left out.")] = "",
    batch: Annotated[
        Path | None, typer.Option(help="A file of JSON lines, each with a text; - reads the input.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read dates, times, numbers, money and phones in a text, with every way to understand them."""
    from keybook.operate import memo

    if batch is None:
        memo.show(text=text, lang=lang, at=at, as_json=as_json)
        return
    if text:
        raise BadInputError("Give a text or --batch with a file, not both.")
    with bars() as progress:
        memo.read_file(path=batch, lang=lang, at=at, progress=Shown(progress))


@ledger_app.command("learn")
def ledger_learn(
    until: Annotated[
        str, typer.Option("--until", help="The last day of data to look at; the bank's day if left out.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Learn the ledger's weights from who took their money away, and compare them with those set by hand."""
    on = day(until) if until else None
    start()
    from keybook.operate import ledger

    ledger.learn(until=on, as_json=as_json)


@plan_app.command("month")
def plan_month(
    rm: Annotated[str, typer.Option("--rm", help="The staff code of one relationship manager.")] = "",
    branch: Annotated[str, typer.Option(help="The code of a branch: everybody in it and below who keeps a book.")] = "",
    first: Annotated[str, typer.Option("--from", help="The first day; the business date if left out.")] = "",
    until: Annotated[str, typer.Option(help="Up to, not on, this day; a month later if left out.")] = "",
    seconds: Annotated[float, typer.Option(min=0.1, max=60, help="The solver's time for each of them.")] = 3.0,
    as_json: AsJson = False,
) -> None:
    """Plan the month of one relationship manager or of a branch, and print it with what found no place."""
    if bool(rm) == bool(branch):
        raise BadInputError("Say --rm for one relationship manager or --branch for all of a branch.")
    days = (day(first) if first else None, day(until) if until else None)
    start()
    from keybook.operate import plan as face

    face.show(rm=rm, branch=branch, days=days, seconds=seconds, as_json=as_json)


@campaign_app.command("list")
def campaign_list(as_json: AsJson = False) -> None:
    """Print every campaign, the newest first, with its counts."""
    start()
    from keybook.operate import campaigns

    campaigns.board(as_json=as_json)


@campaign_app.command("show")
def campaign_show(
    number: Annotated[int, typer.Argument(min=1, help="The campaign's number, as campaign list prints it.")],
    as_json: AsJson = False,
) -> None:
    """Print one campaign and how far each banker has come."""
    start()
    from keybook.operate import campaigns

    campaigns.show(campaign_id=number, as_json=as_json)


@app.command()
def handover(
    giver: Annotated[str, typer.Option("--from", help="The staff number of whose book it is.")],
    to: Annotated[list[str], typer.Option(help="The staff number of who takes over; several share it evenly.")],
    by: Annotated[str, typer.Option(help="The staff number of the branch head who hands over.")],
    leaves: Annotated[bool, typer.Option(help="End the giver's access in the same act.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would move.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hand a whole book over in one act, or count what would move; the page shows it, splits it and hands it back."""
    start()
    from keybook.operate.handover import Order, show

    show(Order(giver, tuple(to), by, leaves=leaves, dry_run=dry_run), as_json=as_json)


@app.command()
def doctor() -> None:
    """Look at the installation and say what is not well, and the way out."""
    start(tables=False)
    from keybook.operate.doctor import examine

    ill = 0
    for finding in examine():
        ill += not finding.well
        say.print(
            f"{'well' if finding.well else 'ILL ':<5} {finding.what:<14} {finding.says}", markup=False, highlight=False
        )
    if ill:
        raise BadInputError(f"{ill} of these need care.")
