"""Arithmetic, rounding and trigonometry.

Source of the GUIDs: Rhino 8's component server, as ezzahiranass/pyhopper lists it
(rhino-test/gh_core_components_r8.json), and mcneel's Resthopper component classes.
"""

import math
from collections.abc import Callable, Sequence

from devstack.rhino_compute import operators
from devstack.rhino_compute.components.component import Component, component
from devstack.rhino_compute.errors import SolveError
from devstack.rhino_compute.operators import Number, Operand
from devstack.rhino_compute.value_tree import Value


def _folded(operation: Callable[[Operand, Operand], Operand]) -> Callable[..., Value]:
    def calculate(*values: Value) -> Value:
        if not values or any(value is None for value in values):
            return None
        first, *others = (operators.operand(value) for value in values)
        for other in others:
            first = operation(first, other)
        return first

    return calculate


def _of_two(operation: Callable[[Number, Number], Number]) -> Callable[[Value, Value], Value]:
    return lambda left, right: operation(operators.number(left), operators.number(right))


def _of_one(function: Callable[[float], float]) -> Callable[[Value], Value]:
    return lambda value: function(float(operators.number(value)))


def _negative(value: Value) -> Value:
    return operators.negate(operators.operand(value))


def _absolute(value: Value) -> Value:
    return abs(operators.number(value))


def _rounded(value: float) -> tuple[int, int, int]:
    return operators.round_half_away(value), math.floor(value), math.ceil(value)


def _root(value: float) -> float:
    if value < 0:
        raise SolveError("The square root of a negative number is not real")
    return math.sqrt(value)


def _radians(degrees: float) -> float:
    return math.radians(degrees)


def _degrees(radians: float) -> float:
    return math.degrees(radians)


def _pi(factor: float) -> float:
    return math.pi * factor


def _average(values: list[Value]) -> Value:
    known = [value for value in values if value is not None]
    if not known:
        return None
    return operators.divide(_sum(known), len(known))


def _mass_addition(values: list[Value]) -> Value:
    known = [value for value in values if value is not None]
    return _sum(known) if known else None


def _sum(values: Sequence[Value]) -> Operand:
    first, *others = (operators.operand(value) for value in values)
    for other in others:
        first = operators.add(first, other)
    return first


COMPONENTS: dict[str, Component] = {
    "a0d62394-a118-422d-abb3-6af115c75b25": component("Addition", "Any", _folded(operators.add)),
    "9c007a04-d0d9-48e4-9da3-9ba142bc4d46": component(
        "Subtraction", "Any", _folded(operators.subtract)
    ),
    "ce46b74e-00c9-43c4-805a-193b69ea4a11": component(
        "Multiplication", "Any", _folded(operators.multiply)
    ),
    "9c85271f-89fa-4e9f-9f4a-d75802120ccc": component("Division", "Any", _folded(operators.divide)),
    "78fed580-851b-46fe-af2f-6519a9d378e0": component("Power", "Any", _of_two(operators.power)),
    "431bc610-8ae1-4090-b217-1a9d9c519fe2": component(
        "Modulus", "Any", _of_two(operators.remainder)
    ),
    "54db2568-3441-4ae2-bcef-92c4cc608e11": component(
        "Integer Division", "Any", _of_two(operators.whole_quotient)
    ),
    "a3371040-e552-4bc8-b0ff-10a840258e88": component("Negative", "Any", _negative),
    "28124995-cf99-4298-b6f4-c75a8e379f18": component("Absolute", "Any", _absolute),
    "0d1e2027-f153-460d-84c0-f9af431b08cb": component("Maximum", "Any", _of_two(max)),
    "57308b30-772d-4919-ac67-e86c18f3a996": component("Minimum", "Any", _of_two(min)),
    "a50c4a3b-0177-4c91-8556-db95de6c56c8": component("Round", "Number", _rounded),
    "ad476cb7-b6d1-41c8-986b-0df243a64146": component("Square Root", "Any", _of_one(_root)),
    "7663efbb-d9b8-4c6a-a0da-c3750a7bbe77": component("Sine", "Any", _of_one(math.sin)),
    "d2d2a900-780c-4d58-9a35-1f9d8d35df6f": component("Cosine", "Any", _of_one(math.cos)),
    "0f31784f-7177-4104-8500-1f4f4a306df4": component("Tangent", "Any", _of_one(math.tan)),
    "cc15ba56-fae7-4f05-b599-cb7c43b60e11": component("ArcSine", "Any", _of_one(math.asin)),
    "49584390-d541-41f7-b5f6-1f9515ac0f73": component("ArcCosine", "Any", _of_one(math.acos)),
    "b4647919-d041-419e-99f5-fa0dc0ddb8b6": component("ArcTangent", "Any", _of_one(math.atan)),
    "a4cd2751-414d-42ec-8916-476ebf62d7fe": component("Radians", "Number", _radians),
    "0d77c51e-584f-44e8-aed2-c2ddf4803888": component("Degrees", "Number", _degrees),
    "0d2ccfb3-9d41-4759-9452-da6a522c3eaa": component("Pi", "Number", _pi),
    "7986486c-621a-48fb-8f27-a28a22c91cc9": component("Average", "[Any]", _average),
    "5b850221-b527-4bd6-8c62-e94168cd6efa": component("Mass Addition", "[Any]", _mass_addition),
}
