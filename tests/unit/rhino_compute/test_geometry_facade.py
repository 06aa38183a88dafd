"""Scripts see RhinoCommon's names with its semantics."""

import sys
from operator import attrgetter

import pytest
import rhino3dm

from devstack.rhino_compute.rhino_geometry.curves import PolylineCurve
from devstack.rhino_compute.rhino_geometry.modules import install_modules


@pytest.fixture
def rhino_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Rhino", "Rhino.Geometry", "scriptcontext"):
        monkeypatch.setitem(sys.modules, name, None)
    install_modules()


def square() -> PolylineCurve:
    corners = [(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)]
    return PolylineCurve(rhino3dm.Point3d(x, y, 0) for x, y in corners)


def test_out_parameter_joins_the_result() -> None:
    is_polyline, polyline = square().TryGetPolyline()
    assert is_polyline is True
    assert (polyline.Count, polyline.IsClosed, polyline.Length) == (5, True, 8.0)


def test_polyline_of_a_curve_is_a_copy() -> None:
    curve = square()
    curve.TryGetPolyline()[1].clear()
    assert curve.PointCount == 5


def test_curve_knows_its_ends_and_length() -> None:
    curve = square().DuplicateCurve()
    assert curve.IsClosed
    assert curve.PointAtStart == curve.PointAtEnd == rhino3dm.Point3d(0, 0, 0)
    assert curve.GetLength() == 8.0


def test_missing_member_is_named() -> None:
    with pytest.raises(AttributeError, match="Offset"):
        attrgetter("Offset")(square())


def test_script_imports_rhino(rhino_modules: None) -> None:
    scope: dict[str, object] = {}
    exec("import Rhino.Geometry as rg\nimport Rhino\np = rg.Point3d(1, 2, 3)", scope)  # noqa: S102
    exec("r = Rhino.RhinoMath.ToRadians(180)\nfrom scriptcontext import doc", scope)  # noqa: S102
    assert scope["p"] == rhino3dm.Point3d(1, 2, 3)
    assert scope["r"] == pytest.approx(3.14159265)
