"""The task hub's SQLite database: instances, histories, arrivals and activities to run.

Every method is one transaction. The write-ahead log makes a commit survive the death of the
process; only the death of the machine may lose the last ones.
"""

import json
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

from devstack.functions_host.durable.history import Event, compact
from devstack.functions_host.durable.records import (
    Advance,
    Arrival,
    Instance,
    Received,
    ScheduledActivity,
)
from devstack.functions_host.durable.selection import InstanceFilter, selection

DATABASE = "task_hub.db"
"""The file's name in the state folder of a host."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS instance (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, execution_id TEXT NOT NULL, status TEXT NOT NULL,
  version TEXT NOT NULL, input TEXT, output TEXT, custom_status TEXT, parent TEXT NOT NULL,
  created_at REAL NOT NULL, updated_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS instance_by_age ON instance (created_at);
CREATE TABLE IF NOT EXISTS history (
  instance_id TEXT NOT NULL, position INTEGER NOT NULL, event TEXT NOT NULL,
  PRIMARY KEY (instance_id, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS arrival (
  number INTEGER PRIMARY KEY AUTOINCREMENT, instance_id TEXT NOT NULL, execution_id TEXT,
  event TEXT NOT NULL, visible_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS arrival_by_instance ON arrival (instance_id, visible_at);
CREATE TABLE IF NOT EXISTS activity (
  number INTEGER PRIMARY KEY AUTOINCREMENT, instance_id TEXT NOT NULL, execution_id TEXT NOT NULL,
  event TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS activity_by_instance ON activity (instance_id);
"""
_PUT_INSTANCE = "INSERT OR REPLACE INTO instance VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSTANCE_ROW = attrgetter(*(one.name for one in fields(Instance)))
_PUT_ARRIVAL = (
    "INSERT INTO arrival (instance_id, execution_id, event, visible_at) VALUES (?, ?, ?, ?)"
)
_PUT_ACTIVITY = "INSERT INTO activity (instance_id, execution_id, event) VALUES (?, ?, ?)"


class Store:
    """One task hub; used by one process at a time, which may be killed at any line."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def instance(self, instance_id: str) -> Instance | None:
        """One instance."""
        statement = "SELECT * FROM instance WHERE id = ?"
        row = self._connection.execute(statement, (instance_id,)).fetchone()
        return Instance(*row) if row else None

    def instances(self, wanted: InstanceFilter) -> list[Instance]:
        """Those that match, oldest first."""
        return [Instance(*row) for row in self._connection.execute(*selection(wanted))]

    def history(self, instance_id: str) -> list[Event]:
        """The events of the present execution."""
        statement = "SELECT event FROM history WHERE instance_id = ? ORDER BY position"
        rows = self._connection.execute(statement, (instance_id,))
        return [json.loads(text) for (text,) in rows]

    def arrivals(self, instance_id: str, now: float) -> list[Received]:
        """What an episode that begins now sees, in the order of arrival."""
        statement = (
            "SELECT number, execution_id, event FROM arrival "
            "WHERE instance_id = ? AND visible_at <= ? ORDER BY number"
        )
        rows = self._connection.execute(statement, (instance_id, now))
        return [Received(number, owner, json.loads(text)) for number, owner, text in rows]

    def next_arrival_at(self, instance_id: str) -> float | None:
        """When the instance has something to see, in seconds since 1970."""
        statement = "SELECT min(visible_at) FROM arrival WHERE instance_id = ?"
        return self._connection.execute(statement, (instance_id,)).fetchone()[0]

    def awaited(self) -> list[tuple[str, float]]:
        """Each instance with arrivals, and when it may see the first."""
        statement = "SELECT instance_id, min(visible_at) FROM arrival GROUP BY instance_id"
        return self._connection.execute(statement).fetchall()

    def activity(self, number: int) -> ScheduledActivity | None:
        """An activity that has to run; None when its instance was purged."""
        statement = "SELECT instance_id, execution_id, event FROM activity WHERE number = ?"
        row = self._connection.execute(statement, (number,)).fetchone()
        return ScheduledActivity(row[0], row[1], json.loads(row[2])) if row else None

    def activities(self) -> list[int]:
        """Numbers of all activities that have to run, oldest first."""
        return [
            row[0] for row in self._connection.execute("SELECT number FROM activity ORDER BY 1")
        ]

    def create(self, instance: Instance, arrival: Arrival) -> bool:
        """Store an instance and its first arrival, unless one of this id is unfinished."""
        with self._transaction():
            found = self.instance(instance.id)
            if found is not None and not found.is_over:
                return False
            self._replace(instance, arrival)
        return True

    def add(self, arrival: Arrival) -> None:
        """Send an event to an instance."""
        with self._transaction():
            self._connection.execute(_PUT_ARRIVAL, _arrival_row(arrival))

    def end_activity(self, number: int, answer: Arrival) -> None:
        """An activity ended: its answer takes its place."""
        with self._transaction():
            gone = self._connection.execute("DELETE FROM activity WHERE number = ?", (number,))
            if gone.rowcount:
                self._connection.execute(_PUT_ARRIVAL, _arrival_row(answer))

    def drop(self, numbers: Sequence[int]) -> None:
        """Forget arrivals that nobody wants."""
        with self._transaction():
            self._drop(numbers)

    def advance(self, step: Advance) -> list[int] | None:
        """Write an episode; numbers of the activities that it scheduled.

        Nothing is written, and None returned, when the instance was purged or replaced meanwhile.
        """
        instance = step.instance
        with self._transaction():
            found = self.instance(instance.id)
            if found is None or found.execution_id != step.began_as:
                return None
            self._drop(step.consumed)
            if not step.kept:
                self._connection.execute(
                    "DELETE FROM history WHERE instance_id = ?", (instance.id,)
                )
            self._connection.executemany(
                "INSERT INTO history (instance_id, position, event) VALUES (?, ?, ?)",
                [
                    (instance.id, position, compact(one))
                    for position, one in enumerate(step.events, start=step.kept)
                ],
            )
            self._connection.execute(_PUT_INSTANCE, _INSTANCE_ROW(instance))
            for child, first in step.children:
                self._replace(child, first)
            rows = [_arrival_row(arrival) for arrival in step.arrivals]
            self._connection.executemany(_PUT_ARRIVAL, rows)
            return [self._schedule(activity) for activity in step.activities]

    def purge(self, instance_ids: Sequence[str]) -> int:
        """Delete instances with all that belongs to them; how many there were."""
        with self._transaction():
            for instance_id in instance_ids:
                self._forget(instance_id)
            statement = "DELETE FROM instance WHERE id = ?"
            gone = self._connection.executemany(statement, [(one,) for one in instance_ids])
            return gone.rowcount

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        with self._connection:
            yield

    def _schedule(self, activity: ScheduledActivity) -> int:
        row = (activity.instance_id, activity.execution_id, compact(activity.event))
        number = self._connection.execute(_PUT_ACTIVITY, row).lastrowid
        if number is None:
            raise sqlite3.DatabaseError("an inserted row has no number")
        return number

    def _replace(self, instance: Instance, arrival: Arrival) -> None:
        """A sub-orchestration takes the place of any instance of its id, as in Azure."""
        self._forget(instance.id)
        self._connection.execute(_PUT_INSTANCE, _INSTANCE_ROW(instance))
        self._connection.execute(_PUT_ARRIVAL, _arrival_row(arrival))

    def _forget(self, instance_id: str) -> None:
        for table in ("history", "arrival", "activity"):
            statement = f"DELETE FROM {table} WHERE instance_id = ?"  # noqa: S608 - constant names
            self._connection.execute(statement, (instance_id,))

    def _drop(self, numbers: Sequence[int]) -> None:
        statement = "DELETE FROM arrival WHERE number = ?"
        self._connection.executemany(statement, [(number,) for number in numbers])


def open_store(path: Path) -> Store:
    """The database of a hub, made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_SCHEMA}")
    return Store(connection)


def open_for_reading(path: Path) -> Store:
    """The database of a hub that may be running; it is only looked at.

    Raises:
        sqlite3.OperationalError: there is none.
    """
    return Store(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None))


def _arrival_row(arrival: Arrival) -> tuple[str, str | None, str, float]:
    text = compact(arrival.event)
    return arrival.instance_id, arrival.execution_id, text, arrival.visible_at
