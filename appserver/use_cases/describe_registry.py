"""Say what is served: every app with every contract that its policy allows."""

from pydantic import JsonValue

from appserver.services import Services
from contracts.model import Contract, JsonObject


def describe_registry(services: Services) -> JsonObject:
    """`{apps: {app_id: [{definition, version, channel, plugins_hash, definition_hash, ..}]}}`."""
    contracts = sorted(services.registry.contracts.items(), key=lambda entry: str(entry[0]))
    apps: JsonObject = {}
    for app_id, policy in services.registry.policies.items():
        rows: list[JsonValue] = [
            _row(served.contract) for ref, served in contracts if policy.allows(ref)
        ]
        apps[app_id] = rows
    return {"apps": apps}


def _row(contract: Contract) -> JsonValue:
    return {
        "definition": contract.ref.definition,
        "version": contract.ref.version,
        "channel": contract.manifest.channel,
        "engine": contract.plugins.engine.model_dump(mode="json"),
        "plugins_hash": contract.plugins_hash,
        "definition_hash": contract.definition_file.sha256,
        "status": "ready",
    }
