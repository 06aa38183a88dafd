"""host.json: the part of it that this host obeys.

Keys that are not modelled (logging, extensionBundle, telemetryMode ...) have no effect here.
Source: https://learn.microsoft.com/azure/azure-functions/functions-host-json
"""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from devstack.functions_host.errors import HostJsonError

_TIME_SPAN = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d{1,7})?)")
_DEFAULT_TIMEOUT_S = 1800.0


def time_span_s(text: object) -> float:
    """Seconds of a .NET TimeSpan text such as ``00:05:00`` or ``1.00:00:00``.

    Raises:
        ValueError: the text has another form.
    """
    match = _TIME_SPAN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("expected a time span such as 00:05:00")
    days, hours, minutes, seconds = match.groups()
    return int(days or 0) * 86400 + int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _timeout_s(text: object) -> float | None:
    """The same for functionTimeout, where -1 means no limit."""
    return None if str(text) in {"-1", "-00:00:01"} else time_span_s(text)


class _Section(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True, extra="ignore")


class HttpSection(_Section):
    """``extensions.http``."""

    route_prefix: str = "api"


class ServiceBusSection(_Section):
    """``extensions.serviceBus`` of extension 5.x; durations in seconds."""

    # The host never buffers messages: a buffered message ages under its lock.
    prefetch_count: Literal[0] = 0
    max_concurrent_calls: int = Field(default=16, ge=1)
    max_message_batch_size: int = Field(default=1000, ge=1)
    auto_complete_messages: bool = True
    max_auto_lock_renewal_duration: Annotated[float, BeforeValidator(time_span_s)] = 300.0


class DurableTaskSection(_Section):
    """``extensions.durableTask``; a hub's name may hold ``%SETTING%``."""

    hub_name: str = "TestHubName"
    default_version: str = ""
    version_match_strategy: Literal["None", "Strict", "CurrentOrOlder"] = "CurrentOrOlder"
    version_failure_strategy: Literal["Reject", "Fail"] = "Reject"
    max_concurrent_activity_functions: int = Field(default=10, ge=1)
    max_concurrent_orchestrator_functions: int = Field(default=10, ge=1)


class ExtensionsSection(_Section):
    """``extensions``."""

    http: HttpSection = HttpSection()
    service_bus: ServiceBusSection = ServiceBusSection()
    durable_task: DurableTaskSection = DurableTaskSection()


class HostJson(_Section):
    """A valid host.json; ``function_timeout`` in seconds, None for no limit."""

    version: Literal["2.0"]
    function_timeout: Annotated[float | None, BeforeValidator(_timeout_s)] = _DEFAULT_TIMEOUT_S
    extensions: ExtensionsSection = ExtensionsSection()


def read_host_json(app_folder: Path) -> HostJson:
    """Read the host.json of an app.

    Raises:
        HostJsonError: no such file, not JSON, or a wrong key (named with its path).
    """
    path = app_folder / "host.json"
    try:
        return HostJson.model_validate_json(path.read_bytes())
    except OSError as error:
        raise HostJsonError(f"{path}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "(the whole file)"
        raise HostJsonError(f"{path}: {key}: {first['msg']}") from error
