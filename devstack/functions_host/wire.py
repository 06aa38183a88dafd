"""Datums as the .NET host puts them on the wire for HTTP and timer triggers.

Source: GrpcMessageConversionExtensions.ToRpc of azure-functions-host.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from azure.functions.meta import Datum

from devstack.functions_host.converters import Datums

# What .NET sends for an instant that never was.
_NEVER = "0001-01-01T00:00:00"


def instant_text(instant: datetime) -> str:
    """ISO 8601 in UTC with Z, microseconds only when there are any."""
    utc = instant.astimezone(UTC)
    fraction = f".{utc.microsecond:06d}" if utc.microsecond else ""
    return f"{utc:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def rpc_datum(value: object) -> Datum:
    """The Datum of a host value: text, bytes and floats keep their kind, all else is JSON."""
    if isinstance(value, str):
        return Datum(value, "string")
    if isinstance(value, bytes):
        return Datum(value, "bytes")
    if isinstance(value, float):
        return Datum(value, "double")
    return json_datum(value)


def json_datum(value: object) -> Datum:
    """JSON, where instants become ISO 8601 and other foreign types (uuid) text."""
    return Datum(json.dumps(value, default=_json_default), "json")


def _json_default(value: object) -> str:
    return instant_text(value) if isinstance(value, datetime) else str(value)


@dataclass(frozen=True, slots=True)
class HttpCall:
    """A request as the worker sees it: lower-case header names, one text per name."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    params: Mapping[str, str]
    body: bytes


def http_datum(call: HttpCall) -> Datum:
    """The trigger Datum of a request; query values that are empty are dropped, as in Azure."""
    fields: dict[str, object] = {
        "method": Datum(call.method, "string"),
        "url": Datum(call.url, "string"),
        "headers": _texts(call.headers),
        "query": _texts({name: value for name, value in call.query.items() if value}),
        "params": _texts(call.params),
        "body": Datum(call.body, "bytes"),
    }
    return Datum(fields, "http")


def _texts(values: Mapping[str, str]) -> Datums:
    return {name: Datum(value, "string") for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class ScheduleStatus:
    """When a timer ran last and runs next; ``last_at`` is None before its first run."""

    last_at: datetime | None
    next_at: datetime
    updated_at: datetime


def timer_datum(status: ScheduleStatus | None, *, is_past_due: bool) -> Datum:
    """The trigger Datum of a timer; no status when its schedule is not monitored."""
    fields = status and {
        "Last": instant_text(status.last_at) if status.last_at else _NEVER,
        "Next": instant_text(status.next_at),
        "LastUpdated": instant_text(status.updated_at),
    }
    schedule = {"AdjustForDST": True}
    timer = {"Schedule": schedule, "ScheduleStatus": fields, "IsPastDue": is_past_due}
    return json_datum(timer)
