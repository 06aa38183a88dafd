"""Preferences are honoured where they are known, and never fail a request."""

import pytest

from functions.domain.errors import InputsRejectedError
from functions.domain.preferences import (
    Preferences,
    read_flag,
    read_preferences,
    read_wait,
    wants_fresh,
)


@pytest.mark.parametrize(
    ("header", "expected", "applied"),
    [
        (None, Preferences(), None),
        ("wait=5", Preferences(5), "wait=5"),
        ("Wait = 5", Preferences(5), "wait=5"),
        ('wait="7"; foo="a,b"', Preferences(7), "wait=7"),
        ("wait=600", Preferences(60), "wait=60"),
        ("wait=99999999999999999999", Preferences(), None),
        ("wait=-1", Preferences(), None),
        ("wait=1.5", Preferences(), None),
        ("wait", Preferences(), None),
        ("wait=2, wait=9", Preferences(2), "wait=2"),
        ("respond-async", Preferences(is_async=True), "respond-async"),
        ("respond-async, wait=10", Preferences(10, is_async=True), "wait=10"),
        ("return=minimal, unknown, ;;,=", Preferences(), None),
    ],
)
def test_prefer_is_read_leniently(
    header: str | None, expected: Preferences, applied: str | None
) -> None:
    assert read_preferences(header) == expected
    assert expected.applied == applied


def test_the_wait_parameter_is_read_strictly() -> None:
    assert [read_wait(text) for text in (None, "0", "25", "60")] == [0, 0, 25, 60]
    for text in ("61", "-1", "", "1.5", "x", "²"):
        with pytest.raises(InputsRejectedError) as refusal:
            read_wait(text)
        assert "'wait'" in refusal.value.errors[0].message


def test_a_flag_is_true_or_false() -> None:
    assert [read_flag("dry_run", text) for text in (None, "false", "true")] == [False, False, True]
    with pytest.raises(InputsRejectedError):
        read_flag("dry_run", "1")


def test_no_cache_asks_for_a_job_of_its_own() -> None:
    assert wants_fresh("No-Cache")
    assert wants_fresh("max-age=0, no-cache")
    assert not wants_fresh(None)
    assert not wants_fresh("max-age=0")
