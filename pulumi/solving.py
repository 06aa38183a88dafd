"""What solves: nodes, the AppServer in front of them, the collector; watched and scaled."""

from collections.abc import Mapping

import names
import pulumi
from app_policies import nodes_for
from components import vault
from components.appserver import AppServer, AppServerArgs
from components.autoscale import Autoscale, AutoscaleArgs
from components.collector import Collector, CollectorArgs
from components.container_environment import ContainerEnvironment, ContainerEnvironmentArgs
from components.diagnostics import DiagnosticsArgs, diagnose
from components.drain_role import DrainRole, DrainRoleArgs
from components.identity import Identity, IdentityArgs
from components.load_balancer import LoadBalancer, LoadBalancerArgs
from components.scale_set import ScaleSet, ScaleSetArgs
from foundation import Foundation
from monitoring.alerts import Told
from monitoring.dashboard import Dashboard, DashboardArgs
from monitoring.platform_alerts import PlatformAlerts, PlatformAlertsArgs
from names import queue_name
from roles import Role
from stack_config import PlatformConfig, read_appserver, read_nodes

from contracts.policy import Policy


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
    appserver = _containers(found, config)
    _watch(found, balancer, nodes, appserver)


def _nodes(found: Foundation, balancer: LoadBalancer, policies: Mapping[str, Policy]) -> ScaleSet:
    config, place = read_nodes(), found.place
    identity = Identity("node-identity", IdentityArgs(place, found.subscription_id, "nodes"))
    grants = _may_read(identity, found, vault.RHINO_TOKEN, vault.COMPUTE_API_KEY)
    nodes = ScaleSet(
        "nodes",
        ScaleSetArgs(
            place=place,
            image_id=pulumi.Output.concat(
                found.gallery.image_id, "/versions/", config.image_version
            ),
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
        pulumi.ResourceOptions(depends_on=[*grants, balancer]),
    )
    DrainRole("drain-role", DrainRoleArgs(place, nodes.scale_set_id, identity))
    most = max(config.least, nodes_for(policies, config.seats, config.most))
    Autoscale(
        "autoscale",
        AutoscaleArgs(
            place=place,
            scale_set_id=nodes.scale_set_id,
            namespace_id=found.bus.namespace_id,
            queues=[queue_name(app_id) for app_id in policies],
            seats=config.seats,
            least=config.least,
            most=most,
            off_hours=config.off_hours,
            time_zone=config.time_zone,
        ),
    )
    return nodes


def _containers(found: Foundation, config: PlatformConfig) -> AppServer:
    wanted, place = read_appserver(), found.place
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
    identity, grants = _appserver_identity(found)
    appserver = AppServer(
        "appserver",
        AppServerArgs(
            place=place,
            environment_id=environment.environment_id,
            identity_id=identity.identity_id,
            login_server=found.registry.login_server,
            image=wanted.image,
            replicas=(wanted.replicas_min, wanted.replicas_max),
            vault_uri=found.vault.uri,
            settings={
                "COMPUTE_URL": f"http://{found.ranges.balancer_address}",
                "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            },
        ),
        pulumi.ResourceOptions(depends_on=grants),
    )
    pulumi.export("appserver_url", appserver.url)
    pulumi.export("collector_url", collector.url)
    return appserver


def _appserver_identity(found: Foundation) -> tuple[Identity, list[pulumi.Resource]]:
    identity = Identity(
        "appserver-identity", IdentityArgs(found.place, found.subscription_id, "appserver")
    )
    grants = _may_read(identity, found, vault.COMPUTE_API_KEY, vault.GRANT_KEY)
    return identity, [*grants, identity.may(Role.ACR_PULL, found.registry.registry_id, "images")]


def _may_read(identity: Identity, found: Foundation, *secrets: str) -> list[pulumi.Resource]:
    """One secret at a time: nobody may read the whole vault."""
    return [
        identity.may(Role.SECRETS_USER, found.vault.secret_ids[secret], secret.lower())
        for secret in secrets
    ]


def _watch(
    found: Foundation, balancer: LoadBalancer, nodes: ScaleSet, appserver: AppServer
) -> None:
    PlatformAlerts(
        "alerts",
        PlatformAlertsArgs(
            told=Told(found.place, found.operators.group_id),
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
