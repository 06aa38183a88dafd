"""Definitions without a script over HTTP: what the client of an app would see."""

import base64
import json
from typing import Any

import httpx
import pytest

from contracts.grasshopper.builder import DefinitionBuilder, NumberRange, Port
from devstack.rhino_compute.components.catalogue import COMPONENTS
from tests.integration.rhino_compute.conftest import closed_curve, request_of

GUIDS = {known.name: guid for guid, known in COMPONENTS.items()}
DELAUNAY = "1eb4f6ff-3547-4184-bead-1b01e7cfd668"


def algo_of(builder: DefinitionBuilder) -> str:
    return base64.b64encode(builder.to_gh()).decode()


def add(builder: DefinitionBuilder, name: str, inputs: list[Port], outputs: str) -> dict[str, str]:
    return builder.component(GUIDS[name], name, inputs, tuple(outputs.split()))


def measuring_a_parcel() -> str:
    """Divide a curve, measure its area, tell whether it is larger than a limit."""
    builder = DefinitionBuilder("parcel", "Measures a parcel")
    curve = builder.get_geometry("parcel")
    count = builder.get_integer("count", NumberRange(1, 100, 4))
    limit = builder.value_list({"small": "100", "large": "500"}, "large")
    area = add(builder, "Area", [Port("G", (curve,))], "A C")
    divided = add(
        builder,
        "Divide Curve",
        [Port("C", (curve,)), Port("N", (count,)), Port("K", held=(False,))],
        "P T t",
    )
    larger = add(builder, "Larger Than", [Port("A", (area["A"],)), Port("B", (limit,))], "> >=")
    circle = add(builder, "Circle", [Port("P", (area["C"],)), Port("R", held=(2,))], "C")
    builder.context_bake("area", area["A"])
    builder.context_bake("points", divided["P"])
    builder.context_bake("is_large", larger[">"])
    builder.context_bake("circle", circle["C"])
    shown = builder.parameter("Generic Data", Port("tree", (divided["t"],)))
    builder.group("RH_OUT:parameters", shown)
    return algo_of(builder)


def test_parcel_is_measured_without_a_script(compute: httpx.Client) -> None:
    corners = closed_curve([(0, 0), (20, 0), (20, 30), (0, 30)])
    answer = compute.post("/grasshopper", json=request_of(measuring_a_parcel(), parcel=corners))
    assert answer.status_code == 200
    found = {value["ParamName"]: value["InnerTree"] for value in answer.json()["values"]}
    assert found["area"] == {"{0}": [{"type": "System.Double", "data": "600.0"}]}
    assert found["is_large"] == {"{0}": [{"type": "System.Boolean", "data": "true"}]}
    assert [json.loads(place["data"])["X"] for place in found["points"]["{0}"]] == [0, 20, 20, 0]
    parameters = [float(text["data"]) for text in found["RH_OUT:parameters"]["{0;0}"]]
    assert parameters == pytest.approx([0, 1 + 5 / 30, 2, 3 + 5 / 30])
    circle = found["circle"]["{0}"][0]
    assert circle["type"] == "Rhino.Geometry.Circle"
    assert json.loads(circle["data"])["Center"] == {"X": 10.0, "Y": 15.0, "Z": 0.0}


def test_error_of_one_component_leaves_the_values_of_the_others(compute: httpx.Client) -> None:
    line = json.dumps([{"X": 0, "Y": 0, "Z": 0}, {"X": 1, "Y": 0, "Z": 0}])
    builder = DefinitionBuilder("open", "")
    curve = builder.parameter("Curve", Port("c"))
    builder.group("RH_IN:curve", curve)
    area = add(builder, "Area", [Port("G", (curve,))], "A C")
    length = add(builder, "Length", [Port("C", (curve,))], "L")
    builder.context_bake("area", area["A"])
    builder.context_bake("length", length["L"])
    request: dict[str, Any] = request_of(algo_of(builder), **{"RH_IN:curve": line})
    answer = compute.post("/grasshopper", json=request)
    assert answer.status_code == 500
    solved = answer.json()
    assert solved["errors"][0].startswith('Area needs a closed curve: component "Area" (')
    trees = {value["ParamName"]: value["InnerTree"] for value in solved["values"]}
    assert trees == {
        "area": {},
        "length": {"{0}": [{"type": "System.Double", "data": "1.0"}]},
    }


def test_unsupported_component_is_refused_before_the_solve(compute: httpx.Client) -> None:
    builder = DefinitionBuilder("refused", "")
    value = builder.get_number("value", NumberRange(0, 9, 1))
    builder.component(DELAUNAY, "Delaunay Mesh", [Port("P", (value,))], ("M",))
    builder.context_bake("value", value)
    answer = compute.post("/grasshopper", json=request_of(algo_of(builder)))
    assert answer.status_code == 500
    solved = answer.json()
    assert solved["values"] == []
    assert solved["errors"][0].startswith(
        f'component {DELAUNAY} is not supported: component "Delaunay Mesh" ('
    )


def test_a_grouped_panel_reads_json_and_a_grouped_text_takes_it_raw(compute: httpx.Client) -> None:
    builder = DefinitionBuilder("texts", "Two texts")
    panel = builder.panel("preset")
    text = builder.parameter("Text", Port("plain"))
    builder.group("RH_IN:panel", panel)
    builder.group("RH_IN:text", text)
    builder.context_print("panel", panel)
    builder.context_print("text", text)
    quoted = {"{0}": [{"type": "System.String", "data": '"hi"'}]}
    request: dict[str, Any] = request_of(algo_of(builder))
    request["values"] = [
        {"ParamName": name, "InnerTree": quoted} for name in ("RH_IN:panel", "RH_IN:text")
    ]
    answer = compute.post("/grasshopper", json=request)
    assert answer.status_code == 200, answer.text
    found = {value["ParamName"]: value["InnerTree"]["{0}"] for value in answer.json()["values"]}
    assert [json.loads(entry["data"]) for entry in found["panel"]] == ["hi"]
    assert [json.loads(entry["data"]) for entry in found["text"]] == ['"hi"']
