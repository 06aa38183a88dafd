"""Values on the wire: .NET's texts out, Newtonsoft's rules in."""

import json
from typing import Any

import pytest
import rhino3dm
from hypothesis import given
from hypothesis import strategies as st

from devstack.rhino_compute.decoding import decode_value
from devstack.rhino_compute.encoding import encode_tree, encode_value, number_text, string_text
from devstack.rhino_compute.errors import MalformedRequestError, UnsupportedError
from devstack.rhino_compute.request import parse_request
from devstack.rhino_compute.rhino_geometry.curves import Curve, PolylineCurve
from devstack.rhino_compute.value_tree import ValueTree, parse_path, path_text

SQUARE = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 0, 0)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (52.0, "52.0"),
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (0.1, "0.1"),
        (-12.5, "-12.5"),
        (0.0001, "0.0001"),
        (0.00001, "1E-05"),
        (1.25e-7, "1.25E-07"),
        (123456789012345.0, "123456789012345.0"),
        (1e15, "1E+15"),
        (-1.5e20, "-1.5E+20"),
        (1.7976931348623157e308, "1.7976931348623157E+308"),
        (5e-324, "5E-324"),
        (float("nan"), '"NaN"'),
        (float("inf"), '"Infinity"'),
        (float("-inf"), '"-Infinity"'),
    ],
)
def test_double_reads_like_dotnet(value: float, text: str) -> None:
    assert number_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_double_reads_back_exactly(value: float) -> None:
    assert float(number_text(value)) == value


def test_string_escapes_line_separators() -> None:
    assert string_text('ü"\n\u2028\x85') == '"ü\\"\\n\\u2028\\u0085"'


@pytest.mark.parametrize(
    ("value", "type_name", "text"),
    [
        (True, "System.Boolean", "true"),
        (7, "System.Int32", "7"),
        (7.0, "System.Double", "7.0"),
        ("52", "System.String", '"52"'),
        (rhino3dm.Point3d(1, 2, 3), "Rhino.Geometry.Point3d", '{"X":1.0,"Y":2.0,"Z":3.0}'),
        (
            rhino3dm.Line(rhino3dm.Point3d(0, 0, 0), rhino3dm.Point3d(1, 0, 0)),
            "Rhino.Geometry.Line",
            '{"From":{"X":0.0,"Y":0.0,"Z":0.0},"To":{"X":1.0,"Y":0.0,"Z":0.0}}',
        ),
    ],
)
def test_value_carries_its_dotnet_type(value: Any, type_name: str, text: str) -> None:
    assert encode_value(value) == {"type": type_name, "data": text}


def test_plane_shows_its_axes() -> None:
    plane = rhino3dm.Plane(rhino3dm.Point3d(1, 2, 0), rhino3dm.Vector3d(0, 0, 1))
    encoded = encode_value(plane)
    assert encoded
    assert json.loads(encoded["data"])["ZAxis"] == {"X": 0, "Y": 0, "Z": 1}


def test_nulls_vanish_and_paths_have_braces() -> None:
    tree = ValueTree({(0, 1): [1, None, 2], (0, 0): [None]})
    assert encode_tree("A", tree) == {
        "ParamName": "A",
        "InnerTree": {
            "{0;0}": [],
            "{0;1}": [{"type": "System.Int32", "data": "1"}, {"type": "System.Int32", "data": "2"}],
        },
    }


@pytest.mark.parametrize("text", ["0;1", "{0;1}", "{ 0; 1 }", " 0 ; 1 "])
def test_path_may_be_written_in_several_ways(text: str) -> None:
    assert parse_path(text) == (0, 1)
    assert path_text(parse_path(text)) == "{0;1}"


def test_path_that_is_no_path_is_malformed() -> None:
    with pytest.raises(MalformedRequestError):
        parse_path("a;b")


@pytest.mark.parametrize(
    ("text", "type_name", "value"),
    [
        ("5.0", "Number", 5.0),
        ('"5"', "Number", 5.0),
        ("5", "Integer", 5),
        ("true", "Boolean", True),
        ('"False"', "Boolean", False),
        ('"text"', "Text", "text"),
        (r"a\tb", "Text", "atb"),
        ('{"min": 0}', "Text", '{"min": 0}'),
    ],
)
def test_contextual_value_is_decoded(text: str, type_name: str, value: Any) -> None:
    decoded = decode_value(text, type_name, is_json=True)
    assert (decoded, type(decoded)) == (value, type(value))


def test_text_of_a_group_input_is_taken_raw() -> None:
    assert decode_value('"quoted"', "Text", is_json=False) == '"quoted"'


@pytest.mark.parametrize(
    ("text", "type_name"),
    [
        (None, "Number"),
        ("abc", "Number"),
        ("5.0", "Integer"),
        ("true", "Integer"),
        ('"maybe"', "Boolean"),
        ("[1,2]", "Point"),
        ('{"X":1}', "Point"),
        ('{"X":1,"Y":2,"Z":3}', "Geometry"),
        ('{"version":10000,"archive3dm":60,"opennurbs":1,"data":"AAAA"}', "Geometry"),
        ("[]" * 2, "Geometry"),
    ],
)
def test_value_that_does_not_fit_is_malformed(text: str | None, type_name: str) -> None:
    with pytest.raises(MalformedRequestError):
        decode_value(text, type_name, is_json=True)


def test_input_of_an_unknown_type_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="SubD"):
        decode_value("{}", "SubD", is_json=False)


def archived_square() -> str:
    points = rhino3dm.Polyline(0)
    for corner in SQUARE:
        points.Add(*corner)
    return json.dumps(points.ToPolylineCurve().Encode())


def test_polyline_curve_survives_both_ways() -> None:
    curve = decode_value(archived_square(), "Geometry", is_json=True)
    assert isinstance(curve, PolylineCurve)
    encoded = encode_value(curve)
    assert encoded
    assert encoded["type"] == "Rhino.Geometry.PolylineCurve"
    again = decode_value(encoded["data"], "Geometry", is_json=True)
    assert isinstance(again, PolylineCurve)
    assert [(p.X, p.Y, p.Z) for p in again.TryGetPolyline()[1]] == SQUARE


def test_polyline_of_points_is_a_curve() -> None:
    points = [dict(zip("XYZ", corner, strict=True)) for corner in SQUARE]
    curve = decode_value(json.dumps(points), "Curve", is_json=False)
    assert isinstance(curve, Curve)
    assert curve.IsClosed


def test_other_geometry_passes_through_unread() -> None:
    sphere = rhino3dm.Sphere(rhino3dm.Point3d(0, 0, 0), 2).ToBrep()
    brep = decode_value(json.dumps(sphere.Encode()), "Geometry", is_json=True)
    encoded = encode_value(brep)
    assert encoded
    assert encoded["type"] == "Rhino.Geometry.Brep"


def test_request_names_have_no_case_and_bare_values_become_text() -> None:
    body = '[{"ALGO": "x", "Values": [{"paramname": "n", "INNERTREE": {"0": [{"Data": 5}]}}]}]'
    request = parse_request(body)
    assert request.algo == "x"
    assert request.values == [("n", {(0,): ["5"]})]


@pytest.mark.parametrize(
    "body",
    [
        "", "not json", "[]", "7", '{"values": {}}', '{"values": [{"InnerTree": {"0": 1}}]}',
        '{"values": [{"InnerTree": {"0": [{"data": {}}]}}]}',
        '{"values": [{"InnerTree": {"0": [{"data": []}]}}]}',
        '{"algo": {}}', "[" * 100_000,
    ],
)  # fmt: skip
def test_request_of_a_wrong_shape_is_malformed(body: str) -> None:
    with pytest.raises(MalformedRequestError):
        parse_request(body)
