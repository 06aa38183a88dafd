"""Runs the source of a script in this process."""

import contextlib
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from numbers import Integral, Real
from types import CodeType
from typing import TextIO, cast

from devstack.rhino_compute.errors import SolveError
from devstack.rhino_compute.matching import Argument, Result, ValueList
from devstack.rhino_compute.rhino_geometry.curves import Polyline
from devstack.rhino_compute.value_tree import Value


@dataclass(frozen=True, slots=True)
class Script:
    """The text of a component's script, and the names of its variables."""

    name: str
    source: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


ScriptRunner = Callable[[Script, list[Argument]], list[Result]]


def run_script(script: Script, arguments: list[Argument], printed: TextIO) -> list[Result]:
    """Return the values of the script's outputs; what it prints goes to `printed`.

    Raises:
        SolveError: The source does not compile, or it raised; the cause is its exception.
    """
    code = _compile(script.source, script.name)
    scope: dict[str, object] = {"__name__": "__main__", **dict.fromkeys(script.outputs)}
    scope.update(zip(script.inputs, arguments, strict=True))
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            exec(code, scope)  # noqa: S102 - running the definition's script is the purpose
    except (Exception, SystemExit) as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        raise SolveError(f"{type(error).__name__}: {error} (line {last.lineno})") from error
    return [_result(scope.get(name)) for name in script.outputs]


@lru_cache(maxsize=256)
def _compile(source: str, name: str) -> CodeType:
    try:
        # No flags of this module's own, such as annotations, may reach the script.
        return compile(source, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise SolveError(f"SyntaxError: {error.msg} (line {error.lineno})") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise SolveError(f"the script cannot be compiled: {error}") from error


def _result(value: object) -> Result:
    if isinstance(value, (list, tuple, range)) and not isinstance(value, Polyline):
        return ValueList([_plain(part) for part in cast("Iterable[object]", value)])
    return _plain(value)


def _plain(value: object) -> Value:
    """Return numbers of any library as Python's own; everything else as it is."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, Polyline):
        return value.ToPolylineCurve()
    return cast("Value", value)
