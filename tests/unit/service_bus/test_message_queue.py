"""Order, message locks, delivery counts, deferral and dead letters, by a clock that we move."""

from uuid import uuid4

import pytest

from devstack.service_bus.content import parse_content
from devstack.service_bus.decoding import split_map
from devstack.service_bus.errors import LockLostError, MessageNotFoundError
from devstack.service_bus.settlement import DeadLetterCause, Outcome, Settlement
from tests.unit.service_bus.fakes import FakeClock, Inbox, MakeQueue, Send, dead_letters_of

COMPLETE, RELEASE, ABANDON, DEFER = (
    Settlement(outcome)
    for outcome in (Outcome.COMPLETE, Outcome.RELEASE, Outcome.ABANDON, Outcome.DEFER)
)


def test_messages_arrive_in_order_and_at_once(
    make_queue: MakeQueue, send: Send, inbox: Inbox
) -> None:
    queue = make_queue()
    for body in "abc":
        send(queue, body)
    assert inbox.bodies == ["a", "b", "c"]


def test_a_message_waits_for_credit(make_queue: MakeQueue, send: Send, inbox: Inbox) -> None:
    queue = make_queue()
    inbox.credit = 0
    send(queue, "a")
    assert inbox.bodies == []
    inbox.credit = 1
    queue.pump()
    assert inbox.bodies == ["a"]


def test_receivers_take_turns(make_queue: MakeQueue, send: Send, inbox: Inbox) -> None:
    queue = make_queue()
    other = type(inbox)()
    queue.consumers.add(other)
    for body in "abcd":
        send(queue, body)
    assert (inbox.bodies, other.bodies) == (["a", "c"], ["b", "d"])


def test_a_receiver_that_left_gets_nothing(make_queue: MakeQueue, send: Send, inbox: Inbox) -> None:
    queue = make_queue()
    queue.consumers.remove(inbox)
    send(queue, "a")
    assert inbox.bodies == []
    assert len(queue) == 1


def test_a_completed_message_is_gone(make_queue: MakeQueue, send: Send, inbox: Inbox) -> None:
    queue = make_queue()
    send(queue, "a")
    queue.settle(inbox.last_token, COMPLETE)
    assert len(queue) == 0


def test_receive_and_delete_needs_no_settlement(
    make_queue: MakeQueue, send: Send, inbox: Inbox
) -> None:
    queue = make_queue()
    inbox.deletes_on_receipt = True
    send(queue, "a")
    assert inbox.deliveries[0].lock_token is None
    assert len(queue) == 0


def test_abandoning_counts_and_redelivers_with_another_lock(
    make_queue: MakeQueue, send: Send, inbox: Inbox
) -> None:
    queue = make_queue()
    send(queue, "a")
    first = inbox.last_token
    queue.settle(first, ABANDON)
    assert inbox.last_delivery_count == 1
    assert inbox.last_token != first


def test_releasing_does_not_count(make_queue: MakeQueue, send: Send, inbox: Inbox) -> None:
    queue = make_queue()
    send(queue, "a")
    queue.settle(inbox.last_token, RELEASE)
    assert inbox.last_delivery_count == 0
    assert len(inbox.deliveries) == 2


def test_an_abandoned_message_keeps_its_place(
    make_queue: MakeQueue, send: Send, inbox: Inbox
) -> None:
    queue = make_queue()
    inbox.credit = 1
    send(queue, "a")
    send(queue, "b")
    queue.settle(inbox.last_token, ABANDON)
    inbox.credit = 2
    queue.pump()
    assert inbox.bodies == ["a", "a", "b"]


def test_a_lock_holds_until_its_last_instant(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    send(queue, "a")
    clock.now += 29.999
    queue.run_due()
    assert len(inbox.deliveries) == 1
    queue.settle(inbox.last_token, COMPLETE)


def test_an_expired_lock_redelivers_and_counts(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    send(queue, "a")
    stale = inbox.last_token
    assert queue.next_due() == clock.now + 30
    clock.now += 30
    queue.run_due()
    assert inbox.last_delivery_count == 1
    with pytest.raises(LockLostError):
        queue.settle(stale, COMPLETE)


def test_an_expired_lock_is_lost_even_before_the_alarm(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    send(queue, "a")
    clock.now += 30
    with pytest.raises(LockLostError):
        queue.settle(inbox.last_token, COMPLETE)
    with pytest.raises(LockLostError):
        queue.renew(inbox.last_token)


def test_a_renewed_lock_lasts_from_the_renewal(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    send(queue, "a")
    clock.now += 20
    assert queue.renew(inbox.last_token) == clock.now + 30
    clock.now += 29
    queue.run_due()
    assert len(inbox.deliveries) == 1
    clock.now += 1
    queue.run_due()
    assert len(inbox.deliveries) == 2


def test_a_token_settles_once(make_queue: MakeQueue, send: Send, inbox: Inbox) -> None:
    queue = make_queue()
    send(queue, "a")
    queue.settle(inbox.last_token, COMPLETE)
    with pytest.raises(LockLostError):
        queue.settle(inbox.last_token, COMPLETE)


def test_an_unknown_token_is_a_lost_lock(make_queue: MakeQueue) -> None:
    with pytest.raises(LockLostError):
        make_queue().settle(uuid4(), COMPLETE)


def test_the_delivery_limit_dead_letters_by_abandon(
    make_queue: MakeQueue, send: Send, inbox: Inbox
) -> None:
    queue = make_queue()
    send(queue, "poison")
    for _ in range(3):
        queue.settle(inbox.last_token, ABANDON)
    assert (len(inbox.deliveries), len(queue), len(dead_letters_of(queue))) == (3, 0, 1)
    dead = dead_letters_of(queue).peek(0, 1)[0]
    assert dead.delivery_count == 3
    assert b"MaxDeliveryCountExceeded" in dead.encode()


def test_the_delivery_limit_dead_letters_by_expiry(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    send(queue, "poison")
    for _ in range(3):
        clock.now += 30
        queue.run_due()
    assert (len(inbox.deliveries), len(dead_letters_of(queue))) == (3, 1)


def test_a_dead_letter_keeps_number_properties_and_cause(
    make_queue: MakeQueue, send: Send, inbox: Inbox
) -> None:
    queue = make_queue()
    sequence = send(queue, "a")
    cause = DeadLetterCause("unknown_job", "no such job")
    queue.settle(inbox.last_token, Settlement(Outcome.DEAD_LETTER, cause))
    dead = dead_letters_of(queue).peek(0, 1)[0]
    assert dead.sequence == sequence
    properties = split_map(dead.content.application_properties, 3)
    assert set(properties) == {"DeadLetterReason", "DeadLetterErrorDescription"}


def test_a_waiting_reader_of_dead_letters_gets_one_at_once(
    make_queue: MakeQueue, send: Send, inbox: Inbox
) -> None:
    queue = make_queue()
    reader = type(inbox)()
    dead_letters_of(queue).consumers.add(reader)
    send(queue, "a")
    queue.settle(inbox.last_token, Settlement(Outcome.DEAD_LETTER))
    assert reader.bodies == ["a"]


def test_a_dead_letter_is_redelivered_for_ever(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    reader = type(inbox)()
    dead_letters_of(queue).consumers.add(reader)
    send(queue, "a")
    queue.settle(inbox.last_token, Settlement(Outcome.DEAD_LETTER))
    for _ in range(20):
        dead_letters_of(queue).settle(reader.last_token, Settlement(Outcome.DEAD_LETTER))
    assert len(dead_letters_of(queue)) == 1
    assert len(reader.deliveries) == 21


def test_a_deferred_message_comes_by_number_only(
    make_queue: MakeQueue, send: Send, inbox: Inbox
) -> None:
    queue = make_queue()
    sequence = send(queue, "a")
    queue.settle(inbox.last_token, DEFER)
    assert len(inbox.deliveries) == 1
    taken = queue.take_deferred([sequence], deletes=False)[0]
    with pytest.raises(MessageNotFoundError):
        queue.take_deferred([sequence], deletes=False)
    assert taken.lock_token is not None
    queue.settle(taken.lock_token, ABANDON)
    again = queue.take_deferred([sequence], deletes=False)[0]
    assert again.lock_token is not None
    queue.settle(again.lock_token, COMPLETE)
    assert len(queue) == 0


def test_taking_deferred_messages_is_all_or_nothing(
    make_queue: MakeQueue, send: Send, inbox: Inbox
) -> None:
    queue = make_queue()
    sequence = send(queue, "a")
    queue.settle(inbox.last_token, DEFER)
    with pytest.raises(MessageNotFoundError):
        queue.take_deferred([sequence, 99], deletes=True)
    assert len(queue) == 1


def test_peek_pages_by_number_over_every_state(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    inbox.credit = 1
    send(queue, "locked")
    send(queue, "ready")
    send(queue, "scheduled", scheduled_at=clock.now + 60)
    assert [message.sequence for message in queue.peek(0, 10)] == [1, 2, 3]
    assert [message.sequence for message in queue.peek(2, 1)] == [2]
    assert queue.peek(4, 10) == []


def test_the_encoded_message_carries_what_the_sdk_reads(
    make_queue: MakeQueue, send: Send, inbox: Inbox, clock: FakeClock
) -> None:
    queue = make_queue()
    send(queue, "a", message_id="m")
    annotations = parse_content(inbox.deliveries[0].encoded).annotations
    assert set(annotations) == {
        "x-opt-sequence-number",
        "x-opt-enqueued-time",
        "x-opt-locked-until",
    }
    assert annotations["x-opt-locked-until"].endswith(int((clock.now + 30) * 1000).to_bytes(8))


def test_settled_messages_leave_no_growing_agenda(
    make_queue: MakeQueue, send: Send, inbox: Inbox
) -> None:
    queue = make_queue()
    inbox.credit = 10_000
    for _ in range(5_000):
        send(queue, "a")
        queue.settle(inbox.last_token, COMPLETE)
    assert len(queue._shelf._agenda) < 2_000
