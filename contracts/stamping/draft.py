"""A contract drawn up from a Grasshopper document alone."""

from dataclasses import dataclass

from contracts.description.describe import describe_document
from contracts.description.description import Description
from contracts.grasshopper.document import Document, read_document
from contracts.stamping.documents import (
    LENGTH_UNIT,
    ContractDocuments,
    bindings_document,
    inputs_document,
    manifest_document,
    outputs_document,
    plugins_document,
)
from contracts.stamping.errors import StampingError
from contracts.stamping.examples import invalid_examples, valid_examples
from contracts.stamping.inputs import input_members
from contracts.stamping.outputs import output_members

_HARMLESS = ("plugin_needed", "component_unknown")
"""Findings of a document that do not keep it from being solved where it belongs."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A Grasshopper file that a contract is made from; `suffix` is `.gh` or `.ghx`."""

    content: bytes
    suffix: str
    document: Document
    description: Description


def read_source(content: bytes, file_name: str) -> SourceFile:
    """Read a file that is to become a definition.

    Raises:
        GrasshopperFileError: the bytes are no Grasshopper document.
        StampingError: the document cannot be solved as it is.
    """
    document = read_document(content)
    description = describe_document(document, file_name)
    for finding in description.findings:
        if finding.code not in _HARMLESS:
            raise StampingError(f"{file_name}: {finding.code}: {finding.message}")
    if not description.inputs:
        raise StampingError(f"{file_name}: the document exposes no inputs: nothing can be sent")
    # The XML form begins with `<`, after white space or a byte order mark.
    suffix = ".ghx" if content[:16].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else ".gh"
    return SourceFile(content, suffix, document, description)


def draft_documents(app_id: str, source: SourceFile) -> ContractDocuments:
    """Every document of a first version.

    Raises:
        StampingError: an input is of a type that nothing can bind.
    """
    summary = source.description.summary or f"What {source.description.document} computes."
    inputs = input_members(source.description.inputs, LENGTH_UNIT)
    outputs = output_members(source.document, source.description.outputs)
    return ContractDocuments(
        inputs_schema=inputs_document(app_id, summary, inputs),
        outputs_schema=outputs_document(app_id, summary, outputs),
        bindings=bindings_document(inputs, outputs),
        manifest=manifest_document(),
        plugins=plugins_document(source.description),
        valid=valid_examples(inputs),
        invalid=invalid_examples(inputs),
    )
