"""Answers `/grasshopper` and `/io` from request bodies: one solve at a time, as in one child.

Source: Rhino.Compute, `ResthopperEndpointsModule` (`GrasshopperSolveHelper`, `_ghsolvelock`).
"""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from contracts.grasshopper.exposure import ExposedParameter
from devstack.rhino_compute.decoding import decode_value
from devstack.rhino_compute.definition import Definition
from devstack.rhino_compute.description import describe_definition
from devstack.rhino_compute.encoding import encode_tree
from devstack.rhino_compute.errors import MalformedRequestError, UnsupportedError
from devstack.rhino_compute.library import DefinitionLibrary
from devstack.rhino_compute.python_script import run_here, scripts_run_by
from devstack.rhino_compute.request import ComputeRequest, parse_request
from devstack.rhino_compute.sandbox.script import ScriptRunner
from devstack.rhino_compute.solution import Solution
from devstack.rhino_compute.value_tree import ValueTree


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, JSON text, and how long the three phases took (ms)."""

    status: int
    text: str
    timing: str = ""


class Engine:
    """Solves definitions.

    With `sticky_inputs` an omitted input keeps the value an earlier request gave it for the same
    definition, as the real server does; without, every solve starts from the file's own values.
    `begin_scripts` answers what runs the scripts of one solve.
    """

    def __init__(
        self,
        *,
        sticky_inputs: bool = False,
        begin_scripts: Callable[[], ScriptRunner] = lambda: run_here,
    ) -> None:
        self._library = DefinitionLibrary()
        self._begin_scripts = begin_scripts
        self._earlier: dict[str, dict[str, ValueTree]] = {}
        self._sticky_inputs = sticky_inputs
        self.solve_lock = threading.Lock()

    def solve(self, body: str, *, sticky_inputs: bool = False) -> Answer:
        """Answer a POST to `/grasshopper`; `sticky_inputs` is for this one solve.

        Raises:
            MalformedRequestError: What the real server answers with an empty 500.
        """
        started = time.perf_counter()
        request = parse_request(body)
        with self.solve_lock:
            key, definition = self._library.find(request.pointer, request.algo)
            if not definition.exposure.outputs:
                raise MalformedRequestError("the definition has no outputs")
            if definition.refusals:
                return Answer(500, answer_text(key, [], list(definition.refusals)))
            earlier = self._earlier.get(key, {}) if self._sticky_inputs or sticky_inputs else {}
            try:
                inputs = self._earlier[key] = {**earlier, **_inputs(definition, request)}
                solution = Solution(definition, inputs)
            except UnsupportedError as error:
                return Answer(500, answer_text(key, [], [str(error)]))
            decoded = time.perf_counter()
            with scripts_run_by(self._begin_scripts()):
                outputs = solution.solve()
            solved = time.perf_counter()
        values = [encode_tree(name, tree) for name, tree in outputs.items()]
        errors = [*definition.exposure.errors, *solution.errors]
        text = answer_text(key, values, errors)
        phases = (decoded - started, solved - decoded, time.perf_counter() - solved)
        return Answer(500 if solution.errors else 200, text, _server_timing(phases))

    def describe(self, body: str) -> Answer:
        """Answer a POST to `/io`.

        Raises:
            MalformedRequestError: What the real server answers with an empty 500.
        """
        request = parse_request(body)
        key, definition = self._library.find(request.pointer, request.algo)
        return Answer(200, json.dumps(describe_definition(key, definition)))


def _inputs(definition: Definition, request: ComputeRequest) -> dict[str, ValueTree]:
    """Return the trees that a request gives, by the id of their parameters."""
    if request.values is None:
        raise MalformedRequestError("the request has no values")
    given: dict[str, ValueTree] = {}
    for name, branches in request.values:
        exposed = definition.exposure.inputs.get(name)
        if exposed is None:
            continue  # the real server skips names it does not know in silence
        tree = ValueTree()
        for path, texts in branches.items():
            is_json = _reads_json(exposed)
            values = [decode_value(t, exposed.type_name, is_json=is_json) for t in texts]
            tree.add(path, values)
        given[exposed.parameter.parameter_id] = tree
    return given


def _reads_json(exposed: ExposedParameter) -> bool:
    """Whether a text comes as JSON: of contextual parameters and panels; a Text takes it raw."""
    return exposed.is_contextual or exposed.parameter.chunk.find("UserText") is not None


def answer_text(key: str, values: list[dict[str, object]], errors: list[str]) -> str:
    """Write an answer; `errors` is absent when there are none."""
    # Units and version in an answer are constants.
    answer: dict[str, object] = {
        "modelunits": "Millimeters",
        "dataversion": 7,
        "algo": "",
        "pointer": key,
        "cachesolve": False,
        "values": values,
    }
    if errors:
        answer["errors"] = errors
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def _server_timing(phases_s: tuple[float, float, float]) -> str:
    named = zip(("decode", "solve", "encode"), phases_s, strict=True)
    return ", ".join(f"{name};dur={int(seconds * 1000)}" for name, seconds in named)
