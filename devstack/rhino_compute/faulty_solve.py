"""Solves as a child with a fault does."""

import json
import os
import threading
from typing import Any

from devstack.rhino_compute.engine import Answer, Engine, answer_text
from devstack.rhino_compute.faults import Fault

CRASH_EXIT_CODE = 70
GROWTH_BYTES = 64 << 20
DEFINITION_ERROR = (
    'Solution exception:fault: component "Fault" (00000000-0000-0000-0000-000000000000)'
)

_grown: list[bytes] = []


def solve_with_fault(engine: Engine, body: str, fault: Fault | None) -> Answer:
    """Solve as a child with that fault does.

    Raises:
        MalformedRequestError: As for a solve without.
    """
    match fault:
        case Fault.HANG:
            return _hang(engine)
        case Fault.CRASH:
            with engine.solve_lock:
                os._exit(CRASH_EXIT_CODE)
        case Fault.EMPTY_500:
            return Answer(500, "")
        case Fault.DEFINITION_500:
            return Answer(500, answer_text("", [], [DEFINITION_ERROR]))
        case _:
            return _altered(engine, body, fault)


def _altered(engine: Engine, body: str, fault: Fault | None) -> Answer:
    if fault is Fault.MEMORY_GROWTH:
        _grown.append(b"x" * GROWTH_BYTES)
    answer = engine.solve(body, sticky_inputs=fault is Fault.STICKY_INPUTS)
    if fault is Fault.WRONG_TYPES:
        return Answer(answer.status, _with_wrong_types(answer.text), answer.timing)
    return answer


def _hang(engine: Engine) -> Answer:
    with engine.solve_lock:
        threading.Event().wait()
    raise AssertionError


def _with_wrong_types(text: str) -> str:
    answer: dict[str, Any] = json.loads(text)
    for output in answer["values"]:
        for values in output["InnerTree"].values():
            values[:] = [_wrong(value["type"]) for value in values]
    return json.dumps(answer, separators=(",", ":"))


def _wrong(type_name: str) -> dict[str, str]:
    if type_name == "System.String":
        return {"type": "System.Double", "data": "0.5"}
    return {"type": "System.String", "data": '"wrong"'}
