"""Files go with their rows, page by page, whatever dies in between."""

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from azure.storage.blob import ContainerClient

from devstack.azurite import CONTAINER
from functions.clients.artifact_store import ArtifactStore
from functions.domain.artifact import Artifact
from functions.domain.errors import FaultError
from functions.domain.job import Run
from functions.services import Services
from functions.store.artifacts import add_artifacts, list_artifacts
from functions.use_cases import delete_expired_artifacts as timer
from functions.use_cases.delete_expired_artifacts import delete_expired_artifacts
from tests.builders.jobs import APP, TENANT, submitted_and_claimed

HOUR = timedelta(hours=1)


@pytest.fixture
async def stored(
    services: Services, blobs: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Services]:
    """With storage that works, and pages of two files."""
    monkeypatch.setenv("ARTIFACTS_CONNECTION", blobs)
    monkeypatch.setattr(timer, "PAGE", 2)
    yield services
    await services.artifact_store.close()


async def a_file(services: Services, run: Run, name: str, left: timedelta) -> str:
    """A blob and the row that names it; the blob's path."""
    now = services.clock.now()
    path = f"{APP}/{run.job_id}/1/{name}"
    await services.artifact_store.write(path, b"file", "text/plain")
    artifact = Artifact("plan", name, "text/plain", path, 4, "d", now + left)
    async with services.database.tenant(TENANT, [APP]) as connection:
        await add_artifacts(connection, run, [artifact], now)
    return path


async def rows(services: Services, run: Run) -> list[str]:
    """The files that rows name, expired or not."""
    async with services.database.tenant(TENANT, [APP]) as connection:
        found = await list_artifacts(connection, run.job_id, services.clock.now() - 99 * HOUR)
    return [artifact.blob_path for artifact in found]


def files(blobs: str, run: Run) -> list[str]:
    with ContainerClient.from_connection_string(blobs, CONTAINER) as container:
        return [*container.list_blob_names(name_starts_with=f"{APP}/{run.job_id}/")]


async def test_expired_files_go_page_by_page_and_others_stay(stored: Services, blobs: str) -> None:
    run = await submitted_and_claimed(stored.database)
    for number in range(5):
        await a_file(stored, run, f"old-{number}", -HOUR)
    young = await a_file(stored, run, "young", HOUR)

    assert [await delete_expired_artifacts(stored) for _ in range(4)] == [2, 2, 1, 0]

    assert files(blobs, run) == await rows(stored, run) == [young]


async def test_a_clean_up_that_died_between_blobs_and_rows_is_finished(
    stored: Services, blobs: str
) -> None:
    run = await submitted_and_claimed(stored.database)
    paths = [await a_file(stored, run, f"old-{number}", -HOUR) for number in range(3)]
    await stored.artifact_store.delete(paths[:2])

    assert [await delete_expired_artifacts(stored) for _ in range(3)] == [2, 1, 0]

    assert files(blobs, run) == await rows(stored, run) == []


async def test_rows_stay_as_long_as_their_blobs_may(stored: Services, blobs: str) -> None:
    run = await submitted_and_claimed(stored.database)
    path = await a_file(stored, run, "old", -HOUR)
    other_key = re.sub("AccountKey=[^;]+", f"AccountKey={b64encode(b'other').decode()}", blobs)
    works, refused = stored.artifact_store, ArtifactStore(other_key, None, CONTAINER)
    vars(stored)["artifact_store"] = refused

    with pytest.raises(FaultError, match="artifact store"):
        await delete_expired_artifacts(stored)

    assert await rows(stored, run) == [path]
    await refused.close()
    vars(stored)["artifact_store"] = works
    assert await delete_expired_artifacts(stored) == 1
    assert files(blobs, run) == []
