"""Whole definitions: errors, refusals, defaults, sticky inputs and the ways to name one."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from contracts.grasshopper.builder import DefinitionBuilder, NumberRange, ScriptInput
from devstack.rhino_compute.engine import Engine
from devstack.rhino_compute.errors import MalformedRequestError


def adding(default: float | None = 3) -> bytes:
    builder = DefinitionBuilder("adding", "A + B")
    left = builder.get_number("A", NumberRange(0, 100, default))
    right = builder.get_number("B")
    total = builder.calculate("Addition", left, right)
    builder.context_print("text", total)
    builder.context_bake("number", total)
    return builder.to_ghx()


def scripted(source: str) -> bytes:
    builder = DefinitionBuilder("scripted", "")
    value = builder.get_number("value", NumberRange(0, 100, 2))
    outputs = builder.python_script("Go", source, [ScriptInput("x", value, "float")], ("a", "b"))
    builder.context_bake("a", outputs["a"])
    builder.context_bake("b", outputs["b"])
    builder.context_bake("value", value)
    return builder.to_ghx()


def solve(engine: Engine, content: bytes, **values: Any) -> tuple[int, dict[str, Any]]:
    """Send lists as they are, single values as a list of one."""
    algo = base64.b64encode(content).decode()
    sent = [
        {"ParamName": name, "InnerTree": {"0": [{"data": json.dumps(v)} for v in listed(value)]}}
        for name, value in values.items()
    ]
    answer = engine.solve(json.dumps({"algo": algo, "values": sent}))
    return answer.status, json.loads(answer.text)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def outputs_of(answer: dict[str, Any]) -> dict[str, list[str]]:
    return {
        output["ParamName"]: [v["data"] for branch in output["InnerTree"].values() for v in branch]
        for output in answer["values"]
    }


def test_print_answers_texts_and_bake_numbers() -> None:
    status, answer = solve(Engine(), adding(), A=42, B=10)
    assert (status, outputs_of(answer)) == (200, {"text": ['"52"'], "number": ["52.0"]})


def test_omitted_input_takes_the_default_of_the_file() -> None:
    engine = Engine()
    solve(engine, adding(), A=42, B=10)
    assert outputs_of(solve(engine, adding(), B=10)[1])["number"] == ["13.0"]


def test_sticky_inputs_keep_the_last_callers_value_of_the_same_definition() -> None:
    engine = Engine(sticky_inputs=True)
    solve(engine, adding(), A=42, B=10)
    assert outputs_of(solve(engine, adding(), B=1)[1])["number"] == ["43.0"]
    assert outputs_of(solve(engine, adding(default=5), B=1)[1])["number"] == ["6.0"]


def test_unknown_input_is_skipped_in_silence() -> None:
    assert outputs_of(solve(Engine(), adding(), B=1, C=9)[1])["number"] == ["4.0"]


def test_missing_input_without_default_gives_no_values() -> None:
    status, answer = solve(Engine(), adding(default=None), B=1)
    assert (status, outputs_of(answer)["number"]) == (200, [])


def test_script_runs_with_its_inputs_converted() -> None:
    source = "import json\na = [x, None, x * 2]\nb = json.dumps({'x': x})"
    status, answer = solve(Engine(), scripted(source), value=4)
    assert status == 200
    assert outputs_of(answer) == {"a": ["4.0", "8.0"], "b": ['"{\\"x\\": 4.0}"'], "value": ["4.0"]}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a = 1\nb = 1 / 0", "ZeroDivisionError: division by zero (line 2)"),
        ("a = (", "SyntaxError: '(' was never closed (line 1)"),
        ("import sys\nsys.exit(3)", "SystemExit: 3 (line 2)"),
    ],
)
def test_failing_script_is_a_runtime_error_with_partial_values(source: str, message: str) -> None:
    status, answer = solve(Engine(), scripted(source), value=4)
    assert status == 500
    assert len(answer["errors"]) == 1
    assert answer["errors"][0].startswith(f'{message}: component "Python 3 Script" (')
    assert outputs_of(answer) == {"a": [], "b": [], "value": ["4.0"]}


def test_error_outside_the_outputs_fails_the_solve_too() -> None:
    builder = DefinitionBuilder("stray", "")
    value = builder.get_number("value", NumberRange(0, 100, 2))
    builder.calculate("Division", value, builder.number(0))
    builder.context_bake("value", value)
    status, answer = solve(Engine(), builder.to_ghx())
    assert (status, outputs_of(answer)) == (500, {"value": ["2.0"]})
    assert answer["errors"][0].startswith('Division by zero: component "Division" (')


def test_printed_text_goes_to_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert solve(Engine(), scripted("print('hello')"))[0] == 200
    captured = capsys.readouterr()
    assert (captured.out, json.loads(captured.err)["text"]) == ("", "hello\n")


def test_unknown_component_is_refused_by_its_guid() -> None:
    addition, sphere = (
        b"a0d62394-a118-422d-abb3-6af115c75b25",
        b"dabc854d-f50e-408a-b001-d043c7de151d",
    )
    status, answer = solve(Engine(), adding().replace(addition, sphere), A=1, B=2)
    assert (status, answer["values"]) == (500, [])
    assert sphere.decode() in answer["errors"][0]


def test_definition_may_be_named_by_key_or_path(tmp_path: Path) -> None:
    engine = Engine()
    key = solve(engine, adding(), B=1)[1]["pointer"]
    path = tmp_path / "adding.ghx"
    path.write_bytes(adding())
    values = [{"ParamName": "B", "InnerTree": {"0": [{"data": "2"}]}}]
    for pointer in (key, str(path)):
        answer = engine.solve(json.dumps({"pointer": pointer, "values": values}))
        assert json.loads(answer.text)["pointer"] == pointer
        assert outputs_of(json.loads(answer.text))["number"] == ["5.0"]


def test_saved_change_of_a_file_is_seen(tmp_path: Path) -> None:
    engine, path = Engine(), tmp_path / "d.ghx"
    body = json.dumps({"pointer": str(path), "values": []})
    path.write_bytes(scripted("a = 1\nb = 2"))
    assert outputs_of(json.loads(engine.solve(body).text))["a"] == ["1"]
    path.write_bytes(scripted("a = 7\nb = 2"))
    assert outputs_of(json.loads(engine.solve(body).text))["a"] == ["7"]


NO_OUTPUTS = base64.b64encode(DefinitionBuilder("none", "").to_ghx()).decode()
ADDING = base64.b64encode(adding()).decode()


@pytest.mark.parametrize(
    "body",
    [
        {"values": []},
        {"algo": "***", "values": []},
        {"algo": base64.b64encode(b"no archive").decode(), "values": []},
        {"algo": NO_OUTPUTS, "values": []},
        {"algo": ADDING},
        {"algo": ADDING, "values": [{"ParamName": "A", "InnerTree": {"0": [{"data": "x"}]}}]},
        {"pointer": "/no/such/file.gh", "values": []},
        {"pointer": "http://127.0.0.1:9/x.gh", "values": []},
    ],
    ids=["nothing", "base64", "archive", "no outputs", "no values", "value", "path", "url"],
)
def test_malformed_request_has_no_answer(body: dict[str, Any]) -> None:
    with pytest.raises(MalformedRequestError):
        Engine().solve(json.dumps(body))


def test_description_shows_defaults_limits_and_types() -> None:
    engine = Engine()
    described = json.loads(engine.describe(json.dumps({"algo": ADDING})).text)
    assert (described["InputNames"], described["OutputNames"]) == (["A", "B"], ["text", "number"])
    left, right = described["Inputs"]
    assert left["Default"] == {
        "ParamName": "Get Number",
        "InnerTree": {"{0}": [{"type": "System.Double", "data": "3.0"}]},
    }
    assert (left["Minimum"], left["Maximum"], left["ParamType"]) == (0.0, 100.0, "Number")
    assert (right["Default"]["InnerTree"], right["AtLeast"], right["AtMost"]) == ({}, 1, 1)
    assert [output["ParamType"] for output in described["Outputs"]] == ["Text", "Generic Data"]
    by_key = json.dumps({"pointer": described["CacheKey"]})
    assert json.loads(engine.describe(by_key).text)["InputNames"] == ["A", "B"]
