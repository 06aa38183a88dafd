"""Requests as the function app sends them: addressed, with a grant."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from contracts.wire.grant import GRANT_HEADER, sign_grant

GRANT_KEY = "a-key-that-the-function-app-has-too"
A, B = UUID(int=1), UUID(int=2)
DEBUG = "/gh/sitefit:1.1.0/solve"


def granted(tenant_id: UUID = A, app_id: str = "sitefit", key: str = GRANT_KEY) -> dict[str, str]:
    expires_at = datetime.now(UTC) + timedelta(minutes=5)
    return {GRANT_HEADER: sign_grant(key.encode(), app_id, tenant_id, expires_at)}


def addressed(
    inputs: dict[str, Any], tenant_id: UUID = A, app_id: str = "sitefit", **more: Any
) -> dict[str, Any]:
    """Keyword arguments of a client's `post`."""
    body = {"app_id": app_id, "tenant_id": str(tenant_id), "inputs": inputs, **more}
    return {"json": body, "headers": granted(tenant_id, app_id)}


def change(file: Path, **members: Any) -> None:
    """Set members of a JSON file."""
    file.write_text(json.dumps(json.loads(file.read_bytes()) | members))
