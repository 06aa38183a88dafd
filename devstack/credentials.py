"""The secrets of one local stack: made once, kept in a file that only its owner reads."""

import base64
import json
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Credentials:
    """Each is random; none leaves this machine."""

    database_owner_password: str
    database_runtime_password: str
    compute_api_key: str
    blob_account_key: str
    appserver_grant_key: str
    provenance_key: str


def read_or_create(path: Path) -> Credentials:
    """The stack's secrets; the same ones after a restart. What an earlier stack lacked is made."""
    known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    made = Credentials(
        database_owner_password=secrets.token_urlsafe(24),
        database_runtime_password=secrets.token_urlsafe(24),
        compute_api_key=secrets.token_urlsafe(24),
        blob_account_key=base64.b64encode(secrets.token_bytes(64)).decode("ascii"),
        appserver_grant_key=secrets.token_urlsafe(32),
        provenance_key=f"ed25519:{base64.b64encode(secrets.token_bytes(32)).decode('ascii')}",
    )
    complete = replace(made, **known)
    if asdict(complete) != known:
        write_private(path, json.dumps(asdict(complete), indent=2))
    return complete


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; nobody else may read it at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.partial")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
