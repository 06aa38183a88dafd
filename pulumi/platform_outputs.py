"""What an app's stack reads of its platform."""

from dataclasses import dataclass, fields

import pulumi
from stack_config import PLATFORM


@dataclass(frozen=True, slots=True)
class PlatformOutputs:
    """Exports of `<env>-platform`, by name."""

    platform_group: pulumi.Output[str]
    workspace_id: pulumi.Output[str]
    insights_id: pulumi.Output[str]
    insights_connection_string: pulumi.Output[str]
    functions_subnet_id: pulumi.Output[str]
    namespace_id: pulumi.Output[str]
    namespace_name: pulumi.Output[str]
    namespace_host: pulumi.Output[str]
    vault_id: pulumi.Output[str]
    vault_uri: pulumi.Output[str]
    artifacts_account_id: pulumi.Output[str]
    artifacts_container_id: pulumi.Output[str]
    artifacts_url: pulumi.Output[str]
    action_group_id: pulumi.Output[str]
    appserver_url: pulumi.Output[str]
    collector_url: pulumi.Output[str]
    jwks_url: pulumi.Output[str]
    jwt_issuer: pulumi.Output[str]


def read_outputs(env: str) -> PlatformOutputs:
    """Outputs of the environment's platform; one that is missing stops the preview."""
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{env}-{PLATFORM}"
    platform = pulumi.StackReference(name)
    found: list[pulumi.Output[str]] = [
        platform.require_output(one.name) for one in fields(PlatformOutputs)
    ]
    return PlatformOutputs(*found)
