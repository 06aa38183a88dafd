"""Access keys: the master key opens everything, host and function keys open level ``function``.

A system key opens the webhooks of one extension.
"""

import hmac
import secrets
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from devstack.functions_host.errors import HostError

DURABLE_EXTENSION = "durabletask_extension"


class Keys(BaseModel):
    """The keys file.

    Shape: ``{"master": KEY, "host": {NAME: KEY}, "functions": {FUNCTION: {NAME: KEY}},
    "system": {EXTENSION: KEY}}``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    master: str
    host: dict[str, str] = {}
    functions: dict[str, dict[str, str]] = {}
    system: dict[str, str] = {}

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

    def opens_extension(self, extension: str, offered: str) -> bool:
        """Whether a key is good for the webhooks of an extension."""
        return any(_same(key, offered) for key in (self.master, self.system.get(extension, "")))


def _same(key: str, offered: str) -> bool:
    return bool(key) and hmac.compare_digest(key.encode(), offered.encode())


def read_or_create_keys(path: Path) -> Keys:
    """Read the keys file; the first start makes one with random keys, readable by its owner only.

    Raises:
        HostError: the file is not a keys file.
    """
    if not path.exists():
        keys = Keys(master=_random_key(), host={"default": _random_key()})
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        return _saved_with_system_key(path, keys)
    try:
        keys = Keys.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "(the whole file)"
        raise HostError(f"{path}: {key}: {first['msg']}") from error
    return keys if DURABLE_EXTENSION in keys.system else _saved_with_system_key(path, keys)


def _saved_with_system_key(path: Path, keys: Keys) -> Keys:
    system = {**keys.system, DURABLE_EXTENSION: _random_key()}
    complete = keys.model_copy(update={"system": system})
    path.write_text(complete.model_dump_json(indent=2) + "\n")
    return complete


def _random_key() -> str:
    return secrets.token_urlsafe(32)
