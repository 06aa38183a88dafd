"""The query of a request that lists or purges several instances."""

from datetime import UTC, datetime

from starlette.datastructures import QueryParams

from devstack.functions_host.durable.client import BadRequestError
from devstack.functions_host.durable.selection import InstanceFilter


def parse_filter(query: QueryParams) -> InstanceFilter:
    """What a query asks for; ``runtimeStatus`` may be repeated or a list with commas.

    Raises:
        BadRequestError: an instant is not ISO 8601.
    """
    named = [status for text in query.getlist("runtimeStatus") for status in text.split(",")]
    return InstanceFilter(
        created_from=_seconds(query, "createdTimeFrom"),
        created_to=_seconds(query, "createdTimeTo"),
        statuses=[status for status in named if status],
        id_prefix=query.get("instanceIdPrefix", ""),
    )


def _seconds(query: QueryParams, name: str) -> float | None:
    """Seconds since 1970; an instant without a zone is in UTC."""
    text = query.get(name)
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequestError(f"{name}: {text!r} is not an instant") from error
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.timestamp()
