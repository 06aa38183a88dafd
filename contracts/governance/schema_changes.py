"""What a changed schema means to the programs that send inputs or read outputs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from contracts.defaults import members, resolve
from contracts.governance.change import Bump, Change
from contracts.governance.keyword_changes import CONSTRAINTS, relation
from contracts.model import JsonObject
from contracts.paths import pointer_to

Side = Literal["inputs", "outputs"]
MAX_DEPTH = 16
"""Levels that are compared; a schema that contains itself ends here."""

_UNIT = re.compile(r"\b(?:in|unit:?) (mm|cm|m|km|ft|inches|m2|m3|deg|degrees|rad|s|ms|h|kW|kWh)\b")
_WORDS = ("title", "description", "examples", "$comment")


@dataclass(frozen=True, slots=True)
class _Place:
    """One member in both versions: the document it stands in, its path and its depth."""

    side: Side
    roots: tuple[JsonObject, JsonObject]
    pointer: str = ""
    depth: int = 0

    def inner(self, *tokens: str) -> "_Place":
        return _Place(self.side, self.roots, self.pointer + pointer_to(*tokens), self.depth + 1)

    def change(self, bump: Bump, message: str) -> Change:
        where = self.pointer.replace("/properties/", "/").lstrip("/") or "the document"
        return Change(bump, f"{self.side}.schema.json", self.pointer, f"{where}: {message}")


def schema_changes(side: Side, before: JsonObject, after: JsonObject) -> Iterator[Change]:
    """Every difference of two schemas.

    Inputs: what accepts less is MAJOR, what accepts more MINOR. Outputs: a reader relies on every
    type, range and choice, so any change of one is MAJOR; a member more is MINOR.
    """
    yield from _changes(_Place(side, (before, after)), before, after)


def _changes(place: _Place, before: JsonValue, after: JsonValue) -> Iterator[Change]:
    old = resolve(place.roots[0], before)
    fresh = resolve(place.roots[1], after)
    if place.depth > MAX_DEPTH or (old == fresh and place.roots[0] == place.roots[1]):
        return
    yield from _constraints(place, old, fresh)
    yield from _default(place, old, fresh)
    yield from _wording(place, old, fresh)
    yield from _members(place, old, fresh)
    if isinstance(old.get("items"), dict) and isinstance(fresh.get("items"), dict):
        yield from _changes(place.inner("items"), old["items"], fresh["items"])
    elif old.get("items") != fresh.get("items"):
        yield place.change(Bump.MAJOR, "the form of its entries changed")


def _constraints(place: _Place, old: JsonObject, fresh: JsonObject) -> Iterator[Change]:
    for keyword in sorted(CONSTRAINTS & (old.keys() | fresh.keys())):
        found = relation(keyword, old.get(keyword), fresh.get(keyword))
        if found is None:
            continue
        is_breaking = found == "narrower" or place.side == "outputs"
        verb = "narrowed" if found == "narrower" else "widened"
        told = f"{verb} {keyword} from {_shown(old, keyword)} to {_shown(fresh, keyword)}"
        yield place.change(Bump.MAJOR if is_breaking else Bump.MINOR, told)


def _shown(schema: JsonObject, keyword: str) -> str:
    return str(schema[keyword])[:60] if keyword in schema else "none"


def _default(place: _Place, old: JsonObject, fresh: JsonObject) -> Iterator[Change]:
    if old.get("default") == fresh.get("default") and ("default" in old) == ("default" in fresh):
        return
    told = f"default from {_shown(old, 'default')} to {_shown(fresh, 'default')}"
    bump = Bump.MAJOR if "default" in old else Bump.MINOR
    yield place.change(bump, f"changed {told}")


def _wording(place: _Place, old: JsonObject, fresh: JsonObject) -> Iterator[Change]:
    units = [set(_UNIT.findall(str(s.get("description", "")))) for s in (old, fresh)]
    if units[0] and units[1] and units[0] != units[1]:
        told = f"changed unit from {'/'.join(units[0])} to {'/'.join(units[1])}"
        yield place.change(Bump.MAJOR, told)
    elif any(old.get(word) != fresh.get(word) for word in _WORDS):
        yield place.change(Bump.PATCH, "changed wording")


def _members(place: _Place, old: JsonObject, fresh: JsonObject) -> Iterator[Change]:
    before, after = dict(members(old)), dict(members(fresh))
    gone = [name for name in before if name not in after]
    came = [name for name in after if name not in before]
    for name in gone:
        twin = next((c for c in came if _alike(place, before[name], after[c])), None)
        told = f"renamed to {twin!r}" if twin else "removed"
        yield place.inner("properties", name).change(Bump.MAJOR, told)
    for name in came:
        is_forced = place.side == "inputs" and _must_send(place, fresh, name)
        told, bump = (
            ("new required member", Bump.MAJOR) if is_forced else ("new member", Bump.MINOR)
        )
        yield place.inner("properties", name).change(bump, told)
    for name in before.keys() & after.keys():
        yield from _requirement(place, (old, fresh), name)
        yield from _changes(place.inner("properties", name), before[name], after[name])


def _requirement(
    place: _Place, schemas: tuple[JsonObject, JsonObject], name: str
) -> Iterator[Change]:
    here = place.inner("properties", name)
    if place.side == "inputs":
        was, must = (
            _must_send(place, schema, name, version) for version, schema in enumerate(schemas)
        )
        if was != must:
            told = "is required now" if must else "is optional now"
            yield here.change(Bump.MAJOR if must else Bump.MINOR, told)
        return
    was, must = (name in _required(schema) for schema in schemas)
    if was != must:
        told = "is always there now" if must else "may be missing now"
        yield here.change(Bump.MINOR if must else Bump.MAJOR, told)


def _must_send(place: _Place, schema: JsonObject, name: str, version: int = 1) -> bool:
    """Whether a request without the member is refused: defaults are filled in before the check."""
    member = resolve(place.roots[version], dict(members(schema))[name])
    return name in _required(schema) and "default" not in member


def _required(schema: JsonObject) -> list[JsonValue]:
    required = schema.get("required")
    return required if isinstance(required, list) else []


def _alike(place: _Place, before: JsonValue, after: JsonValue) -> bool:
    one, other = (
        {k: v for k, v in resolve(root, schema).items() if k not in _WORDS}
        for root, schema in zip(place.roots, (before, after), strict=True)
    )
    return one == other
