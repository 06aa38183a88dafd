"""Each broken rule has its own code, file and pointer."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.finding import Finding
from contracts.governance.check import app_folders, check_apps
from contracts.governance.release_lock import lock_release
from contracts.model import ContractRef
from tests.unit.contracts.conftest import Edit, next_version
from tests.unit.contracts.documents import house, script_of, with_plugin

HOUSE = ContractRef("house", "1.0.0")


def findings(root: Path) -> tuple[Finding, ...]:
    return check_apps(root, app_folders(root)).findings


def found(root: Path) -> list[tuple[str, str, str]]:
    return [
        (one.code, one.file.relative_to(root / "house").as_posix(), one.pointer)
        for one in findings(root)
    ]


def unbind_area(document: Any) -> None:
    document["outputs"][0]["output_path"] = "$.nothing"


def repeat(document: Any) -> None:
    document["inputs"].append(document["inputs"][0])


def rename_parameter(document: Any) -> None:
    document["outputs"][0]["gh_param"] = "volume"


def as_artifact(document: Any) -> None:
    document["outputs"][0]["artifact"] = {
        "kind": "plan",
        "file_name": "plan.svg",
        "media_type": "image/svg+xml",
    }


def test_a_stamped_app_has_no_finding(root: Path) -> None:
    assert findings(root) == ()


@pytest.mark.parametrize(
    ("name", "change", "code", "pointer"),
    [
        ("manifest.json", lambda d: d.update(timeout=1), "file_invalid", "/timeout"),
        ("manifest.json", lambda d: d["units"].pop("length"), "file_invalid", "/units/length"),
        ("outputs.schema.json", lambda d: d.update(type="list"), "schema_invalid", "/type"),
        (
            "inputs.schema.json",
            lambda d: d["properties"]["width"].update(minimum="1"),
            "schema_invalid",
            "/properties/width/minimum",
        ),
        (
            "inputs.schema.json",
            lambda d: d["properties"].update(spare={"type": "number", "default": 1}),
            "input_not_bound",
            "/properties/spare",
        ),
        ("bindings.json", repeat, "parameter_repeated", "/inputs/0/gh_param"),
        (
            "bindings.json",
            lambda d: d["inputs"][0].update(jsonpath="$.nothing"),
            "path_not_declared",
            "/inputs/0/jsonpath",
        ),
        ("bindings.json", unbind_area, "path_not_declared", "/outputs/0/output_path"),
        ("bindings.json", as_artifact, "artifact_path", "/outputs/0/output_path"),
        ("bindings.json", rename_parameter, "parameter_not_exposed", "/outputs/0/gh_param"),
        (
            "bindings.json",
            lambda d: d["inputs"][0].update(type="geometry.mesh"),
            "parameter_type",
            "/inputs/0/type",
        ),
        (
            "plugins.json",
            lambda d: d["plugins"].append({"name": "Spare", "version": "1"}),
            "plugin_not_needed",
            "/plugins/0",
        ),
    ],
)
def test_a_broken_file_is_found(
    root: Path, edit: Edit, name: str, change: Callable[[Any], object], code: str, pointer: str
) -> None:
    edit(name, change)
    assert (code, f"1.0.0/{name}", pointer) in found(root)


def test_an_input_that_may_stay_unsent_is_found(root: Path, edit: Edit) -> None:
    edit("inputs.schema.json", lambda d: d["required"].remove("storeys"))
    assert ("input_may_be_unsent", "1.0.0/bindings.json", "/inputs/1/jsonpath") in found(root)


def test_a_nested_input_that_may_stay_unsent_is_found(root: Path, edit: Edit) -> None:
    edit("inputs.schema.json", lambda d: d["properties"]["outline"].pop("required"))
    assert ("input_may_be_unsent", "1.0.0/bindings.json", "/inputs/3/jsonpath") in found(root)


def test_an_input_of_the_definition_that_is_not_bound_is_found(root: Path, edit: Edit) -> None:
    edit("bindings.json", lambda d: d["inputs"].pop(0))
    edit("inputs.schema.json", lambda d: d["properties"].pop("width"))
    assert ("parameter_not_bound", "1.0.0/bindings.json", "/inputs") in found(root)


def test_a_constant_holds_an_input_fixed(root: Path, edit: Edit) -> None:
    edit("inputs.schema.json", lambda d: d["properties"]["width"].update(const=4, default=4))
    assert {code for code, _, _ in found(root)} == {"example_invalid"}  # two examples vary it


def test_a_required_crs_has_to_be_an_input(root: Path, edit: Edit) -> None:
    edit("manifest.json", lambda d: d["units"].update(crs_required=True))
    assert ("crs_not_stated", "1.0.0/inputs.schema.json", "/properties/crs") in found(root)


def test_coordinates_need_a_stated_unit(root: Path, edit: Edit) -> None:
    edit("manifest.json", lambda d: d["units"].update(length="ft"))
    pointer = "/properties/outline/properties/coordinates"
    assert ("unit_not_stated", "1.0.0/inputs.schema.json", pointer) in found(root)


@pytest.mark.parametrize(
    ("file", "text", "code", "pointer"),
    [
        ("examples/valid/minimal.json", '{"storeys": 9}', "example_invalid", "/storeys"),
        ("examples/valid/minimal.json", "[]", "example_invalid", ""),
        ("examples/valid/minimal.json", "{", "json_invalid", ""),
        ("examples/invalid/unknown_member.json", "{}", "file_invalid", "/rule"),
        ("manifest.json", "{,}", "json_invalid", ""),
    ],
)
def test_a_file_that_says_something_else_is_found(
    root: Path, file: str, text: str, code: str, pointer: str
) -> None:
    (root / "house/1.0.0" / file).write_text(text)
    assert (code, f"1.0.0/{file}", pointer) in found(root)


def test_an_invalid_example_breaks_the_rule_that_it_names(root: Path, edit: Edit) -> None:
    edit("examples/invalid/unknown_member.json", lambda d: d.update(rule="minimum"))
    edit("examples/invalid/missing_storeys.json", lambda d: d["inputs"].update(storeys=1))
    assert found(root) == [
        ("example_accepted", "1.0.0/examples/invalid/missing_storeys.json", "/inputs"),
        ("example_breaks_other_rule", "1.0.0/examples/invalid/unknown_member.json", "/rule"),
    ]


@pytest.mark.parametrize(("kind", "least"), [("valid", 3), ("invalid", 4)])
def test_too_few_examples_are_found(root: Path, kind: str, least: int) -> None:
    files = sorted((root / "house/1.0.0/examples" / kind).glob("*.json"))
    for file in files[: len(files) - least + 1]:
        file.unlink()
    assert found(root) == [("examples_missing", f"1.0.0/examples/{kind}", "")]


def test_a_contract_that_its_app_could_never_run_is_found(root: Path) -> None:
    file = root / "house/policy.json"
    seats = json.loads(file.read_text())["batch_seats"]
    manifest = root / "house/1.0.0/manifest.json"
    document = json.loads(manifest.read_text())
    document["concurrency"]["weight"] = seats
    manifest.write_text(json.dumps(document))
    assert found(root) == []
    document["concurrency"]["weight"] = seats + 1
    manifest.write_text(json.dumps(document))
    assert found(root) == [("seats_too_few", "1.0.0/manifest.json", "/concurrency/weight")]


@pytest.mark.parametrize(
    ("file", "code", "where"),
    [
        ("README.md", "readme_missing", "1.0.0/README.md"),
        ("plugins.json", "file_missing", "1.0.0/plugins.json"),
        ("house.ghx", "definition_count", "1.0.0"),
        ("inputs.schema.json", "file_missing", "1.0.0/inputs.schema.json"),
    ],
)
def test_a_missing_file_is_found(root: Path, file: str, code: str, where: str) -> None:
    (root / "house/1.0.0" / file).unlink()
    assert found(root) == [(code, where, "")]


def test_a_folder_that_is_no_version_is_found(root: Path) -> None:
    (root / "house/1.0.0").rename(root / "house/first")
    assert ("version_invalid", "first", "") in found(root)
    next_version(root, "1.0.1", copied="first")
    assert ("version_invalid", "first", "") in found(root)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no archive", "definition_unreadable"),
        (script_of("a = (value"), "script_does_not_compile"),
    ],
)
def test_a_broken_definition_is_found(root: Path, content: bytes, code: str) -> None:
    (root / "house/1.0.0/house.ghx").write_bytes(content)
    assert (code, "1.0.0/house.ghx", "") in found(root)


def test_plugins_agree_with_the_document(root: Path, edit: Edit) -> None:
    (root / "house/1.0.0/house.ghx").write_bytes(with_plugin(house(), "Kangaroo2", "2.5.3"))
    assert found(root) == [("plugin_missing", "1.0.0/plugins.json", "/plugins")]
    entry = {"name": "Kangaroo2", "version": "2.4.0"}
    edit("plugins.json", lambda d: d["plugins"].append(entry))
    assert found(root) == [("plugin_version", "1.0.0/plugins.json", "/plugins/0/version")]
    entry["version"] = "2.5.3"
    edit("plugins.json", lambda d: d.update(plugins=[entry]))
    assert found(root) == []
    edit("plugins.json", lambda d: d.update(plugins=[entry, entry]))
    assert found(root) == [("plugin_repeated", "1.0.0/plugins.json", "/plugins")]


@pytest.mark.parametrize(
    ("members", "code", "pointer"),
    [
        ({"app_id": "other"}, "app_id_differs", "/app_id"),
        (
            {"allowed_definitions": ["house", "shed"]},
            "definition_unknown",
            "/allowed_definitions/1",
        ),
        ({"manifest_overrides": {"shed": {}}}, "definition_unknown", "/manifest_overrides/shed"),
        ({"batch_seats": 0}, "file_invalid", "/batch_seats"),
    ],
)
def test_a_broken_policy_is_found(
    root: Path, members: dict[str, object], code: str, pointer: str
) -> None:
    file = root / "house/policy.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | members))
    assert (code, "policy.json", pointer) in found(root)


def test_a_released_folder_may_not_change(root: Path) -> None:
    lock_release(root, HOUSE)
    assert findings(root) == ()
    folder = root / "house/1.0.0"
    (folder / "README.md").write_text("other")
    (folder / "notes.txt").write_text("more")
    (folder / "examples/valid/complete.json").unlink()
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__/definition.pyc").write_bytes(b"left by Python")
    assert {(one.code, one.file.name, one.pointer) for one in findings(root)} == {
        ("released_file_changed", "README.md", ""),
        ("released_file_added", "notes.txt", ""),
        (
            "released_file_missing",
            "released.lock",
            "/house@1.0.0/examples~1valid~1complete.json",
        ),
    }


def test_a_released_app_may_not_vanish(root: Path) -> None:
    next_app = shutil.copytree(root / "house", root / "shed")
    policy = json.loads((next_app / "policy.json").read_text())
    policy |= {"app_id": "shed", "allowed_definitions": ["shed"]}
    (next_app / "policy.json").write_text(json.dumps(policy))
    lock_release(root, HOUSE)
    shutil.rmtree(root / "house")
    assert {one.code for one in findings(root)} == {"released_file_missing"}


def test_a_lock_that_cannot_be_read_is_found(root: Path) -> None:
    (root / "released.lock").write_text('{"house@1.0.0": 1}')
    assert [one.code for one in findings(root)] == ["file_invalid"]


def test_every_finding_says_what_to_do(root: Path, edit: Edit) -> None:
    edit("bindings.json", unbind_area)
    edit("manifest.json", lambda d: d["units"].update(length="ft"))
    assert len(findings(root)) >= 2
    assert all(one.what_to_do.endswith(".") and one.message for one in findings(root))


def test_all_findings_come_at_once(root: Path, edit: Edit) -> None:
    edit("manifest.json", lambda d: d.update(timeout_sec=-1, spare=1))
    edit("plugins.json", lambda d: d.pop("engine"))
    assert {(code, pointer) for code, _, pointer in found(root)} == {
        ("file_invalid", "/timeout_sec"),
        ("file_invalid", "/spare"),
        ("file_invalid", "/engine"),
    }
