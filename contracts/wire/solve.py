"""What the function app asks of the AppServer, and what it gets."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from contracts.model import AppId

# Budgets nest: the engine has the manifest's `timeout_sec`, the AppServer less than this more, and
# a caller of the AppServer exactly this more.
CALLER_MARGIN_S = 10.0


class SolveCallbackTarget(BaseModel):
    """Where to report a solve that nobody waits for; `token` comes back with each report."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(max_length=2048)
    token: str = Field(max_length=512)


class SolveRequest(BaseModel):
    """Body of `POST /gh/{definition}:{version}/solve` and of `POST /preview/..`.

    `callback` goes with the header `Prefer: respond-async`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    app_id: AppId
    tenant_id: UUID
    inputs: dict[str, JsonValue]
    callback: SolveCallbackTarget | None = None


class ArtifactContent(BaseModel):
    """One file of a result; text as it is, bytes in base64."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    file_name: str
    media_type: str
    encoding: Literal["utf-8", "base64"]
    content: str


class SolveAnswer(BaseModel):
    """A finished solve: outputs valid against the contract, and its artifacts' contents.

    `provenance` is the signed document of `contracts.wire.provenance`.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    outputs: dict[str, JsonValue]
    artifacts: list[ArtifactContent]
    provenance: dict[str, JsonValue] | None = None
