"""Examples of a next version: the previous ones that still behave, and stamped ones."""

from collections.abc import Callable, Sequence
from pathlib import Path

from contracts.defaults import members
from contracts.errors import ContractViolationError
from contracts.files import read_json, read_model
from contracts.governance.examples import MIN_INVALID, MIN_VALID, Accept, InvalidExample
from contracts.model import JsonObject
from contracts.stamping.examples import invalid_examples, valid_examples
from contracts.stamping.member import InputMember

Examples = dict[str, JsonObject]


def carried_examples(
    schemas: tuple[JsonObject, JsonObject],
    previous_folder: Path,
    stamped: Sequence[InputMember],
    accept: Accept,
) -> tuple[Examples, Examples]:
    """Valid and invalid examples by file stem.

    Args:
        schemas: of the inputs, before and after.
        previous_folder: the version folder whose examples are carried over.
        stamped: a sample for each input of the new document.
        accept: the checks of a request to the new version.
    """
    known = {name for name, _ in members(schemas[1])}
    gone = {name for name, _ in members(schemas[0])} - known
    usable = [member for member in stamped if member.name in known]
    came = [m for m in usable if m.is_required and m.name not in dict(members(schemas[0]))]

    def fitted(inputs: JsonObject) -> JsonObject:
        kept = {name: value for name, value in inputs.items() if name not in gone}
        return {**{member.name: member.sample for member in came}, **kept}

    valid: Examples = {}
    for file in sorted((previous_folder / "examples/valid").glob("*.json")):
        inputs = read_json(file)
        if isinstance(inputs, dict):
            valid[file.stem] = fitted(inputs)
    invalid: Examples = {}
    for file in sorted((previous_folder / "examples/invalid").glob("*.json")):
        example = read_model(file, InvalidExample)
        invalid[file.stem] = example.model_dump() | {"inputs": fitted(example.inputs)}
    return (
        _behaving(valid, valid_examples(usable), MIN_VALID, lambda one: is_accepted(accept, one)),
        _behaving(
            invalid, invalid_examples(usable), MIN_INVALID, lambda one: breaks_its_rule(accept, one)
        ),
    )


def _behaving(
    carried: Examples, stamped: Examples, least: int, behaves: Callable[[JsonObject], bool]
) -> Examples:
    """The carried examples that behave; stamped ones where `minimal` or others are missing."""
    found = {stem: one for stem, one in carried.items() if behaves(one)}
    for stem, one in stamped.items():
        is_needed = len(found) < least or stem == "minimal"
        if is_needed and stem not in found and behaves(one):
            found[stem] = one
    return found


def is_accepted(accept: Accept, inputs: JsonObject) -> bool:
    """Whether a request with these inputs would be accepted."""
    try:
        accept(inputs)
    except ContractViolationError:
        return False
    return True


def breaks_its_rule(accept: Accept, example: JsonObject) -> bool:
    """Whether an invalid example breaks the rule that it names."""
    broken = InvalidExample.model_validate(example)
    try:
        accept(broken.inputs)
    except ContractViolationError as error:
        return (broken.rule, broken.pointer) in {(v.code, v.pointer) for v in error.violations}
    return False
