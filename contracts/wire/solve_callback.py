"""What the AppServer posts about a solve that nobody waits for.

Asked with `Prefer: respond-async` and a `callback`, the AppServer answers `202 {solve_id}` at once
and then posts these bodies to the callback's URL, in the order of `sequence`, each signed in the
header `x-kuduso-signature`. A delivery may come twice: the receiver drops what is not newer than
what it has seen. Silence longer than the caller's deadline means that the AppServer is gone.

Source: RFC 7240 (`respond-async`).
"""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.model import JsonObject
from contracts.wire.seal import SealError, check_seal, seal
from contracts.wire.solve import SolveAnswer

SIGNATURE_HEADER = "x-kuduso-signature"
_PURPOSE = "kuduso-solve-callback"

SolveEvent = Literal["heartbeat", "progress", "succeeded", "failed"]


class SignatureError(Exception):
    """The body was not written by the AppServer, or it was long ago."""


class AcceptedSolve(BaseModel):
    """The body of the 202."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    solve_id: str


class SolveProgress(BaseModel):
    """How far a solve is: `fraction` in [0, 1]."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    fraction: float = Field(ge=0, le=1)
    message: str


class SolveCallback(BaseModel):
    """One report; the last one is `succeeded` with its answer or `failed` with its problem."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    solve_id: str
    token: str
    sequence: int = Field(ge=0)
    event: SolveEvent
    progress: SolveProgress | None = None
    answer: SolveAnswer | None = None
    problem: JsonObject | None = None

    @model_validator(mode="after")
    def _says_how_it_ended(self) -> Self:
        has_answer = self.answer is not None
        has_problem = self.problem is not None
        if has_answer != (self.event == "succeeded") or has_problem != (self.event == "failed"):
            raise ValueError("succeeded has an answer, failed a problem, the others have neither")
        return self


def sign_callback(key: bytes, body: bytes, expires_at: datetime) -> str:
    """The signature header's text, good until an instant."""
    return seal(key, _PURPOSE, body, expires_at)


def check_callback(key: bytes, text: str, body: bytes, now: datetime) -> None:
    """Return if the AppServer signed this body, byte for byte, and recently.

    Raises:
        SignatureError: it did not.
    """
    try:
        check_seal(key, text, _PURPOSE, body, now)
    except SealError as error:
        raise SignatureError(f"The signature is {error}.") from error
