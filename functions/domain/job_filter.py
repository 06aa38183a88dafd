"""Which jobs a list shows, and the cursor that continues it."""

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args
from uuid import UUID

from functions.domain.job import JobStatus
from functions.domain.page_limit import DEFAULT_LIMIT, read_limit
from functions.domain.preferences import bad_parameter

STATUSES: tuple[str, ...] = get_args(JobStatus)
FILTERS = ("status", "definition", "version", "created_after", "created_before", "label")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last job of a page: the next one begins after it, newest first."""

    created_at: datetime
    job_id: UUID


@dataclass(frozen=True, slots=True)
class JobFilter:
    """None: any."""

    statuses: tuple[str, ...] | None = None
    definition: str | None = None
    version: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    labels: Mapping[str, str] | None = None
    limit: int = DEFAULT_LIMIT
    cursor: Cursor | None = None


def read_filter(query: Mapping[str, str]) -> JobFilter:
    """Read the parameters of a list.

    Raises:
        InputsRejectedError: naming the parameter that is wrong or unknown.
    """
    for name in query:
        if name not in (*FILTERS, "limit", "cursor"):
            raise bad_parameter(name, f"Is not known; known: {', '.join(FILTERS)}, limit, cursor.")
    return JobFilter(
        statuses=_statuses(query.get("status")),
        definition=query.get("definition"),
        version=query.get("version"),
        created_after=_at("created_after", query.get("created_after")),
        created_before=_at("created_before", query.get("created_before")),
        labels=_labels(query.get("label")),
        limit=read_limit(query.get("limit")),
        cursor=_cursor(query),
    )


def write_cursor(last: Cursor, query: Mapping[str, str]) -> str:
    """Opaque to clients; bound to the filters of the list that it continues.

    It needs no signature: whoever makes one up moves about in his own jobs only.
    """
    parts = [last.created_at.isoformat(), str(last.job_id), _digest(query)]
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _cursor(query: Mapping[str, str]) -> Cursor | None:
    text = query.get("cursor")
    if text is None:
        return None
    try:
        created_at, job_id, digest = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        cursor = Cursor(datetime.fromisoformat(created_at), UUID(job_id))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise bad_parameter("cursor", "Is none of ours; follow the link of a page.") from error
    if digest != _digest(query) or cursor.created_at.tzinfo is None:
        raise bad_parameter("cursor", "Belongs to a list with other filters.")
    return cursor


def _digest(query: Mapping[str, str]) -> str:
    filters = sorted((name, query[name]) for name in FILTERS if name in query)
    return hashlib.sha256(json.dumps(filters).encode()).hexdigest()[:12]


def _statuses(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    statuses = tuple(part.strip() for part in text.split(","))
    if not set(statuses) <= set(STATUSES):
        raise bad_parameter("status", f"Must be some of {', '.join(STATUSES)}, with commas.")
    return statuses


def _at(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    # A plus sign that was not percent-encoded arrives as a blank.
    text = text.replace(" ", "+")
    message = "Must be an RFC 3339 instant with its offset, such as 2026-03-01T12:00:00Z."
    if not _RFC_3339.fullmatch(text):
        raise bad_parameter(name, message)
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise bad_parameter(name, message) from error


def _labels(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    key, colon, value = text.partition(":")
    if not key or not colon:
        raise bad_parameter("label", "Must be key:value.")
    return {key: value}
