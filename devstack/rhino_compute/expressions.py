"""Grasshopper's expression language: "x/2", "If(x > 3, Sin(x), 0)", "2² - 1".

An expression becomes a Python syntax tree of which only operators, names, constants and the
functions below are evaluated: no attribute, subscript or call of anything else exists.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from devstack.rhino_compute import operators
from devstack.rhino_compute.casting import cast_value
from devstack.rhino_compute.errors import SolveError
from devstack.rhino_compute.expression_functions import FUNCTIONS
from devstack.rhino_compute.operators import Number, Operand
from devstack.rhino_compute.value_tree import Value

MAX_LENGTH = 2000
QUOTED = re.compile(r'("[^"]*")')
SPELLINGS = (
    (re.compile("²"), "^2"),
    (re.compile("³"), "^3"),
    (re.compile("\u00d7"), "*"),
    (re.compile("÷"), "/"),
    (re.compile("<>"), "!="),
    (re.compile(r"(?<![<>=!])=(?!=)"), "=="),
    (re.compile(r"\bmod\b", re.IGNORECASE), "%"),
    (re.compile(r"\b(and|or|not)\b", re.IGNORECASE), ""),
    (re.compile(r"\bif\s*\(", re.IGNORECASE), "if_("),
    (re.compile(r"\^"), "**"),
    (re.compile(r"\\"), "//"),
)
CONSTANTS: dict[str, Value] = {"pi": math.pi, "e": math.e, "true": True, "false": False}
COMPARISONS: dict[type[ast.cmpop], Callable[[Number, Number], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
CALCULATIONS: dict[type[ast.operator], Callable[[Operand, Operand], Value]] = {
    ast.Add: operators.add,
    ast.Sub: operators.subtract,
    ast.Mult: operators.multiply,
    ast.Div: operators.divide,
}
NUMERIC: dict[type[ast.operator], Callable[[Number, Number], Value]] = {
    ast.Pow: operators.power,
    ast.Mod: operators.remainder,
    ast.FloorDiv: operators.whole_quotient,
}


def evaluate(expression: str, variables: Mapping[str, Value]) -> Value:
    """Return the value of an expression; names are compared without case.

    Raises:
        SolveError: It is no expression, names something unknown or cannot be calculated.
    """
    names = {**CONSTANTS, **{name.lower(): value for name, value in variables.items()}}
    try:
        return _Evaluation(names).value_of(_parsed(expression))
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise SolveError(f"expression '{expression[:60]}' failed: {error}") from error


@lru_cache(maxsize=512)
def _parsed(expression: str) -> ast.expr:
    if len(expression) > MAX_LENGTH:
        raise SolveError("the expression is too long")
    pieces = QUOTED.split(expression)
    plain = "".join(
        piece if piece.startswith('"') else _respelled(piece) for piece in pieces if piece
    )
    try:
        return ast.parse(plain.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise SolveError(f"'{expression[:60]}' is not an expression") from error


def _respelled(piece: str) -> str:
    for pattern, spelling in SPELLINGS:
        piece = pattern.sub(spelling or (lambda found: found.group().lower()), piece)
    return piece


class _Evaluation:
    """Walks a syntax tree with the variables of one evaluation."""

    def __init__(self, names: Mapping[str, Value]) -> None:
        self._names = names

    def value_of(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=bool() | int() | float() | str() as constant):
                return constant
            case ast.Name(id=name):
                return self._named(name)
            case ast.BinOp(left=left, op=op, right=right):
                return self._calculated(type(op), self.value_of(left), self.value_of(right))
            case ast.UnaryOp(op=op, operand=inner):
                return self._unary(op, self.value_of(inner))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._called(name, arguments)
            case _:
                return self._truth(node)

    def _truth(self, node: ast.expr) -> bool:
        match node:
            case ast.BoolOp(op=op, values=values):
                truths = [bool(cast_value(self.value_of(v), "Boolean")) for v in values]
                return all(truths) if isinstance(op, ast.And) else any(truths)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return _compared(type(op), self.value_of(left), self.value_of(right))
            case _:
                raise SolveError(f"an expression cannot hold '{ast.unparse(node)[:60]}'")

    def _named(self, name: str) -> Value:
        if name.lower() not in self._names:
            raise SolveError(f"the expression has no variable '{name}'")
        return self._names[name.lower()]

    def _called(self, name: str, arguments: list[ast.expr]) -> Value:
        known = name.lower().rstrip("_")
        if known not in FUNCTIONS:
            raise SolveError(f"the function '{name}' is not supported in expressions")
        return FUNCTIONS[known](*(self.value_of(argument) for argument in arguments))

    def _unary(self, op: ast.unaryop, value: Value) -> Value:
        match op:
            case ast.Not():
                return not cast_value(value, "Boolean")
            case ast.USub():
                return operators.negate(operators.operand(value))
            case ast.UAdd():
                return operators.operand(value)
            case _:
                raise SolveError("an expression cannot hold '~'")

    def _calculated(self, op: type[ast.operator], left: Value, right: Value) -> Value:
        if op is ast.BitAnd or (op is ast.Add and isinstance(left, str)):
            return f"{cast_value(left, 'Text')}{cast_value(right, 'Text')}"
        if op in NUMERIC:
            return NUMERIC[op](operators.number(left), operators.number(right))
        if op not in CALCULATIONS:
            raise SolveError(f"an expression cannot hold {op.__name__}")
        return CALCULATIONS[op](operators.operand(left), operators.operand(right))


def _compared(op: type[ast.cmpop], left: Value, right: Value) -> bool:
    if op in (ast.Eq, ast.NotEq):
        return (left == right) is (op is ast.Eq)
    if op not in COMPARISONS:
        raise SolveError(f"an expression cannot hold {op.__name__}")
    return COMPARISONS[op](operators.number(left), operators.number(right))
