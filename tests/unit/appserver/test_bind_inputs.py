import json
from collections.abc import Callable
from typing import Any, get_args

import pytest
import rhino3dm
from hypothesis import given
from hypothesis import strategies as st

from appserver.compute.rhino_geometry import RhinoGeometry
from appserver.domain.bind_inputs import bind_inputs
from appserver.domain.input_texts import input_texts
from contracts.errors import ContractViolationError
from contracts.json_text import MAX_SAFE_INTEGER
from contracts.model import Bindings, BindingType, InputBinding
from contracts.registry import Registry

CODEC = RhinoGeometry()
RING: list[Any] = [[0, 0], [20, 0], [20, 30], [0, 30], [0, 0]]
BindingMaker = Callable[..., InputBinding]


def _decode(text: str) -> Any:
    # The published stubs leave this one method out.
    return vars(rhino3dm.CommonObject)["Decode"].__func__(json.loads(text))


@pytest.mark.parametrize(
    ("kind", "value", "texts"),
    [
        ("number", 5, ["5.0"]),
        ("number", 0.1, ["0.1"]),
        ("integer", 5, ["5"]),
        ("integer", 5.0, ["5"]),
        ("boolean", True, ["true"]),
        ("boolean", False, ["false"]),
        ("string", 'a "b" \\ é', [json.dumps('a "b" \\ é')]),
        ("json_string", {"min": 0, "x": [1]}, [json.dumps('{"min":0,"x":[1]}')]),
        ("number", [1, 2.5], ["1.0", "2.5"]),
        ("string", ["a", "b"], ['"a"', '"b"']),
        ("geometry.point", [1, 2], ['{"X": 1.0, "Y": 2.0, "Z": 0.0}']),
        ("geometry.point", [[1, 2, 3]], ['{"X": 1.0, "Y": 2.0, "Z": 3.0}']),
    ],
)
def test_a_value_becomes_the_text_that_its_parameter_reads(
    input_binding: BindingMaker, kind: str, value: Any, texts: list[str]
) -> None:
    assert input_texts(input_binding(kind), value, CODEC) == texts


def test_a_group_parameter_gets_raw_text(input_binding: BindingMaker) -> None:
    assert input_texts(input_binding("string", "RH_IN:name"), 'a "b"', CODEC) == ['a "b"']


def test_a_ring_becomes_a_curve_that_rhino_reads(input_binding: BindingMaker) -> None:
    [text] = input_texts(input_binding("geometry.curve"), RING, CODEC)
    curve = _decode(text)
    assert isinstance(curve, rhino3dm.PolylineCurve)
    points = [curve.Point(place) for place in range(curve.PointCount)]
    assert [[point.X, point.Y, point.Z] for point in points] == [[*xy, 0] for xy in RING]
    assert curve.IsClosed


def test_a_repeated_position_does_not_spoil_a_curve(input_binding: BindingMaker) -> None:
    [text] = input_texts(input_binding("geometry.curve"), [RING[0], *RING], CODEC)
    curve = _decode(text)
    assert curve.IsValid
    assert curve.PointCount == len(RING)


def test_a_mesh_keeps_vertices_and_faces(input_binding: BindingMaker) -> None:
    value: Any = {"vertices": [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], "faces": [[0, 1, 2, 3]]}
    [text] = input_texts(input_binding("geometry.mesh"), value, CODEC)
    mesh = _decode(text)
    assert (len(mesh.Vertices), len(mesh.Faces)) == (4, 1)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", 5.5),
        ("integer", True),
        ("number", "5"),
        ("number", {"a": 1}),
        ("boolean", 1),
        ("string", 5),
        ("geometry.curve", []),
        ("geometry.curve", [[0, 0]]),
        ("geometry.curve", [[0, 0], [0, 0]]),
        ("geometry.curve", [[0, 0], [1, "a"]]),
        ("geometry.curve", [[0, 0], [1, True]]),
        ("geometry.curve", {"coordinates": RING}),
        ("geometry.point", [1]),
        ("geometry.point", []),
        ("geometry.mesh", []),
        ("geometry.mesh", {"vertices": [[0, 0]], "faces": [[0, 1, 2]]}),
        ("geometry.mesh", {"vertices": [[0, 0], [1, 0], [1, 1]], "faces": [[0, 1]]}),
        ("geometry.mesh", {"vertices": [[0, 0], [1, 0], [1, 1]], "faces": []}),
    ],
)
def test_a_value_of_another_type_is_refused_at_its_pointer(
    input_binding: BindingMaker, kind: str, value: Any
) -> None:
    bindings = Bindings(inputs=[input_binding(kind, jsonpath="$.a.b")], outputs=[])
    with pytest.raises(ContractViolationError) as caught:
        bind_inputs(bindings, {"a": {"b": value}}, CODEC)
    assert caught.value.kind == "schema_violation"
    assert [violation.pointer for violation in caught.value.violations] == ["/a/b"]


@pytest.mark.parametrize("inputs", [{}, {"p": None}])
def test_a_missing_value_is_refused_because_the_engine_would_keep_the_last_one(
    input_binding: BindingMaker, inputs: dict[str, Any]
) -> None:
    with pytest.raises(ContractViolationError) as caught:
        bind_inputs(Bindings(inputs=[input_binding("number")], outputs=[]), inputs, CODEC)
    assert [violation.code for violation in caught.value.violations] == ["required"]


def test_every_bound_parameter_is_sent_when_the_request_leaves_defaults_out(
    registry: Registry,
) -> None:
    served = registry.resolve("sitefit", "sitefit", "1.0.0")
    sent = {"crs": "EPSG:1", "parcel": {"coordinates": RING}, "house": {"coordinates": RING}}
    inputs = registry.accept_inputs("sitefit", served, sent)
    trees = bind_inputs(served.contract.bindings, inputs, CODEC)
    assert [tree.parameter for tree in trees] == [
        binding.gh_param for binding in served.contract.bindings.inputs
    ]
    assert all(list(tree.branches) == ["{0}"] and tree.flat() for tree in trees)
    texts = {tree.parameter: tree.flat() for tree in trees}
    assert json.loads(json.loads(texts["rotation"][0])) == {"min": 0, "max": 180, "step": 5}
    assert (texts["grid_step"], texts["seed"]) == (["0.5"], ["1"])


JSON_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
JSON_VALUES = st.recursive(
    JSON_SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(kind=st.sampled_from(get_args(BindingType)), value=JSON_VALUES)
def test_any_json_is_bound_to_json_texts_or_refused(kind: str, value: Any) -> None:
    binding = InputBinding.model_validate(
        {"jsonpath": "$.p", "gh_param": "p", "type": kind, "description": ""}
    )
    try:
        trees = bind_inputs(Bindings(inputs=[binding], outputs=[]), {"p": value}, CODEC)
    except ContractViolationError:
        return
    for text in trees[0].flat():
        json.loads(text)
