"""Read what the engine answered, whatever it is.

A 500 whose JSON names `errors` comes from the definition and will come again; any other failure
comes from the engine. A 200 with `errors` is a failure too.

Source: Rhino.Compute, `ResthopperEndpoints.GrasshopperSolveHelper`.
"""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from appserver.compute.component_faults import component_faults
from appserver.domain.data_tree import DataTree
from appserver.domain.errors import DefinitionError, EngineError
from contracts.errors import JsonTextError
from contracts.json_text import parse_json

_OK = 200


class _Member(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Value(_Member):
    text: str = Field(validation_alias="data")


class _Tree(_Member):
    parameter: str = Field(validation_alias="ParamName")
    branches: dict[str, list[_Value]] = Field(validation_alias="InnerTree")


class _Answer(_Member):
    values: list[_Tree]
    warnings: list[str] | None = None


class _Failure(_Member):
    errors: list[str] | None = None


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """A solve that succeeded: output trees, and what the components warned of."""

    trees: tuple[DataTree, ...]
    warnings: tuple[str, ...] = ()


def read_answer(status: int, body: bytes) -> EngineAnswer:
    """Translate status and body.

    Raises:
        DefinitionError: the definition's components failed; names and GUIDs are kept.
        EngineError: anything else that is no answer.
    """
    try:
        document = parse_json(body)
        failed = _Failure.model_validate(document)
        if failed.errors:
            raise DefinitionError(
                "Components of the definition failed.", component_faults(failed.errors)
            )
        if status != _OK:
            raise EngineError("The solve engine failed without an explanation.")
        answer = _Answer.model_validate(document)
    except (JsonTextError, ValidationError) as error:
        raise EngineError("The solve engine's answer cannot be read.") from error
    trees = [
        DataTree(
            tree.parameter,
            {path: tuple(value.text for value in texts) for path, texts in tree.branches.items()},
        )
        for tree in answer.values
    ]
    return EngineAnswer(tuple(trees), tuple(answer.warnings or ()))
