"""Runs the source of a Python 3 Script component."""

import base64
import contextlib
import io
import traceback
from functools import lru_cache
from numbers import Integral, Real
from types import CodeType
from typing import TYPE_CHECKING, cast

from contracts.grasshopper.document import DocumentObject, Parameter
from devstack.rhino_compute.errors import SolveError, UnsupportedError
from devstack.rhino_compute.log import log_line
from devstack.rhino_compute.matching import Argument, Result, Solver, ValueList
from devstack.rhino_compute.rhino_geometry.curves import Polyline
from devstack.rhino_compute.value_tree import Value

if TYPE_CHECKING:
    from collections.abc import Iterable

CONVERTERS = {
    "System.Double": "Number",
    "System.Int32": "Integer",
    "System.String": "Text",
    "System.Boolean": "Boolean",
    "Rhino.Geometry.Point3d": "Point",
    "Rhino.Geometry.Curve": "Curve",
    "Rhino.Geometry.GeometryBase": "Geometry",
    "System.Object": None,
}


def variable_type(parameter: Parameter) -> str | None:
    """Return the type a script input converts to; None leaves values as they are.

    Raises:
        UnsupportedError: The conversion is unknown.
    """
    converter = parameter.chunk.child("ConverterData")
    name = converter.text("TypeName") if converter else "System.Object"
    if name not in CONVERTERS:
        raise UnsupportedError(f"script inputs of type {name} are not supported")
    return CONVERTERS[name]


def script_solver(component: DocumentObject) -> Solver:
    """Compile a component's script.

    Raises:
        SolveError: The source does not compile.
        UnsupportedError: It is not Python 3, or its first output is the printed text.
    """
    container = component.container
    language = container.child("Script", "LanguageSpec")
    is_python = language is not None and "python" in language.text("Taxon").lower()
    if language is None or not is_python or language.text("Version", "3").startswith("2"):
        raise UnsupportedError("only Python 3 scripts are supported")
    if container.flag("UsingStandardOutputParam"):
        raise UnsupportedError("the printed text of a script is not supported as an output")
    script = container.child("Script")
    code = _compile(script.text("Text") if script else "", component.nickname or "script")
    return lambda arguments: _run(component, code, arguments)


@lru_cache(maxsize=256)
def _compile(encoded: str, name: str) -> CodeType:
    try:
        source = base64.b64decode(encoded).decode("utf-8-sig")
        # No flags of this module's own, such as annotations, may reach the script.
        return compile(source, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise SolveError(f"SyntaxError: {error.msg} (line {error.lineno})") from error
    except ValueError as error:
        raise SolveError(f"the script cannot be read: {error}") from error


def _run(component: DocumentObject, code: CodeType, arguments: list[Argument]) -> list[Result]:
    names = [parameter.nickname for parameter in component.outputs]
    inputs = (parameter.nickname for parameter in component.inputs)
    scope: dict[str, object] = {"__name__": "__main__", **dict.fromkeys(names)}
    scope.update(zip(inputs, arguments, strict=True))
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(code, scope)  # noqa: S102 - running the definition's script is the purpose
    except (Exception, SystemExit) as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        raise SolveError(f"{type(error).__name__}: {error} (line {last.lineno})") from error
    finally:
        if printed.getvalue():
            log_line("script_printed", component=component.nickname, text=printed.getvalue())
    return [_result(scope[name]) for name in names]


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
