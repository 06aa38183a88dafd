"""What an operator sees of a dead letter."""

from datetime import datetime

from contracts.model import JsonObject
from functions.domain.dead_letter import DeadLetter, GivenUpJob, Incident
from functions.use_cases.replay_incident import ReplayOutcome


def letter_json(letter: DeadLetter) -> JsonObject:
    """One entry of a list; instants in RFC 3339."""
    path = f"/{letter.app_id}/dead-letters/{letter.id}"
    return {
        "id": str(letter.id),
        "app_id": letter.app_id,
        "tenant_id": _id(letter.tenant_id),
        "job_id": _id(letter.job_id),
        "reason": letter.reason,
        "code": letter.error.get("code"),
        "detail": letter.error.get("detail"),
        "fingerprint": letter.fingerprint,
        "attempts": letter.attempts,
        "created_at": _instant(letter.created_at),
        "replayed_at": _instant(letter.replayed_at),
        "replayed_as": _id(letter.replayed_as),
        "links": {"self": path, "replay": f"{path}/replay"},
    }


def letter_detail_json(letter: DeadLetter, job: GivenUpJob | None) -> JsonObject:
    """Everything that is known of it; `inputs` null when there is no job, or it is erased."""
    return {
        **letter_json(letter),
        "error": letter.error,
        "message": letter.message,
        "definition": None if job is None else job.ref.definition,
        "version": None if job is None else job.ref.version,
        "inputs": None if job is None else job.inputs,
    }


def incident_json(incident: Incident) -> JsonObject:
    """One fingerprint."""
    return {
        "fingerprint": incident.fingerprint,
        "reason": incident.reason,
        "code": incident.code,
        "letters": incident.letters,
        "waiting": incident.waiting,
        "first_seen_at": _instant(incident.first_seen_at),
        "last_seen_at": _instant(incident.last_seen_at),
    }


def outcome_json(outcome: ReplayOutcome) -> JsonObject:
    """What became of one dead letter."""
    shown: JsonObject = {"id": str(outcome.place.id), "replayed_as": _id(outcome.job_id)}
    if outcome.error is not None:
        shown["error"] = {"code": outcome.error.code, "detail": outcome.error.detail}
    return shown


def _id(value: object) -> str | None:
    return None if value is None else str(value)


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
