"""Every row of the error table, over HTTP."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.grasshopper.builder import DefinitionBuilder
from contracts.wire.problem import MEDIA_TYPE, PROBLEMS

DEBUG = "/gh/sitefit:1.1.0/solve"
GUID = "719467e6-7cf5-4848-99b0-c5dd57e5442c"
FAULT = f'bad: component "Addition" ({GUID})'
WRONG_TEXT = {"ParamName": "result", "InnerTree": {"{0}": [{"data": '"much"'}]}}


def _assert_problem(response: httpx.Response, code: Any) -> dict[str, Any]:
    assert response.headers["content-type"] == MEDIA_TYPE
    problem = response.json()
    assert problem["code"] == code, problem
    assert response.status_code == problem["status"] == PROBLEMS[code].status
    assert problem["retryable"] == PROBLEMS[code].retryable
    assert problem["correlation_id"] == response.headers["x-correlation-id"]
    assert "Traceback" not in response.text
    return problem


@pytest.fixture
async def mock_client(serve: Callable[..., Any]) -> httpx.AsyncClient:
    return await serve(USE_COMPUTE="false", MAX_BODY_BYTES="100000")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"value": NaN}',
        b'{"value": 1, "value": 2}',
        b"\xff",
        pytest.param(b"[" * 100_000, id="deep"),
        b'"\\u0000"',
    ],
)
async def test_a_body_that_is_no_json_is_400(mock_client: httpx.AsyncClient, body: bytes) -> None:
    _assert_problem(await mock_client.post(DEBUG, content=body), "invalid_json")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ([], [""]),
        ({}, ["/value"]),
        ({"value": "32", "x": 1}, ["/value", "/x"]),
        ({"value": 1001}, ["/value"]),
        ({"inputs": {"value": 1}, "app_id": "sitefit"}, ["/tenant_id"]),
        ({"inputs": [], "app_id": "No!", "tenant_id": 1}, ["/app_id", "/tenant_id", "/inputs"]),
    ],
)
async def test_a_schema_violation_is_400_and_names_each_field(
    mock_client: httpx.AsyncClient, body: Any, pointers: list[str]
) -> None:
    problem = _assert_problem(await mock_client.post(DEBUG, json=body), "schema_violation")
    assert [entry["pointer"] for entry in problem["errors"]] == pointers


@pytest.mark.parametrize(
    ("path", "app_id"),
    [
        ("/gh/nothing:1.0.0/solve", None),
        ("/gh/sitefit:9.9.9/solve", None),
        ("/gh/sitefit:1.1/solve", None),
        ("/gh/..%2f..:etc/solve", None),
        (DEBUG, "other-app"),
    ],
)
async def test_an_unknown_app_definition_or_version_is_404(
    mock_client: httpx.AsyncClient, path: str, app_id: str | None
) -> None:
    tenant_id = "0a8f1f0e-3f0b-4a3e-9f55-0d1c0a5b7e11"
    body: Any = {"value": 1}
    if app_id is not None:
        body = {"app_id": app_id, "tenant_id": tenant_id, "inputs": body}
    response = await mock_client.post(path, json=body)
    code = "definition_not_found" if "%2f" not in path else "not_found"
    _assert_problem(response, code)


@pytest.mark.parametrize("path", ["/", "/gh/sitefit/solve", "/docs", "/openapi.json"])
async def test_an_unknown_path_is_404(mock_client: httpx.AsyncClient, path: str) -> None:
    _assert_problem(await mock_client.get(path), "not_found")


async def test_a_wrong_method_is_405_and_names_the_right_one(
    mock_client: httpx.AsyncClient,
) -> None:
    response = await mock_client.get(DEBUG)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.headers["content-type"] == MEDIA_TYPE
    assert (response.json()["status"], response.json()["code"]) == (405, "not_found")


async def _chunks() -> AsyncIterator[bytes]:
    for _ in range(11):
        yield b" " * 10_000


@pytest.mark.parametrize("body", [b" " * 100_001, _chunks])
async def test_a_body_over_the_limit_is_413(
    mock_client: httpx.AsyncClient, body: bytes | Callable[[], AsyncIterator[bytes]]
) -> None:
    content = body if isinstance(body, bytes) else body()
    _assert_problem(await mock_client.post(DEBUG, content=content), "payload_too_large")


async def test_inputs_without_a_solution_are_422(
    client: httpx.AsyncClient, minimal: dict[str, Any]
) -> None:
    large = {"coordinates": [[0, 0], [50, 0], [50, 50], [0, 50], [0, 0]]}
    response = await client.post("/gh/sitefit:1.0.0/solve", json=minimal | {"house": large})
    problem = _assert_problem(response, "domain_violation")
    [entry] = problem["errors"]
    assert (entry["pointer"], entry["code"]) == ("/results", "feasible")


async def test_a_failing_component_is_422_and_named(
    serve: Callable[..., Any], engine_url: str, own_contracts: Path
) -> None:
    definition = DefinitionBuilder("failing", "Raises.")
    value = definition.get_number("value")
    text = definition.python_script("Breaks", "raise ValueError('on purpose')", [], ("out",))
    definition.context_print("result", text["out"])
    definition.context_bake("echo", value)
    (own_contracts / "sitefit" / "1.1.0" / "sitefit.ghx").write_bytes(definition.to_ghx())
    client = await serve(
        COMPUTE_URL=engine_url, COMPUTE_API_KEY="a-key-for-tests", CONTRACTS_DIR=str(own_contracts)
    )
    problem = _assert_problem(await client.post(DEBUG, json={"value": 1}), "definition_error")
    [entry] = problem["errors"]
    assert "on purpose" in entry["message"]
    assert 'component "Python 3 Script" (' in entry["message"]


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (500, b"", "engine_error"),
        (500, b'{"error": "x", "message": "No compute server found"}', "engine_error"),
        (502, b"<html>502 - bad gateway at host secret-vm-7</html>", "engine_error"),
        (401, b"Unauthorized client.", "engine_error"),
        (200, b'{"values": [', "engine_error"),
        (200, json.dumps({"values": [], "errors": [FAULT]}).encode(), "definition_error"),
        (500, json.dumps({"values": [], "errors": [FAULT]}).encode(), "definition_error"),
        (200, b'{"values": []}', "output_contract_violation"),
        (200, json.dumps({"values": [WRONG_TEXT]}).encode(), "output_contract_violation"),
    ],
)
async def test_an_engines_answer_is_translated_and_never_passed_on(
    serve: Callable[..., Any], misbehaving: Any, status: int, body: bytes, code: str
) -> None:
    misbehaving.say(status, body)
    client = await serve(COMPUTE_URL=misbehaving.url)
    response = await client.post(DEBUG, json={"value": 1})
    _assert_problem(response, code)
    assert "secret-vm-7" not in response.text


async def test_outputs_outside_the_schema_are_502(
    serve: Callable[..., Any], engine_url: str, own_contracts: Path
) -> None:
    file = own_contracts / "sitefit" / "1.1.0" / "outputs.schema.json"
    schema = json.loads(file.read_bytes())
    schema["properties"]["result"]["maximum"] = 5
    file.write_text(json.dumps(schema))
    client = await serve(
        COMPUTE_URL=engine_url, COMPUTE_API_KEY="a-key-for-tests", CONTRACTS_DIR=str(own_contracts)
    )
    response = await client.post(DEBUG, json={"value": 1})
    problem = _assert_problem(response, "output_contract_violation")
    assert [entry["pointer"] for entry in problem["errors"]] == ["/result"]


async def test_a_connection_that_is_cut_is_502(serve: Callable[..., Any], misbehaving: Any) -> None:
    client = await serve(COMPUTE_URL=misbehaving.url)
    _assert_problem(await client.post(DEBUG, json={"value": 1}), "engine_error")
    assert misbehaving.requests


async def test_no_engine_is_503(serve: Callable[..., Any], unused_port: int) -> None:
    client = await serve(COMPUTE_URL=f"http://127.0.0.1:{unused_port}")
    _assert_problem(await client.post(DEBUG, json={"value": 1}), "engine_unreachable")


async def test_a_hanging_solve_is_504_and_cancelled(
    serve: Callable[..., Any], misbehaving: Any, own_contracts: Path
) -> None:
    file = own_contracts / "sitefit" / "1.1.0" / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_bytes()) | {"timeout_sec": 0.5}))
    misbehaving.answer = None
    client = await serve(COMPUTE_URL=misbehaving.url, CONTRACTS_DIR=str(own_contracts))
    problem = _assert_problem(await client.post(DEBUG, json={"value": 1}), "solve_timeout")
    assert problem["detail"] == "No result within 0.5 s."
    await misbehaving.left.wait()


async def test_what_nobody_foresaw_is_500_without_a_trace(
    serve: Callable[..., Any], own_contracts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = own_contracts / "sitefit" / "1.1.0" / "outputs.schema.json"
    schema = json.loads(file.read_bytes())
    schema["properties"]["result"] = {"type": "string", "pattern": "(a|b)"}
    file.write_text(json.dumps(schema))
    client = await serve(USE_COMPUTE="false", CONTRACTS_DIR=str(own_contracts))
    response = await client.post(DEBUG, json={"value": 1})
    _assert_problem(response, "internal")
    assert "sampled" not in response.text
    assert "ValueError" in capsys.readouterr().err
