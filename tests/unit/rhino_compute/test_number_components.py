"""Arithmetic, comparisons, gates, domains and expressions, with the paths of their results."""

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devstack.rhino_compute.errors import ComputeError
from devstack.rhino_compute.expressions import evaluate
from devstack.rhino_compute.rhino_geometry.shapes import Interval
from tests.unit.rhino_compute.evaluating import point, result, results, solve, vector


@pytest.mark.parametrize(
    ("name", "values", "answer"),
    [
        ("Addition", (2, 3), 5),
        ("Addition", (2.5, "0.5"), 3.0),
        ("Addition", (point(1, 2, 3), vector(1, 0, 0)), (2, 2, 3)),
        ("Addition", (vector(1, 2, 3), vector(1, 0, 0)), (2, 2, 3)),
        ("Subtraction", (2, 3), -1),
        ("Subtraction", (point(3, 2, 1), point(1, 1, 1)), (2, 1, 0)),
        ("Subtraction", (point(3, 2, 1), vector(1, 1, 1)), (2, 1, 0)),
        ("Multiplication", (2, vector(1, 2, 3)), (2, 4, 6)),
        ("Multiplication", (vector(1, 2, 3), vector(4, 5, 6)), 32.0),
        ("Division", (7, 2), 3.5),
        ("Division", (6, 2), 3),
        ("Division", (vector(2, 4, 6), 2), (1, 2, 3)),
        ("Power", (2, 10), 1024.0),
        ("Modulus", (-7, 3), -1),
        ("Modulus", (7.5, 2), 1.5),
        ("Integer Division", (-7, 2), -3),
        ("Negative", (2,), -2),
        ("Negative", (vector(1, -2, 3),), (-1, 2, -3)),
        ("Absolute", (-2,), 2),
        ("Maximum", (2, 3), 3),
        ("Minimum", (2, 3), 2),
        ("Square Root", (9,), 3.0),
        ("Sine", (math.pi / 2,), 1.0),
        ("Cosine", (0,), 1.0),
        ("Tangent", (0,), 0.0),
        ("ArcSine", (1,), round(math.pi / 2, 9)),
        ("ArcCosine", (1,), 0.0),
        ("ArcTangent", (0,), 0.0),
        ("Radians", (180,), round(math.pi, 9)),
        ("Degrees", (math.pi,), 180.0),
        ("Pi", (2,), round(2 * math.pi, 9)),
        ("Average", ([1, 2, 6],), 3),
        ("Mass Addition", ([1, 2, 6],), 9),
        ("Gate Not", (True,), False),
    ],
)
def test_one_result(name: str, values: tuple, answer: object) -> None:
    shown = result(name, *values)
    assert shown == {"{0}": [answer]}
    assert type(shown["{0}"][0]) is type(answer)


def test_rounding_takes_halves_away_from_zero() -> None:
    assert results("Round", [2.5, -2.5, 0.4], outputs="N F C") == [
        {"{0}": [3, -3, 0]},
        {"{0}": [2, -3, 0]},
        {"{0}": [3, -2, 1]},
    ]


@pytest.mark.parametrize(
    ("name", "strict", "loose"),
    [
        ("Larger Than", [False, False, True], [False, True, True]),
        ("Smaller Than", [True, False, False], [True, True, False]),
        ("Equality", [False, True, False], [True, False, True]),
    ],
)
def test_comparisons(name: str, strict: list[bool], loose: list[bool]) -> None:
    assert results(name, [1, 2, 3], 2, outputs="a b") == [{"{0}": strict}, {"{0}": loose}]


def test_gates_ignore_inputs_without_data() -> None:
    flags = [True, True, False, False], [True, False, True, False]
    assert result("Gate And", *flags) == {"{0}": [True, False, False, False]}
    assert result("Gate Or", *flags) == {"{0}": [True, True, True, False]}
    assert result("Gate And", [True, False], None, optional="xy") == {"{0}": [True, False]}


def test_domains() -> None:
    assert result("Construct Domain", 1, 5) == {"{0}": [Interval(1.0, 5.0)]}
    assert results("Deconstruct Domain", "1 To 5", outputs="S E") == [
        {"{0}": [1.0]},
        {"{0}": [5.0]},
    ]
    assert result("Bounds", [3, 1, 2]) == {"{0}": [Interval(1.0, 3.0)]}
    assert results("Remap Numbers", [0, 5, 20], Interval(0, 10), "0 To 1", outputs="R C") == [
        {"{0}": [0.0, 0.5, 2.0]},
        {"{0}": [0.0, 0.5, 1.0]},
    ]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("x + y", 5),
        ("x/2", 1),
        ("x^y", 8.0),
        ("2² - 1", 3.0),
        ("If(x > y, 1, x * 10)", 20),
        ("Sin(0) + Max(x, y)", 3.0),
        ("x = 2 And Not y <> 3", True),
        ('"a" & x', "a2"),
        ("7 \\ 2", 3),
        ("7 mod 2", 1),
        ("Round(3.14159, 2)", 3.14),
        ("-x", -2),
    ],
)
def test_expression_over_the_inputs_names(text: str, answer: object) -> None:
    shown = result("Expression", 2, 3, Expression=text)
    assert shown == {"{0}": [answer]}
    assert type(shown["{0}"][0]) is type(answer)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x +", "is not an expression"),
        ("q", "has no variable 'q'"),
        ("x.__class__", "cannot hold 'x.__class__'"),
        ("[x][0]", "cannot hold"),
        ("open(x)", "function 'open' is not supported"),
        ("(lambda: 1)()", "cannot hold"),
        ("x/0", "Division by zero"),
        ("9^9^9^9", "is no number"),
        ("Sqrt(-1)", "has no value"),
        ('"a" * 9', "Data conversion failed"),
        ("(" * 900 + "x" + ")" * 900, "is not an expression"),
        ("x" * 5000, "too long"),
        ("Sin(x, y)", "failed"),
        ("x << y", "cannot hold LShift"),
        ("~x", "cannot hold '~'"),
    ],
)
def test_expression_that_cannot_be_evaluated_is_a_runtime_error(text: str, message: str) -> None:
    solved = solve("Expression", 2, 3, Expression=text)
    (error,) = solved.errors
    assert message in error
    assert ': component "Expression" (' in error


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("Division", (1, 0), "Division by zero"),
        ("Modulus", (1, 0), "Division by zero"),
        ("Integer Division", (1, 0), "Division by zero"),
        ("Power", (-1, 0.5), "is no number"),
        ("Square Root", (-1,), "not real"),
        ("ArcSine", (2,), "Solution exception"),
        ("Addition", (1, vector(1, 0)), "Addition is not defined for int and Vector3d"),
        ("Larger Than", (1, "x"), "Data conversion failed from str to Number"),
        ("Addition", (True, Interval(0, 1)), "unsupported"),
    ],
)
def test_impossible_calculation_is_a_runtime_error(name: str, values: tuple, message: str) -> None:
    solved = solve(name, *values)
    (error,) = solved.errors
    assert message in error
    assert solved.trees[0].values == []


PIECES = ["x", "y", "1", "2.5", "^", "*", "/", "\\", "%", "(", ")", "-", "Sin(", "If(", ",", '"a"']
TEXTS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=10).map("".join))


@given(TEXTS)
def test_any_text_is_evaluated_or_refused(text: str) -> None:
    with suppress(ComputeError):
        evaluate(text, {"x": 3, "y": 2.5})
