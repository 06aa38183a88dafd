"""A contract's examples prove it: valid ones pass, each invalid one breaks the rule it names."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import JsonValue

from contracts.errors import ContractFileError, ContractViolationError
from contracts.loading import read_json, read_model
from contracts.model import FileModel
from contracts.registry import Registry, ServedContract

MIN_VALID = 3
MIN_INVALID = 4


class InvalidExample(FileModel):
    """`examples/invalid/*.json`: inputs, the rule that they break and where."""

    rule: str
    pointer: str
    inputs: dict[str, JsonValue]


def check_examples(registry: Registry, app_id: str, served: ServedContract) -> None:
    """Run every example of one contract through the checks that a request passes.

    Raises:
        ContractFileError: an example does not behave as its folder says, or there are too few.
    """
    folder = served.contract.folder / "examples"
    for file in _files(folder / "valid", MIN_VALID):
        _check_valid(registry, app_id, served, file)
    for file in _files(folder / "invalid", MIN_INVALID):
        _check_invalid(registry, app_id, served, file)


def _files(folder: Path, minimum: int) -> Iterator[Path]:
    files = sorted(folder.glob("*.json"))
    if len(files) < minimum:
        message = f"needs at least {minimum} examples, has {len(files)}"
        raise ContractFileError(folder, "examples", message)
    yield from files


def _check_valid(registry: Registry, app_id: str, served: ServedContract, file: Path) -> None:
    inputs = read_json(file)
    if not isinstance(inputs, dict):
        raise ContractFileError(file, "examples", "inputs must be an object")
    try:
        registry.accept_inputs(app_id, served, inputs)
    except ContractViolationError as error:
        raise ContractFileError(file, error.violations[0].code, str(error)) from error


def _check_invalid(registry: Registry, app_id: str, served: ServedContract, file: Path) -> None:
    example = read_model(file, InvalidExample)
    try:
        registry.accept_inputs(app_id, served, example.inputs)
    except ContractViolationError as error:
        broken = {(violation.code, violation.pointer) for violation in error.violations}
        if (example.rule, example.pointer) in broken:
            return
        message = f"breaks {sorted(broken)} instead of {example.rule} at {example.pointer!r}"
        raise ContractFileError(file, example.rule, message) from error
    raise ContractFileError(file, example.rule, "was accepted")
