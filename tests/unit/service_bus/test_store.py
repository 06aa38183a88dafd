"""What a restart brings back from the database, and what a crash rolls back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from devstack.service_bus.broker import BATCH_FORMAT, Broker
from devstack.service_bus.config import QueueSettings
from devstack.service_bus.encoding import encode_described
from devstack.service_bus.errors import CodecError, StartError
from devstack.service_bus.sections import DATA
from devstack.service_bus.settlement import DeadLetterCause, Outcome, Settlement
from devstack.service_bus.store import Store
from tests.unit.service_bus.fakes import FakeClock, Inbox, Reopen, dead_letters_of, encode_message

DECLARED = {"Jobs": QueueSettings(lock_s=30, duplicate_window_s=600, max_delivery_count=3)}


@pytest.fixture
def reopen(tmp_path: Path, clock: FakeClock) -> Iterator[Reopen]:
    """Start again on the same file, after a commit unless told otherwise."""
    opened: list[tuple[Store, Broker]] = []

    def start(*, commits: bool = True) -> Broker:
        if opened:
            store, broker = opened.pop()
            if commits:
                broker.commit()
            store.close()
        store = Store(tmp_path / "queues.db")
        opened.append((store, Broker(DECLARED, clock, store)))
        return opened[0][1]

    yield start
    for store, _ in opened:
        store.close()


def test_messages_in_every_state_come_back(reopen: Reopen, inbox: Inbox, clock: FakeClock) -> None:
    broker = reopen()
    queue = broker.queue_at("jobs")
    for body in ("deferred", "dead", "abandoned"):
        broker.send(queue, encode_message(body), 0)
    broker.send(queue, encode_message("scheduled", scheduled_at=clock.now + 60), 0)
    queue.consumers.add(inbox)
    inbox.credit = 3
    queue.pump()
    first, second, third = inbox.tokens
    queue.settle(first, Settlement(Outcome.DEFER))
    queue.settle(second, Settlement(Outcome.DEAD_LETTER, DeadLetterCause("bad", "very bad")))
    queue.settle(third, Settlement(Outcome.ABANDON))

    queue = reopen().queue_at("jobs")
    assert [(m.sequence, m.state.name, m.delivery_count) for m in queue.peek(0, 9)] == [
        (1, "DEFERRED", 0),
        (3, "ACTIVE", 1),
        (4, "SCHEDULED", 0),
    ]
    dead = dead_letters_of(queue).peek(0, 9)
    assert [message.sequence for message in dead] == [2]
    assert b"very bad" in dead[0].encode()
    assert queue.next_due() == clock.now + 60


def test_a_restart_releases_message_locks(reopen: Reopen, inbox: Inbox) -> None:
    broker = reopen()
    queue = broker.queue_at("jobs")
    queue.consumers.add(inbox)
    broker.send(queue, encode_message("a"), 0)
    queue = reopen().queue_at("jobs")
    again = type(inbox)()
    queue.consumers.add(again)
    queue.pump()
    assert again.bodies == ["a"]


def test_sequence_numbers_are_not_reused_after_the_queue_was_empty(
    reopen: Reopen, inbox: Inbox
) -> None:
    broker = reopen()
    queue = broker.queue_at("jobs")
    queue.consumers.add(inbox)
    broker.send(queue, encode_message("a"), 0)
    broker.send(queue, encode_message("b"), 0)
    for token in inbox.tokens:
        queue.settle(token, Settlement(Outcome.COMPLETE))
    assert len(queue) == 0
    broker = reopen()
    queue = broker.queue_at("jobs")
    broker.send(queue, encode_message("c"), 0)
    assert [message.sequence for message in queue.peek(0, 9)] == [3]


def test_duplicates_are_known_after_a_restart_and_pruned_later(
    reopen: Reopen, clock: FakeClock
) -> None:
    broker = reopen()
    broker.send(broker.queue_at("jobs"), encode_message("a", message_id="job:1"), 0)
    broker = reopen()
    broker.send(broker.queue_at("jobs"), encode_message("again", message_id="job:1"), 0)
    assert len(broker.queue_at("jobs")) == 1
    clock.now += 601
    broker.send(broker.queue_at("jobs"), encode_message("b", message_id="job:2"), 0)
    broker = reopen()
    assert len(broker.queue_at("jobs").duplicates) == 1


def test_what_was_not_committed_is_rolled_back(reopen: Reopen) -> None:
    broker = reopen()
    broker.send(broker.queue_at("jobs"), encode_message("acknowledged"), 0)
    broker.commit()
    broker.send(broker.queue_at("jobs"), encode_message("not acknowledged"), 0)
    assert len(reopen(commits=False).queue_at("jobs")) == 1


def test_a_batch_with_a_malformed_message_changes_nothing(reopen: Reopen) -> None:
    broker = reopen()
    queue = broker.queue_at("jobs")
    batch = encode_described(DATA, encode_message("a")) + encode_described(DATA, b"not a message")
    with pytest.raises(CodecError):
        broker.send(queue, batch, BATCH_FORMAT)
    assert len(queue) == 0


def test_a_batch_is_split_into_its_messages(reopen: Reopen) -> None:
    broker = reopen()
    queue = broker.queue_at("JOBS")
    batch = encode_described(DATA, encode_message("a")) + encode_described(
        DATA, encode_message("b")
    )
    broker.send(queue, batch, BATCH_FORMAT)
    assert len(queue) == 2


def test_a_database_has_one_owner(reopen: Reopen, tmp_path: Path) -> None:
    reopen()
    with pytest.raises(StartError, match="locked"):
        Store(tmp_path / "queues.db")


def test_a_file_that_is_no_database_is_a_start_error(tmp_path: Path) -> None:
    path = tmp_path / "queues.db"
    path.write_bytes(b"something else entirely, and long enough to have a header" * 10)
    with pytest.raises(StartError, match=r"queues\.db"):
        Store(path)


def test_a_database_of_another_revision_is_a_start_error(tmp_path: Path) -> None:
    path = tmp_path / "queues.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(StartError, match="revision 99"):
        Store(path)
