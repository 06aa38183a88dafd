"""What an engine lacks to solve a contract, from what it says of itself.

Source: Rhino.Compute, `/version`, `/plugins/*/installed`, `/io`; ADR 17.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from contracts.model import Bindings, BindingType, Engine, JsonObject, Plugins

_INPUTS: dict[BindingType, frozenset[str]] = {
    "number": frozenset({"Number"}),
    "integer": frozenset({"Integer", "Number"}),
    "string": frozenset({"Text", "String"}),
    "json_string": frozenset({"Text", "String"}),
    "boolean": frozenset({"Boolean"}),
    "geometry.point": frozenset({"Point", "Vector"}),
    "geometry.curve": frozenset({"Curve", "Geometry"}),
    "geometry.mesh": frozenset({"Mesh", "Geometry"}),
}
"""The types of parameters that take a binding's values; what is not among them is refused."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Versions of the engine (`compute`, `rhino`) and of every plugin, by name."""

    versions: Mapping[str, str]
    plugins: Mapping[str, str]


def missing_plugins(needed: Plugins, installed: Installation) -> tuple[str, ...]:
    """One sentence for the engine and each plugin that is absent or of another version.

    Plugins have to be exactly those that the contract was released with. The engine may be newer
    within its major version.
    """
    found = installed.versions.get("compute", "")
    sentences: list[str] = []
    if not _is_engine(needed.engine, found):
        sentences.append(f"{needed.engine.name} {needed.engine.version} is needed, not {found}")
    for plugin in needed.plugins:
        version = installed.plugins.get(plugin.name)
        if version is None:
            sentences.append(f"plugin {plugin.name} {plugin.version} is not installed")
        elif version != plugin.version:
            sentences.append(f"plugin {plugin.name} {plugin.version} is needed, not {version}")
    return tuple(sentences)


def parameter_differences(bindings: Bindings, described: JsonObject) -> tuple[str, ...]:
    """One sentence for each difference between the bindings and the engine's `/io`.

    The engine skips names it does not know in silence, and keeps the last caller's value of an
    input that is not sent: both sides must name the same inputs.
    """
    return (
        *_input_differences(bindings, _named(described.get("Inputs"))),
        *_output_differences(bindings, _named(described.get("Outputs"))),
    )


def _input_differences(bindings: Bindings, exposed: Mapping[str, JsonValue]) -> Iterator[str]:
    bound: dict[str, BindingType] = {binding.gh_param: binding.type for binding in bindings.inputs}
    for name in sorted(bound.keys() - exposed.keys()):
        yield f"input {name!r} is bound, but the definition has no such input"
    for name in sorted(exposed.keys() - bound.keys()):
        yield f"input {name!r} of the definition is not bound: it keeps the last caller's value"
    for name in sorted(bound.keys() & exposed.keys()):
        if exposed[name] not in _INPUTS[bound[name]]:
            yield f"input {name!r} is bound as {bound[name]}, but takes {exposed[name]}"


def _output_differences(bindings: Bindings, exposed: Mapping[str, JsonValue]) -> Iterator[str]:
    for binding in bindings.outputs:
        if binding.gh_param not in exposed:
            yield f"output {binding.gh_param!r} is bound, but the definition has no such output"


def _named(parameters: JsonValue) -> dict[str, JsonValue]:
    listed: Sequence[JsonValue] = parameters if isinstance(parameters, list) else []
    return {
        str(parameter.get("Name")): parameter.get("ParamType")
        for parameter in listed
        if isinstance(parameter, dict)
    }


def _is_engine(needed: Engine, found: str) -> bool:
    """The same major version, and not an older one."""
    wanted, told = _numbers(needed.version), _numbers(found)
    return bool(told) and told[:1] == wanted[:1] and told[: len(wanted)] >= wanted


def _numbers(version: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in version.split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)
