"""What a durableClient binding gives the SDK, and the URLs by which an instance is managed.

Source: HttpApiHandler.cs and BindingHelper.cs of
https://github.com/Azure/azure-functions-durable-extension
"""

from dataclasses import dataclass
from urllib.parse import quote_plus

from devstack.functions_host.durable.history import compact

WEBHOOK = "/runtime/webhooks/durabletask"
RPC = "/durabletask"
_CONNECTION = "Storage"


@dataclass(frozen=True, slots=True)
class HubAddress:
    """Where a hub is reached; the key is the extension's system key."""

    hub_name: str
    webhook_url: str
    rpc_url: str
    key: str

    def binding(self) -> str:
        """The value of a durableClient parameter."""
        create = f"{self.webhook_url}/orchestrators/{{functionName}}[/{{instanceId}}]"
        pace = "timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}"
        return compact(
            {
                "taskHubName": self.hub_name,
                "connectionName": None,
                "creationUrls": {
                    "createNewInstancePostUri": f"{create}?code={self.key}",
                    "createAndWaitOnNewInstancePostUri": f"{create}?{pace}&code={self.key}",
                },
                "managementUrls": management_urls(
                    self.webhook_url, "INSTANCEID", self.hub_name, self.key
                ),
                "baseUrl": self.webhook_url,
                "requiredQueryStringParameters": f"code={self.key}",
                # The SDK appends to it, so it ends in a slash.
                "rpcBaseUrl": f"{self.rpc_url}/",
                "httpBaseUrl": None,
            }
        )


def management_urls(base_url: str, instance_id: str, hub_name: str, key: str) -> dict[str, str]:
    """The links of a check-status answer."""
    query = f"taskHub={hub_name}&connection={_CONNECTION}&code={key}"
    path = f"{base_url}/instances/{quote_plus(instance_id)}"
    return {
        "id": instance_id,
        "statusQueryGetUri": f"{path}?{query}",
        "sendEventPostUri": f"{path}/raiseEvent/{{eventName}}?{query}",
        "terminatePostUri": f"{path}/terminate?reason={{text}}&{query}",
        "rewindPostUri": f"{path}/rewind?reason={{text}}&{query}",
        "purgeHistoryDeleteUri": f"{path}?{query}",
        "restartPostUri": f"{path}/restart?{query}",
        "suspendPostUri": f"{path}/suspend?reason={{text}}&{query}",
        "resumePostUri": f"{path}/resume?reason={{text}}&{query}",
    }
