"""Whatever the AppServer answers becomes a result or one coded failure."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Violation
from contracts.wire.problem import PROBLEMS, Problem, ProblemCode
from functions.clients.appserver import read_answer
from functions.domain.errors import JobFailedError


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_problem_keeps_its_code_detail_and_fields(code: ProblemCode) -> None:
    fault = Violation("/results", "feasible", "No solution.")
    problem = Problem(code, "why", "c", [fault])
    response = httpx.Response(problem.status, json=problem.to_json(), headers={"retry-after": "7"})
    with pytest.raises(JobFailedError) as caught:
        read_answer(response)
    error = caught.value
    assert (error.code, error.detail, error.errors) == (code, "why", (fault,))
    assert error.retry_after_s == 7


@given(st.sampled_from([400, 404, 429, 500, 502, 503, 504]), st.binary(max_size=40))
def test_anything_else_is_an_unreachable_engine(status: int, body: bytes) -> None:
    with pytest.raises(JobFailedError) as caught:
        read_answer(httpx.Response(status, content=body))
    assert caught.value.code == "engine_unreachable"
    assert caught.value.is_transient


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b'{"outputs": []}'])
def test_a_success_of_another_shape_is_internal(body: bytes) -> None:
    with pytest.raises(JobFailedError) as caught:
        read_answer(httpx.Response(200, content=body))
    assert caught.value.code == "internal"


def test_outputs_and_artifacts_are_read() -> None:
    answer = read_answer(httpx.Response(200, json={"outputs": {"result": 42}, "artifacts": []}))
    assert answer.outputs == {"result": 42}
