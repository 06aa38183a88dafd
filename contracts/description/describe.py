"""Reads a Grasshopper file and says what Rhino.Compute would see in it."""

import math
import sys

from pydantic import JsonValue

from contracts.description.default_value import HeldValues, typed_values
from contracts.description.description import (
    DescribedInput,
    DescribedLibrary,
    DescribedOutput,
    Description,
)
from contracts.description.document_findings import document_findings
from contracts.grasshopper.document import Document, read_document
from contracts.grasshopper.exposure import ExposedParameter, expose, input_limits

UNBOUNDED_INT = 2**31 - 1


def describe(content: bytes, file_name: str) -> Description:
    """Describe a `.gh` or `.ghx` file.

    Args:
        content: the bytes of the file.
        file_name: stands for a document that has no name of its own.

    Raises:
        GrasshopperFileError: the bytes are no readable Grasshopper document.
    """
    return describe_document(read_document(content), file_name)


def describe_document(document: Document, file_name: str) -> Description:
    """Describe a document that is read already."""
    exposure = expose(document)
    held = HeldValues(document)
    return Description(
        document=document.name or file_name,
        summary=document.description,
        inputs=tuple(_input(document, exposed, held) for exposed in exposure.inputs.values()),
        outputs=tuple(DescribedOutput(o.name, o.type_name) for o in exposure.outputs.values()),
        libraries=tuple(DescribedLibrary(one.name, one.version) for one in document.libraries),
        findings=tuple(document_findings(document, exposure)),
    )


def _input(document: Document, exposed: ExposedParameter, held: HeldValues) -> DescribedInput:
    limits = input_limits(document, exposed)
    own_maximum = _own_maximum(exposed)
    chunk = exposed.parameter.chunk
    owner = document.objects_by_id[exposed.parameter.owner_id]
    values = typed_values(held.of(exposed.parameter), exposed.type_name)
    return DescribedInput(
        name=exposed.name,
        type=exposed.type_name,
        default=_one_or_list(values),
        minimum=_finite(limits.minimum),
        maximum=_finite(limits.maximum if own_maximum is None else own_maximum),
        at_least=limits.at_least,
        at_most=limits.at_most,
        hint=chunk.text("Prompt") if exposed.is_contextual else "",
        is_contextual=exposed.is_contextual,
        component_id=owner.component_id,
    )


def _own_maximum(exposed: ExposedParameter) -> float | None:
    """A contextual parameter's own Maximum, where it is set.

    Rhino.Compute returns it since July 2025; earlier ones only know the slider's.
    """
    unset = {"Number": sys.float_info.max, "Integer": UNBOUNDED_INT}.get(exposed.type_name)
    maximum = exposed.parameter.chunk.number("Maximum") if exposed.is_contextual else None
    if maximum is None or unset is None or maximum >= unset:
        return None
    return float(maximum)


def _finite(limit: float | None) -> float | None:
    return limit if limit is not None and math.isfinite(limit) else None


def _one_or_list(values: list[JsonValue] | None) -> JsonValue:
    if not values:
        return None
    return values[0] if len(values) == 1 else values
