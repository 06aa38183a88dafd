"""A stamped app is complete at once, and an imported version keeps what still fits."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from contracts.commands.program import main
from contracts.grasshopper import component_ids as ids
from contracts.grasshopper.builder import DefinitionBuilder, NumberRange, ScriptInput
from contracts.registry import DEFAULT_ROOT, Registry
from contracts.stamping.member import member_name
from tests.unit.contracts.conftest import Edit
from tests.unit.contracts.documents import (
    BREP,
    CURVE,
    NUMBER,
    POINT,
    document_of,
    floating,
    grouped,
    house,
    script_of,
    with_plugin,
)


def stamp(root: Path, app: str, content: bytes, suffix: str = ".ghx") -> int:
    file = root.parent / f"given{suffix}"
    file.write_bytes(content)
    return main(["new", app, "--from", str(file), "--root", str(root)])


def bring(root: Path, content: bytes, version: str, app: str = "house") -> int:
    file = root.parent / "given.ghx"
    file.write_bytes(content)
    return main(["import", str(file), app, version, "--root", str(root)])


def read(root: Path, path: str) -> Any:
    return json.loads((root / path).read_text())


def test_schemas_say_what_the_document_says(root: Path) -> None:
    schema = read(root, "house/1.0.0/inputs.schema.json")
    assert schema["required"] == ["storeys", "outline"]
    assert schema["properties"]["width"] == {
        "type": "number",
        "minimum": 1,
        "maximum": 10,
        "default": 4,
        "description": "Width in m",
    }
    storeys = schema["properties"]["storeys"]
    assert (storeys["type"], storeys["minimum"], storeys["maximum"]) == ("integer", 1, 5)
    assert schema["properties"]["label"]["default"] == "plain"
    position = schema["properties"]["outline"]["properties"]["coordinates"]["items"]
    assert position["description"] == "[x, y] or [x, y, z] in m."


def test_a_stamped_app_is_served_and_runs_its_minimal_example(root: Path) -> None:
    registry = Registry.load(root)
    served = registry.resolve("house", None, "stable")
    minimal = read(root, "house/1.0.0/examples/valid/minimal.json")
    assert minimal.keys() == {"storeys", "outline"}
    accepted = registry.accept_inputs("house", served, minimal)
    assert (accepted["width"], accepted["label"]) == (4, "plain")


def test_the_definition_is_copied_byte_for_byte(root: Path) -> None:
    assert (root / "house/1.0.0/house.ghx").read_bytes() == house()
    assert "make run APP=house EXAMPLE=minimal" in (root / "house/1.0.0/README.md").read_text()


def test_a_binary_definition_keeps_its_form(root: Path) -> None:
    builder = DefinitionBuilder("shed", "")
    builder.context_bake("result", builder.get_number("value", NumberRange(0, 1)))
    assert stamp(root, "shed", builder.to_gh(), ".gh") == 0
    assert (root / "shed/1.0.0/shed.gh").read_bytes() == builder.to_gh()


def test_the_smallest_app_is_in_order(root: Path) -> None:
    assert main(["new", "hello", "--root", str(root)]) == 0
    assert main(["check", "hello", "--root", str(root)]) == 0
    assert read(root, "hello/1.0.0/outputs.schema.json")["properties"]["result"]["type"] == "number"


def test_plugins_of_the_document_are_listed(root: Path) -> None:
    assert stamp(root, "shed", with_plugin(house(), "Kangaroo2", "2.5.3")) == 0
    plugins = read(root, "shed/1.0.0/plugins.json")["plugins"]
    assert plugins == [{"name": "Kangaroo2", "version": "2.5.3"}]
    assert main(["check", "shed", "--root", str(root)]) == 0


@pytest.mark.parametrize(
    ("component_id", "kind"),
    [
        (NUMBER, "number"),
        (POINT, "geometry.point"),
        (CURVE, "geometry.curve"),
        ("1e936df3-0eea-4246-8549-514cb8862b7a", "geometry.mesh"),
        ("3ede854e-c753-40eb-84cb-b48008f14fd4", "string"),
        ("cb95db89-6165-43b6-9c41-5702bc5bf137", "boolean"),
        (ids.PANEL, "json_string"),
    ],
)
def test_grouped_parameters_are_bound_by_type(root: Path, component_id: str, kind: str) -> None:
    content = document_of(
        floating(1, component_id),
        floating(2, NUMBER),
        grouped("RH_IN:Wall Height", 1),
        grouped("RH_OUT:x", 2, number=98),
    )
    assert stamp(root, "shed", content) == 0
    [binding] = read(root, "shed/1.0.0/bindings.json")["inputs"]
    assert (binding["gh_param"], binding["type"]) == ("RH_IN:Wall Height", kind)
    assert binding["jsonpath"].startswith("$.wall_height")


def test_what_may_hold_several_values_becomes_a_list(root: Path) -> None:
    builder = DefinitionBuilder("sums", "")
    value = builder.get_number("value", NumberRange(0, 9, 1))
    sums = builder.python_script("S", "b = [a]", [ScriptInput("a", value, "float")], ("b",))
    builder.context_bake("one", builder.calculate("Addition", value, builder.number(2)))
    builder.context_bake("many", sums["b"])
    assert stamp(root, "sums", builder.to_ghx()) == 0
    outputs = read(root, "sums/1.0.0/bindings.json")["outputs"]
    assert [(one["output_path"], one["type"]) for one in outputs] == [
        ("$.one", "number"),
        ("$.many[*]", "string"),
    ]


def test_wires_that_multiply_end_quickly(root: Path) -> None:
    builder = DefinitionBuilder("wide", "")
    value = total = builder.get_number("value", NumberRange(0, 9, 1))
    for _ in range(45):
        total = builder.calculate("Addition", total, total)
    builder.context_bake("total", total)
    builder.context_bake("value", value)
    assert stamp(root, "wide", builder.to_gh(), ".gh") == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no archive", "not a Grasshopper document"),
        (document_of(floating(1, NUMBER)), "exposes_nothing"),
        (document_of(floating(1, NUMBER), grouped("RH_OUT:x", 1)), "exposes no inputs"),
        (script_of("a = (value"), "script_does_not_compile"),
        (
            document_of(floating(1, BREP), grouped("RH_IN:a", 1), grouped("RH_OUT:x", 1, number=9)),
            "input 'RH_IN:a' is of type Brep, which no binding type carries",
        ),
    ],
)
def test_a_document_that_cannot_be_stamped_leaves_nothing_behind(
    root: Path, content: bytes, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stamp(root, "shed", content) == 2
    told = capsys.readouterr().err
    assert words in told
    assert told.count("\n") == 1
    assert [entry.name for entry in root.iterdir()] == ["house"]


def test_member_names_are_plain_and_free() -> None:
    assert member_name("RH_IN:Wall Height", []) == "wall_height"
    assert member_name("x", ["x"]) == "x_2"
    assert member_name("3rd", []) == "value_3rd"
    assert member_name("metadata", []) == "metadata_2"
    assert member_name("Größe!", []) == "gr_e"


def test_an_import_keeps_what_a_person_wrote(root: Path, edit: Edit) -> None:
    edit("inputs.schema.json", lambda d: d["properties"]["label"].update(pattern="^[a-z]+$"))
    edit("manifest.json", lambda d: d.update(timeout_sec=7))
    assert bring(root, house(extra=True), "1.1.0") == 0
    schema = read(root, "house/1.1.0/inputs.schema.json")
    assert schema["properties"]["label"]["pattern"] == "^[a-z]+$"
    assert schema["properties"]["height"]["default"] == 3
    assert read(root, "house/1.1.0/manifest.json")["timeout_sec"] == 7
    assert main(["check", "--root", str(root)]) == 0


def test_an_import_says_what_changed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bring(root, house(outputs=("volume", "area")), "1.1.0") == 0
    told = capsys.readouterr().out
    assert "additive\n  outputs.schema.json#/properties/volume: volume: new member" in told
    assert "required since 1.0.0: MINOR" in told


def test_an_import_with_a_number_that_does_not_fit_is_reported(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bring(root, house(outputs=("volume",)), "1.0.1") == 1
    told = capsys.readouterr().out
    assert "outputs.schema.json#/properties/area: area: renamed to 'volume'" in told
    assert "version_mismatch" in told
    assert "Name the version 2.0.0" in told


def test_an_import_of_the_same_document_is_a_patch(tmp_path: Path) -> None:
    root = tmp_path / "contracts"
    shutil.copytree(DEFAULT_ROOT / "sitefit", root / "sitefit")
    content = (root / "sitefit/1.0.0/sitefit.ghx").read_bytes()
    assert bring(root, content, "1.0.1", "sitefit") == 0
    for name in ("inputs.schema.json", "outputs.schema.json", "manifest.json", "plugins.json"):
        assert read(root, f"sitefit/1.0.1/{name}") == read(root, f"sitefit/1.0.0/{name}")
    assert main(["check", "--root", str(root)]) == 0


def test_an_import_drops_what_is_gone(tmp_path: Path) -> None:
    root = tmp_path / "contracts"
    shutil.copytree(DEFAULT_ROOT / "sitefit", root / "sitefit")
    assert bring(root, house(), "2.0.0", "sitefit") == 0
    schema = read(root, "sitefit/2.0.0/inputs.schema.json")
    assert schema["properties"].keys() == {"width", "storeys", "label", "outline"}
    assert read(root, "sitefit/2.0.0/manifest.json")["units"]["crs_required"] is False


def test_a_refused_import_leaves_nothing_behind(root: Path) -> None:
    assert bring(root, script_of("a = ("), "1.1.0") == 2
    assert sorted(entry.name for entry in (root / "house").iterdir()) == ["1.0.0", "policy.json"]
    assert [entry.name for entry in root.iterdir()] == ["house"]
