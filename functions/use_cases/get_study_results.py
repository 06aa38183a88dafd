"""The table of a study's results, as far as there are any."""

import asyncio
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from contracts.model import JsonObject
from functions.domain.caller import Caller
from functions.domain.study import Study
from functions.domain.study_resource import objectives_json, study_path
from functions.domain.study_table import Row, Table, build_table, row_json, to_csv
from functions.services import Services
from functions.store import studies, study_points
from functions.store.tenant import Connection
from functions.use_cases.get_study import require_study
from functions.use_cases.require_app import require_app

PAGE = 500


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows: so many from a place on, in the order of points or of ranks."""

    offset: int = 0
    limit: int = 100
    order: Literal["point", "rank"] = "point"


async def get_study_results(
    services: Services, caller: Caller, study_id: UUID, app_id: str, page: Page
) -> JsonObject:
    """One page of rows; ranks and the Pareto front are those of all points so far.

    Raises:
        NotFoundError: there is no such study for this tenant.
        ForbiddenError: the caller may not use the app.
    """
    require_app(services, caller, app_id)
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        table = await _table(connection, study_id, app_id)
        rows = table.rows if page.order == "point" else table.by_rank()
        shown = rows[page.offset : page.offset + page.limit]
        outputs = await _outputs(connection, table.study, shown)
    study, end = table.study, page.offset + page.limit
    next_page = f"?offset={end}&limit={page.limit}&order={page.order}"
    return {
        "study_id": str(study.id),
        "status": study.status,
        "parameters": [*study.paths],
        "objectives": objectives_json(study),
        "points": study.points,
        "pareto_points": [*table.front] if len(study.objectives) > 1 else [],
        "rows": [row_json(study, row, outputs.get(row.point.point)) for row in shown],
        "next": f"{study_path(study)}/results{next_page}" if end < len(rows) else None,
    }


async def export_study_results(
    services: Services, caller: Caller, study_id: UUID, app_id: str
) -> str:
    """The whole table as comma-separated values.

    Raises:
        NotFoundError: there is no such study for this tenant.
        ForbiddenError: the caller may not use the app.
    """
    require_app(services, caller, app_id)
    async with services.database.tenant(caller.tenant_id, [app_id]) as connection:
        table = await _table(connection, study_id, app_id)
        outputs = await _outputs(connection, table.study, table.rows)
    return await asyncio.to_thread(to_csv, table, outputs)


async def read_table(connection: Connection, study: Study) -> tuple[Table, dict[int, JsonObject]]:
    """Every row, and every point's outputs."""
    points = await study_points.list_points(connection, study.id)
    table = await asyncio.to_thread(build_table, study, points)
    return table, await _outputs(connection, study, table.rows)


async def _table(connection: Connection, study_id: UUID, app_id: str) -> Table:
    study = require_study(await studies.get_study(connection, study_id, [app_id]), study_id)
    points = await study_points.list_points(connection, study_id)
    return await asyncio.to_thread(build_table, study, points)


async def _outputs(
    connection: Connection, study: Study, rows: list[Row] | tuple[Row, ...]
) -> dict[int, JsonObject]:
    wanted = [row.point.point for row in rows if row.point.status == "succeeded"]
    found: dict[int, JsonObject] = {}
    for start in range(0, len(wanted), PAGE):
        chunk = wanted[start : start + PAGE]
        found |= await study_points.get_outputs(connection, study.id, chunk)
    return found
