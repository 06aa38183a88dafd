"""A tenant keeps a result and what was signed about it, and checks both years later."""

import json
import subprocess
import sys
from pathlib import Path

import httpx

from tests.e2e.conftest import Platform, example

ROOT = Path(__file__).parents[2]


def test_a_result_of_the_api_is_verified_with_the_published_key(
    platform: Platform, tmp_path: Path
) -> None:
    job_id = platform.accepted(example("minimal"), "1.0.0")
    assert platform.ended(job_id)["status"] == "succeeded"
    path = f"/sitefit/jobs/{job_id}/provenance"
    signed = platform.client.get(path)
    assert signed.status_code == 200, signed.text
    result, provenance = tmp_path / "result.json", tmp_path / "provenance.json"
    result.write_bytes(platform.result(job_id).content)
    provenance.write_bytes(signed.content)
    appserver = platform.stack.wiring.url("appserver")
    key = httpx.get(f"{appserver}/health/provenance-key").json()["public_key"]

    def verify() -> tuple[int, str]:
        options = [str(result), "--provenance", str(provenance), "--key", key]
        command = [sys.executable, "-m", "appserver", "verify", *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.partition("\n")[0]

    assert verify() == (0, "genuine")
    altered = json.loads(result.read_bytes())
    altered["results"][0]["score"] += 1
    result.write_text(json.dumps(altered))
    assert verify() == (1, "ALTERED")
    with platform.as_tenant("0a8f1f0e-3f0b-4a3e-9f55-0d1c0a5b7e99", "sitefit") as stranger:
        assert stranger.get(path).status_code == 404
