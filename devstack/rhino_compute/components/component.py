"""What a component is here: what its inputs take, and a pure function over matched values."""

from collections.abc import Callable
from dataclasses import dataclass

from contracts.grasshopper.document import DocumentObject
from devstack.rhino_compute.errors import SolveError
from devstack.rhino_compute.matching import ITEM, LIST, TREE, Argument, Result, Solver

ANYTHING = "Any"
MAX_VALUES = 1_000_000


@dataclass(frozen=True, slots=True)
class Port:
    """How one input takes its data; `type_name` None takes anything."""

    type_name: str | None
    access: int


@dataclass(frozen=True, slots=True)
class Component:
    """A component by its inputs; the last input stands for all further ones.

    `prepare` returns the solver of one object in a document.
    """

    name: str
    ports: tuple[Port, ...]
    prepare: Callable[[DocumentObject], Solver]

    def port(self, index: int) -> Port:
        """Return how an input takes its data."""
        return self.ports[min(index, len(self.ports) - 1)]


Function = Callable[..., Result | tuple[Result, ...]]


def component(name: str, takes: str, function: Function) -> Component:
    """Return a component that calls `function` with one argument per input.

    `takes` names the inputs' types: `Number` takes single values, `[Number]` lists, `{Number}`
    trees; `Any` is not converted. A tuple holds the results of several outputs.
    """
    return prepared(name, takes, lambda _: solver_of(function))


def prepared(name: str, takes: str, prepare: Callable[[DocumentObject], Solver]) -> Component:
    """Return a component whose solver depends on the object in the document."""
    return Component(name, tuple(_port(text) for text in takes.split()), prepare)


def solver_of(function: Function) -> Solver:
    """Return a solver that spreads its arguments and tells what went wrong as Rhino does."""

    def solve(arguments: list[Argument]) -> tuple[Result, ...]:
        try:
            results = function(*arguments)
        except (ValueError, ZeroDivisionError, OverflowError, IndexError) as error:
            raise SolveError(f"1. Solution exception:{error}") from error
        return results if isinstance(results, tuple) else (results,)

    return solve


def _port(text: str) -> Port:
    access = {"[": LIST, "{": TREE}.get(text[0], ITEM)
    type_name = text.strip("[]{}")
    return Port(None if type_name == ANYTHING else type_name, access)
