"""What an app's stack reads of its platform."""

from dataclasses import dataclass, fields
from typing import cast

import pulumi
from config_values import StackConfigError
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
    """Outputs of the environment's platform; one that is missing stops the preview.

    Raises:
        StackConfigError: when an output is awaited that the platform does not have yet.
    """
    name = f"{pulumi.get_organization()}/{pulumi.get_project()}/{env}-{PLATFORM}"
    platform = pulumi.StackReference(name)
    return PlatformOutputs(*(_required(platform, one.name) for one in fields(PlatformOutputs)))


def _required(platform: pulumi.StackReference, output: str) -> pulumi.Output[str]:
    def known(value: object) -> str:
        if value is None:
            raise StackConfigError(
                f"the platform has no {output!r} yet: deploy it first, without bootstrap"
            )
        return cast("str", value)

    return platform.get_output(output).apply(known)
