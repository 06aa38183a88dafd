"""A dead letter: the record of a job or message that was given up."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.model import ContractRef, JsonObject

# Why a job was given up; a message keeps the reason that the broker gave.
JobReason = Literal["permanent", "attempts_exhausted"]

FINGERPRINT_DIGITS = 32
_VARIABLE = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"  # ids
    r"|\b(?=[0-9a-f]*\d)[0-9a-f]{12,}\b"  # hashes
    r"|-?\d+(?:\.\d+)?(?:e[-+]?\d+)?",  # numbers
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One row of `dead_letter`; instants are aware UTC.

    `tenant_id` is None when nothing vouches for whose message it was: only operators see it.
    `message` is the text of a message that nobody could use.
    """

    id: UUID
    tenant_id: UUID | None
    app_id: str
    job_id: UUID | None
    reason: str
    fingerprint: str
    error: JsonObject
    message: str | None
    attempts: int
    created_at: datetime
    replayed_at: datetime | None = None
    replayed_as: UUID | None = None


@dataclass(frozen=True, slots=True)
class GivenUpJob:
    """What a replay needs of the job behind a dead letter."""

    tenant_id: UUID
    ref: ContractRef
    inputs: JsonObject
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Incident:
    """Dead letters of one fingerprint; `letters` counts them, `waiting` those not replayed."""

    fingerprint: str
    reason: str
    code: str
    letters: int
    waiting: int
    first_seen_at: datetime
    last_seen_at: datetime


def fingerprint(app_id: str, ref: ContractRef | None, error: JsonObject) -> str:
    """What failures with the same cause share: app, contract, code and the detail's wording.

    Numbers and ids in the detail are left out: they differ from job to job.
    """
    detail = _VARIABLE.sub("#", str(error.get("detail", ""))).casefold()
    parts = [app_id, str(ref or ""), str(error.get("code", "")), " ".join(detail.split())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:FINGERPRINT_DIGITS]
