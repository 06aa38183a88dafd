"""SQLite behind the queues: every change is written through, one commit per turn.

WAL with synchronous=NORMAL: a commit survives the kill of this process; a power cut may lose the
last ones. Message locks are not stored, so a restart releases them.
"""

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from devstack.service_bus.content import parse_content
from devstack.service_bus.errors import StartError, StoreError
from devstack.service_bus.message import MessageState, QueuedMessage
from devstack.service_bus.message_queue import MessageQueue

_REVISION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
  queue TEXT NOT NULL, sequence INTEGER NOT NULL, is_dead_letter INTEGER NOT NULL,
  state INTEGER NOT NULL, delivery_count INTEGER NOT NULL, enqueued_at REAL NOT NULL,
  scheduled_at REAL, expires_at REAL, raw BLOB NOT NULL, application_properties BLOB,
  PRIMARY KEY (queue, sequence)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS duplicate (
  queue TEXT NOT NULL, message_id BLOB NOT NULL, seen_at REAL NOT NULL,
  PRIMARY KEY (queue, message_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS duplicate_by_age ON duplicate (queue, seen_at);
CREATE TABLE IF NOT EXISTS high_water (
  queue TEXT PRIMARY KEY, last_sequence INTEGER NOT NULL
) WITHOUT ROWID;
"""
_SELECT = """
SELECT sequence, is_dead_letter, state, delivery_count, enqueued_at, scheduled_at, expires_at,
  raw, application_properties
FROM message WHERE queue = ? ORDER BY sequence
"""


class _KeptMessage(NamedTuple):
    """One row of `_SELECT`."""

    sequence: int
    is_dead_letter: int
    state: int
    delivery_count: int
    enqueued_at: float
    scheduled_at: float | None
    expires_at: float | None
    raw: bytes
    application_properties: bytes | None

    def restore(self) -> QueuedMessage:
        content = parse_content(self.raw)
        if self.application_properties is not None:
            content = replace(content, application_properties=self.application_properties)
        return QueuedMessage(
            sequence=self.sequence,
            content=content,
            enqueued_at=self.enqueued_at,
            state=MessageState(self.state),
            delivery_count=self.delivery_count,
            scheduled_at=self.scheduled_at,
            expires_at=self.expires_at,
        )


class Store:
    """One database file, owned by one emulator at a time."""

    def __init__(self, path: Path) -> None:
        """Open or create the file.

        Raises:
            StartError: it cannot be opened, is in use, or was written by another version.
        """
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=0)
            self._prepare(path)
        except sqlite3.Error as error:
            raise StartError(f"Database {path}: {error}") from error
        self._is_open = False

    def write(self, statement: str, values: tuple[object, ...]) -> None:
        """Run a statement in this turn's transaction.

        Raises:
            StoreError: the file cannot be written.
        """
        try:
            if not self._is_open:
                self._connection.execute("BEGIN")
                self._is_open = True
            self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise StoreError(f"The database cannot be written: {error}") from error

    def commit(self) -> None:
        """Make this turn's changes durable.

        Raises:
            StoreError: the file cannot be written.
        """
        if not self._is_open:
            return
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreError(f"The database cannot be written: {error}") from error
        self._is_open = False

    def close(self) -> None:
        """Close the file; what was not committed was not acknowledged and is rolled back."""
        self._connection.close()

    def load(self, name: str, queue: MessageQueue) -> None:
        """Fill a queue with what was kept under its name; names compare in lower case."""
        for row in self._connection.execute(_SELECT, (name,)):
            kept = _KeptMessage(*row)
            target = queue.dead_letters if kept.is_dead_letter else queue
            if target is not None:
                target.insert(kept.restore())
        for message_id, seen_at in self._connection.execute(
            "SELECT message_id, seen_at FROM duplicate WHERE queue = ? ORDER BY seen_at", (name,)
        ):
            queue.duplicates.restore(message_id, seen_at)
        last = self._connection.execute(
            "SELECT coalesce(max(last_sequence), 0) FROM high_water WHERE queue = ?", (name,)
        ).fetchone()[0]
        queue.last_sequence = max(queue.last_sequence, last)

    def _prepare(self, path: Path) -> None:
        self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        revision = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if revision not in (0, _REVISION):
            raise StartError(f"Database {path}: revision {revision}, {_REVISION} is expected.")
        self._connection.executescript(_SCHEMA)
        self._connection.execute(f"PRAGMA user_version = {_REVISION}")


class QueueJournal:
    """Writes the changes of one queue through to the store."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name

    def added(self, message: QueuedMessage) -> None:
        """Keep the message and the highest sequence number that was ever given."""
        self._store.write(
            "INSERT INTO message VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, NULL)",
            (self._name, message.sequence, *_changing(message), message.content.raw),
        )
        self._store.write(
            "INSERT INTO high_water VALUES (?, ?) ON CONFLICT (queue) DO UPDATE "
            "SET last_sequence = excluded.last_sequence",
            (self._name, message.sequence),
        )

    def changed(self, message: QueuedMessage) -> None:
        """Keep state, delivery count and instants."""
        self._store.write(
            "UPDATE message SET state = ?, delivery_count = ?, enqueued_at = ?, scheduled_at = ?, "
            "expires_at = ? WHERE queue = ? AND sequence = ?",
            (*_changing(message), self._name, message.sequence),
        )

    def dead_lettered(self, message: QueuedMessage) -> None:
        """Keep the move and the application properties with the reason."""
        self.changed(message)
        self._store.write(
            "UPDATE message SET is_dead_letter = 1, application_properties = ? "
            "WHERE queue = ? AND sequence = ?",
            (message.content.application_properties, self._name, message.sequence),
        )

    def removed(self, message: QueuedMessage) -> None:
        """Drop the row; the high-water mark stays."""
        self._store.write(
            "DELETE FROM message WHERE queue = ? AND sequence = ?", (self._name, message.sequence)
        )

    def duplicate_seen(self, message_id: bytes, seen_at: float) -> None:
        """Keep the message id."""
        self._store.write(
            "INSERT OR REPLACE INTO duplicate VALUES (?, ?, ?)", (self._name, message_id, seen_at)
        )

    def duplicates_forgotten(self, before: float) -> None:
        """Drop message ids that left the window."""
        self._store.write(
            "DELETE FROM duplicate WHERE queue = ? AND seen_at <= ?", (self._name, before)
        )


def _changing(message: QueuedMessage) -> tuple[object, ...]:
    return (
        int(message.state),
        message.delivery_count,
        message.enqueued_at,
        message.scheduled_at,
        message.expires_at,
    )
