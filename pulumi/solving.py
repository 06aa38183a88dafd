"""What solves: nodes, the AppServer in front of them, the collector; watched and scaled."""

from collections.abc import Mapping

import names
import pulumi
from app_policies import nodes_for
from appserver_settings import appserver_settings
from components import vault
from components.appserver import SECRETS, AppServer, AppServerArgs
from components.autoscale import Autoscale, AutoscaleArgs
from components.collector import Collector, CollectorArgs
from components.container_environment import ContainerEnvironment, ContainerEnvironmentArgs
from components.diagnostics import DiagnosticsArgs, diagnose
from components.identity import Identity, IdentityArgs
from components.load_balancer import LoadBalancer, LoadBalancerArgs
from components.own_role import OwnRole, OwnRoleArgs
from components.scale_set import ScaleSet, ScaleSetArgs
from foundation import Foundation
from monitoring.alerts import Told
from monitoring.dashboard import Dashboard, DashboardArgs
from monitoring.platform_alerts import PlatformAlerts, PlatformAlertsArgs
from names import queue_name
from roles import Role
from stack_config import NodeConfig, PlatformConfig, read_appserver, read_nodes

from contracts.policy import Policy

_SCALE_SETS = "Microsoft.Compute/virtualMachineScaleSets"
_OF_NODES = (vault.RHINO_TOKEN, vault.COMPUTE_API_KEY, vault.NODE_AGENT_KEY)


def build_solving(
    found: Foundation, config: PlatformConfig, policies: Mapping[str, Policy]
) -> None:
    """Declare the nodes and the AppServer; exports the AppServer's and the collector's URLs."""
    balancer = LoadBalancer(
        "balancer",
        LoadBalancerArgs(
            found.place, found.network.compute_subnet_id, found.ranges.balancer_address
        ),
    )
    workspace = found.observability.workspace_id
    diagnose("balancer", DiagnosticsArgs(balancer.balancer_id, workspace, has_logs=False), balancer)
    nodes = _nodes(found, balancer, policies)
    appserver = _containers(found, config, nodes)
    _watch(found, config, balancer, nodes, appserver)


def _nodes(found: Foundation, balancer: LoadBalancer, policies: Mapping[str, Policy]) -> ScaleSet:
    config, place = read_nodes(), found.place
    identity = Identity("node-identity", IdentityArgs(place, found.subscription_id, "nodes"))
    nodes = _scale_set(found, config, balancer, identity)
    OwnRole(
        "protect-instances",
        OwnRoleArgs(
            place,
            "nodes protect themselves from scale-in while they solve",
            [f"{_SCALE_SETS}/virtualMachines/{verb}" for verb in ("read", "write")],
            nodes.scale_set_id,
            identity,
        ),
    )
    Autoscale(
        "autoscale",
        AutoscaleArgs(
            place=place,
            scale_set_id=nodes.scale_set_id,
            namespace_id=found.bus.namespace_id,
            queues=[queue_name(app_id) for app_id in policies],
            seats=config.seats,
            least=config.least,
            most=max(config.least, nodes_for(policies, config.seats, config.most)),
            off_hours=config.off_hours,
            time_zone=config.time_zone,
        ),
    )
    return nodes


def _scale_set(
    found: Foundation, config: NodeConfig, balancer: LoadBalancer, identity: Identity
) -> ScaleSet:
    image = pulumi.Output.concat(found.gallery.image_id, "/versions/", config.image_version)
    return ScaleSet(
        "nodes",
        ScaleSetArgs(
            place=found.place,
            image_id=image,
            size=config.size,
            seats=config.seats,
            count=config.least,
            subnet_id=found.network.compute_subnet_id,
            pool_id=balancer.pool_id,
            probe_id=balancer.probe_id,
            identity_id=identity.identity_id,
            client_id=identity.client_id,
            vault_uri=found.vault.uri,
            admin_password=pulumi.Config().require_secret("node-admin-password"),
        ),
        pulumi.ResourceOptions(depends_on=[*_may_read(identity, found, *_OF_NODES), balancer]),
    )


def _containers(found: Foundation, config: PlatformConfig, nodes: ScaleSet) -> AppServer:
    place = found.place
    environment = ContainerEnvironment(
        "containers",
        ContainerEnvironmentArgs(
            place,
            found.network.containers_subnet_id,
            found.network.network_id,
            config.premium,
        ),
    )
    workspace = found.observability.workspace_id
    diagnose("containers", DiagnosticsArgs(environment.environment_id, workspace), environment)
    collector = Collector(
        "collector",
        CollectorArgs(place, environment.environment_id, found.observability.connection_string),
    )
    appserver = _appserver(found, config, nodes, environment, collector)
    pulumi.export("appserver_url", appserver.url)
    pulumi.export("collector_url", collector.url)
    return appserver


def _appserver(
    found: Foundation,
    config: PlatformConfig,
    nodes: ScaleSet,
    environment: ContainerEnvironment,
    collector: Collector,
) -> AppServer:
    wanted = read_appserver()
    identity, grants = _appserver_identity(found, nodes)
    return AppServer(
        "appserver",
        AppServerArgs(
            place=found.place,
            environment_id=environment.environment_id,
            identity_id=identity.identity_id,
            login_server=found.registry.login_server,
            image=wanted.image,
            replicas=(wanted.replicas_min, wanted.replicas_max),
            vault_uri=found.vault.uri,
            settings=appserver_settings(
                config, read_nodes(), nodes.scale_set_id, identity.client_id, collector.url
            ),
        ),
        pulumi.ResourceOptions(depends_on=grants),
    )


def _appserver_identity(
    found: Foundation, nodes: ScaleSet
) -> tuple[Identity, list[pulumi.Resource]]:
    identity = Identity(
        "appserver-identity", IdentityArgs(found.place, found.subscription_id, "appserver")
    )
    OwnRole(
        "list-nodes",
        OwnRoleArgs(
            found.place,
            "the AppServer finds the nodes by their addresses",
            [f"{_SCALE_SETS}/networkInterfaces/read"],
            nodes.scale_set_id,
            identity,
        ),
    )
    grants = _may_read(identity, found, *SECRETS.values())
    return identity, [*grants, identity.may(Role.ACR_PULL, found.registry.registry_id, "images")]


def _may_read(identity: Identity, found: Foundation, *secrets: str) -> list[pulumi.Resource]:
    """One secret at a time: nobody may read the whole vault."""
    return [
        identity.may(Role.SECRETS_USER, found.vault.secret_ids[secret], secret.lower())
        for secret in secrets
    ]


def _watch(
    found: Foundation,
    config: PlatformConfig,
    balancer: LoadBalancer,
    nodes: ScaleSet,
    appserver: AppServer,
) -> None:
    PlatformAlerts(
        "alerts",
        PlatformAlertsArgs(
            told=Told(found.place, found.operators.group_id, config.runbooks),
            workspace_id=found.observability.workspace_id,
            namespace_id=found.bus.namespace_id,
            vault_id=found.vault.vault_id,
            artifacts_id=found.artifacts.account_id,
            balancer_id=balancer.balancer_id,
            appserver_id=appserver.app_id,
            appserver_name=found.place.name(names.CONTAINER_APP),
        ),
    )
    Dashboard(
        "dashboard",
        DashboardArgs(
            place=found.place,
            namespace_id=found.bus.namespace_id,
            balancer_id=balancer.balancer_id,
            scale_set_id=nodes.scale_set_id,
            appserver_id=appserver.app_id,
            artifacts_id=found.artifacts.account_id,
        ),
    )
