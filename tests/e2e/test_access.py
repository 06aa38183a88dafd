"""Through the real host: other sites' pages, hardened answers, rates, foreign keys."""

from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from devstack.tokens import ALGORITHM, KEY_ID, key_file, read_or_create_key
from tests.e2e.conftest import Platform


def test_no_site_may_read_answers_unless_it_is_named(platform: Platform) -> None:
    origin = {"Origin": "https://site.example"}
    for answer in (
        platform.client.options("/sitefit/jobs/run", headers=origin),
        platform.client.get("/health", headers=origin),
    ):
        assert answer.is_success
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


def test_a_submission_tells_the_rate(platform: Platform) -> None:
    answer = platform.submit({"value": 1})
    assert answer.headers["ratelimit-policy"].startswith('"jobs";q=')
    assert answer.headers["ratelimit"].startswith('"jobs";r=')
    platform.ended(answer.json()["job_id"])


@pytest.mark.parametrize("claim", ["aud", "iss", "key"])
def test_a_token_of_somebody_else_is_refused(platform: Platform, claim: str) -> None:
    good = platform.client.headers["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(good, options={"verify_signature": False})
    key = read_or_create_key(key_file(platform.stack.settings.root))
    if claim == "key":
        key = ec.generate_private_key(ec.SECP256R1())
    else:
        claims[claim] = "https://elsewhere.example"
    token = jwt.encode(claims, key, ALGORITHM, headers={"kid": KEY_ID})
    answer = httpx.get(
        platform.stack.functions_url + "/sitefit/jobs",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_dead_letters_are_for_operators(platform: Platform) -> None:
    for path in ("", f"/{uuid4()}"):
        answer = platform.client.get(f"/sitefit/dead-letters{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
