"""The Python 3 Script component: its inputs' types, and its source handed to a runner."""

import base64
import io
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from contracts.grasshopper.document import DocumentObject, Parameter
from devstack.rhino_compute.errors import SolveError, UnsupportedError
from devstack.rhino_compute.log import log_line
from devstack.rhino_compute.matching import Argument, Result, Solver
from devstack.rhino_compute.sandbox.script import Script, ScriptRunner, run_script

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
    """Read a component's script; the runner of the running solve will run it.

    Raises:
        SolveError: The source cannot be read.
        UnsupportedError: It is not Python 3, or its first output is the printed text.
    """
    container = component.container
    language = container.child("Script", "LanguageSpec")
    is_python = language is not None and "python" in language.text("Taxon").lower()
    if language is None or not is_python or language.text("Version", "3").startswith("2"):
        raise UnsupportedError("only Python 3 scripts are supported")
    if container.flag("UsingStandardOutputParam"):
        raise UnsupportedError("the printed text of a script is not supported as an output")
    text = container.child("Script")
    script = Script(
        name=component.nickname or "script",
        source=_source(text.text("Text") if text else ""),
        inputs=tuple(parameter.nickname for parameter in component.inputs),
        outputs=tuple(parameter.nickname for parameter in component.outputs),
    )
    run = _runner.get()
    return lambda arguments: run(script, arguments)


@contextmanager
def scripts_run_by(runner: ScriptRunner) -> Generator[None]:
    """Solve within: scripts go to `runner`. Outside they run in this process, without limits."""
    token = _runner.set(runner)
    try:
        yield
    finally:
        _runner.reset(token)


def run_here(script: Script, arguments: list[Argument]) -> list[Result]:
    """Run a script in this process.

    Raises:
        SolveError: The source does not compile, or it raised.
    """
    printed = io.StringIO()
    try:
        return run_script(script, arguments, printed)
    finally:
        if printed.getvalue():
            log_line("script_printed", component=script.name, text=printed.getvalue())


_runner: ContextVar[ScriptRunner] = ContextVar("script_runner", default=run_here)


def _source(encoded: str) -> str:
    try:
        return base64.b64decode(encoded).decode("utf-8-sig")
    except ValueError as error:
        raise SolveError(f"the script cannot be read: {error}") from error
