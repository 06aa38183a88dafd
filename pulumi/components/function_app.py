"""The function app on its own Flex Consumption plan."""

from collections.abc import Mapping
from dataclasses import dataclass

import names
import pulumi
from placement import Placement, inside
from pulumi_azure_native import web


@dataclass(frozen=True, slots=True)
class FunctionAppArgs:
    """`package_url`: container of the deployed package. `always_ready`: instances by function."""

    place: Placement
    python_version: str
    memory_mb: int
    max_instances: int
    always_ready: Mapping[str, int]
    requests_per_instance: int
    subnet_id: pulumi.Input[str]
    identity_id: pulumi.Input[str]
    package_url: pulumi.Input[str]
    settings: Mapping[str, pulumi.Input[str]]


class FunctionApp(pulumi.ComponentResource):
    """Outputs: `site_id`, `site_name`, `url`. Azure allows one app on a Flex plan."""

    def __init__(self, name: str, args: FunctionAppArgs, opts: pulumi.ResourceOptions) -> None:
        super().__init__("kuduso:app:FunctionApp", name, opts=opts)
        plan = self._plan(args.place)
        site = self._site(args, plan)
        self.site_id = site.id
        self.site_name = args.place.name(names.FUNCTION_APP)
        self.url = site.default_host_name.apply(lambda host: f"https://{host}")
        self.register_outputs({"url": self.url})

    def _plan(self, place: Placement) -> web.AppServicePlan:
        return web.AppServicePlan(
            "plan",
            name=place.name(names.PLAN),
            resource_group_name=place.group,
            location=place.location,
            kind="functionapp",
            reserved=True,
            sku=web.SkuDescriptionArgs(name="FC1", tier="FlexConsumption"),
            tags=place.tags,
            opts=inside(self),
        )

    def _site(self, args: FunctionAppArgs, plan: web.AppServicePlan) -> web.WebApp:
        place = args.place
        return web.WebApp(
            "site",
            name=place.name(names.FUNCTION_APP),
            resource_group_name=place.group,
            location=place.location,
            kind="functionapp,linux",
            server_farm_id=plan.id,
            reserved=True,
            https_only=True,
            public_network_access="Enabled",
            virtual_network_subnet_id=args.subnet_id,
            identity=web.ManagedServiceIdentityArgs(
                type=web.ManagedServiceIdentityType.USER_ASSIGNED,
                user_assigned_identities=[args.identity_id],
            ),
            key_vault_reference_identity=args.identity_id,
            function_app_config=_flex(args),
            site_config=_site_config(args.settings),
            tags=place.tags,
            opts=inside(self),
        )


def _site_config(settings: Mapping[str, pulumi.Input[str]]) -> web.SiteConfigArgsDict:
    """A dict: SiteConfigArgs adds a netFrameworkVersion, which Flex refuses in some regions."""
    return web.SiteConfigArgsDict(
        min_tls_version=web.SupportedTlsVersions.SUPPORTED_TLS_VERSIONS_1_2,
        ftps_state=web.FtpsState.DISABLED,
        http20_enabled=True,
        health_check_path="/health",
        app_settings=[
            web.NameValuePairArgsDict(name=setting, value=value)
            for setting, value in sorted(settings.items())
        ],
    )


def _flex(args: FunctionAppArgs) -> web.FunctionAppConfigArgs:
    return web.FunctionAppConfigArgs(
        deployment=web.FunctionsDeploymentArgs(
            storage=web.FunctionsDeploymentStorageArgs(
                type="blobContainer",
                value=args.package_url,
                authentication=web.FunctionsDeploymentStorageAuthenticationArgs(
                    type="UserAssignedIdentity",
                    user_assigned_identity_resource_id=args.identity_id,
                ),
            )
        ),
        runtime=web.FunctionsRuntimeArgs(name="python", version=args.python_version),
        scale_and_concurrency=web.FunctionsScaleAndConcurrencyArgs(
            instance_memory_mb=args.memory_mb,
            maximum_instance_count=args.max_instances,
            always_ready=[
                web.FunctionsAlwaysReadyConfigArgs(name=function, instance_count=count)
                for function, count in sorted(args.always_ready.items())
                if count
            ],
            triggers=web.FunctionsScaleAndConcurrencyTriggersArgs(
                http=web.FunctionsScaleAndConcurrencyTriggersHttpArgs(
                    per_instance_concurrency=args.requests_per_instance
                )
            ),
        ),
    )
