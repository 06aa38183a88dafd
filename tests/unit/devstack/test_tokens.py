"""Development tokens carry the claims of the product's issuer and verify with its key set."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
import pytest

from devstack.errors import UsageError
from devstack.identity import JWKS_PATH, documents, issuer
from devstack.tokens import (
    AUDIENCE,
    TokenRequest,
    issue_token,
    key_file,
    key_set,
    parse_tenant,
    read_or_create_key,
)

TENANT = UUID("5b1f8c1e-0d5f-4a5a-9a47-6ad0c7a3f001")


def verified(root: Path, token: str) -> dict[str, Any]:
    keys = jwt.PyJWKSet.from_dict(key_set(read_or_create_key(key_file(root))))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["ES256"], audience=AUDIENCE, issuer=issuer(8089))


def test_a_token_names_its_tenant_and_apps_at_both_places(tmp_path: Path) -> None:
    token = issue_token(tmp_path, issuer(8089), TokenRequest(TENANT, ["sitefit", "daylight"]))
    claims = verified(tmp_path, token)
    grants = {"tenant_id": str(TENANT), "apps": ["sitefit", "daylight"]}
    assert claims["app_metadata"] == grants
    assert grants.items() <= claims.items()
    assert claims["role"] == "authenticated"
    assert "app_role" not in claims


def test_an_operator_is_marked_and_lifetimes_are_kept(tmp_path: Path) -> None:
    request = TokenRequest(TENANT, ["sitefit"], is_operator=True, ttl_s=90)
    claims = verified(tmp_path, issue_token(tmp_path, issuer(8089), request))
    assert claims["app_role"] == "operator"
    assert claims["exp"] == claims["iat"] + 90


def test_an_expired_token_is_refused(tmp_path: Path) -> None:
    token = issue_token(tmp_path, issuer(8089), TokenRequest(TENANT, [], ttl_s=-1))
    with pytest.raises(jwt.ExpiredSignatureError):
        verified(tmp_path, token)


def test_the_key_survives_a_restart_and_is_private(tmp_path: Path) -> None:
    first = key_set(read_or_create_key(key_file(tmp_path)))
    assert key_set(read_or_create_key(key_file(tmp_path))) == first
    assert key_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert "d" not in first["keys"][0]


def test_another_stack_s_token_does_not_verify(tmp_path: Path) -> None:
    foreign = issue_token(tmp_path / "other", issuer(8089), TokenRequest(TENANT, []))
    with pytest.raises(jwt.InvalidSignatureError):
        verified(tmp_path, foreign)


@pytest.mark.parametrize("text", ["", "acme", "5b1f8c1e-0d5f-4a5a-9a47", "5b1f" * 40])
def test_a_tenant_that_is_no_uuid_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a UUID") as caught:
        parse_tenant(text)
    assert len(str(caught.value)) < 100


def test_discovery_points_at_the_keys(tmp_path: Path) -> None:
    served = documents(8089, key_set(read_or_create_key(key_file(tmp_path))))
    configuration = json.loads(served["/.well-known/openid-configuration"])
    assert configuration["jwks_uri"] == configuration["issuer"] + JWKS_PATH
    assert json.loads(served[JWKS_PATH])["keys"][0]["kid"] == "devstack"
