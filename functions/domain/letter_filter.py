"""Which dead letters a list shows, and the cursor that continues it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from functions.domain.page_limit import DEFAULT_LIMIT, read_limit
from functions.domain.preferences import bad_parameter

PARAMETERS = ("reason", "fingerprint", "code", "group", "limit", "cursor")
GROUPS = ("fingerprint",)


@dataclass(frozen=True, slots=True)
class Place:
    """The last entry of a page; of a group the fingerprint's digits stand for the id."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class LetterFilter:
    """None: any. `is_grouped` asks for one entry a fingerprint."""

    reason: str | None = None
    fingerprint: str | None = None
    code: str | None = None
    is_grouped: bool = False
    limit: int = DEFAULT_LIMIT
    after: Place | None = None


def read_letter_filter(query: Mapping[str, str]) -> LetterFilter:
    """Read the parameters of a list.

    Raises:
        InputsRejectedError: naming the parameter that is wrong or unknown.
    """
    for name in query:
        if name not in PARAMETERS:
            raise bad_parameter(name, f"Is not known; known: {', '.join(PARAMETERS)}.")
    group, cursor = query.get("group"), query.get("cursor")
    if group is not None and group not in GROUPS:
        raise bad_parameter("group", f"Must be one of {', '.join(GROUPS)}.")
    return LetterFilter(
        reason=_text(query, "reason"),
        fingerprint=_text(query, "fingerprint"),
        code=_text(query, "code"),
        is_grouped=group is not None,
        limit=read_limit(query.get("limit")),
        after=None if cursor is None else read_place(cursor),
    )


def write_place(place: Place) -> str:
    """A cursor, opaque to clients; it needs no signature, because it grants nothing."""
    parts = [place.at.isoformat(), place.id.hex]
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read_place(cursor: str) -> Place:
    """The place that a cursor names.

    Raises:
        InputsRejectedError: it is none of ours.
    """
    try:
        at, letter_id = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        place = Place(datetime.fromisoformat(at), UUID(letter_id))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise bad_parameter("cursor", "Is none of ours; use next_cursor of a page.") from error
    if place.at.tzinfo is None:
        raise bad_parameter("cursor", "Is none of ours; use next_cursor of a page.")
    return place


def _text(query: Mapping[str, str], name: str) -> str | None:
    text = query.get(name)
    if text is not None and "\x00" in text:
        raise bad_parameter(name, "Contains the character U+0000.")
    return text
