import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appserver.compute.engine_answer import read_answer
from appserver.domain.errors import DefinitionError, EngineError

VALUES = [
    {"ParamName": "result", "InnerTree": {"{0}": [{"type": "System.Double", "data": "42.0"}]}}
]
GUID = "719467e6-7cf5-4848-99b0-c5dd57e5442c"
FAULT = f'1. Solution exception:bad: component "Place house" ({GUID})'


def _json(**members: Any) -> bytes:
    return json.dumps(members).encode()


def test_an_answer_gives_trees_and_warnings() -> None:
    answer = read_answer(
        200,
        _json(modelunits="Millimeters", values=VALUES, warnings=["slow"], filename=None, errors=[]),
    )
    assert [(tree.parameter, tree.flat()) for tree in answer.trees] == [("result", ["42.0"])]
    assert answer.warnings == ("slow",)


@pytest.mark.parametrize("status", [200, 500])
def test_reported_errors_are_the_definitions_whatever_the_status(status: int) -> None:
    with pytest.raises(DefinitionError) as caught:
        read_answer(status, _json(values=VALUES, errors=[FAULT]))
    assert caught.value.code == "definition_error"
    assert [violation.message for violation in caught.value.violations] == [FAULT]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b""),
        (500, _json(error="x", message="No compute server found")),
        (500, _json(values=VALUES)),
        (500, _json(values=VALUES, errors=[])),
        (502, b"<html><h1>502 - Web server received an invalid response</h1></html>"),
        (401, b"Unauthorized client."),
        (404, _json(values=VALUES)),
        (302, b""),
        (200, b""),
        (200, b"null"),
        (200, b"[]"),
        (200, b'{"values": null}'),
        (200, b'{"values": [{"ParamName": "a"}]}'),
        (200, b'{"values": [{"ParamName": "a", "InnerTree": null}]}'),
        (200, b'{"values": [{"ParamName": "a", "InnerTree": {"{0}": [{"data": 5}]}}]}'),
        (200, b'{"values": [], "errors": "text"}'),
        (200, b'{"values": ['),
        (200, b"\xff\xfe"),
    ],
)
def test_everything_else_is_the_engines_failure(status: int, body: bytes) -> None:
    with pytest.raises(EngineError) as caught:
        read_answer(status, body)
    assert caught.value.code == "engine_error"
    assert "html" not in caught.value.message


def test_a_stack_trace_is_cut_out_of_a_fault() -> None:
    trace = 'Traceback (most recent call last):\n  File "C:\\secret\\s.py", line 3\nValueError: bad'
    with pytest.raises(DefinitionError) as caught:
        read_answer(500, _json(errors=[f'{trace}: component "A (b)" ({GUID})']))
    assert caught.value.violations[0].message == f'ValueError: bad: component "A (b)" ({GUID})'


def test_many_and_long_faults_are_capped() -> None:
    with pytest.raises(DefinitionError) as caught:
        read_answer(500, _json(errors=["x" * 10_000] * 1_000))
    assert len(caught.value.violations) == 50
    assert all(len(violation.message) <= 500 for violation in caught.value.violations)


JSON_BODIES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["values", "errors", "ParamName", "InnerTree", "data", "{0}", "x"]),
            inner,
        )
    ),
    max_leaves=12,
).map(lambda value: json.dumps(value).encode())


@given(status=st.integers(100, 599), body=st.binary(max_size=200) | JSON_BODIES)
def test_any_answer_is_read_or_translated(status: int, body: bytes) -> None:
    try:
        answer = read_answer(status, body)
    except (EngineError, DefinitionError):
        return
    assert status == 200
    assert all(isinstance(text, str) for tree in answer.trees for text in tree.flat())
