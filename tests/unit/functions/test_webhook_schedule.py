"""What a receiver's answer means for the next attempt."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.webhook_schedule import (
    DELAYS,
    MAX_DELAY,
    Reply,
    conclude_attempt,
    read_retry_after,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
S, MIN, H = 1, 60, 3600


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_2xx_is_delivered(status: int) -> None:
    record = conclude_attempt(Reply(status), 1, NOW, 0.5)
    assert (record.status, record.delivered_at, record.next_attempt_at) == ("delivered", NOW, None)


@pytest.mark.parametrize("status", [100, 199, 300, 301, 302, 307, 308, 400, 404, 429, 500, 503])
def test_anything_else_is_tried_again(status: int) -> None:
    record = conclude_attempt(Reply(status), 1, NOW, 0.0)
    assert (record.status, record.status_code) == ("pending", status)
    assert record.next_attempt_at == NOW + timedelta(seconds=5)
    assert str(status) in str(record.error)


def test_delays_are_those_of_the_specification() -> None:
    waited = [
        (record.next_attempt_at - NOW).total_seconds()
        for attempts in range(1, 10)
        if (record := conclude_attempt(Reply(500), attempts, NOW, 0.0)).next_attempt_at
    ]
    assert waited == [5 * S, 5 * MIN, 30 * MIN, 2 * H, 5 * H, 10 * H, 14 * H, 20 * H, 24 * H]


def test_the_tenth_attempt_is_the_last() -> None:
    record = conclude_attempt(Reply(None, "away"), 10, NOW, 0.0)
    assert (record.status, record.error, record.next_attempt_at) == ("failed", "away", None)


def test_a_receiver_that_is_gone_ends_it_at_once() -> None:
    assert conclude_attempt(Reply(410), 1, NOW, 0.0).status == "failed"


@given(st.integers(1, len(DELAYS)), st.floats(0, 1, exclude_max=True))
def test_jitter_adds_up_to_a_fifth(attempts: int, jitter: float) -> None:
    record = conclude_attempt(Reply(500), attempts, NOW, jitter)
    assert record.next_attempt_at is not None
    delay = record.next_attempt_at - NOW
    assert DELAYS[attempts - 1] <= delay <= DELAYS[attempts - 1] * 1.2


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        (timedelta(hours=1), timedelta(hours=1)),
        (timedelta(seconds=1), timedelta(seconds=5)),
        (timedelta(days=365), MAX_DELAY),
    ],
)
def test_retry_after_delays_further_within_a_day(asked: timedelta, waits: timedelta) -> None:
    record = conclude_attempt(Reply(429, retry_after=asked), 1, NOW, 0.0)
    assert record.next_attempt_at == NOW + waits


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("120", timedelta(seconds=120)),
        ("9" * 400, MAX_DELAY),
        ("Sun, 01 Mar 2026 12:01:00 GMT", timedelta(minutes=1)),
        ("Sun, 01 Mar 2026 11:00:00 GMT", timedelta()),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read(text: str | None, delay: timedelta | None) -> None:
    assert read_retry_after(text, NOW) == delay


@given(st.text())
def test_no_header_breaks_the_sender(text: str) -> None:
    read_retry_after(text, NOW)
