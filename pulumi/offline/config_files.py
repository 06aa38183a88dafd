"""Configuration as the CLI hands it to a program: defaults, the stack's file, secrets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml


@dataclass(frozen=True, slots=True)
class StackFile:
    """Everything is text. `secret_keys`: marked secret; `given`: keys of the stack's own file."""

    project: str
    values: dict[str, str]
    secret_keys: tuple[str, ...]
    given: tuple[str, ...]


def read_stack_file(root: Path, stack: str, secret_keys: tuple[str, ...]) -> StackFile:
    """`Pulumi.yaml` and `Pulumi.<stack>.yaml`.

    Values that only the owner's key can read, or that are given by `pulumi config set --secret` at
    the first deployment (`secret_keys`), are replaced by a placeholder that is marked secret.

    Raises:
        FileNotFoundError: there is no such stack.
    """
    project = _read(root / "Pulumi.yaml")
    name = str(project["name"])
    values = {
        _full(name, key): _text(rule["default"])
        for key, rule in cast("Mapping[str, Any]", project.get("config", {})).items()
        if "default" in rule
    }
    secret = [_full(name, key) for key in secret_keys]
    given: Mapping[str, object] = _read(root / f"Pulumi.{stack}.yaml").get("config") or {}
    for key, value in given.items():
        if isinstance(value, dict) and "secure" in value:
            secret.append(_full(name, key))
        else:
            values[_full(name, key)] = _text(cast("object", value))
    values |= {key: placeholder(key) for key in secret}
    return StackFile(name, values, tuple(secret), tuple(_full(name, key) for key in given))


def placeholder(key: str) -> str:
    """What stands for a secret value; it must appear nowhere unmarked."""
    return f"secret-value-of-{key.rsplit(':', 1)[-1]}"


def _read(file: Path) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", yaml.safe_load(file.read_text(encoding="utf-8")) or {})


def _full(project: str, key: str) -> str:
    return key if ":" in key else f"{project}:{key}"


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value)
