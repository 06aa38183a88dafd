"""Development tokens: the claims that the product's real issuer gives, signed by our own key."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from devstack.credentials import write_private
from devstack.errors import UsageError

AUDIENCE = "authenticated"
ALGORITHM = "ES256"
KEY_ID = "devstack"
EXAMPLE_TENANT = "11111111-1111-4111-8111-111111111111"
DEFAULT_TTL_S = 8 * 3600


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Whom a token speaks for."""

    tenant_id: UUID
    apps: Sequence[str]
    subject: str = "00000000-0000-4000-8000-000000000001"
    is_operator: bool = False
    ttl_s: int = DEFAULT_TTL_S


def parse_tenant(text: str) -> UUID:
    """Read a tenant id.

    Raises:
        UsageError: it is not a UUID.
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise UsageError(f"--tenant {text[:60]!r} is not a UUID") from error


def read_or_create_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The issuer's key pair, made once.

    Raises:
        UsageError: the file holds something else.
    """
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        pem = made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        write_private(path, pem.decode("ascii"))
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise UsageError(f"{path} is not an EC key; remove it and a new one is made")
    return key


def key_set(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    """The JWKS that verifies this issuer's tokens. Source: RFC 7517."""
    public = json.loads(ECAlgorithm.to_jwk(key.public_key()))
    return {"keys": [public | {"kid": KEY_ID, "alg": ALGORITHM, "use": "sig"}]}


def issue_token(root: Path, issuer: str, request: TokenRequest) -> str:
    """A token signed with the key of the stack in `root`."""
    return sign_token(read_or_create_key(key_file(root)), issuer, request)


def key_file(root: Path) -> Path:
    """Where a stack keeps the key of its issuer."""
    return root / "identity.pem"


def sign_token(key: ec.EllipticCurvePrivateKey, issuer: str, request: TokenRequest) -> str:
    """A bearer token with the claims of a Supabase issuer for one tenant."""
    now = int(time.time())
    grants = {"tenant_id": str(request.tenant_id), "apps": list(request.apps)}
    claims: dict[str, Any] = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": request.subject,
        "iat": now,
        "exp": now + request.ttl_s,
        "role": "authenticated",
        "app_metadata": grants,
        **grants,
    }
    if request.is_operator:
        claims["app_role"] = "operator"
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": KEY_ID})
