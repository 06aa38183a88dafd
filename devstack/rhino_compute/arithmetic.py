"""Addition, Subtraction, Multiplication and Division of numbers."""

import operator
from collections.abc import Callable

from contracts.grasshopper import component_ids as ids
from devstack.rhino_compute.casting import cast_value
from devstack.rhino_compute.errors import SolveError, UnsupportedError
from devstack.rhino_compute.matching import Argument, Result, Solver
from devstack.rhino_compute.value_tree import ValueTree

Number = int | float


def arithmetic_solver(component_id: str) -> Solver:
    """Return the solver of an arithmetic component.

    Raises:
        UnsupportedError: It is another component.
    """
    operation = OPERATIONS.get(component_id)
    if operation is None:
        raise UnsupportedError(f"component {component_id} is not supported")
    return lambda arguments: [_calculate(operation, arguments)]


def _calculate(operation: Callable[[Number, Number], Number], arguments: list[Argument]) -> Result:
    if not arguments or any(argument is None for argument in arguments):
        return None
    numbers = [_number(argument) for argument in arguments]
    total = numbers[0]
    for number in numbers[1:]:
        total = operation(total, number)
    return total


def _number(argument: Argument) -> Number:
    if isinstance(argument, str):
        argument = cast_value(argument, "Number")
    if isinstance(argument, (list, ValueTree)) or not isinstance(argument, (int, float)):
        raise UnsupportedError("arithmetic on anything but numbers is not supported")
    return argument


def _divide(left: Number, right: Number) -> Number:
    if right == 0:
        raise SolveError("Division by zero")
    quotient = left / right
    is_whole = isinstance(left, int) and isinstance(right, int) and quotient.is_integer()
    return int(quotient) if is_whole else quotient


OPERATIONS: dict[str, Callable[[Number, Number], Number]] = {
    ids.ADDITION: operator.add,
    ids.SUBTRACTION: operator.sub,
    ids.MULTIPLICATION: operator.mul,
    ids.DIVISION: _divide,
}
