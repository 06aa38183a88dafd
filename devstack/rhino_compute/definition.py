"""A definition that is ready to be solved, and what in it this server cannot evaluate."""

from dataclasses import dataclass

from contracts.grasshopper.document import Document, DocumentObject, read_document
from contracts.grasshopper.exposure import Exposure, expose
from devstack.rhino_compute.components.catalogue import SUPPORTED


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
    return [f'{reason}: component "{thing.name}" ({thing.object_id})' for reason in reasons]
