"""The one reader of the environment."""

import os
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    DirectoryPath,
    Field,
    HttpUrl,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from contracts.registry import DEFAULT_ROOT

# A scheme and an authority, without a path (RFC 6454).
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[a-z0-9.\[\]:-]+$")]


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and never shows its value."""


class Settings(BaseModel):
    """Settings by their environment names in lower case.

    `use_compute`: solve on Rhino.Compute at `compute_url` with `compute_api_key` (header
    `RhinoComputeKey`); false is the built-in mock solver. `contracts_dir`: the released contracts.
    `max_body_bytes`: largest request body. `connect_timeout_s`: how long the engine may take to
    accept a connection. `answer_margin_s`: what a request may take beyond its contract's
    `timeout_sec`; the caller's own timeout has to be longer still. `otel_exporter_otlp_endpoint`:
    base address of an OpenTelemetry collector (OTLP/HTTP).
    `azure_monitor_connection_string`: of Application Insights, instead of a collector or beside it.

    `appserver_grant_key`: checks the function app's grants. `allow_bare_inputs`: development;
    requests without app, tenant and grant. `seat_wait_s`: how long a solve may wait for a seat.
    `memo_max_bytes`: size of all remembered answers. `callback_origins`: where reports of long
    solves may be posted, separated by commas. `drain_notice_s`: how long a process that ends still
    answers `/readyz`; `drain_grace_s`: how long its long solves may go on.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    use_compute: bool = True
    compute_url: HttpUrl | None = None
    compute_api_key: SecretStr = SecretStr("")
    contracts_dir: DirectoryPath = DEFAULT_ROOT
    max_body_bytes: int = Field(default=10 * 1024 * 1024, gt=0)
    connect_timeout_s: float = Field(default=5, gt=0)
    answer_margin_s: float = Field(default=5, gt=0)
    appserver_grant_key: SecretStr | None = Field(default=None, min_length=32)
    allow_bare_inputs: bool = False
    seat_wait_s: float = Field(default=0.5, ge=0)
    memo_max_bytes: int = Field(default=64 * 1024 * 1024, ge=0)
    callback_origins: tuple[Origin, ...] = ()
    drain_notice_s: float = Field(default=0, ge=0)
    drain_grace_s: float = Field(default=50, ge=0)
    otel_exporter_otlp_endpoint: str | None = Field(default=None, pattern="^https?://")
    azure_monitor_connection_string: str | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("callback_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return [part.strip() for part in value.split(",") if part.strip()]

    @model_validator(mode="after")
    def _has_engine(self) -> Self:
        if self.use_compute and self.compute_url is None:
            raise ValueError("COMPUTE_URL is needed unless USE_COMPUTE is false")
        return self

    @model_validator(mode="after")
    def _has_grant_key(self) -> Self:
        if self.use_compute and self.appserver_grant_key is None and not self.allow_bare_inputs:
            raise ValueError("APPSERVER_GRANT_KEY is needed unless ALLOW_BARE_INPUTS is true")
        return self

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the process's environment, or the one given; an empty value counts as absent.

        Raises:
            SettingsError: naming each setting that is missing or wrong.
        """
        source = os.environ if environment is None else environment
        present = {
            name: source[name.upper()] for name in cls.model_fields if source.get(name.upper())
        }
        try:
            return cls.model_validate(present)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_context=False, include_input=False)
            lines = [
                ": ".join([*(str(part).upper() for part in fault["loc"]), fault["msg"]])
                for fault in faults
            ]
            raise SettingsError("; ".join(lines)) from None
