"""Lists take what they document and refuse the rest by name; cursors stay with their list."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from functions.domain.errors import InputsRejectedError
from functions.domain.job_filter import Cursor, JobFilter, read_filter, write_cursor

LAST = Cursor(datetime(2026, 3, 1, 12, tzinfo=UTC), uuid4())


def test_every_filter_is_read() -> None:
    wanted = read_filter(
        {
            "status": "queued, running",
            "definition": "sitefit",
            "version": "1.0.0",
            "created_after": "2026-03-01T13:00:00+01:00",
            "created_before": "2026-03-02t00:00:00.5z",
            "label": "site:a:b",
            "limit": "100",
        }
    )
    assert wanted == JobFilter(
        statuses=("queued", "running"),
        definition="sitefit",
        version="1.0.0",
        created_after=datetime(2026, 3, 1, 12, tzinfo=UTC),
        created_before=datetime(2026, 3, 2, 0, 0, 0, 500_000, tzinfo=UTC),
        labels={"site": "a:b"},
        limit=100,
    )


def test_a_plus_that_arrives_as_a_blank_is_understood() -> None:
    wanted = read_filter({"created_after": "2026-03-01T13:00:00 01:00"})
    assert wanted.created_after == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("status", "done"),
        ("status", ""),
        ("created_after", "yesterday"),
        ("created_after", "2026-03-01"),
        ("created_after", "2026-03-01T12:00:00"),
        ("created_after", "2026-13-01T12:00:00Z"),
        ("created_after", "0001-01-01T00:00:00+23:00"),
        ("label", "site"),
        ("label", ":a"),
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "x"),
        ("tenant_id", "x"),
    ],
)
def test_what_is_wrong_is_named(name: str, text: str) -> None:
    with pytest.raises(InputsRejectedError) as refusal:
        read_filter({name: text})
    assert refusal.value.code == "schema_violation"
    assert f"'{name}'" in refusal.value.errors[0].message


def test_a_cursor_continues_its_own_list() -> None:
    query = {"status": "failed", "limit": "5"}
    cursor = write_cursor(LAST, query)
    assert read_filter(query | {"cursor": cursor}).cursor == LAST
    assert read_filter({"status": "failed", "cursor": cursor}).cursor == LAST
    with pytest.raises(InputsRejectedError, match="cursor"):
        read_filter({"status": "queued", "cursor": cursor})


def encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "é",
        "....",
        encoded(5),
        encoded([]),
        encoded([1, 2, 3]),
        encoded(["2026-03-01T12:00:00", str(uuid4()), "0" * 12]),
        encoded(["2026-03-01T12:00:00+00:00", "no id", "0" * 12]),
        encoded(["2026-03-01T12:00:00+00:00", str(uuid4()), "0" * 12]),
        encoded("[" * 5000),
    ],
)
def test_a_forged_cursor_is_refused(text: str) -> None:
    with pytest.raises(InputsRejectedError) as refusal:
        read_filter({"cursor": text})
    assert "'cursor'" in refusal.value.errors[0].message
