"""`POST /gh/{definition}:{version}/solve`."""

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import JsonValue, ValidationError

from appserver.routes.disconnect import ClientGoneError, until_disconnect
from appserver.services import Services
from appserver.use_cases.solve import SolveOrder, solve
from contracts.errors import ContractViolationError, Violation
from contracts.json_text import parse_json
from contracts.model import JsonObject
from contracts.wire.solve import SolveRequest

CLIENT_CLOSED = 499
_ADDRESSED = ("app_id", "tenant_id")


def build(services: Services) -> APIRouter:
    """The route over these services."""
    router = APIRouter()

    @router.post("/gh/{definition}:{version}/solve")
    async def post_solve(request: Request, definition: str, version: str) -> Response:
        app_id, inputs = _read_body(parse_json(await request.body()), definition)
        served = services.registry.resolve(app_id, definition, version)
        ref = served.contract.ref
        structlog.contextvars.bind_contextvars(
            app_id=app_id, definition=ref.definition, version=ref.version
        )
        order = SolveOrder(app_id, served, inputs, request.state.trace)
        try:
            answer = await until_disconnect(request, solve(services, order))
        except ClientGoneError:
            return Response(status_code=CLIENT_CLOSED)
        return Response(answer.model_dump_json(), media_type="application/json")

    return router


def _read_body(body: JsonValue, definition: str) -> tuple[str, JsonObject]:
    """App id and inputs of either form: bare inputs belong to the app named like the definition.

    Raises:
        ContractViolationError: the body is neither form.
    """
    if not isinstance(body, dict):
        violation = Violation("", "type", "Must be of type object.")
        raise ContractViolationError("schema_violation", [violation])
    if "inputs" not in body or not any(name in body for name in _ADDRESSED):
        return definition, body
    try:
        addressed = SolveRequest.model_validate(body)
    except ValidationError as error:
        raise ContractViolationError("schema_violation", _violations(error)) from error
    structlog.contextvars.bind_contextvars(tenant_id=str(addressed.tenant_id))
    return addressed.app_id, addressed.inputs


def _violations(error: ValidationError) -> list[Violation]:
    return [
        Violation("".join(f"/{part}" for part in fault["loc"]), fault["type"], f"{fault['msg']}.")
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]
