"""The OpenAPI 3.1 document, written from the table of endpoints and the contracts."""

import re
from collections.abc import Iterable

from pydantic import JsonValue

from contracts.model import JsonObject
from contracts.registry import Registry
from contracts.wire.preview import HINT_HEADER
from contracts.wire.problem import MEDIA_TYPE, PROBLEMS, ProblemCode
from functions.blueprints.openapi_parameters import PARAMETERS, PATH_PARAMETERS
from functions.blueprints.openapi_resources import ref
from functions.blueprints.openapi_schemas import component_schemas
from functions.blueprints.operations import Operation, served

# What any endpoint may answer with, and what any endpoint with a token may.
EVERYWHERE: tuple[ProblemCode, ...] = ("internal",)
WITH_TOKEN: tuple[ProblemCode, ...] = ("unauthenticated",)
_SCHEME = "bearer"
_ANSWER_HEADERS = {
    "x-correlation-id": "Names this request in every log line.",
    "traceparent": "W3C trace context.",
    "Location": "Where the job's state is read.",
    "Retry-After": "Seconds to wait before the next request.",
    "Link": "The next page, with `rel=next`.",
    "ETag": "Of the job's state, without its place in the queue.",
    "Idempotency-Replayed": "`true` when the key had this answer already.",
    "Preference-Applied": "What was honoured of `Prefer`.",
    HINT_HEADER: "What to do when there is no preview now.",
}
_ON_EVERY_ANSWER = ("x-correlation-id", "traceparent")
_BY_SCHEMA = {
    "SubmittedJob": ("Location", "Retry-After", "Idempotency-Replayed", "Preference-Applied"),
    "SubmittedJobOrCheck": ("Location", "Idempotency-Replayed", "Preference-Applied"),
    "BatchOutcome": ("Idempotency-Replayed",),
    "Job": ("ETag", "Retry-After"),
    "JobList": ("Link",),
    "LayoutState": ("Retry-After",),
}


def openapi_document(
    operations: Iterable[Operation], registry: Registry, app_ids: Iterable[str]
) -> JsonObject:
    """Every described endpoint; one under `{app_id}` once for each app, with that app's schemas."""
    apps = list(app_ids)
    paths: dict[str, JsonObject] = {}
    for operation in served(operations, apps):
        if not operation.is_described:
            continue
        for app_id in apps if "{app_id}" in operation.route else [operation.app_id]:
            path = "/" + operation.route.replace("{app_id}", app_id or "")
            paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, app_id)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kuduso job API",
            "version": "1",
            "description": "Grasshopper definitions as jobs: submit, watch, read the result.",
        },
        "paths": dict(paths),
        "components": {
            "schemas": component_schemas(registry, apps),
            "parameters": dict(PARAMETERS),
            "headers": {name: _header(text) for name, text in _ANSWER_HEADERS.items()},
            "securitySchemes": {
                _SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def _operation(operation: Operation, app_id: str | None) -> JsonObject:
    suffix = f"_{app_id}" if "{app_id}" in operation.route else ""
    described: JsonObject = {
        "operationId": operation.name + suffix,
        "x-function": operation.name,
        "summary": operation.summary,
        "tags": [app_id or "platform"],
        "parameters": _parameters(operation),
        "responses": _responses(operation, app_id),
        "security": [] if operation.is_public else [{_SCHEME: []}],
    }
    if operation.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _schema(operation.body, app_id)}},
        }
    return described


def _parameters(operation: Operation) -> list[JsonValue]:
    in_route = re.findall(r"\{(\w+)\}", operation.route)
    in_path: list[JsonValue] = [PATH_PARAMETERS[name] for name in in_route if name != "app_id"]
    names = (*operation.parameters, "correlation_id", "traceparent")
    shared: list[JsonValue] = [{"$ref": f"#/components/parameters/{name}"} for name in names]
    return [*in_path, *shared]


def _responses(operation: Operation, app_id: str | None) -> JsonObject:
    responses: JsonObject = {}
    codes = (*operation.problems, *EVERYWHERE, *(() if operation.is_public else WITH_TOKEN))
    for code in codes:
        status = str(PROBLEMS[code].status)
        alike: list[ProblemCode] = sorted({c for c in codes if str(PROBLEMS[c].status) == status})
        wait = ("Retry-After",) if any(PROBLEMS[c].retryable for c in alike) else ()
        responses[status] = _response(", ".join(alike), MEDIA_TYPE, ref("Problem"), wait)
    for status, name in operation.answers.items():
        schema = None if name is None else _schema(name, app_id)
        headers = (*_BY_SCHEMA.get(name or "", ()), *operation.answer_headers.get(status, ()))
        answer = _response(operation.summary, "application/json", schema, headers)
        content = answer.get("content")
        if isinstance(content, dict):
            content |= {name: {"schema": {"type": "string"}} for name in operation.texts}
        responses[str(status)] = answer
    return dict(sorted(responses.items()))


def _response(
    description: str, media_type: str, schema: JsonObject | None, headers: tuple[str, ...]
) -> JsonObject:
    names = (*_ON_EVERY_ANSWER, *headers)
    response: JsonObject = {
        "description": description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
    }
    if schema is not None:
        response["content"] = {media_type: {"schema": schema}}
    return response


def _schema(name: str, app_id: str | None) -> JsonObject:
    return ref(name.replace("{app}", app_id or ""))


def _header(description: str) -> JsonObject:
    return {"description": description, "schema": {"type": "string"}}
