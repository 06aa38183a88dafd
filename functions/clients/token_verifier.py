"""Checks bearer tokens against the issuer's published keys.

Source: RFC 7519, RFC 8725 (the algorithm is ours to choose, not the token's).
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from functions.domain.caller import Caller
from functions.domain.errors import FaultError, UnauthenticatedError

if TYPE_CHECKING:
    from jwt import PyJWK

ALGORITHMS = ("RS256", "ES256")
KEYS_LIFE_S = 3600.0
REFRESH_PAUSE_S = 10.0
LEEWAY_S = 30


@dataclass(slots=True)
class TokenVerifier:
    """Keeps the issuer's keys for an hour; an unknown key id asks again, at most every 10 s."""

    jwks_url: str
    issuer: str
    audience: str
    _keys: dict[str, "PyJWK"] = field(default_factory=dict[str, "PyJWK"])
    _read_at: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def verify(self, authorization: str | None) -> Caller:
        """The caller that an `Authorization` header proves.

        Raises:
            UnauthenticatedError: no token, or one that is expired, forged, for another audience,
                of another issuer, or without a tenant.
            FaultError: the issuer's keys cannot be read.
        """
        import jwt

        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise UnauthenticatedError("Send the header 'Authorization: Bearer <token>'.")
        try:
            header = jwt.get_unverified_header(token)
            key = await self._key(str(header.get("kid", "")))
            claims = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self.audience,
                issuer=self.issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iat", "sub"]},
            )
        except jwt.InvalidTokenError as error:
            raise UnauthenticatedError(f"The token is not accepted: {error}.") from error
        return read_claims(claims)

    async def _key(self, key_id: str) -> "PyJWK":
        async with self._lock:
            age_s = time.monotonic() - self._read_at
            if age_s > KEYS_LIFE_S or (key_id not in self._keys and age_s > REFRESH_PAUSE_S):
                self._keys = await self._read_keys()
                self._read_at = time.monotonic()
        if key_id not in self._keys:
            raise UnauthenticatedError("The token is signed with an unknown key.")
        return self._keys[key_id]

    async def _read_keys(self) -> dict[str, "PyJWK"]:
        import jwt

        try:
            async with httpx.AsyncClient(timeout=5) as client:
                response = await client.get(self.jwks_url)
                response.raise_for_status()
                published = jwt.PyJWKSet.from_dict(response.json())
        except (httpx.HTTPError, json.JSONDecodeError, jwt.PyJWTError) as error:
            raise FaultError("The issuer's keys cannot be read.") from error
        return {key.key_id: key for key in published.keys if key.key_id}


class _Grant(BaseModel):
    """What names a tenant, its apps and a role, at the top of the claims or in `app_metadata`."""

    tenant_id: UUID | None = None
    apps: frozenset[str] | None = None
    app_role: str | None = None


class _Claims(_Grant):
    app_metadata: _Grant = _Grant()


def read_claims(claims: dict[str, Any]) -> Caller:
    """Tenant, apps and role of verified claims, at the top or in `app_metadata` (Supabase).

    Raises:
        UnauthenticatedError: the token names no tenant.
    """
    try:
        grant = _Claims.model_validate(claims)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise UnauthenticatedError(f"The token's claim {where} is malformed.") from error
    tenant_id = grant.tenant_id or grant.app_metadata.tenant_id
    if tenant_id is None:
        raise UnauthenticatedError("The token names no tenant (claim tenant_id).")
    app_ids = grant.apps if grant.apps is not None else grant.app_metadata.apps
    role = grant.app_role or grant.app_metadata.app_role
    return Caller(tenant_id, app_ids or frozenset(), is_operator=role == "operator")
