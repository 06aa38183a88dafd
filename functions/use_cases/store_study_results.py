"""Write a study's table and picture as files, then its end."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from contracts.model import JsonObject
from functions.domain.artifact import Artifact, ArtifactUpload
from functions.domain.errors import FaultError
from functions.domain.study import OPEN, Study, StudyKey
from functions.domain.study_resource import objectives_json
from functions.domain.study_table import CSV, Table, row_json, to_csv
from functions.services import Services
from functions.store import studies, study_points
from functions.telemetry.log_lines import between_ms, bind_study
from functions.telemetry.spans import traced
from functions.use_cases.advance_study import DEFERRED_S, Step
from functions.use_cases.get_study_results import read_table

log = structlog.stdlib.get_logger("kuduso")
_Contents = list[tuple[str, str, bytes]]  # file name, media type, content


@traced("store study results")
async def store_study_results(services: Services, key: StudyKey) -> Step:
    """End a study whose every point has ended; run twice, the second changes nothing.

    Files lie under the study's id, so that those of a later round replace the earlier ones. A study
    that a retry has opened again meanwhile is left open.

    Returns:
        A wait when the artifact store or PostgreSQL does not answer.
    """
    try:
        async with services.database.tenant(key.tenant_id, [key.app_id]) as connection:
            study = await studies.get_study(connection, key.study_id, [key.app_id])
            if study is None or study.is_final:
                return Step(is_over=True)
            bind_study(key, study.correlation_id)
            table, outputs = await read_table(connection, study)
        contents = await asyncio.to_thread(_contents, table, outputs)
        now = services.clock.now()
        uploads = _uploads(services, study, contents, now)
        await services.artifact_store.upload(uploads)
        return await _finish(services, key, [upload.artifact for upload in uploads], now)
    except FaultError as error:
        log.warning("study_deferred", detail=error.detail)
        return Step(wait_s=DEFERRED_S)


async def _finish(services: Services, key: StudyKey, files: list[Artifact], now: datetime) -> Step:
    async with services.database.tenant(key.tenant_id, [key.app_id]) as connection:
        study = await studies.lock_study(connection, key.study_id, [key.app_id])
        if study is None or study.is_final:
            return Step(is_over=True)
        counts = await study_points.count(connection, key.study_id)
        if any(counts.get(status, 0) for status in OPEN):
            return Step()
        await studies.put_files(connection, key, files, now)
        await studies.finish(connection, key.study_id, study.end_status, now)
    log.info(
        "study_ended",
        status=study.end_status,
        count=study.points,
        failed=counts.get("failed", 0),
        duration_ms=between_ms(study.round_started_at, now),
    )
    return Step(is_over=True)


def _contents(table: Table, outputs: Mapping[int, JsonObject]) -> _Contents:
    from functions.domain.study_picture import draw  # matplotlib is heavy

    rows = [row_json(table.study, row, outputs.get(row.point.point)) for row in table.rows]
    study = table.study
    document = {
        "study_id": str(study.id),
        "definition": study.definition,
        "version": study.version,
        "base": study.base_json,
        "space": study.space_json,
        "parameters": study.paths,
        "objectives": objectives_json(study),
        "pareto_points": table.front if len(study.objectives) > 1 else [],
        "rows": rows,
    }
    files: _Contents = [
        ("results.csv", CSV, to_csv(table, outputs).encode()),
        ("results.json", "application/json", json.dumps(document, ensure_ascii=False).encode()),
    ]
    try:
        pictures = draw(table)
    except Exception:
        # Values that nobody foresaw must not keep the study from ending; its table is stored.
        log.exception("study_picture_failed")
        return files
    return [*files, *pictures]


def _uploads(
    services: Services, study: Study, contents: _Contents, now: datetime
) -> list[ArtifactUpload]:
    days = services.registry.policy(study.app_id).artifact_ttl_days
    return [
        ArtifactUpload(
            Artifact(
                kind="study_picture" if media_type.startswith("image/") else "study_results",
                file_name=name,
                media_type=media_type,
                blob_path=f"{study.app_id}/studies/{study.id}/{name}",
                size_bytes=len(content),
                digest=hashlib.sha256(content).hexdigest(),
                expires_at=now + timedelta(days=days),
            ),
            content,
        )
        for name, media_type, content in contents
    ]
