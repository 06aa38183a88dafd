"""What a solve or preview request says, read once."""

from dataclasses import dataclass

import structlog
from pydantic import JsonValue, ValidationError
from starlette.requests import Request

from appserver.services import Services
from appserver.use_cases.admit import Caller
from contracts.errors import ContractViolationError, Violation
from contracts.json_text import parse_json
from contracts.model import JsonObject
from contracts.wire.grant import GRANT_HEADER
from contracts.wire.solve import SolveCallbackTarget, SolveRequest

_ADDRESSED = ("app_id", "tenant_id")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for which contract, on which inputs, and where reports go."""

    caller: Caller
    named: tuple[str, str]
    inputs: JsonObject
    callback: SolveCallbackTarget | None = None


async def read_asked(request: Request) -> Asked:
    """Read path, headers and body; bare inputs belong to the app named like the definition.

    Raises:
        JsonTextError: the body is no JSON.
        ContractViolationError: the body is neither form.
        BodyTooLargeError: it is over the limit.
    """
    named = (request.path_params["definition"], request.path_params["version"])
    body = parse_json(await request.body())
    trace = request.state.trace
    addressed = _read_addressed(body)
    if addressed is None:
        inputs = _object(body)
        structlog.contextvars.bind_contextvars(app_id=named[0])
        return Asked(Caller(named[0], None, None, trace), named, inputs)
    structlog.contextvars.bind_contextvars(
        app_id=addressed.app_id, tenant_id=str(addressed.tenant_id)
    )
    grant = request.headers.get(GRANT_HEADER)
    caller = Caller(addressed.app_id, addressed.tenant_id, grant, trace)
    return Asked(caller, named, addressed.inputs, addressed.callback)


def bind_contract(services: Services, asked: Asked) -> None:
    """Let the log lines of this request name the exact version, `stable` resolved."""
    ref = services.registry.resolve(asked.caller.app_id, *asked.named).contract.ref
    structlog.contextvars.bind_contextvars(definition=ref.definition, version=ref.version)


def _object(body: JsonValue) -> JsonObject:
    if not isinstance(body, dict):
        violation = Violation("", "type", "Must be of type object.")
        raise ContractViolationError("schema_violation", [violation])
    return body


def _read_addressed(body: JsonValue) -> SolveRequest | None:
    if not isinstance(body, dict) or "inputs" not in body:
        return None
    if not any(name in body for name in _ADDRESSED):
        return None
    try:
        return SolveRequest.model_validate(body)
    except ValidationError as error:
        raise ContractViolationError("schema_violation", _violations(error)) from error


def _violations(error: ValidationError) -> list[Violation]:
    return [
        Violation("".join(f"/{part}" for part in fault["loc"]), fault["type"], f"{fault['msg']}.")
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]
