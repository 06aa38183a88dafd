"""What Azure would answer once a resource exists: only what the programs read, deterministic."""

import uuid
from collections.abc import Callable
from typing import cast

from offline.arm_types import SUBSCRIPTION
from offline.values import Properties

_REGION = "example.westeurope.azurecontainerapps.io"


def guid(seed: str) -> str:
    """The same GUID for the same text."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, seed))


CLIENT_CONFIG: Properties = {
    "subscriptionId": SUBSCRIPTION.rsplit("/", 1)[-1],
    "tenantId": guid("tenant"),
    "clientId": guid("client"),
    "objectId": guid("object"),
}


def answer(pulumi_type: str, resource_id: str, inputs: Properties) -> Properties:
    """Outputs of a resource beyond its inputs."""
    name = resource_id.rsplit("/", 1)[-1]
    make = _ANSWERS.get(pulumi_type.rsplit(":", 1)[-1])
    outputs: Properties = {"name": name}
    if "identity" in inputs:
        outputs["identity"] = {"type": "UserAssigned"}
    return outputs | (make(name, resource_id, inputs) if make else {})


def _identity(_name: str, resource_id: str, _inputs: Properties) -> Properties:
    return {
        "principalId": guid(resource_id),
        "clientId": guid(f"{resource_id}/client"),
        "tenantId": guid("tenant"),
    }


def _account(name: str, _id: str, _inputs: Properties) -> Properties:
    parts = ("blob", "queue", "table", "file")
    return {"primaryEndpoints": {one: f"https://{name}.{one}.core.windows.net/" for one in parts}}


def _vault(name: str, _id: str, inputs: Properties) -> Properties:
    return {
        "properties": _members(inputs, "properties")
        | {"vaultUri": f"https://{name}.vault.azure.net/"}
    }


def _insights(_name: str, resource_id: str, _inputs: Properties) -> Properties:
    return {"connectionString": f"InstrumentationKey={guid(resource_id)}"}


def _registry(name: str, _id: str, _inputs: Properties) -> Properties:
    return {"loginServer": f"{name}.azurecr.io"}


def _environment(_name: str, _id: str, _inputs: Properties) -> Properties:
    return {"defaultDomain": _REGION, "staticIp": "10.20.16.4"}


def _container_app(name: str, _id: str, inputs: Properties) -> Properties:
    configuration = _members(inputs, "configuration")
    ingress = _members(configuration, "ingress") | {"fqdn": f"{name}.{_REGION}"}
    return {"configuration": configuration | {"ingress": ingress}}


def _members(inputs: Properties, name: str) -> Properties:
    return {**cast("Properties", inputs[name])}


def _site(name: str, _id: str, _inputs: Properties) -> Properties:
    return {"defaultHostName": f"{name}.azurewebsites.net"}


def _address(_name: str, _id: str, _inputs: Properties) -> Properties:
    return {"ipAddress": "203.0.113.10"}


_ANSWERS: dict[str, Callable[[str, str, Properties], Properties]] = {
    "UserAssignedIdentity": _identity,
    "StorageAccount": _account,
    "Vault": _vault,
    "Component": _insights,
    "Registry": _registry,
    "ManagedEnvironment": _environment,
    "ContainerApp": _container_app,
    "WebApp": _site,
    "PublicIPAddress": _address,
}
