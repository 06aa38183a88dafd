"""The valid examples of the released contracts."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.versions import Version
from devstack.errors import UsageError
from devstack.settings import CONTRACTS


@dataclass(frozen=True, slots=True)
class Example:
    """Inputs that a contract accepts."""

    app_id: str
    version: str
    name: str
    inputs: dict[str, Any]

    @property
    def title(self) -> str:
        """As a person names it."""
        return f"{self.app_id}@{self.version} {self.name}"


def find_example(
    app_id: str, name: str, version: str | None = None, contracts: Path = CONTRACTS
) -> Example:
    """The example of the given version, else of the highest stable one that has it.

    Raises:
        UsageError: no such app, version or example; the text lists what there is.
    """
    apps = sorted(file.parent.name for file in contracts.glob("[a-z]*/policy.json"))
    if app_id not in apps:
        raise UsageError(f"there is no app {app_id!r}; the apps are: {', '.join(apps)}")
    files = {
        (file.parents[2].name, file.stem): file
        for file in sorted((contracts / app_id).glob("*/examples/valid/*.json"))
    }
    versions = [found for found, stem in files if stem == name and version in (None, found)]
    if not versions:
        listed = ", ".join(f"{stem} ({found})" for found, stem in files) or "none"
        where = f"{app_id} {version}" if version else app_id
        raise UsageError(f"{where} has no example {name!r}; the examples are: {listed}")
    chosen = max(versions, key=lambda found: _rank(contracts / app_id / found))
    inputs = json.loads(files[chosen, name].read_text(encoding="utf-8"))
    return Example(app_id, chosen, name, inputs)


def _rank(folder: Path) -> tuple[bool, Version]:
    """Stable contracts before debug ones, then by precedence."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest.get("channel", "stable") == "stable", Version.parse(folder.name)
