"""Follow a study for a few seconds: take over what has ended, begin what is next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from contracts.model import JsonObject
from functions.domain.errors import FaultError
from functions.domain.study import OPEN, StopReason, Study, StudyKey
from functions.domain.study_space import Point
from functions.services import Services
from functions.store import study_points
from functions.store.studies import ask_to_stop, lock_study, touch
from functions.store.tenant import Connection
from functions.telemetry.log_lines import bind_study
from functions.telemetry.spans import traced
from functions.use_cases.halt_study import halt_study
from functions.use_cases.submit_points import submit_points

SLICE_S = 5.0  # how long one call follows a study that moves
IDLE_S = 1.0  # a study that stands still is left to a timer after that
PAGE = 100
PAUSE_S, MAX_PAUSE_S = 0.05, 0.2
MIN_WAIT_S, MAX_WAIT_S = 1.0, 30.0
WAIT_SHARE = 0.25
DEFERRED_S = 5.0
log = structlog.stdlib.get_logger("kuduso")


@dataclass(frozen=True, slots=True)
class Step:
    """What the orchestration is to do next: wait, or store the results; nothing once it is over."""

    is_over: bool = False
    is_settled: bool = False
    wait_s: float = 0.0

    def to_json(self) -> JsonObject:
        """What goes into the history."""
        return {"is_over": self.is_over, "is_settled": self.is_settled, "wait_s": self.wait_s}


@dataclass(frozen=True, slots=True)
class _Look:
    study: Study
    is_settled: bool
    has_moved: bool
    pending: list[tuple[int, Point]]


@traced("advance study")
async def advance_study(services: Services, key: StudyKey) -> Step:
    """Run as often as one likes, at the same time too: each look holds the study's row.

    Children's ends are read from their rows, so none can be missed. While the study moves this
    looks again within fractions of a second; the wait that it asks for grows with the time that
    nothing has moved, so that long solves cost few looks.

    Returns:
        A wait when PostgreSQL does not answer, as well.
    """
    ends_at = services.clock.now() + timedelta(seconds=SLICE_S)
    pause_s = PAUSE_S
    while True:
        try:
            look = await _look(services, key)
            if look is None:
                return Step(is_over=True)
            begun = 0
            if look.pending:
                begun = await submit_points(services, look.study, look.pending)
        except FaultError as error:
            log.warning("study_deferred", detail=error.detail)
            return Step(wait_s=DEFERRED_S)
        if look.is_settled:
            return Step(is_settled=True)
        now = services.clock.now()
        has_moved = look.has_moved or begun > 0
        idle_s = 0.0 if has_moved else (now - look.study.moved_at).total_seconds()
        if idle_s > IDLE_S:
            return Step(wait_s=_wait_s(look.study, idle_s, now))
        if now >= ends_at:
            return Step()
        pause_s = PAUSE_S if has_moved else min(2 * pause_s, MAX_PAUSE_S)
        await services.clock.sleep(pause_s)


def _wait_s(study: Study, idle_s: float, now: datetime) -> float:
    wait_s = min(max(idle_s * WAIT_SHARE, MIN_WAIT_S), MAX_WAIT_S)
    max_seconds = study.stop.max_seconds
    if max_seconds is not None and not study.is_stopping:
        left_s = max_seconds - (now - study.round_started_at).total_seconds()
        wait_s = min(wait_s, max(left_s, 0.0))
    return round(wait_s, 3)


async def _look(services: Services, key: StudyKey) -> _Look | None:
    """One transaction: what has ended, whether to stop, what is next. None: the study is over."""
    now = services.clock.now()
    async with services.database.tenant(key.tenant_id, [key.app_id]) as connection:
        study = await lock_study(connection, key.study_id, [key.app_id])
        if study is None or study.is_final:
            return None
        bind_study(key, study.correlation_id)
        collected = await study_points.collect(connection, study)
        counts = await study_points.count(connection, study.id)
        open_points = sum(counts.get(status, 0) for status in OPEN)
        reason = None
        if open_points and not study.is_stopping:
            reason = await _stop_reason(connection, study, counts.get("succeeded", 0), now)
        if reason is not None:
            await ask_to_stop(connection, study.id, reason, now)
            await halt_study(connection, study, "skipped", now)
            log.info("study_stopped", reason=reason)
        await touch(connection, study.id, now, has_moved=collected > 0)
        pending: list[tuple[int, Point]] = []
        room = min(PAGE, study.concurrency - counts.get("submitted", 0))
        if reason is None and not study.is_stopping and room > 0:
            pending = await study_points.list_pending(connection, study.id, room)
    has_moved = collected > 0 or reason is not None
    return _Look(study, open_points == 0 and reason is None, has_moved, pending)


async def _stop_reason(
    connection: Connection, study: Study, succeeded: int, now: datetime
) -> StopReason | None:
    rule = study.stop
    running_s = (now - study.round_started_at).total_seconds()
    if rule.max_seconds is not None and running_s >= rule.max_seconds:
        return "time"
    if study.is_retried:
        return None
    if rule.count is not None and succeeded >= rule.count:
        return "count"
    if rule.objective is not None:
        place, value = rule.objective
        goal = study.goals[place]
        if await study_points.is_reached(connection, study.id, place, goal, value):
            return "objective"
    return None
