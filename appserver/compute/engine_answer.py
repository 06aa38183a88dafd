"""Read what the engine answered, whatever it is.

A 500 whose JSON names `errors` comes from the definition and will come again; any other failure
comes from the engine. A 200 with `errors` is a failure too.

Source: Rhino.Compute, `ResthopperEndpoints.GrasshopperSolveHelper`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

import orjson
from pydantic import JsonValue

from appserver.compute.component_faults import component_faults
from appserver.domain.data_tree import DataTree
from appserver.domain.errors import DefinitionError, EngineError, UnexplainedFailureError
from contracts.model import JsonObject

_OK = 200
_FAILED = 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """A solve that succeeded: output trees, and what the components warned of."""

    trees: tuple[DataTree, ...]
    warnings: tuple[str, ...] = ()


class _ShapeError(Exception):
    """The JSON is not what Rhino.Compute answers."""


def read_answer(status: int, body: bytes) -> EngineAnswer:
    """Translate status and body.

    Raises:
        DefinitionError: the definition's components failed; names and GUIDs are kept.
        UnexplainedFailureError: status 500, and nothing says why.
        EngineError: anything else that is no answer.
    """
    try:
        document = _object(orjson.loads(body))
        errors = _texts(document.get("errors"))
        if errors:
            raise DefinitionError("Components of the definition failed.", component_faults(errors))
        _refuse_failure(status)
        trees = tuple(_each(document.get("values"), _tree))
        return EngineAnswer(trees, tuple(_texts(document.get("warnings"))))
    except (orjson.JSONDecodeError, _ShapeError) as error:
        _refuse_failure(status)
        raise EngineError("The solve engine's answer cannot be read.") from error


def _refuse_failure(status: int) -> None:
    if status == _FAILED:
        raise UnexplainedFailureError("The solve engine failed without an explanation.")
    if status != _OK:
        raise EngineError("The solve engine failed without an explanation.")


def _tree(value: JsonValue) -> DataTree:
    tree = _object(value)
    branches = _object(tree.get("InnerTree")).items()
    return DataTree(
        _text(tree.get("ParamName")),
        {path: tuple(_each(values, _value)) for path, values in branches},
    )


def _value(value: JsonValue) -> str:
    return _text(_object(value).get("data"))


def _texts(value: JsonValue) -> list[str]:
    return [] if value is None else _each(value, _text)


def _each(value: JsonValue, read: Callable[[JsonValue], T]) -> list[T]:
    if not isinstance(value, list):
        raise _ShapeError
    return [read(member) for member in value]


def _object(value: object) -> JsonObject:
    if not isinstance(value, dict):
        raise _ShapeError
    return cast("JsonObject", value)


def _text(value: JsonValue) -> str:
    if not isinstance(value, str):
        raise _ShapeError
    return value
