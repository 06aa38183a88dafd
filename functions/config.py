"""The function app's settings: the one place that reads the environment."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
)

from contracts.model import AppId
from contracts.registry import DEFAULT_ROOT

# A web origin as browsers send it (RFC 6454), or any.
Origin = Annotated[str, StringConstraints(pattern=r"^(\*|https?://[a-z0-9.\[\]:-]+)$")]

# Six fields of digits, names, *, ranges, lists and steps.
_NCRONTAB = re.compile(r"^[\dA-Za-z*/,-]+( [\dA-Za-z*/,-]+){5}$")

Address = Annotated[str, StringConstraints(pattern="^https?://")]


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it."""


class Settings(BaseModel):
    """Every setting, named as in docs/settings.md; durations in seconds, sizes in bytes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    app_ids: tuple[AppId, ...] = Field(min_length=1)
    database_url: str
    database_pool_size: int = Field(default=8, gt=0)
    servicebus_connection: str | None = None
    servicebus_namespace: str | None = Field(
        default=None, alias="servicebus_connection__fullyqualifiednamespace"
    )
    artifacts_connection: str | None = None
    artifacts_account_url: str | None = None
    artifacts_container: str = "artifacts"
    artifact_link_ttl_s: int = Field(default=900, gt=0)
    appserver_url: str
    appserver_grant_key: SecretStr | None = Field(default=None, min_length=32)
    public_url: Address | None = None
    jwks_url: str
    jwt_issuer: str
    jwt_audience: str = "authenticated"
    contracts_dir: Path = DEFAULT_ROOT
    lease_s: float = Field(default=60, gt=0)
    max_body_bytes: int = Field(default=1_048_576, gt=0)
    reads_per_min: float = Field(default=6000, gt=0)
    cors_origins: tuple[Origin, ...] = ()
    webhook_allow_private: bool = False
    enable_async_layout_generation: bool = True
    dead_letter_ttl_days: float = Field(default=90, gt=0)
    orchestration_ttl_days: float = Field(default=7, gt=0)
    otel_exporter_otlp_endpoint: Address | None = None
    azure_monitor_connection_string: str | None = None

    @field_validator("app_ids", "cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return [part.strip() for part in value.split(",") if part.strip()]

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings from upper-case environment variables.

        Raises:
            SettingsError: naming every setting that is missing or wrong.
        """
        source = os.environ if environment is None else environment
        try:
            return cls.model_validate({name.lower(): value for name, value in source.items()})
        except ValidationError as error:
            faults = (
                f"{str(fault['loc'][0]).upper()}: {fault['msg']}"
                for fault in error.errors(include_url=False, include_input=False)
            )
            raise SettingsError("; ".join(faults)) from error


def read_app_ids() -> tuple[str, ...]:
    """The apps that this function app serves: the one setting that indexing needs.

    Raises:
        SettingsError: APP_IDS is missing.
    """
    app_ids = tuple(part.strip() for part in os.environ.get("APP_IDS", "").split(",") if part)
    if not app_ids:
        raise SettingsError("APP_IDS: name the served apps, separated by commas")
    return app_ids


def read_schedule(name: str, default: str) -> str:
    """When a timer ticks: the setting `SCHEDULE_<NAME>`, else its default.

    Raises:
        SettingsError: it has not the six fields of NCRONTAB.
    """
    setting = f"SCHEDULE_{name.upper()}"
    schedule = os.environ.get(setting) or default
    if not _NCRONTAB.match(schedule):
        raise SettingsError(
            f"{setting}: six fields, from seconds to weekdays, like '0 */5 * * * *'"
        )
    return schedule


def read_collectors() -> tuple[str | None, str | None]:
    """An OpenTelemetry collector's base address and Application Insights' connection string.

    Read before anything else is built.
    """
    names = ("OTEL_EXPORTER_OTLP_ENDPOINT", "AZURE_MONITOR_CONNECTION_STRING")
    collector, azure_monitor = (os.environ.get(name) or None for name in names)
    return collector, azure_monitor
