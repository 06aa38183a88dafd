"""Say what an app can run."""

from collections.abc import Iterable

from contracts.model import JsonObject
from contracts.registry import Registry, ServedContract
from contracts.versions import Version
from functions.domain.caller import Caller
from functions.services import Services
from functions.use_cases.require_app import require_app


def describe_contracts(services: Services, caller: Caller, app_id: str) -> JsonObject:
    """Every contract that the app may run, without its schemas, and the stable versions.

    Raises:
        NotFoundError: this function app does not serve the app.
        ForbiddenError: the caller may not use the app.
    """
    require_app(services, caller, app_id)
    found = list(allowed_contracts(services.registry, app_id))
    stable: JsonObject = {
        served.contract.ref.definition: served.contract.ref.version
        for served in found
        if served.contract.manifest.channel == "stable"
    }
    return {
        "app_id": app_id,
        "stable": stable,
        "contracts": [*(contract_summary(services.registry, app_id, served) for served in found)],
    }


def allowed_contracts(registry: Registry, app_id: str) -> Iterable[ServedContract]:
    """The contracts of an app, by definition and ascending version."""
    policy = registry.policy(app_id)
    refs = [ref for ref in registry.contracts if policy.allows(ref)]
    refs.sort(key=lambda ref: (ref.definition, Version.parse(ref.version)))
    return (registry.contracts[ref] for ref in refs)


def contract_summary(registry: Registry, app_id: str, served: ServedContract) -> JsonObject:
    """A contract without its schemas; its limits as the app's policy overrides them."""
    contract, manifest = served.contract, served.contract.manifest
    ref = contract.ref
    query = "" if ref.definition == app_id else f"?definition={ref.definition}"
    return {
        "definition": ref.definition,
        "version": ref.version,
        "channel": manifest.channel,
        "execution": manifest.execution,
        "timeout_s": manifest.timeout_sec,
        "limits": registry.limits(app_id, contract).model_dump(mode="json"),
        "concurrency": manifest.concurrency.model_dump(mode="json", by_alias=True),
        "units": manifest.units.model_dump(mode="json"),
        "links": {"self": f"/{app_id}/contracts/{ref.version}{query}"},
    }
