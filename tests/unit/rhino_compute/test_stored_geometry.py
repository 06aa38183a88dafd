"""Geometry that definitions hold, and geometry on the wire, there and back."""

import base64
import json
import math
import struct
import zlib

import pytest
import rhino3dm

from contracts.grasshopper import chunk_parts as parts
from contracts.grasshopper.archive import Chunk
from devstack.rhino_compute.decoding import decode_value
from devstack.rhino_compute.encoding import encode_value
from devstack.rhino_compute.errors import UnsupportedError
from devstack.rhino_compute.rhino_geometry.curves import CircleCurve, Curve, LineCurve
from devstack.rhino_compute.rhino_geometry.planes import world_xz
from devstack.rhino_compute.rhino_geometry.shapes import Circle, Colour, Interval, Rectangle
from devstack.rhino_compute.rhino_geometry.transforms import translation
from devstack.rhino_compute.stored_values import persistent_values
from devstack.rhino_compute.value_tree import Value
from tests.unit.rhino_compute.evaluating import point, show, vector


def stored(**entries: parts.Typed) -> Value:
    """Return the value a parameter with these entries holds."""
    held = parts.chunk("Item", entries, index=0)
    branch = parts.chunk("Branch", {"Path": parts.text("{0}")}, held, index=0)
    data = parts.chunk("PersistentData", {"Count": parts.whole(1)}, branch)
    (value,) = persistent_values(Chunk("Container", chunks=(data,))).values
    return value


def internalised(archive: bytes, *, element: int = 2) -> bytes:
    """Return an archive the way Grasshopper stores it, with a false start before it."""
    record = b"\x0f" + struct.pack("<iiB", 1, len(archive), element)
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(b"\x00\x0f.NET\x0f" + record + archive + b"\x0b") + packer.flush()


def archive_of(geometry: rhino3dm.GeometryBase) -> bytes:
    return base64.b64decode(geometry.Encode()["data"])


def test_internalised_geometry_is_read() -> None:
    line = rhino3dm.LineCurve(rhino3dm.Point3d(1, 2, 3), rhino3dm.Point3d(4, 5, 6))
    value = stored(ON_Data=(20, internalised(archive_of(line))))
    assert isinstance(value, LineCurve)
    assert show(value) == [(1, 2, 3), (4, 5, 6)]


@pytest.mark.parametrize(
    "content",
    [b"x", internalised(b"no archive"), internalised(b"\xfa\x7f\x02" + bytes(20)), b""],
    ids=["not deflated", "no archive", "broken archive", "nothing"],
)
def test_internalised_geometry_that_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(UnsupportedError):
        stored(ON_Data=(20, content))


def test_array_of_another_kind_is_no_geometry() -> None:
    line = rhino3dm.LineCurve(rhino3dm.Point3d(1, 2, 3), rhino3dm.Point3d(4, 5, 6))
    with pytest.raises(UnsupportedError, match="no openNURBS archive"):
        stored(ON_Data=(20, internalised(archive_of(line), element=8)))


@pytest.mark.parametrize(
    ("entries", "shown"),
    [
        ({"vector": (51, (1.0, 2.0, 3.0))}, (1, 2, 3)),
        (
            {"plane": (72, (1.0, 2.0, 3.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0))},
            ((1, 2, 3), (1, 0, 0), (0, 1, 0)),
        ),
        ({"Interval": (60, (1.0, 5.0))}, Interval(1, 5)),
        ({"color": (36, 0xFF0000FF)}, Colour(0xFF0000FF)),
    ],
)
def test_stored_shapes_are_read(entries: dict[str, parts.Typed], shown: object) -> None:
    assert show(stored(**entries)) == shown


def test_stored_data_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="kind is not supported \\(matrix\\)"):
        stored(matrix=parts.text("x"))


def test_circle_and_rectangle_are_written_member_by_member() -> None:
    circle = encode_value(Circle(world_xz(point(1, 2)), 2.0))
    assert circle is not None
    written = json.loads(circle["data"])
    assert circle["type"] == "Rhino.Geometry.Circle"
    assert (written["Radius"], written["Center"]["X"], written["Normal"]["Y"]) == (2.0, 1.0, -1.0)
    rectangle = encode_value(Rectangle(world_xz(), Interval(0, 2), Interval(0, 1)))
    assert rectangle is not None
    assert rectangle["type"] == "Rhino.Geometry.Rectangle3d"
    assert json.loads(rectangle["data"])["X"] == {"T0": 0.0, "T1": 2.0}


@pytest.mark.parametrize("value", [Interval(0, 1), Colour(0), translation(vector(1, 0)), None])
def test_values_an_answer_leaves_out(value: Value) -> None:
    assert encode_value(value) is None


@pytest.mark.parametrize(
    ("curve", "type_name"),
    [
        (LineCurve([point(0, 0), point(3, 4)]), "LineCurve"),
        (CircleCurve(Circle(world_xz(point(1, 2, 3)), 2.0)), "ArcCurve"),
    ],
)
def test_curves_come_back_as_they_went(curve: Curve, type_name: str) -> None:
    encoded = encode_value(curve)
    assert encoded is not None
    assert encoded["type"] == f"Rhino.Geometry.{type_name}"
    decoded = decode_value(encoded["data"], "Curve", is_json=True)
    assert isinstance(decoded, type(curve))
    for fraction in (0.0, 0.25, 0.5, 1.0):
        distance = curve.GetLength() * fraction
        assert show(decoded.PointAtLength(distance)) == show(curve.PointAtLength(distance))


def test_members_of_curves_that_scripts_use() -> None:
    circle = CircleCurve(Circle(world_xz(), 1.0))
    assert (circle.IsClosed, circle.TryGetPolyline()) == (True, (False, []))
    assert pytest.approx(2 * math.pi) == circle.DuplicateCurve().Domain.T1
    line = LineCurve([point(0, 0), point(3, 4)])
    assert (line.Domain, show(line.TangentAt(0))) == (Interval(0.0, 5.0), (0.6, 0.8, 0))
    assert show(line.PointAt(2.5)) == (1.5, 2, 0)
