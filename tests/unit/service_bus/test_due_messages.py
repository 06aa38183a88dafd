"""Scheduling, expiry and duplicate detection, by a clock that we move."""

import pytest

from devstack.service_bus.errors import MessageNotFoundError
from tests.unit.service_bus.fakes import FakeClock, Inbox, MakeQueue, Send, dead_letters_of


def test_a_scheduled_message_comes_at_its_instant(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    send(queue, "later", scheduled_at=clock.now + 60)
    assert queue.next_due() == clock.now + 60
    clock.now += 59.999
    queue.run_due()
    assert inbox.bodies == []
    clock.now += 0.001
    queue.run_due()
    assert inbox.bodies == ["later"]


def test_a_message_scheduled_for_the_past_comes_now(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    send(make_queue(), "late", scheduled_at=clock.now - 1)
    assert inbox.bodies == ["late"]


def test_a_cancelled_message_never_comes(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    sequence = send(queue, "later", scheduled_at=clock.now + 60)
    queue.cancel_scheduled([sequence])
    clock.now += 120
    queue.run_due()
    assert (inbox.bodies, len(queue)) == ([], 0)


def test_cancelling_is_all_or_nothing(make_queue: MakeQueue, send: Send, clock: FakeClock) -> None:
    queue = make_queue()
    sequence = send(queue, "later", scheduled_at=clock.now + 60)
    with pytest.raises(MessageNotFoundError):
        queue.cancel_scheduled([sequence, 99])
    assert len(queue) == 1


def test_a_message_that_is_out_cannot_be_cancelled(make_queue: MakeQueue, send: Send) -> None:
    queue = make_queue()
    sequence = send(queue, "now")
    with pytest.raises(MessageNotFoundError):
        queue.cancel_scheduled([sequence])


def test_an_expired_message_goes_to_the_dead_letters(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue(dead_letter_on_expiry=True)
    inbox.credit = 0
    send(queue, "short", ttl_ms=1_000)
    clock.now += 1
    queue.run_due()
    assert (len(queue), len(dead_letters_of(queue))) == (0, 1)
    assert b"TTLExpiredException" in dead_letters_of(queue).peek(0, 1)[0].encode()


def test_an_expired_message_is_dropped_without_that_setting(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    inbox.credit = 0
    send(queue, "short", ttl_ms=1_000)
    clock.now += 1
    queue.run_due()
    assert (len(queue), len(dead_letters_of(queue))) == (0, 0)


def test_an_expired_message_is_not_delivered_before_the_alarm(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    inbox.credit = 0
    send(queue, "short", ttl_ms=1_000)
    clock.now += 1
    inbox.credit = 1
    queue.pump()
    assert inbox.bodies == []


def test_the_queues_default_limits_the_time_to_live(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue(default_ttl_s=10.0)
    inbox.credit = 0
    send(queue, "own limit is longer", ttl_ms=60_000)
    send(queue, "no limit of its own")
    clock.now += 10
    queue.run_due()
    assert len(queue) == 0


def test_a_lock_outlasts_the_time_to_live(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    send(queue, "a", ttl_ms=1_000)
    clock.now += 2
    queue.run_due()
    assert len(queue) == 1
    clock.now += 28
    queue.run_due()
    assert (len(queue), len(inbox.deliveries)) == (0, 1)


def test_the_time_to_live_of_a_scheduled_message_starts_when_it_is_due(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    send(queue, "later", scheduled_at=clock.now + 60, ttl_ms=1_000)
    clock.now += 60
    queue.run_due()
    assert inbox.bodies == ["later"]


def test_a_duplicate_within_the_window_is_dropped(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue(duplicate_window_s=60.0)
    assert send(queue, "first", message_id="job:1") == 1
    clock.now += 59.9
    assert send(queue, "again", message_id="job:1") == 0
    assert send(queue, "other", message_id="job:2") == 2
    assert inbox.bodies == ["first", "other"]


def test_after_the_window_an_id_is_admitted_again(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue(duplicate_window_s=60.0)
    send(queue, "first", message_id="job:1")
    clock.now += 60
    assert send(queue, "again", message_id="job:1") == 2


def test_without_a_window_or_an_id_nothing_is_a_duplicate(
    make_queue: MakeQueue, send: Send, inbox: Inbox
) -> None:
    plain, detecting = make_queue(), make_queue(duplicate_window_s=60.0)
    for queue, message_id in ((plain, "job:1"), (detecting, None)):
        send(queue, "a", message_id=message_id)
        send(queue, "b", message_id=message_id)
    assert inbox.bodies == ["a", "b", "a", "b"]


def test_ids_that_left_the_window_are_forgotten(
    make_queue: MakeQueue, send: Send, clock: FakeClock
) -> None:
    queue = make_queue(duplicate_window_s=60.0)
    for number in range(1_000):
        clock.now += 1
        send(queue, "a", message_id=f"job:{number}")
    assert len(queue.duplicates) <= 70
