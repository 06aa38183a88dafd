"""Access keys: the master key opens everything, host and function keys open level ``function``."""

import hmac
import secrets
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from devstack.functions_host.errors import HostError


class Keys(BaseModel):
    """The keys file.

    Shape: ``{"master": KEY, "host": {NAME: KEY}, "functions": {FUNCTION: {NAME: KEY}}}``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    master: str
    host: dict[str, str] = {}
    functions: dict[str, dict[str, str]] = {}

    def opens(self, level: str, function_name: str, offered: str) -> bool:
        """Whether a key is good for a function of an authorization level.

        Args:
            level: ``anonymous``, ``function`` or ``admin``.
            function_name: whose own keys count beside the host's.
            offered: what the caller sent, "" for nothing.
        """
        if level == "anonymous":
            return True
        if _same(self.master, offered):
            return True
        own = self.functions.get(function_name, {})
        accepted = [*self.host.values(), *own.values()] if level == "function" else []
        return any(_same(key, offered) for key in accepted)


def _same(key: str, offered: str) -> bool:
    return bool(key) and hmac.compare_digest(key.encode(), offered.encode())


def read_or_create_keys(path: Path) -> Keys:
    """Read the keys file; the first start makes one with random keys, readable by its owner only.

    Raises:
        HostError: the file is not a keys file.
    """
    if not path.exists():
        keys = Keys(master=secrets.token_urlsafe(32), host={"default": secrets.token_urlsafe(32)})
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(keys.model_dump_json(indent=2) + "\n")
        return keys
    try:
        return Keys.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "(the whole file)"
        raise HostError(f"{path}: {key}: {first['msg']}") from error
