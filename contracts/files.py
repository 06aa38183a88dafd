"""Read the JSON files of a contract folder; what is wrong becomes findings."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import ErrorDetails

from contracts.errors import ContractFileError, JsonTextError
from contracts.finding import Finding
from contracts.json_text import parse_json
from contracts.paths import pointer_to

M = TypeVar("M", bound=BaseModel)
_REMEDIES = {
    "extra_forbidden": "Remove the member, or correct its name.",
    "missing": "Add the member.",
}


def read_model(file: Path, model: type[M]) -> M:
    """Read a JSON file into its model.

    Raises:
        ContractFileError: `file_missing`, `json_invalid`, or one `file_invalid` for each member.
    """
    document = read_json(file)
    try:
        return model.model_validate(document)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False)
        raise ContractFileError([_finding(file, fault) for fault in faults]) from error


def read_json(file: Path) -> JsonValue:
    """Read a JSON file.

    Raises:
        ContractFileError: `file_missing` or `json_invalid`.
    """
    try:
        return parse_json(file.read_bytes())
    except OSError as error:
        message = error.strerror or str(error)
        remedy = f"Add a readable {file.name}."
        raise ContractFileError([Finding("file_missing", file, "", message, remedy)]) from error
    except JsonTextError as error:
        remedy = "Mend the JSON text."
        fault = Finding("json_invalid", file, error.pointer, error.message, remedy)
        raise ContractFileError([fault]) from error


def _finding(file: Path, fault: ErrorDetails) -> Finding:
    remedy = _REMEDIES.get(fault["type"], "Give the member a value that fits.")
    return Finding("file_invalid", file, pointer_to(*fault["loc"]), fault["msg"], remedy)
