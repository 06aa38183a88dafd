"""Take what the AppServer reports on a solve that nobody waits for."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pydantic import ValidationError

from contracts.errors import UnknownContractError
from contracts.model import JsonObject
from contracts.wire.solve_callback import SignatureError, SolveCallback, check_callback
from functions.clients.orchestrations import Orchestrations
from functions.domain.errors import (
    InputsRejectedError,
    NotFoundError,
    UnauthenticatedError,
)
from functions.domain.job import Run
from functions.domain.long_run import (
    LongRun,
    LongRunState,
    SolveEnd,
    begun_at,
    expected_progress,
)
from functions.services import Services
from functions.store.long_runs import Report, read_held_run, read_state, take_report
from functions.store.runs import renew_lease
from functions.telemetry.log_lines import bind_run
from functions.use_cases.start_long_run import wake_long_run

RUN_IS_OVER = "The run is over: nobody needs this solve."


@dataclass(frozen=True, slots=True)
class SignedReport:
    """A body as it came, and the header that signs it."""

    body: bytes
    signature: str


async def take_solve_report(
    services: Services, orchestrations: Orchestrations | None, job_id: UUID, signed: SignedReport
) -> None:
    """Write a report down, hold job and seat longer, and wake the orchestration of an end.

    An answer is stored before its report is written, so that whoever reads the one finds the
    other. Taken twice, nothing changes.

    Raises:
        UnauthenticatedError: the AppServer has not signed it.
        InputsRejectedError: the body is no report.
        NotFoundError: the run is over, or somebody else's: the solve may stop.
        FaultError: PostgreSQL or the artifact store does not answer: report again.
    """
    _check(services, signed)
    callback, run = _read(job_id, signed.body)
    async with services.database.tenant(run.tenant_id, [run.app_id]) as connection:
        held = await read_held_run(connection, run)
        state = await read_state(connection, run)
    if held is None or state is None:
        raise NotFoundError(RUN_IS_OVER)
    bind_run(held)
    if callback.answer is not None and state.end is None:
        text = callback.answer.model_dump_json().encode()
        await services.artifact_store.write(run.answer_path, text, "application/json")
    report = await _report(services, callback, held, state)
    try:
        is_cancelled = await _write(services, run, held, report)
    except NotFoundError:
        # It ended meanwhile, and so did what removes its files.
        await services.artifact_store.delete([run.answer_path])
        raise
    if report.end is not None or is_cancelled:
        await wake_long_run(orchestrations, job_id)


async def _report(
    services: Services, callback: SolveCallback, held: Run, state: LongRunState
) -> Report:
    end = SolveEnd(callback.problem) if callback.event in ("succeeded", "failed") else None
    if callback.progress is not None:
        progress = callback.progress.model_dump(mode="json")
    else:
        progress = await _expected(services, held, state)
    return Report(callback.solve_id, callback.sequence, progress, end)


async def _expected(services: Services, held: Run, state: LongRunState) -> JsonObject | None:
    if state.deadline_at is None:
        return None
    now = services.clock.now()
    try:
        served = services.registry.resolve(held.app_id, held.ref.definition, held.ref.version)
    except UnknownContractError:  # retired while it is solved
        return None
    manifest = served.contract.manifest
    elapsed = now - begun_at(manifest, state.deadline_at)
    median_s = await services.run_times.median_s(held.app_id, held.ref, now)
    return expected_progress(elapsed.total_seconds(), manifest.timeout_sec, median_s)


async def _write(services: Services, run: LongRun, held: Run, report: Report) -> bool | None:
    expires_at = services.clock.now() + timedelta(seconds=services.settings.lease_s)
    async with services.database.tenant(run.tenant_id, [run.app_id]) as connection:
        is_cancelled = await take_report(connection, run, report)
        if await read_held_run(connection, run) is None:
            raise NotFoundError(RUN_IS_OVER)
        if is_cancelled is not None:
            is_held = await renew_lease(connection, held, expires_at)
            if not is_held and report.end is None:  # another job has the seat
                raise NotFoundError(RUN_IS_OVER)
    return is_cancelled


def _check(services: Services, signed: SignedReport) -> None:
    key = services.grants.key
    if key is None:
        raise UnauthenticatedError("APPSERVER_GRANT_KEY is not set: no report can be checked.")
    try:
        check_callback(key, signed.signature, signed.body, services.clock.now())
    except SignatureError as error:
        raise UnauthenticatedError(str(error)) from error


def _read(job_id: UUID, body: bytes) -> tuple[SolveCallback, LongRun]:
    try:
        callback = SolveCallback.model_validate_json(body)
        return callback, LongRun.of_report(job_id, callback.token)
    except (ValidationError, ValueError) as error:
        raise InputsRejectedError("The body is no report of a solve.") from error
