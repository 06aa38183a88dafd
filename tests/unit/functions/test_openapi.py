"""The OpenAPI document is valid, complete, and typed by the contracts."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, cast

import azure.functions as func
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry as References
from referencing import Resource
from referencing.jsonschema import DRAFT202012

from contracts.registry import Registry
from functions.blueprints.openapi_document import openapi_document
from functions.bootstrap import ENDPOINTS, build_blueprints
from functions.domain.job_resource import submitted_job
from functions.domain.layout_resource import layout_state
from tests.builders.jobs import a_job
from tests.e2e.conftest import example

SITE = Path(__file__).parents[3] / "contracts/layouts/1.0.0/examples/valid/minimal.json"


@cache
def document() -> dict[str, Any]:
    return openapi_document(ENDPOINTS, Registry.load(), ["sitefit", "layouts"])


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


def is_valid(schema: str, value: Any) -> bool:
    resource = Resource(contents=document(), specification=DRAFT202012)
    references = cast("Any", References()).with_resource("urn:api", resource)
    reference = {"$ref": f"urn:api#/components/schemas/{schema}"}
    return Draft202012Validator(reference, registry=references).is_valid(value)


def test_the_document_is_valid_openapi() -> None:
    validate(document())


def test_every_http_function_is_described_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("APP_IDS", "sitefit,layouts")
    app = func.FunctionApp()
    for blueprint in build_blueprints():
        app.register_functions(blueprint)
    registered = {
        (trigger.route, method.value, function.get_function_name())
        for function in app.get_functions()
        if (trigger := cast("Any", function.get_trigger())).type == "httpTrigger"
        for method in trigger.methods
        # What answers wherever nothing is, browsers' preflights, and what only the AppServer calls.
        if trigger.route not in ("{*path}", "solve-reports/{job_id}")
    }
    described = {
        (route_of(path), method.upper(), one["x-function"]) for path, method, one in operations()
    }
    assert described == registered


def route_of(path: str) -> str:
    return re.sub("^(sitefit|layouts)/", "{app_id}/", path.removeprefix("/"))


def test_paths_of_an_app_that_is_not_served_are_not_described() -> None:
    other = openapi_document(ENDPOINTS, Registry.load(), ["sitefit"])
    assert "/api/layouts/generate" in document()["paths"]
    assert "layouts" not in json.dumps(other["paths"])
    validate(other)


def test_operations_have_distinct_ids() -> None:
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))


def test_a_token_is_needed_but_for_health_and_the_document() -> None:
    public = {path for path, _, operation in operations() if operation["security"] == []}
    assert public == {"/health", "/health/ready", "/openapi.json"}
    for _, _, operation in operations():
        assert ("401" in operation["responses"]) == bool(operation["security"])
        assert "500" in operation["responses"]


def test_submissions_are_typed_by_definition_and_version() -> None:
    minimal = example("minimal")
    assert is_valid("Submission_sitefit", {"inputs": minimal})
    assert is_valid("Submission_sitefit", {"version": "stable", "inputs": minimal})
    assert is_valid("Submission_sitefit", {"version": "1.1.0", "inputs": {"value": 1}})
    assert not is_valid("Submission_sitefit", {"inputs": {"value": 1}})
    assert not is_valid("Submission_sitefit", {"version": "1.1.0", "inputs": {"value": "x"}})
    assert not is_valid("Submission_sitefit", {"version": "9.9.9", "inputs": {"value": 1}})
    open_shape = minimal | {"parcel": {"coordinates": [[0, 0]]}}
    assert not is_valid("Submission_sitefit", {"inputs": open_shape})
    assert is_valid("Submission", {"app_id": "sitefit", "inputs": minimal})
    assert is_valid("Batch_sitefit", {"jobs": [{"inputs": minimal}], "atomic": True})
    assert not is_valid("Batch_sitefit", {"jobs": [{"inputs": {}}]})


def test_layouts_are_typed_by_their_contract() -> None:
    inputs = json.loads(SITE.read_text())
    assert is_valid("Inputs_layouts", inputs)
    assert not is_valid("Inputs_layouts", {"inputs": inputs})
    state = layout_state(submitted_job(a_job(app_id="layouts")), None)
    assert is_valid("LayoutState", state)
    assert is_valid("LayoutOrState", state)
    assert not is_valid("LayoutState", state | {"status": "running"})
    assert not is_valid("Layout", state)


def test_results_are_typed_by_the_contracts() -> None:
    assert is_valid("Result_sitefit", {"result": 42})
    assert not is_valid("Result_sitefit", {"result": "x"})
