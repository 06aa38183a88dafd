"""What would go wrong with a document on Rhino.Compute, found without running it."""

import ast
import base64
import binascii
import warnings
from collections import Counter
from collections.abc import Iterator

from contracts.description.description import DocumentFinding
from contracts.description.known_components import KNOWN
from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.document import Document, DocumentObject
from contracts.grasshopper.exposure import Exposure

VECTOR, PLANE, CIRCLE, RECTANGLE = (
    "16ef3e75-e315-4899-b531-d3166b42dac9",
    "4f8984c4-7c7a-4d69-b0a2-183cbb330d20",
    "d1028c72-ff86-4057-9eb0-36c687a4d98c",
    "abf9c670-5462-4cd8-acb3-f1ab0256dbf3",
)
BUTTON = "a8b97322-2d53-47cd-905e-b932c3ccd74e"
SETTABLE_TYPES = frozenset(
    {
        *("Number", "Integer", "Text", "Boolean", "Point", "Curve", "Line"),
        *("Vector", "Circle", "Plane", "Rectangle", "Mesh", "Brep", "Surface", "Box"),
    }
)
SETTABLE = frozenset(
    component_id
    for component_id, name in ids.FLOATING_PARAMETERS.items()
    if name in SETTABLE_TYPES and component_id != BUTTON
) | {VECTOR, PLANE, CIRCLE, RECTANGLE}
"""Members of an RH_IN group that Rhino.Compute sets (`GrasshopperDefinition.SetInputs`)."""


def document_findings(document: Document, exposure: Exposure) -> Iterator[DocumentFinding]:
    """Every finding, in the order in which a person would mend them."""
    yield from _exposes_nothing(exposure)
    yield from _duplicate_names(document)
    yield from _ignored_inputs(document, exposure)
    for thing in document.objects:
        yield from _broken_script(thing)
    for library in document.libraries:
        message = f"the plugin {library.name} {library.version} must be installed on every engine"
        yield DocumentFinding("plugin_needed", message)
    yield from _unknown_components(document)


def _exposes_nothing(exposure: Exposure) -> Iterator[DocumentFinding]:
    if not exposure.outputs:
        found = "inputs but no outputs" if exposure.inputs else "neither inputs nor outputs"
        message = (
            f"the document exposes {found}: a solve answers 500 with an empty body; add a Context"
            " Bake or Context Print, or a group whose name contains RH_OUT"
        )
        yield DocumentFinding("exposes_nothing", message)


def _duplicate_names(document: Document) -> Iterator[DocumentFinding]:
    inputs: Counter[str] = Counter()
    outputs: Counter[str] = Counter()
    for thing in document.objects:
        if thing.component_id in ids.CONTEXTUAL_INPUTS and thing.floating:
            inputs[thing.nickname] += 1
        elif thing.component_id in ids.CONTEXTUAL_OUTPUTS and thing.inputs:
            outputs[thing.inputs[0].nickname] += 1
        elif thing.component_id == ids.GROUP and _member(document, thing):
            inputs[thing.nickname] += "RH_IN" in thing.nickname
            outputs[thing.nickname] += "RH_OUT" in thing.nickname
    for side, names in (("input", inputs), ("output", outputs)):
        for name, count in names.items():
            if count > 1:
                message = f"{count} {side}s are named {name!r}: only the first is used"
                yield DocumentFinding("duplicate_name", message)


def _ignored_inputs(document: Document, exposure: Exposure) -> Iterator[DocumentFinding]:
    for exposed in exposure.inputs.values():
        owner = document.objects_by_id.get(exposed.parameter.owner_id)
        if owner and not exposed.is_contextual and owner.component_id not in SETTABLE:
            message = (
                f"input {exposed.name!r} is a {owner.name}: Rhino.Compute ignores what is sent to"
                " it without a word; group a Number, Integer, Text, Boolean, Point or Curve instead"
            )
            yield DocumentFinding("ignored_input_type", message)


def _member(document: Document, group: DocumentObject) -> DocumentObject | None:
    present = (document.objects_by_id.get(i) for i in group.container.texts("ID"))
    return next((thing for thing in present if thing), None)


def _broken_script(thing: DocumentObject) -> Iterator[DocumentFinding]:
    source = python_source(thing)
    if source is None:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f", line {line}" if line else ""
        reason = getattr(error, "msg", None) or str(error) or type(error).__name__
        message = f'script "{thing.nickname or thing.name}"{where}: {reason}'
        yield DocumentFinding("script_does_not_compile", message)


def python_source(thing: DocumentObject) -> str | None:
    """The source of a Python 3 Script, or None of anything else."""
    script = thing.container.child("Script")
    if script is None:
        return None
    language = script.child("LanguageSpec")
    taxon = language.text("Taxon") if language else ""
    version = language.text("Version") if language else ""
    if not (thing.component_id == ids.PYTHON_3_SCRIPT or "python" in taxon.lower()):
        return None
    if version.startswith("2"):
        return None
    try:
        return base64.b64decode(script.text("Text")).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "\0"  # no text at all: reported as a script that does not compile


def _unknown_components(document: Document) -> Iterator[DocumentFinding]:
    unknown = Counter(
        (thing.component_id, thing.name)
        for thing in document.objects
        if thing.component_id not in KNOWN
    )
    for (component_id, name), count in unknown.items():
        message = (
            f"component {name!r} ({component_id}), used {count} times, is not known here: it may be"
            " part of Rhino or of a plugin, and the local engine refuses it"
        )
        yield DocumentFinding("component_unknown", message)
