"""Where containers run: inside the network only."""

from dataclasses import dataclass

import names
import pulumi
from placement import Placement, inside
from pulumi_azure_native import app, privatedns

from components.private_endpoint import ZoneArgs, private_zone


@dataclass(frozen=True, slots=True)
class ContainerEnvironmentArgs:
    """The network; `is_redundant` spreads it over the region's zones."""

    place: Placement
    subnet_id: pulumi.Input[str]
    network_id: pulumi.Input[str]
    is_redundant: bool


class ContainerEnvironment(pulumi.ComponentResource):
    """Outputs: `environment_id`. A zone that the network sees resolves its containers' names."""

    def __init__(self, name: str, args: ContainerEnvironmentArgs) -> None:
        super().__init__("kuduso:platform:ContainerEnvironment", name)
        place = args.place
        environment = app.ManagedEnvironment(
            "environment",
            environment_name=place.name(names.CONTAINER_ENVIRONMENT),
            resource_group_name=place.group,
            location=place.location,
            vnet_configuration=app.VnetConfigurationArgs(
                infrastructure_subnet_id=args.subnet_id, internal=True
            ),
            public_network_access="Disabled",
            workload_profiles=[
                app.WorkloadProfileArgs(name="Consumption", workload_profile_type="Consumption")
            ],
            app_logs_configuration=app.AppLogsConfigurationArgs(destination="azure-monitor"),
            zone_redundant=args.is_redundant,
            tags=place.tags,
            opts=inside(self),
        )
        self.environment_id = environment.id
        zone = private_zone(
            "containers", ZoneArgs(place, environment.default_domain, args.network_id), self
        )
        privatedns.PrivateRecordSet(
            "containers-address",
            relative_record_set_name="*",
            record_type="A",
            private_zone_name=zone.name,
            resource_group_name=place.group,
            ttl=300,
            a_records=[privatedns.ARecordArgs(ipv4_address=environment.static_ip)],
            opts=inside(self),
        )
        self.register_outputs({"environment_id": environment.id})
