"""Runs that nobody waits for: an orchestration leads them, the AppServer reports on them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from contracts.model import JsonObject, Manifest
from contracts.wire.solve import CALLER_MARGIN_S

# What a queue handler may take: its message is locked for five minutes.
QUEUE_BUDGET_S = 240.0
MOST_EXPECTED = 0.95

Stage = Literal["running", "over"]


def is_long(manifest: Manifest) -> bool:
    """Whether a solve outlasts what a queue handler may wait for."""
    return manifest.execution == "durable" or manifest.timeout_sec > QUEUE_BUDGET_S


def expected_progress(elapsed_s: float, timeout_s: float, median_s: float | None) -> JsonObject:
    """How far a solve probably is, for engines that do not say: `{fraction, message}`.

    Of what half of all runs take, never the end; before the first, of what it may take.
    """
    share = elapsed_s / (median_s or timeout_s)
    known = f"half of all runs end within {median_s:.0f} s" if median_s else "the first of its kind"
    return {
        "fraction": round(min(max(share, 0.0), MOST_EXPECTED), 2),
        "message": f"Solving for {max(elapsed_s, 0):.0f} s of at most {timeout_s:.0f} s; {known}.",
    }


def deadline_of(manifest: Manifest, now: datetime) -> datetime:
    """When a solve that begins now has failed, whatever is reported later."""
    return now + timedelta(seconds=manifest.timeout_sec + CALLER_MARGIN_S)


def begun_at(manifest: Manifest, deadline_at: datetime) -> datetime:
    """When the solve with this deadline began."""
    return deadline_at - timedelta(seconds=manifest.timeout_sec + CALLER_MARGIN_S)


@dataclass(frozen=True, slots=True)
class LongRun:
    """Which run an orchestration leads: ids only, never inputs or outputs."""

    job_id: UUID
    tenant_id: UUID
    app_id: str
    lease_token: int

    def to_json(self) -> JsonObject:
        """What a history keeps."""
        return {
            "job_id": str(self.job_id),
            "tenant_id": str(self.tenant_id),
            "app_id": self.app_id,
            "lease_token": self.lease_token,
        }

    @classmethod
    def from_json(cls, given: JsonObject) -> "LongRun":
        """What `to_json` wrote."""
        return cls(
            UUID(str(given["job_id"])),
            UUID(str(given["tenant_id"])),
            str(given["app_id"]),
            int(str(given["lease_token"])),
        )

    @property
    def report_token(self) -> str:
        """What comes back with each report; reports are signed, so it need not be secret."""
        return f"{self.tenant_id} {self.app_id} {self.lease_token}"

    @classmethod
    def of_report(cls, job_id: UUID, token: str) -> "LongRun":
        """The run that a report's token names.

        Raises:
            ValueError: it names none.
        """
        tenant_id, app_id, lease_token = token.split(" ")
        return cls(job_id, UUID(tenant_id), app_id, int(lease_token))

    @property
    def answer_path(self) -> str:
        """Where the solve's answer waits until it is written as the result."""
        return f"{self.app_id}/{self.job_id}/{self.lease_token}/.answer.json"

    @property
    def folder(self) -> str:
        """Every blob of this run lies under it."""
        return f"{self.app_id}/{self.job_id}/{self.lease_token}/"


@dataclass(frozen=True, slots=True)
class SolveEnd:
    """How the AppServer said that a solve ended; no problem means that its answer is stored."""

    problem: JsonObject | None


@dataclass(frozen=True, slots=True)
class LongRunState:
    """What PostgreSQL knows of a long run.

    Attributes:
        has_result: the run that was asked for has succeeded: its files stay.
        lease_token: of the job now; another than the run's own means that a later attempt has it.
        is_cancelled: the tenant wants it to stop.
        solve_id: None until the AppServer has taken the solve.
        deadline_at: None until it was asked to.
        end: None while it is solved.
    """

    is_running: bool
    has_result: bool
    lease_token: int
    lease_expires_at: datetime | None
    is_cancelled: bool
    solve_id: str | None
    deadline_at: datetime | None
    progress: JsonObject | None
    end: SolveEnd | None


Step = Literal[
    "over", "superseded", "cancel", "begin", "conclude", "time_out", "hold", "give_up", "wait"
]


def next_step(
    state: LongRunState | None, lease_token: int, now: datetime, *, has_listened: bool
) -> Step:
    """What a long run needs now, from what is written down alone.

    An end that was reported counts even when lease or deadline have passed meanwhile. Silence says
    something only if somebody `has_listened` for as long as a lease.
    """
    if state is None or not state.is_running:
        return "over"
    deadline_at, lease_expires_at = state.deadline_at, state.lease_expires_at
    silence: Step = "give_up" if has_listened else "hold"
    checks: tuple[tuple[bool, Step], ...] = (
        (state.lease_token != lease_token, "superseded"),
        (state.is_cancelled, "cancel"),
        (state.end is not None, "conclude"),
        (deadline_at is not None and now >= deadline_at, "time_out"),
        (lease_expires_at is not None and now >= lease_expires_at, silence),
        (state.solve_id is None, "begin"),
    )
    for holds, step in checks:
        if holds:
            return step
    return "wait"
