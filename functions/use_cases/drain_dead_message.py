"""Turn a message that the broker gave up into a record, unless its job still waits for it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from pydantic import ValidationError

from contracts.model import JsonObject
from contracts.wire.message import JobMessage
from functions.domain.dead_letter import DeadLetter, fingerprint
from functions.domain.job import Job
from functions.services import Services
from functions.store.dead_letters import insert_dead_letter
from functions.store.jobs import get_job
from functions.store.runs import is_known

MAX_TEXT_BYTES = 65_536
# Long enough for what used up the deliveries to pass.
RING_AGAIN = timedelta(seconds=15)
log = structlog.stdlib.get_logger("kuduso")


@dataclass(frozen=True, slots=True)
class DeadMessage:
    """A message of `jobs-<app_id>/$DeadLetterQueue`.

    `place` is the same however often it is delivered.
    """

    app_id: str
    place: str
    body: bytes
    reason: str
    description: str
    deliveries: int


async def drain_dead_message(services: Services, dead: DeadMessage) -> None:
    """Ring again for a job that still waits: an outage used up the message's deliveries.

    Of any other known job there is nothing to tell: PostgreSQL knows how it stands, timers look
    after it. What nobody can use becomes a dead letter that belongs to no tenant.

    Raises:
        FaultError: PostgreSQL or the broker is away: the message stays where it is.
    """
    try:
        message = JobMessage.model_validate_json(dead.body)
    except ValidationError:
        await _record(services, dead, "unreadable_message", None)
        return
    job, is_ours = await _look_up(services, dead, message)
    if not is_ours:
        await _record(services, dead, "unknown_job", message.job_id)
    elif job is not None and job.status == "queued":
        await _ring_again(services, message, job)
    else:
        log.info("dead_message_dropped", job_id=str(message.job_id), attempt=message.attempt)


async def _look_up(
    services: Services, dead: DeadMessage, message: JobMessage
) -> tuple[Job | None, bool]:
    if message.app_id != dead.app_id:
        return None, False
    async with services.database.tenant(message.tenant_id, [dead.app_id]) as connection:
        job = await get_job(connection, message.job_id, [dead.app_id])
        return job, job is not None or await is_known(connection, message)


async def _ring_again(services: Services, message: JobMessage, job: Job) -> None:
    due_at = services.clock.now() + RING_AGAIN
    if job.next_attempt_at is not None:
        due_at = max(due_at, job.next_attempt_at)
    attempt, ring = job.attempts + 1, message.ring + 1
    again = message.model_copy(update={"attempt": attempt, "ring": ring})
    await services.job_queue.send(again, due_at)
    log.warning("doorbell_rung_again", job_id=str(job.id), attempt=attempt, ring=ring)


async def _record(services: Services, dead: DeadMessage, code: str, job_id: UUID | None) -> None:
    error: JsonObject = {"code": code, "title": "A message could not be used"}
    error["detail"] = dead.description or dead.reason
    letter = DeadLetter(
        # Drained twice, it is one record.
        id=uuid5(NAMESPACE_URL, f"jobs-{dead.app_id}/{dead.place}"),
        tenant_id=None,
        app_id=dead.app_id,
        job_id=job_id,
        reason=dead.reason,
        fingerprint=fingerprint(dead.app_id, None, error),
        error=error,
        message=shown_text(dead.body),
        attempts=dead.deliveries,
        created_at=services.clock.now(),
    )
    async with services.database.platform([dead.app_id]) as connection:
        is_first = await insert_dead_letter(connection, letter)
    if is_first:
        log.warning("dead_letter_recorded", dead_letter=str(letter.id), code=code)


def shown_text(body: bytes) -> str:
    """The beginning of a body, as text that PostgreSQL takes: no U+0000, at most 64 KB."""
    text = body[:MAX_TEXT_BYTES].decode("utf-8", "replace").replace("\x00", "\ufffd")
    return text.encode()[:MAX_TEXT_BYTES].decode("utf-8", "ignore")
