"""A contract's examples prove it: valid ones pass, each invalid one breaks the rule it names."""

from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import JsonValue

from contracts.errors import ContractFileError, ContractViolationError
from contracts.files import read_json, read_model
from contracts.finding import Finding
from contracts.model import FileModel, JsonObject

MIN_VALID = 3
MIN_INVALID = 4
Accept = Callable[[JsonObject], object]
"""Passes inputs through the checks of a request; raises ContractViolationError."""


class InvalidExample(FileModel):
    """`examples/invalid/*.json`: inputs, the rule that they break and where."""

    rule: str
    pointer: str
    inputs: dict[str, JsonValue]


def example_findings(folder: Path, accept: Accept) -> Iterator[Finding]:
    """Run every example of one contract through the checks that a request passes."""
    for name, least, check in (
        ("valid", MIN_VALID, _valid_findings),
        ("invalid", MIN_INVALID, _invalid_findings),
    ):
        files = sorted((folder / "examples" / name).glob("*.json"))
        if len(files) < least:
            message = f"needs at least {least} examples, has {len(files)}"
            remedy = f"Add {least - len(files)} more."
            yield Finding("examples_missing", folder / "examples" / name, "", message, remedy)
        for file in files:
            try:
                yield from check(file, accept)
            except ContractFileError as error:
                yield from error.findings


def _valid_findings(file: Path, accept: Accept) -> Iterator[Finding]:
    inputs = read_json(file)
    if not isinstance(inputs, dict):
        remedy = "Write the inputs as a JSON object."
        yield Finding("example_invalid", file, "", "inputs must be an object", remedy)
        return
    try:
        accept(inputs)
    except ContractViolationError as error:
        for broken in error.violations:
            message = f"is refused: {broken.code}: {broken.message}"
            remedy = "Correct the example, or move it to examples/invalid."
            yield Finding("example_invalid", file, broken.pointer, message, remedy)


def _invalid_findings(file: Path, accept: Accept) -> Iterator[Finding]:
    example = read_model(file, InvalidExample)
    try:
        accept(example.inputs)
    except ContractViolationError as error:
        broken = sorted({(violation.code, violation.pointer) for violation in error.violations})
        if (example.rule, example.pointer) not in broken:
            found = ", ".join(f"{code} at {pointer!r}" for code, pointer in broken)
            message = f"breaks {found} instead of {example.rule} at {example.pointer!r}"
            remedy = "Name the rule that is broken, or break the rule that is named."
            yield Finding("example_breaks_other_rule", file, "/rule", message, remedy)
        return
    message = f"was accepted, but is to break {example.rule}"
    remedy = "Break the rule, or move the example to examples/valid."
    yield Finding("example_accepted", file, "/inputs", message, remedy)
