"""A definition that is ready to be solved, and what in it this server cannot evaluate."""

from dataclasses import dataclass

from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.document import Document, DocumentObject, read_document
from contracts.grasshopper.exposure import Exposure, expose

PARAMETER_TYPES = frozenset(
    {"Number", "Integer", "Text", "Boolean", "Point", "Curve", "Generic Data", "Geometry"}
)
NOT_PLAIN = frozenset(
    {
        "2e78987b-9dfb-42a2-8b76-3923ac8bd91a",  # Boolean Toggle
        "a8b97322-2d53-47cd-905e-b932c3ccd74e",  # Button
        "00027467-0d24-4fa7-b178-8dc0ac5f42ec",  # Value List
    }
)
SUPPORTED = frozenset(
    {
        *ids.CONTEXTUAL_INPUTS,
        *ids.CONTEXTUAL_OUTPUTS,
        ids.GROUP,
        ids.SCRIBBLE,
        ids.ADDITION,
        ids.SUBTRACTION,
        ids.MULTIPLICATION,
        ids.DIVISION,
        ids.PYTHON_3_SCRIPT,
        *(i for i, name in ids.FLOATING_PARAMETERS.items() if name in PARAMETER_TYPES),
    }
).difference(NOT_PLAIN)


@dataclass(frozen=True, slots=True)
class Definition:
    """A parsed document with its inputs and outputs; `refusals` is empty when it can be solved."""

    document: Document
    exposure: Exposure
    refusals: tuple[str, ...]


def read_definition(content: bytes) -> Definition:
    """Parse a `.gh` or `.ghx` file.

    Raises:
        GrasshopperFileError: It is neither.
    """
    document = read_document(content)
    refusals = tuple(reason for thing in document.objects for reason in _refusals(thing))
    return Definition(document, expose(document), refusals)


def _refusals(thing: DocumentObject) -> list[str]:
    reasons: list[str] = []
    if thing.component_id not in SUPPORTED:
        reasons.append(f"component {thing.component_id} is not supported")
    if thing.container.flag("Locked"):
        reasons.append("disabled components are not supported")
    for parameter in thing.parameters:
        if parameter.chunk.text("InternalExpression"):
            reasons.append("expressions in parameters are not supported")
        if parameter.chunk.flag("SimplifyData"):
            reasons.append("simplified parameters are not supported")
    return [f'{reason}: component "{thing.name}" ({thing.object_id})' for reason in reasons]
