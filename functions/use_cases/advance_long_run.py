"""Do what a long run needs next: begin its solve, write how it ended, or wait."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from contracts.errors import UnknownContractError
from contracts.model import JsonObject
from contracts.wire.solve import SolveAnswer
from functions.clients.appserver import failure_of
from functions.domain.errors import FaultError, JobFailedError, KudusoError
from functions.domain.job import Run
from functions.domain.long_run import LongRun, LongRunState, Stage, Step, deadline_of, next_step
from functions.services import Services
from functions.store.long_runs import (
    forget_long_run,
    note_accepted,
    open_long_run,
    read_held_run,
    read_state,
)
from functions.store.runs import renew_lease
from functions.telemetry.log_lines import bind_run
from functions.use_cases.conclude_run import conclude_cancel, conclude_failure, conclude_success

log = structlog.stdlib.get_logger("kuduso")


@dataclass(frozen=True, slots=True)
class Advance:
    """What an orchestration is told: ids and progress, never inputs or outputs.

    `wait_s`: when to look again, unless something changes before.
    """

    stage: Stage
    run: LongRun
    wait_s: float
    progress: JsonObject | None = None

    def to_json(self) -> JsonObject:
        """What a history keeps."""
        return {
            "is_over": self.stage == "over",
            "run": self.run.to_json(),
            "wait_s": self.wait_s,
            "progress": self.progress,
        }


async def advance_long_run(services: Services, run: LongRun) -> Advance:
    """Look at what is written down and act on it: called twice, the second finds it done.

    Raises:
        FaultError: PostgreSQL or the artifact store does not answer.
    """
    now, wait_s = services.clock.now(), services.settings.lease_s
    has_listened = now - services.listening_since >= timedelta(seconds=wait_s)
    async with services.database.tenant(run.tenant_id, [run.app_id]) as connection:
        state = await read_state(connection, run)
        held = await read_held_run(connection, run)
    step = next_step(state, run.lease_token, now, has_listened=has_listened)
    if state is None or step == "over":
        await _clear(services, run)
        return Advance("over", run, wait_s)
    if step == "superseded" or held is None:
        await _clear(services, run)
        later = LongRun(run.job_id, run.tenant_id, run.app_id, state.lease_token)
        return Advance("running", later, 0.0)
    bind_run(held)
    if step == "hold":
        step = await _hold(services, run, held)
    if step == "wait":
        return Advance("running", run, wait_s, state.progress)
    if step == "begin":
        if await _begin(services, run, held):
            return Advance("running", run, wait_s)
    else:
        await _conclude(services, run, held, state, step)
    await _clear(services, run)
    return Advance("over", run, wait_s)


async def _hold(services: Services, run: LongRun, held: Run) -> Step:
    """Hold job and seat once more after an outage of our own, unless the seat is taken."""
    expires_at = services.clock.now() + timedelta(seconds=services.settings.lease_s)
    async with services.database.tenant(run.tenant_id, [run.app_id]) as connection:
        is_held = await renew_lease(connection, held, expires_at)
    return "wait" if is_held else "give_up"


async def _begin(services: Services, run: LongRun, held: Run) -> bool:
    """Ask for the solve; False when the run has failed at that."""
    try:
        served = services.registry.resolve(held.app_id, held.ref.definition, held.ref.version)
        deadline_at = deadline_of(served.contract.manifest, services.clock.now())
        async with services.database.tenant(run.tenant_id, [run.app_id]) as connection:
            await open_long_run(connection, run, deadline_at)
        solve_id = await services.appserver_async.begin(held, run.report_token)
    except UnknownContractError as error:
        failure = JobFailedError(str(error), code="definition_not_found")
        await conclude_failure(services, held, failure)
        return False
    except JobFailedError as error:
        await conclude_failure(services, held, error)
        return False
    async with services.database.tenant(run.tenant_id, [run.app_id]) as connection:
        await note_accepted(connection, run, solve_id)
    log.info("long_solve_begun", attempt=held.attempt, solve_id=solve_id)
    return True


async def _conclude(
    services: Services, run: LongRun, held: Run, state: LongRunState, step: Step
) -> None:
    """Write the end, then stop what may still solve: an AppServer that is away delays nothing."""
    if step == "cancel":
        await conclude_cancel(services, held)
    elif step == "conclude" and state.end is not None and state.end.problem is None:
        text = await services.artifact_store.read(run.answer_path)
        await conclude_success(services, held, SolveAnswer.model_validate_json(text))
    else:
        await conclude_failure(services, held, _failure(state, step))
    if step != "conclude":
        await _stop(services, run, state)


async def _clear(services: Services, run: LongRun) -> None:
    """Remove what the run leaves: its stored answer, its files unless they are the result's."""
    async with services.database.tenant(run.tenant_id, [run.app_id]) as connection:
        state = await read_state(connection, run)
    if state is not None and state.has_result:
        await services.artifact_store.delete([run.answer_path])
    else:
        await services.artifact_store.delete_under(run.folder)
    async with services.database.tenant(run.tenant_id, [run.app_id]) as connection:
        await forget_long_run(connection, run)


def _failure(state: LongRunState, step: Step) -> KudusoError:
    if step == "time_out":
        return JobFailedError("The solve did not end in time.", code="solve_timeout")
    if step == "give_up":
        detail = "The AppServer stopped reporting before the solve ended."
        return JobFailedError(detail, code="engine_unreachable")
    problem = state.end.problem if state.end is not None else None
    retry_after = (problem or {}).get("retry_after")
    return failure_of(
        problem or {},
        "The AppServer reported a failure without saying which.",
        int(retry_after) if isinstance(retry_after, int | float) else None,
    )


async def _stop(services: Services, run: LongRun, state: LongRunState) -> None:
    """Tell the AppServer; one that is away has stopped already or will notice."""
    if state.solve_id is None:
        return
    try:
        await services.appserver_async.cancel(state.solve_id, run.app_id, run.tenant_id)
    except FaultError as error:
        log.warning("long_solve_left_alone", solve_id=state.solve_id, detail=error.detail)
