"""The one reader of the environment."""

import os
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    DirectoryPath,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
    model_validator,
)

from contracts.registry import DEFAULT_ROOT


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
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    use_compute: bool = True
    compute_url: HttpUrl | None = None
    compute_api_key: SecretStr = SecretStr("")
    contracts_dir: DirectoryPath = DEFAULT_ROOT
    max_body_bytes: int = Field(default=10 * 1024 * 1024, gt=0)
    connect_timeout_s: float = Field(default=5, gt=0)
    answer_margin_s: float = Field(default=5, gt=0)
    otel_exporter_otlp_endpoint: str | None = Field(default=None, pattern="^https?://")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="after")
    def _has_engine(self) -> Self:
        if self.use_compute and self.compute_url is None:
            raise ValueError("COMPUTE_URL is needed unless USE_COMPUTE is false")
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
