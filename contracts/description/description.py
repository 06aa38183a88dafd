"""What a Grasshopper document is to a client of Rhino.Compute."""

from dataclasses import dataclass

from pydantic import JsonValue

from contracts.model import JsonObject


@dataclass(frozen=True, slots=True)
class DocumentFinding:
    """Something that would go wrong with the document; `code` is stable."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class DescribedInput:
    """One input under the name that a request uses.

    `default` is the value (a list of several) that the document holds, None where it holds none
    or where only a solve can tell; `hint` is the prompt that its author wrote.
    """

    name: str
    type: str
    default: JsonValue
    minimum: float | None
    maximum: float | None
    at_least: int
    at_most: int
    hint: str
    is_contextual: bool
    component_id: str


@dataclass(frozen=True, slots=True)
class DescribedOutput:
    """One output under the name that the answer uses."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class DescribedLibrary:
    """One plugin that the document needs."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Description:
    """Inputs and outputs in document order; all that a contract has to agree with."""

    document: str
    summary: str
    inputs: tuple[DescribedInput, ...]
    outputs: tuple[DescribedOutput, ...]
    libraries: tuple[DescribedLibrary, ...]
    findings: tuple[DocumentFinding, ...]

    def to_json(self) -> JsonObject:
        """The shape that `describe --json` prints."""
        return {
            "document": self.document,
            "inputs": [_input_json(one) for one in self.inputs],
            "outputs": [{"name": one.name, "type": one.type} for one in self.outputs],
            "libraries": [{"name": one.name, "version": one.version} for one in self.libraries],
            "findings": [{"code": one.code, "message": one.message} for one in self.findings],
        }


def _input_json(described: DescribedInput) -> JsonObject:
    return {
        "name": described.name,
        "type": described.type,
        "default": described.default,
        "minimum": described.minimum,
        "maximum": described.maximum,
        "at_least": described.at_least,
        "at_most": described.at_most,
    }
