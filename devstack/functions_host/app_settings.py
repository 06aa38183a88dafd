"""App settings: the environment, with the values of local.settings.json as defaults."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from devstack.functions_host.errors import SettingError

_PLACEHOLDER = re.compile(r"%([^%]+)%")


@dataclass(frozen=True, slots=True)
class AppSettings:
    """What bindings may name."""

    values: Mapping[str, str]

    def require(self, name: str, wanted_by: str) -> str:
        """The value of a setting.

        Raises:
            SettingError: it is missing or empty; the text also names who wants it.
        """
        value = self.values.get(name, "")
        if not value:
            raise SettingError(f"app setting {name} is missing; {wanted_by} needs it")
        return value

    def resolve(self, text: str, wanted_by: str) -> str:
        """Replace every ``%NAME%`` by the setting of that name.

        Raises:
            SettingError: a named setting is missing.
        """
        return _PLACEHOLDER.sub(lambda match: self.require(match.group(1), wanted_by), text)


def load_app_settings(app_folder: Path) -> AppSettings:
    """Fill the environment from local.settings.json and read it: the app reads it there too.

    Raises:
        SettingError: local.settings.json is not a JSON object with text ``Values``.
    """
    path = app_folder / "local.settings.json"
    if path.exists():
        for name, value in _local_values(path).items():
            os.environ.setdefault(name, value)
    os.environ.setdefault("FUNCTIONS_WORKER_RUNTIME", "python")
    return AppSettings(dict(os.environ))


def _local_values(path: Path) -> dict[str, str]:
    try:
        values = cast("object", json.loads(path.read_bytes())["Values"])
    except (ValueError, KeyError, TypeError) as error:
        raise SettingError(f"{path}: expected a JSON object with Values: {error}") from error
    if not isinstance(values, dict):
        raise SettingError(f"{path}: Values: expected an object")
    return {str(key): str(value) for key, value in cast("dict[object, object]", values).items()}
