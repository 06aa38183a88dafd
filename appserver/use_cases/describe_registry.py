"""Say what is served, and by which nodes: every app with every contract in its folder."""

from pydantic import JsonValue

from appserver.services import Services
from contracts.model import Contract, JsonObject


def describe_registry(services: Services) -> JsonObject:
    """`{apps: {app_id: [{definition, version, status, why, plugins_hash, .., nodes}]}}`.

    `retired`: a version in the app's own folder that its policy allows no more. `degraded`: some
    node cannot solve it, and `why` says what it lacks; as long as `can_solve`, others do.
    """
    contracts = sorted(services.registry.contracts.items(), key=lambda entry: str(entry[0]))
    apps: JsonObject = {}
    for app_id, policy in services.registry.policies.items():
        rows: list[JsonValue] = []
        for ref, served in contracts:
            if policy.allows(ref):
                rows.append(_row(services, served.contract))
            elif served.contract.folder.parent.name == app_id:
                rows.append(_identity(served.contract) | {"status": "retired"})
        apps[app_id] = rows
    return {"apps": apps}


def _row(services: Services, contract: Contract) -> JsonValue:
    readiness = services.solver.readiness(contract)
    nodes: list[JsonValue] = [finding.to_json() for finding in readiness.findings]
    return {
        **_identity(contract),
        "status": readiness.status,
        "can_solve": readiness.can_solve or not nodes,
        "why": [*readiness.why],
        "nodes": nodes,
    }


def _identity(contract: Contract) -> JsonObject:
    return {
        "definition": contract.ref.definition,
        "version": contract.ref.version,
        "channel": contract.manifest.channel,
        "engine": contract.plugins.engine.model_dump(mode="json"),
        "plugins_hash": contract.plugins_hash,
        "definition_hash": contract.definition_file.sha256,
    }
