"""Values on their way to scripts and back."""

import json
from typing import Any

import pytest
import rhino3dm
from hypothesis import given
from hypothesis import strategies as st

from devstack.rhino_compute.encoding import encode_value
from devstack.rhino_compute.matching import ValueList
from devstack.rhino_compute.rhino_geometry.curves import Curve, PolylineCurve
from devstack.rhino_compute.sandbox.values import Held, decode, encode
from devstack.rhino_compute.value_tree import ValueTree

ORIGIN, FAR = rhino3dm.Point3d(0, 0, 0), rhino3dm.Point3d(1, 2, 3)


def sent(value: object) -> Any:
    held: list[object] = []

    def hold(thing: object) -> dict[str, object]:
        held.append(thing)
        return {"held": [len(held) - 1, type(thing).__name__]}

    text = json.dumps(encode(value, hold))
    return decode(json.loads(text), lambda number, _: held[number])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.lists(inner).map(ValueList),
        max_leaves=20,
    )
)
def test_plain_values_and_lists_arrive_as_they_were(value: object) -> None:
    arrived = sent(value)
    assert (arrived, type(arrived)) == (value, type(value))


def test_number_keeps_its_type() -> None:
    assert [type(part) for part in sent([1, 1.0, True])] == [int, float, bool]


@pytest.mark.parametrize(
    "geometry",
    [
        FAR,
        rhino3dm.Vector3d(1, 2, 3),
        rhino3dm.Line(ORIGIN, FAR),
        rhino3dm.Plane(FAR, rhino3dm.Vector3d(0, 1, 0), rhino3dm.Vector3d(0, 0, 1)),
        PolylineCurve([ORIGIN, FAR, ORIGIN]),
        Curve([ORIGIN, FAR]),
        rhino3dm.Sphere(ORIGIN, 2).ToBrep(),
    ],
    ids=lambda geometry: type(geometry).__name__,
)
def test_geometry_answers_the_same_after_the_way(geometry: Any) -> None:
    arrived = sent(geometry)
    assert type(arrived) is type(geometry)
    before, after = encode_value(geometry), encode_value(arrived)
    assert before
    assert after
    assert after["type"] == before["type"]
    if "archive3dm" not in before["data"]:  # archives hold the time of their writing
        assert after == before


def test_tree_keeps_its_paths() -> None:
    tree = ValueTree({(0, 1): [1, "two"], (3,): [], (2,): [None]})
    assert sent(tree) == tree


def test_object_of_no_known_kind_stays_where_it_is() -> None:
    thing = object()
    assert sent([thing]) == [thing]
    assert encode(Held(4, "dict"), lambda _: None) == {"held": [4, "dict"]}


@pytest.mark.parametrize(
    "forged", [{}, {"a": 1, "b": 2}, {"os.system": "true"}, {"point": [1]}, {"shape": ["x", []]}]
)
def test_forged_form_is_refused(forged: Any) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        decode(forged, Held)
