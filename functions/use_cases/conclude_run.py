"""Write how a run ended: one short transaction, guarded by the fencing token."""

from datetime import datetime, timedelta

import structlog

from contracts.wire.solve import SolveAnswer
from functions.domain.artifact import to_upload
from functions.domain.errors import KudusoError
from functions.domain.job import Run, error_record, next_doorbell
from functions.domain.retry import retry_delay, uses_attempt
from functions.services import Services
from functions.store import runs
from functions.store.dead_letters import record_dead_letter
from functions.store.tenant import Connection
from functions.telemetry.log_lines import between_ms
from functions.telemetry.spans import traced
from functions.use_cases.ring_doorbell import ring_doorbell
from functions.use_cases.send_webhooks_soon import send_webhooks_soon

log = structlog.stdlib.get_logger("kuduso")


@traced("conclude")
async def conclude_success(services: Services, run: Run, answer: SolveAnswer) -> None:
    """Store the files, then the result: a crash in between leaves blobs that nothing points to.

    Raises:
        FaultError: the artifact store or PostgreSQL does not answer.
    """
    now = services.clock.now()
    keep = timedelta(days=services.registry.policy(run.app_id).artifact_ttl_days)
    uploads = [to_upload(run, content, now + keep) for content in answer.artifacts]
    if uploads:
        await services.artifact_store.upload(uploads)
    stored = [upload.artifact for upload in uploads]
    async with services.database.tenant(run.tenant_id, [run.app_id]) as connection:
        outputs, provenance = answer.outputs, answer.provenance
        written = await runs.succeed(connection, run, outputs, provenance, stored, now)
    event = "job_succeeded" if written else "result_fenced_off"
    log.info(event, attempt=run.attempt, duration_ms=between_ms(run.created_at, now))
    send_webhooks_soon(services)


@traced("conclude")
async def conclude_cancel(services: Services, run: Run) -> None:
    """End the job as its tenant asked; what the solve still answers is dropped.

    Raises:
        FaultError: PostgreSQL does not answer.
    """
    async with services.database.tenant(run.tenant_id, [run.app_id]) as connection:
        is_written = await runs.cancel(connection, run, now := services.clock.now())
    event = "job_cancelled" if is_written else "run_fenced_off"
    log.info(event, attempt=run.attempt, duration_ms=between_ms(run.created_at, now))
    send_webhooks_soon(services)


@traced("conclude")
async def conclude_failure(services: Services, run: Run, error: KudusoError) -> None:
    """Give the job back for a later attempt when that may help, else end it.

    Raises:
        FaultError: PostgreSQL does not answer.
    """
    now = services.clock.now()
    max_attempts = services.registry.policy(run.app_id).max_attempts
    delay = retry_delay(error, run.attempt, max_attempts, services.clock.jitter())
    due_at = None if delay is None else now + delay
    record = error_record(error, run.attempt, now)
    again = next_doorbell(run, uses_attempt=uses_attempt(error))
    async with services.database.tenant(run.tenant_id, [run.app_id]) as connection:
        if due_at is None:
            event = await _give_up(services, connection, run, error, now)
        elif await runs.requeue(connection, run, record, due_at, now, again):
            event = "job_requeued"
        else:  # fenced off, or the tenant wants it to stop
            event = "job_cancelled" if await runs.cancel(connection, run, now) else None
    log.warning(
        event or "run_fenced_off",
        attempt=run.attempt,
        duration_ms=between_ms(run.created_at, now),
        code=error.code,
    )
    if event == "job_requeued":
        await ring_doorbell(services, again, due_at)
    else:
        send_webhooks_soon(services)


async def _give_up(
    services: Services, connection: Connection, run: Run, error: KudusoError, now: datetime
) -> str | None:
    record = error_record(error, run.attempt, now)
    if not await runs.fail(connection, run, record, now):
        return None
    await record_dead_letter(
        connection,
        run,
        record,
        letter_id=services.clock.new_id(),
        reason="attempts_exhausted" if error.is_transient else "permanent",
        now=now,
    )
    return "job_failed"
