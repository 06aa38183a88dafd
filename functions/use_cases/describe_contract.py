"""Show one contract with its schemas."""

from contracts.errors import UnknownContractError
from contracts.model import JsonObject
from functions.domain.caller import Caller
from functions.domain.errors import DefinitionNotFoundError
from functions.services import Services
from functions.use_cases.describe_contracts import contract_summary
from functions.use_cases.require_app import require_app


def describe_contract(
    services: Services, caller: Caller, app_id: str, definition: str | None, version: str
) -> JsonObject:
    """The contract that a submission with this definition and version (or `stable`) would run.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
        DefinitionNotFoundError: the app has no such contract.
    """
    require_app(services, caller, app_id)
    try:
        served = services.registry.resolve(app_id, definition, version)
    except UnknownContractError as error:
        raise DefinitionNotFoundError(str(error)) from error
    summary = contract_summary(services.registry, app_id, served)
    documents: JsonObject = {
        "app_id": app_id,
        "inputs_schema": served.contract.inputs_schema,
        "outputs_schema": served.contract.outputs_schema,
        "plugins": served.contract.plugins.model_dump(mode="json"),
    }
    return summary | documents
