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

from appserver.domain.signature import SigningKey
from contracts.registry import DEFAULT_ROOT
from contracts.wire.solve import CALLER_MARGIN_S

# A scheme and an authority, without a path (RFC 6454).
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[a-z0-9.\[\]:-]+$")]


_SCALE_SET = (
    "^/subscriptions/[^/]+/resourceGroups/[^/]+"
    r"/providers/Microsoft\.Compute/virtualMachineScaleSets/[^/]+$"
)


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
    `memo_max_bytes`: size of all remembered answers; `memo_ttl_s`: how long one is remembered at
    most. `callback_origins`: where reports of long solves may be posted, separated by commas;
    `heartbeat_s`: how often. `drain_notice_s`: how long a process that ends still answers
    `/readyz`; `drain_grace_s`: how long its solves may go on.

    Nodes: one of `compute_url`, `compute_urls` (separated by commas), `compute_dns` (a host name)
    or `compute_scale_set` (a resource id, listed at `arm_url` with the managed identity behind
    `identity_endpoint`, `identity_header` and `azure_client_id`); the last two answer on each of
    `compute_ports`. `compute_children`: solves at a time of one node. `node_wait_s`: how long a
    solve waits for one. `node_agent_port` and `node_agent_key`: of the agents, if there are any.
    `node_check_s`, `node_retry_s`, `node_search_s`, `attest_s`: seconds between two canaries, two
    of a node that does not work, two searches for nodes, two attestations; `canary_timeout_s` for
    one answer, `first_look_s` for the start. `recycle_solves`, `recycle_age_s`,
    `recycle_memory_mb`: when an engine is worn, 0 for never; `node_revive_after_s`: when a dead
    one is started anew. `max_answer_bytes`: largest answer of an engine. `provenance_key`: signs
    results.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    use_compute: bool = True
    compute_url: HttpUrl | None = None
    compute_urls: tuple[HttpUrl, ...] = ()
    compute_dns: str | None = None
    compute_scale_set: str | None = Field(default=None, pattern=_SCALE_SET)
    compute_ports: tuple[int, ...] = (6500,)
    compute_children: int = Field(default=4, gt=0)
    compute_api_key: SecretStr = SecretStr("")
    arm_url: HttpUrl = HttpUrl("https://management.azure.com")
    identity_endpoint: HttpUrl | None = None
    identity_header: SecretStr = SecretStr("")
    azure_client_id: str | None = None
    node_agent_port: int | None = Field(default=None, gt=0, lt=65536)
    node_agent_key: SecretStr = SecretStr("")
    node_wait_s: float = Field(default=2, ge=0)
    node_check_s: float = Field(default=15, gt=0)
    node_retry_s: float = Field(default=1, gt=0)
    node_search_s: float = Field(default=30, gt=0)
    node_revive_after_s: float = Field(default=180, gt=0)
    canary_timeout_s: float = Field(default=5, gt=0)
    first_look_s: float = Field(default=10, ge=0)
    attest_s: float = Field(default=300, gt=0)
    recycle_solves: int = Field(default=0, ge=0)
    recycle_age_s: float = Field(default=0, ge=0)
    recycle_memory_mb: int = Field(default=0, ge=0)
    max_answer_bytes: int = Field(default=64 * 1024 * 1024, gt=0)
    provenance_key: SecretStr | None = None
    contracts_dir: DirectoryPath = DEFAULT_ROOT
    max_body_bytes: int = Field(default=10 * 1024 * 1024, gt=0)
    connect_timeout_s: float = Field(default=5, gt=0)
    answer_margin_s: float = Field(default=5, gt=0, lt=CALLER_MARGIN_S)
    appserver_grant_key: SecretStr | None = Field(default=None, min_length=32)
    allow_bare_inputs: bool = False
    seat_wait_s: float = Field(default=0.5, ge=0)
    memo_max_bytes: int = Field(default=64 * 1024 * 1024, ge=0)
    memo_ttl_s: float = Field(default=900, ge=0)
    callback_origins: tuple[Origin, ...] = ()
    heartbeat_s: float = Field(default=5, gt=0)
    drain_notice_s: float = Field(default=0, ge=0)
    drain_grace_s: float = Field(default=50, ge=0)
    otel_exporter_otlp_endpoint: str | None = Field(default=None, pattern="^https?://")
    azure_monitor_connection_string: str | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("callback_origins", "compute_urls", "compute_ports", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return [part.strip() for part in value.split(",") if part.strip()]

    @field_validator("provenance_key")
    @classmethod
    def _is_signing_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not SigningKey.parse(value.get_secret_value()).signs:
            raise ValueError("is a public key, which does not sign")
        return value

    @model_validator(mode="after")
    def _has_engine(self) -> Self:
        given = (self.compute_url, self.compute_urls, self.compute_dns, self.compute_scale_set)
        if self.use_compute and not any(given):
            raise ValueError(
                "COMPUTE_URL is needed unless USE_COMPUTE is false"
                " (or COMPUTE_URLS, COMPUTE_DNS or COMPUTE_SCALE_SET)"
            )
        if sum(map(bool, given)) > 1:
            raise ValueError("COMPUTE_URL, _URLS, _DNS and _SCALE_SET exclude each other")
        if self.compute_scale_set and self.identity_endpoint is None:
            raise ValueError("COMPUTE_SCALE_SET needs a managed identity: IDENTITY_ENDPOINT")
        return self

    @model_validator(mode="after")
    def _has_provenance_key(self) -> Self:
        if self.use_compute and self.provenance_key is None:
            raise ValueError("PROVENANCE_KEY is needed unless USE_COMPUTE is false")
        return self

    @model_validator(mode="after")
    def _has_grant_key(self) -> Self:
        if self.use_compute and self.appserver_grant_key is None and not self.allow_bare_inputs:
            raise ValueError("APPSERVER_GRANT_KEY is needed unless ALLOW_BARE_INPUTS is true")
        return self

    @property
    def node_urls(self) -> tuple[str, ...]:
        """The addresses that settings list."""
        urls = (self.compute_url,) if self.compute_url is not None else self.compute_urls
        return tuple(str(url).rstrip("/") for url in urls)

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
