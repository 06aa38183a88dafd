"""Nothing secret stands in a state file in clear: Pulumi encrypts only what is marked."""

from collections.abc import Iterator
from typing import cast

from offline.recording import Recording
from offline.values import Secret, Unknown

from checks.faults import Fault

_MARK = "secret-value-of-"
_INSIGHTS = "InstrumentationKey="
_ALWAYS_SECRET = frozenset({"adminPassword", "password", "primaryKey", "connectionString"})


def secret_faults(recording: Recording) -> list[Fault]:
    """Values that are not marked: those given as secrets, and those that are by their name."""
    values = {one.name: one.inputs for one in recording.azure_resources()}
    values["(outputs of the stack)"] = recording.outputs
    faults = [
        Fault(f"{recording.stack}/{name}", "secret in clear", path)
        for name, inputs in values.items()
        for path in _in_clear(inputs, "")
    ]
    for one in recording.azure_resources():
        value = one.inputs.get("properties")
        if one.short_type == "keyvault:Secret" and not _is_marked(value):
            faults.append(Fault(f"{recording.stack}/{one.name}", "secret in clear", "value"))
    return faults


def _is_marked(properties: object) -> bool:
    if isinstance(properties, Secret):
        return True
    value = cast("dict[str, object]", properties or {}).get("value")
    return isinstance(value, Secret | Unknown)


def _in_clear(value: object, path: str) -> Iterator[str]:
    """Paths of unmarked secrets; what is below a mark is encrypted as a whole."""
    match value:
        case dict():
            for name, one in cast("dict[str, object]", value).items():
                if name in _ALWAYS_SECRET and isinstance(one, str):
                    yield f"{path}.{name}".strip(".")
                else:
                    yield from _in_clear(one, f"{path}.{name}")
        case list():
            for index, one in enumerate(cast("list[object]", value)):
                yield from _in_clear(one, f"{path}.{index}")
        case str() if _MARK in value or _INSIGHTS in value:
            yield path.strip(".")
        case _:
            return
