"""Studies as a submission would write them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from contracts.model import ContractRef
from functions.domain.study import Objective, StudyDraft, StudyKey
from functions.domain.study_path import ValuePath
from functions.store.studies import insert_study
from functions.store.tenant import Database
from tests.builders.jobs import APP, START, TENANT


def a_study(
    values: Sequence[float] = (1, 2, 3),
    *,
    study_id: UUID | None = None,
    tenant_id: UUID = TENANT,
    concurrency: int = 10,
    stop: dict[str, Any] | None = None,
    created_at: datetime = START,
) -> StudyDraft:
    """One parameter, `$.value` of sitefit 1.1.0, and one objective, `$.result`, to be maximised."""
    path = ValuePath.parse("$.value")
    return StudyDraft(
        key=StudyKey(study_id or uuid4(), tenant_id, APP),
        ref=ContractRef("sitefit", "1.1.0"),
        base={},
        space={"type": "list", "points": [{"$.value": value} for value in values]},
        paths=[path],
        points=[(value,) for value in values],
        objectives=[Objective(ValuePath.parse("$.result"), "max")],
        stop=stop or {},
        concurrency=concurrency,
        may_reuse=True,
        estimate_seat_s=None,
        correlation_id="test",
        traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01",
        created_at=created_at,
    )


async def written(database: Database, study: StudyDraft) -> StudyKey:
    async with database.tenant(study.key.tenant_id, [APP]) as connection:
        await insert_study(connection, study)
    return study.key
