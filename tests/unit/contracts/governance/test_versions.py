"""A change decides the part of the version number that has to be counted up."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.governance.change import Bump
from contracts.governance.check import check_apps
from contracts.governance.contract_changes import contract_changes, required_bump
from contracts.governance.keyword_changes import relation
from contracts.loading import load_contract
from tests.unit.contracts.conftest import Edit, next_version

INPUTS, OUTPUTS, MANIFEST = "inputs.schema.json", "outputs.schema.json", "manifest.json"


def rename(document: Any, member: str, to: str) -> None:
    document["properties"][to] = document["properties"].pop(member)
    document["required"] = [to if name == member else name for name in document["required"]]


def add(document: Any, *, is_required: bool = False, **schema: object) -> None:
    document["properties"]["extra"] = {"type": "number", **schema}
    if is_required:
        document["required"].append("extra")


def member(name: str, **keywords: object) -> Callable[[Any], object]:
    return lambda document: document["properties"][name].update(keywords)


@pytest.mark.parametrize(
    ("file", "change", "bump", "words"),
    [
        (INPUTS, lambda d: d["properties"].pop("width"), Bump.MAJOR, "width: removed"),
        (INPUTS, lambda d: rename(d, "storeys", "floors"), Bump.MAJOR, "renamed to 'floors'"),
        (INPUTS, lambda d: add(d, is_required=True), Bump.MAJOR, "extra: new required member"),
        (INPUTS, lambda d: add(d, default=1), Bump.MINOR, "extra: new member"),
        (INPUTS, member("width", type="integer"), Bump.MAJOR, "narrowed type"),
        (INPUTS, member("storeys", type="number"), Bump.MINOR, "widened type"),
        (INPUTS, member("width", maximum=5), Bump.MAJOR, "narrowed maximum from 10 to 5"),
        (INPUTS, member("width", maximum=50), Bump.MINOR, "widened maximum from 10 to 50"),
        (INPUTS, member("label", enum=["plain"]), Bump.MAJOR, "narrowed enum"),
        (INPUTS, member("label", pattern="^p"), Bump.MAJOR, "narrowed pattern"),
        (INPUTS, member("width", default=5), Bump.MAJOR, "changed default from 4 to 5"),
        (INPUTS, lambda d: d["properties"]["width"].pop("default"), Bump.MAJOR, "default"),
        (INPUTS, member("storeys", default=2), Bump.MINOR, "is optional now"),
        (INPUTS, member("width", description="Width in mm"), Bump.MAJOR, "unit from m to mm"),
        (INPUTS, member("width", description="How wide, in m"), Bump.PATCH, "changed wording"),
        (OUTPUTS, lambda d: d["properties"].pop("area"), Bump.MAJOR, "area: removed"),
        (OUTPUTS, add, Bump.MINOR, "extra: new member"),
        (OUTPUTS, member("area", type="object"), Bump.MAJOR, "narrowed type"),
        (OUTPUTS, lambda d: d["required"].remove("area"), Bump.MAJOR, "may be missing now"),
        (MANIFEST, lambda d: d["units"].update(length="mm"), Bump.MAJOR, "from m to mm"),
        (MANIFEST, lambda d: d["limits"].update(max_vertices=10), Bump.MAJOR, "from 2000 to 10"),
        (MANIFEST, lambda d: d["limits"].update(max_vertices=9_000), Bump.MINOR, "to 9000"),
        (MANIFEST, lambda d: d.update(timeout_sec=61), Bump.PATCH, "changed"),
    ],
)
def test_a_change_asks_for_its_part_of_the_number(
    root: Path, edit: Edit, file: str, change: Callable[[Any], object], bump: Bump, words: str
) -> None:
    before = load_contract(root / "house/1.0.0")
    next_version(root, "9.0.0")
    edit(file, change, "9.0.0")
    reading = contract_changes(before, loaded_anyway(root / "house/9.0.0"))
    assert required_bump(reading) is bump
    assert any(words in one.message for one in reading if one.bump is bump), reading


def loaded_anyway(folder: Path) -> Any:
    """The contract, whatever its bindings say of a schema that is being changed."""
    from contracts.loading import read_contract

    return read_contract(folder).contract


def test_an_artifact_that_is_gone_breaks_readers(root: Path, edit: Edit) -> None:
    kind = {"kind": "plan", "file_name": "plan.svg", "media_type": "image/svg+xml"}
    next_version(root, "1.0.1")
    edit("bindings.json", lambda d: d["outputs"][0].update(artifact=kind))
    before, after = (loaded_anyway(root / "house" / name) for name in ("1.0.0", "1.0.1"))
    assert required_bump(contract_changes(before, after)) is Bump.MAJOR
    assert required_bump(contract_changes(after, before)) is Bump.MINOR


@pytest.mark.parametrize(
    ("version", "change", "is_right"),
    [
        ("1.0.1", member("width", description="How wide, in m"), True),
        ("1.1.0", member("width", description="How wide, in m"), False),
        ("1.1.0", member("width", maximum=50), True),
        ("1.0.1", member("width", maximum=50), False),
        ("2.0.0", member("width", description="Width in mm"), True),
        ("1.1.0", member("width", description="Width in mm"), False),
        ("1.0.1", lambda document: document, True),
    ],
)
def test_the_number_has_to_match(
    root: Path, edit: Edit, version: str, change: Callable[[Any], object], is_right: bool
) -> None:
    next_version(root, version)
    edit(INPUTS, change, version)
    codes = [one.code for one in check_apps(root, [root / "house"]).findings]
    assert ("version_mismatch" in codes) is not is_right


def test_a_debug_version_is_not_compared_with_a_stable_one(root: Path, edit: Edit) -> None:
    next_version(root, "1.0.1")
    edit(INPUTS, member("width", description="Width in mm"), "1.0.1")
    assert [one.code for one in check_apps(root, [root / "house"]).findings] == ["version_mismatch"]
    edit(MANIFEST, lambda d: d.update(channel="debug"), "1.0.1")
    assert check_apps(root, [root / "house"]).findings == ()


def test_a_patch_of_an_earlier_major_is_compared_with_that_one(root: Path, edit: Edit) -> None:
    next_version(root, "2.0.0")
    edit(INPUTS, member("width", description="Width in mm"), "2.0.0")
    next_version(root, "1.0.1")
    assert [one.code for one in check_apps(root, [root / "house"], "1.0.1").findings] == []


@pytest.mark.parametrize(
    ("keyword", "before", "after", "expected"),
    [
        ("minimum", 1, 2, "narrower"),
        ("minimum", 2, 1, "wider"),
        ("minimum", None, 0, "narrower"),
        ("maxLength", 5, None, "wider"),
        ("enum", ["a"], ["a", "b"], "wider"),
        ("enum", ["a", "b"], ["a", "c"], "narrower"),
        ("type", "integer", "number", "wider"),
        ("type", "number", ["number", "null"], "wider"),
        ("type", "number", "string", "narrower"),
        ("multipleOf", 0.5, 0.25, "wider"),
        ("multipleOf", 0.5, 0.75, "narrower"),
        ("pattern", "a", "b", "narrower"),
        ("additionalProperties", True, None, None),
        ("additionalProperties", False, None, "wider"),
        ("x-rules", ["closed_ring"], [], "wider"),
    ],
)
def test_a_keyword_accepts_less_or_more(
    keyword: str, before: Any, after: Any, expected: str | None
) -> None:
    assert relation(keyword, before, after) == expected


def test_a_schema_that_contains_itself_is_compared(root: Path, edit: Edit) -> None:
    def recurse(document: Any) -> None:
        document["$defs"] = {"tree": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}
        document["properties"]["area"] = {"$ref": "#/$defs/tree"}

    edit(OUTPUTS, recurse)
    next_version(root, "1.0.1")
    edit(OUTPUTS, lambda d: d["$defs"]["tree"].update(maxItems=3), "1.0.1")
    before, after = (loaded_anyway(root / "house" / name) for name in ("1.0.0", "1.0.1"))
    assert required_bump(contract_changes(before, after)) is Bump.MAJOR
