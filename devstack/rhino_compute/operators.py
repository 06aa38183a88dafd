"""The operators of Grasshopper's maths on numbers, points and vectors."""

import math

from rhino3dm import Point3d, Vector3d

from devstack.rhino_compute.casting import cast_value
from devstack.rhino_compute.errors import SolveError, UnsupportedError
from devstack.rhino_compute.rhino_geometry import vectors
from devstack.rhino_compute.value_tree import Value

Number = int | float
Operand = Number | Point3d | Vector3d


def operand(value: Value) -> Operand:
    """Return a value as something that can be calculated with; texts become numbers.

    Raises:
        SolveError: The text is no number.
        UnsupportedError: Rhino may know an operator for this kind of value, this server does not.
    """
    converted = cast_value(value, "Number") if isinstance(value, str) else value
    if isinstance(converted, (int, float, Point3d, Vector3d)):
        return converted
    raise UnsupportedError("arithmetic on anything but numbers, points and vectors is unsupported")


def number(value: Value) -> Number:
    """Return a value as a number.

    Raises:
        SolveError: It is none.
    """
    if isinstance(value, (int, float)):
        return value
    converted = cast_value(value, "Number")
    return converted if isinstance(converted, (int, float)) else 0.0


def add(left: Operand, right: Operand) -> Operand:
    """Add; a point and anything with coordinates is a point."""
    match left, right:
        case ((int() | float()), (int() | float())):
            return left + right
        case Point3d(), (Point3d() | Vector3d()):
            return vectors.moved(left, right)
        case Vector3d(), Point3d():
            return vectors.moved(right, left)
        case Vector3d(), Vector3d():
            return vectors.total(left, right)
        case _:
            raise _mismatch("Addition", left, right)


def subtract(left: Operand, right: Operand) -> Operand:
    """Subtract; the difference of two points is a vector."""
    match left, right:
        case ((int() | float()), (int() | float())):
            return left - right
        case Point3d(), Vector3d():
            return vectors.moved(left, right, -1.0)
        case ((Point3d() | Vector3d()), (Point3d() | Vector3d())):
            return vectors.difference(left, right)
        case _:
            raise _mismatch("Subtraction", left, right)


def multiply(left: Operand, right: Operand) -> Operand:
    """Multiply; two vectors give their scalar product."""
    match left, right:
        case ((int() | float()), (int() | float())):
            return left * right
        case ((int() | float()), (Point3d() | Vector3d())):
            return _scaled(right, left)
        case ((Point3d() | Vector3d()), (int() | float())):
            return _scaled(left, right)
        case Vector3d(), Vector3d():
            return vectors.dot(left, right)
        case _:
            raise _mismatch("Multiplication", left, right)


def divide(left: Operand, right: Operand) -> Operand:
    """Divide; whole numbers stay whole where they can.

    Raises:
        SolveError: The divisor is zero.
    """
    if not isinstance(right, (int, float)):
        raise _mismatch("Division", left, right)
    if right == 0:
        raise SolveError("Division by zero")
    if not isinstance(left, (int, float)):
        return _scaled(left, 1 / right)
    quotient = left / right
    is_whole = isinstance(left, int) and isinstance(right, int) and quotient.is_integer()
    return int(quotient) if is_whole else quotient


def negate(source: Operand) -> Operand:
    """Return the opposite."""
    return -source if isinstance(source, (int, float)) else _scaled(source, -1.0)


def power(base: Number, exponent: Number) -> float:
    """Raise to a power; always a System.Double.

    Raises:
        SolveError: The result is not a real number, or too large.
    """
    try:
        return math.pow(base, exponent)
    except (ValueError, OverflowError) as error:
        raise SolveError(f"{base}^{exponent} is no number") from error


def remainder(left: Number, right: Number) -> Number:
    """Return what .NET's % returns: the sign is the dividend's.

    Raises:
        SolveError: The divisor is zero.
    """
    if right == 0:
        raise SolveError("Division by zero")
    rest = math.fmod(left, right)
    return int(rest) if isinstance(left, int) and isinstance(right, int) else rest


def whole_quotient(left: Number, right: Number) -> int:
    """Divide and drop the fraction.

    Raises:
        SolveError: The divisor is zero.
    """
    if right == 0:
        raise SolveError("Division by zero")
    return int(left / right)


def round_half_away(value: Number) -> int:
    """Round; halves go away from zero."""
    rounded = math.floor(abs(value) + 0.5)
    return rounded if value >= 0 else -rounded


def _scaled(source: Point3d | Vector3d, factor: Number) -> Operand:
    x, y, z = source.X * factor, source.Y * factor, source.Z * factor
    return vectors.point(x, y, z) if isinstance(source, Point3d) else vectors.vector(x, y, z)


def _mismatch(operation: str, left: Operand, right: Operand) -> SolveError:
    names = f"{type(left).__name__} and {type(right).__name__}"
    return SolveError(f"{operation} is not defined for {names}")
