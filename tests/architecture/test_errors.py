"""Every error has a code of the closed table, and every code leaves the API as a problem."""

import pytest

from contracts.errors import Violation
from contracts.wire.problem import PROBLEMS, Problem, ProblemCode
from functions.domain import errors
from functions.domain.errors import KudusoError

TREE = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)
]


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_each_error_ends_in_error_and_has_a_known_code(kind: type[KudusoError]) -> None:
    assert kind.__name__.endswith("Error")
    assert kind("why").code in PROBLEMS


@pytest.mark.parametrize("code", PROBLEMS)
def test_each_code_makes_a_complete_problem_document(code: ProblemCode) -> None:
    fault = Violation("/inputs/a", "minimum", "Must be at least 1.", "Use 1.")
    document = Problem(code, "why", "c-1", [fault], retry_after=3).to_json()
    assert 400 <= PROBLEMS[code].status <= 599
    assert document["status"] == PROBLEMS[code].status
    assert document["retryable"] is PROBLEMS[code].retryable
    assert document["errors"] == [
        {
            "pointer": "/inputs/a",
            "code": "minimum",
            "message": "Must be at least 1.",
            "hint": "Use 1.",
        }
    ]
    assert {"type", "title", "detail", "code", "correlation_id", "retry_after"} <= set(document)
