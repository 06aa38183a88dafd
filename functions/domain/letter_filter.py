"""Which dead letters a list shows, and the cursor that continues it."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.errors import Violation
from functions.domain.errors import InputsRejectedError

DEFAULT_LIMIT, MAX_LIMIT = 20, 100
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
            raise _wrong(name, f"Is not known; known: {', '.join(PARAMETERS)}.")
    group, cursor = query.get("group"), query.get("cursor")
    if group is not None and group not in GROUPS:
        raise _wrong("group", f"Must be one of {', '.join(GROUPS)}.")
    return LetterFilter(
        reason=_text(query, "reason"),
        fingerprint=_text(query, "fingerprint"),
        code=_text(query, "code"),
        is_grouped=group is not None,
        limit=_limit(query.get("limit")),
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
        raise _wrong("cursor", "Is none of ours; use next_cursor of a page.") from error
    if place.at.tzinfo is None:
        raise _wrong("cursor", "Is none of ours; use next_cursor of a page.")
    return place


def _text(query: Mapping[str, str], name: str) -> str | None:
    text = query.get(name)
    if text is not None and "\x00" in text:
        raise _wrong(name, "Contains the character U+0000.")
    return text


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MAX_LIMIT:
        raise _wrong("limit", f"Must be a whole number from 1 to {MAX_LIMIT}.")
    return int(text)


def _wrong(name: str, message: str) -> InputsRejectedError:
    fault = Violation("", name, f"Query parameter {name!r}: {message}")
    return InputsRejectedError(
        f"The query parameter {name!r} is wrong; see errors.", errors=[fault]
    )
