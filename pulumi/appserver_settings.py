"""The AppServer's settings, named as in docs/settings.md; a test compares the two.

Secrets are in components/appserver.py: references to the vault.
"""

import pulumi
from components import ports
from components.appserver import DRAIN_GRACE_S, DRAIN_NOTICE_S
from names import Owner, site_origin
from stack_config import NodeConfig, PlatformConfig


def appserver_settings(
    config: PlatformConfig,
    nodes: NodeConfig,
    scale_set_id: pulumi.Input[str],
    client_id: pulumi.Input[str],
    collector_url: pulumi.Input[str],
) -> dict[str, pulumi.Input[str]]:
    """Every setting. The AppServer lists the nodes itself: it gives each as much as it has seats.

    Reports of long solves go to the function apps of this environment and nowhere else.
    """
    owner = config.owner
    origins = [site_origin(Owner(owner.prefix, owner.env, app_id)) for app_id in config.app_ids]
    return {
        "AZURE_CLIENT_ID": client_id,
        "CALLBACK_ORIGINS": ",".join(origins),
        "COMPUTE_CHILDREN": str(nodes.seats),
        "COMPUTE_PORTS": str(ports.SOLVE),
        "COMPUTE_SCALE_SET": scale_set_id,
        "DRAIN_GRACE_S": str(DRAIN_GRACE_S),
        "DRAIN_NOTICE_S": str(DRAIN_NOTICE_S),
        "NODE_AGENT_PORT": str(ports.AGENT),
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector_url,
    }
