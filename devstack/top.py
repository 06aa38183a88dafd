"""`python -m devstack top`: queues, jobs, seats and latency of the running stack at a glance."""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict

import psycopg
from azure.servicebus.exceptions import ServiceBusError

from contracts.policy import Policy
from devstack.errors import DevstackError
from devstack.settings import CONTRACTS
from devstack.state import StackState
from devstack.terminal import say
from devstack.top_figures import STATUSES, AppFigures, Figures, connect, read_apps
from devstack.top_queues import Peeking

_EVERY_S = 1.0
_CLEAR = "\x1b[H\x1b[J"


def show(running: StackState, *, once: bool, as_json: bool) -> None:
    """Print one look, or one each second until a signal comes.

    Raises:
        DevstackError: the database or the queues do not answer.
    """
    try:
        for figures in _looks(running.environment):
            _print(figures, as_json=as_json, clear=not once and sys.stdout.isatty())
            if once:
                return
            time.sleep(_EVERY_S)
    except (psycopg.OperationalError, ServiceBusError) as error:
        raise DevstackError(f"the stack does not answer: {error}") from error


def _looks(environment: Mapping[str, str]) -> Iterator[Figures]:
    seats = {app_id: _batch_seats(app_id) for app_id in environment["APP_IDS"].split(",")}
    queues = [f"jobs-{app_id}" for app_id in seats]
    with (
        connect(environment["DATABASE_URL"]) as connection,
        Peeking(environment["SERVICEBUS_CONNECTION"], queues) as peeking,
    ):
        while True:
            yield Figures(peeking.look(), read_apps(connection, seats))


def _batch_seats(app_id: str) -> int:
    file = CONTRACTS / app_id / "policy.json"
    return Policy.model_validate_json(file.read_text(encoding="utf-8")).batch_seats


def _print(figures: Figures, *, as_json: bool, clear: bool) -> None:
    if as_json:
        say(json.dumps(asdict(figures)))
        return
    say((_CLEAR if clear else "") + "\n".join(table(figures)))


def table(figures: Figures) -> list[str]:
    """The figures as lines for a person."""
    lines = [f"{'QUEUE':<20} {'ACTIVE':>9} {'SCHEDULED':>9} {'DEAD':>9}"]
    lines += [
        f"{queue.name:<20} {queue.active:>9} {queue.scheduled:>9} {queue.dead_letter:>9}"
        for queue in figures.queues
    ]
    lines += ["", f"{'APP':<20} " + " ".join(f"{status.upper():>9}" for status in STATUSES)]
    lines += [
        f"{app.app_id:<20} " + " ".join(f"{app.jobs[status]:>9}" for status in STATUSES)
        for app in figures.apps
    ]
    lines += ["", f"{'APP':<20} {'SEATS':>9} {'WAITING':>9} {'P50':>9} {'P95':>9}  OF THE LATEST"]
    return [*lines, *(_speed(app) for app in figures.apps)]


def _speed(app: AppFigures) -> str:
    seats = f"{app.seats_in_use}/{app.seats}"
    waiting = "-" if app.oldest_waiting_s is None else f"{app.oldest_waiting_s:.1f} s"
    p50, p95 = ("-" if value is None else f"{value:.0f} ms" for value in (app.p50_ms, app.p95_ms))
    return f"{app.app_id:<20} {seats:>9} {waiting:>9} {p50:>9} {p95:>9}  {app.sample} jobs"
