"""Each answer says, signed, what it was made of; the command checks what a client has stored."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from appserver.domain.provenance import outputs_hash
from contracts.digest import inputs_hash
from contracts.registry import Registry
from tests.integration.appserver.asking import DEBUG, GRANT_KEY, A, addressed

KEY = "a-key-for-tests"
ROOT = Path(__file__).parents[3]


async def test_provenance_names_everything_that_a_result_was_made_of(
    client: httpx.AsyncClient, engine_url: str, minimal: dict[str, Any]
) -> None:
    response = await client.post("/gh/sitefit:1.0.0/solve", **addressed(minimal))
    answer = response.json()
    served = Registry.load().resolve("sitefit", "sitefit", "1.0.0")
    contract = served.contract
    complete = served.inputs.complete(minimal)
    said = answer["provenance"]
    assert said["definition_hash"] == contract.definition_file.sha256
    assert said["plugins_hash"] == contract.plugins_hash
    assert said["inputs_hash"] == inputs_hash(A, "sitefit", contract.ref, complete)
    assert said["outputs_hash"] == outputs_hash(answer["outputs"])
    assert (said["app_id"], said["definition"], said["version"]) == ("sitefit", "sitefit", "1.0.0")
    assert said["node"] == engine_url.partition("://")[2]
    assert said["engine"]["name"] == "Rhino.Compute"
    assert said["engine"]["versions"]["compute"] == "8.0.0.0"
    assert "not Rhino" in said["engine"]["versions"]["rhino"]
    assert said["tolerances"] == {
        "absolute": contract.manifest.tolerances.absolute,
        "angle_deg": contract.manifest.tolerances.angle_deg,
    }
    assert said["units"] == {"length": "m", "angle": "deg", "crs": "EPSG:25832"}
    assert said["seed"] == 1
    assert said["solved_at"].endswith("Z")


async def test_a_stored_answer_is_verified_with_the_published_key(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    file = tmp_path / "answer.json"
    file.write_bytes((await client.post(DEBUG, **addressed({"value": 1}))).content)
    published = (await client.get("/health/provenance-key")).json()
    assert published["algorithm"] == "Ed25519"
    assert await _verify(file, published["public_key"]) == (0, "genuine")
    file.write_bytes(file.read_bytes().replace(b'"result":11', b'"result":12'))
    assert await _verify(file, published["public_key"]) == (1, "ALTERED")


async def _verify(file: Path, key: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "appserver", "verify", str(file), "--key", key),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode().splitlines()[0]


async def test_a_shared_key_publishes_nothing_and_the_mock_calls_itself_so(
    serve: Callable[..., Any],
) -> None:
    shared = "hmac:" + "a2V5" * 11
    mock = await serve(USE_COMPUTE="false", PROVENANCE_KEY=shared, APPSERVER_GRANT_KEY=GRANT_KEY)
    said = (await mock.post(DEBUG, **addressed({"value": 1}))).json()["provenance"]
    assert (said["engine"], said["node"]) == ({"name": "mock", "versions": {}}, "mock")
    published = (await mock.get("/health/provenance-key")).json()
    assert (published["algorithm"], published["public_key"]) == ("HMAC-SHA256", None)
    unsigned = await serve(USE_COMPUTE="false", PROVENANCE_KEY="")
    assert "provenance" not in (await unsigned.post(DEBUG, json={"value": 1})).json()
