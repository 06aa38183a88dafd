"""Units and the coordinate reference system are stated where a client reads them."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from contracts.defaults import members, resolve
from contracts.finding import Finding
from contracts.governance.bindings import find_member
from contracts.model import Contract, JsonObject
from contracts.paths import Path, pointer_to


def unit_findings(contract: Contract) -> Iterator[Finding]:
    """A required CRS that no input states, and coordinates without a unit of length."""
    schema, units = contract.inputs_schema, contract.manifest.units
    file = contract.folder / "inputs.schema.json"
    if units.crs_required and not _requires_crs(schema):
        yield Finding(
            "crs_not_stated",
            file,
            "/properties/crs",
            "the manifest requires a CRS, but no required string `crs` states it",
            "Declare `crs` as a required string, or set units.crs_required to false.",
        )
    for binding in contract.bindings.inputs:
        names = Path.parse(binding.jsonpath).head
        member = find_member(schema, names)
        if not binding.type.startswith("geometry.") or member is None:
            continue
        words = " ".join([*_texts_on_the_way(schema, names), *_texts_below(schema, member)])
        if not re.search(rf"\b({re.escape(units.length)}|CRS)\b", words):
            yield Finding(
                "unit_not_stated",
                file,
                pointer_to(*(token for name in names for token in ("properties", name))),
                f"no description says that the coordinates of {binding.jsonpath} are in"
                f" {units.length}",
                f"Say it in a description, as in: [x, y] in {units.length}.",
            )


def _requires_crs(schema: JsonObject) -> bool:
    member = find_member(schema, ["crs"])
    required = schema.get("required")
    is_required = isinstance(required, list) and "crs" in required
    return member is not None and member.get("type") == "string" and is_required


def _texts_on_the_way(root: JsonObject, names: tuple[str, ...]) -> Iterator[str]:
    for end in range(len(names)):
        yield _described(find_member(root, names[: end + 1]))
    yield _described(root)


def _texts_below(root: JsonObject, schema: JsonValue, depth: int = 8) -> Iterator[str]:
    """The descriptions inside a value's schema; `depth` ends a schema that contains itself."""
    resolved = resolve(root, schema)
    yield _described(resolved)
    if depth > 0:
        inner = [resolved.get("items"), *(member for _, member in members(resolved))]
        for one in inner:
            if isinstance(one, dict):
                yield from _texts_below(root, one, depth - 1)


def _described(schema: JsonObject | None) -> str:
    text = schema.get("description") if schema else None
    return text if isinstance(text, str) else ""
