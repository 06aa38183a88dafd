"""Have an orchestration follow a study, or tell the one that does of a change."""

import structlog

from contracts.model import JsonObject
from functions.clients.orchestrations import Orchestrations
from functions.domain.errors import FaultError
from functions.domain.study import StudyKey

ORCHESTRATION = "follow_study"
CHANGED = "study_changed"
log = structlog.stdlib.get_logger("kuduso")


async def start_study(orchestrations: Orchestrations, key: StudyKey) -> bool:
    """Start the study's one orchestration, whose id is the study's.

    Returns:
        False when one runs already, or the task hub is away: a timer starts it then.
    """
    try:
        given: JsonObject = {"key": key.to_json(), "wait_s": 0}
        return await orchestrations.start(ORCHESTRATION, str(key.study_id), given)
    except FaultError as error:
        log.warning("study_start_deferred", study_id=str(key.study_id), detail=error.detail)
        return False


async def wake_study(orchestrations: Orchestrations, key: StudyKey) -> None:
    """Have the orchestration look now; unheard, it looks when its timer fires."""
    try:
        await orchestrations.wake(str(key.study_id), CHANGED)
    except FaultError as error:
        log.warning("study_wake_deferred", study_id=str(key.study_id), detail=error.detail)
