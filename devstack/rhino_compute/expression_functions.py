"""The functions Grasshopper's expressions may call.

Source: Grasshopper's expression designer, its list of functions (numbers and texts only).
"""

import math
from collections.abc import Callable

from devstack.rhino_compute import operators
from devstack.rhino_compute.casting import cast_value
from devstack.rhino_compute.errors import SolveError
from devstack.rhino_compute.value_tree import Value


def _of_numbers(function: Callable[..., float]) -> Callable[..., Value]:
    def called(*values: Value) -> Value:
        try:
            return function(*(operators.number(value) for value in values))
        except (ValueError, ZeroDivisionError, OverflowError) as error:
            raise SolveError(f"the expression has no value: {error}") from error

    return called


def _choose(condition: Value, when_true: Value, when_false: Value) -> Value:
    return when_true if cast_value(condition, "Boolean") else when_false


def _round(value: float, digits: float = 0) -> float:
    return float(round(value, int(digits)))


def _log(value: float, base: float = 10) -> float:
    return math.log(value, base)


def _whole(value: float) -> int:
    return int(value)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


NUMERIC: dict[str, Callable[..., float]] = {
    "abs": math.fabs,
    "acos": math.acos,
    "asin": math.asin,
    "atan": math.atan,
    "atan2": math.atan2,
    "ceiling": math.ceil,
    "cos": math.cos,
    "cosh": math.cosh,
    "deg": math.degrees,
    "exp": math.exp,
    "fix": _whole,
    "floor": math.floor,
    "hypot": math.hypot,
    "int": _whole,
    "ln": math.log,
    "log": _log,
    "log10": math.log10,
    "max": max,
    "min": min,
    "pow": operators.power,
    "rad": math.radians,
    "round": _round,
    "sgn": _sign,
    "sign": _sign,
    "sin": math.sin,
    "sinh": math.sinh,
    "sqrt": math.sqrt,
    "tan": math.tan,
    "tanh": math.tanh,
}

FUNCTIONS: dict[str, Callable[..., Value]] = {
    **{name: _of_numbers(function) for name, function in NUMERIC.items()},
    "if": _choose,
}
