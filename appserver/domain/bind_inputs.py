"""Inputs to data trees: every bound parameter, every time.

A parameter that a request leaves out keeps the value of whoever solved before, possibly another
tenant (the engine reuses loaded definitions), so a missing value is an error here.
"""

from pydantic import JsonValue

from appserver.domain.data_tree import DataTree
from appserver.domain.geometry import GeometryCodec
from appserver.domain.input_texts import input_texts
from contracts.errors import ContractViolationError, Violation
from contracts.model import Bindings, InputBinding, JsonObject
from contracts.paths import Path, read


def bind_inputs(bindings: Bindings, inputs: JsonObject, codec: GeometryCodec) -> list[DataTree]:
    """One tree for each input binding, in the order of the bindings.

    Args:
        bindings: the contract's.
        inputs: accepted inputs, defaults materialised.
        codec: encodes geometry.

    Raises:
        ContractViolationError: `schema_violation`, one entry for each value that is missing or
            cannot be bound.
    """
    trees: list[DataTree] = []
    violations: list[Violation] = []
    for binding in bindings.inputs:
        path = Path.parse(binding.jsonpath)
        try:
            texts = input_texts(binding, _value(inputs, path), codec)
        except KeyError:
            violations.append(Violation(path.pointer, "required", "Is required by the definition."))
        except ValueError as error:
            violations.append(_unbindable(binding, path, error))
        else:
            trees.append(DataTree.of_list(binding.gh_param, texts))
    if violations:
        raise ContractViolationError("schema_violation", violations)
    return trees


def _value(inputs: JsonObject, path: Path) -> JsonValue:
    value = read(inputs, path.head)
    if value is None:
        raise KeyError(path.pointer)
    return value


def _unbindable(binding: InputBinding, path: Path, error: ValueError) -> Violation:
    return Violation(path.pointer, "binding", f"The {binding.type} {error}.")
