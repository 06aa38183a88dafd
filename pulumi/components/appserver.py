"""The AppServer's container: reached from the network only, secrets by reference."""

from collections.abc import Mapping
from dataclasses import dataclass

import names
import pulumi
from placement import Placement, inside
from pulumi_azure_native import app

from components import ports, vault

SECRETS = {
    "APPSERVER_GRANT_KEY": vault.GRANT_KEY,
    "COMPUTE_API_KEY": vault.COMPUTE_API_KEY,
    "NODE_AGENT_KEY": vault.NODE_AGENT_KEY,
    "PROVENANCE_KEY": vault.PROVENANCE_KEY,
}
"""Settings whose values are read from the vault."""
DRAIN_NOTICE_S, DRAIN_GRACE_S = 10, 50
SOLVES_PER_REPLICA = 20
"""A replica mostly waits for the engine."""


@dataclass(frozen=True, slots=True)
class AppServerArgs:
    """`settings`: those of appserver/config.py that are no secrets."""

    place: Placement
    environment_id: pulumi.Input[str]
    identity_id: pulumi.Input[str]
    login_server: pulumi.Input[str]
    image: str
    replicas: tuple[int, int]
    vault_uri: pulumi.Input[str]
    settings: Mapping[str, pulumi.Input[str]]


class AppServer(pulumi.ComponentResource):
    """Outputs: `url`."""

    def __init__(self, name: str, args: AppServerArgs, opts: pulumi.ResourceOptions) -> None:
        super().__init__("kuduso:platform:AppServer", name, opts=opts)
        container = app.ContainerApp(
            "appserver",
            container_app_name=args.place.name(names.CONTAINER_APP),
            resource_group_name=args.place.group,
            location=args.place.location,
            managed_environment_id=args.environment_id,
            workload_profile_name="Consumption",
            identity=app.ManagedServiceIdentityArgs(
                type=app.ManagedServiceIdentityType.USER_ASSIGNED,
                user_assigned_identities=[args.identity_id],
            ),
            configuration=_configuration(args),
            template=_template(args),
            tags=args.place.tags,
            opts=inside(self),
        )
        self.app_id = container.id
        self.url = container.configuration.apply(_url)
        self.register_outputs({"url": self.url})


def _url(configuration: app.outputs.ConfigurationResponse | None) -> str:
    ingress = configuration.ingress if configuration else None
    return f"https://{ingress.fqdn}" if ingress else ""


def _configuration(args: AppServerArgs) -> app.ConfigurationArgs:
    """`external` in an internal environment: the whole network may ask, nobody else."""
    return app.ConfigurationArgs(
        active_revisions_mode=app.ActiveRevisionsMode.SINGLE,
        ingress=app.IngressArgs(
            external=True,
            target_port=ports.APPSERVER,
            transport=app.IngressTransportMethod.HTTP,
            allow_insecure=False,
        ),
        registries=[
            app.RegistryCredentialsArgs(server=args.login_server, identity=args.identity_id)
        ],
        secrets=[
            app.SecretArgs(
                name=secret.lower(),
                key_vault_url=vault.secret_url(args.vault_uri, secret),
                identity=args.identity_id,
            )
            for secret in SECRETS.values()
        ],
    )


def _template(args: AppServerArgs) -> app.TemplateArgs:
    """A stopping replica is given time to be left alone, to end its solves and to say goodbye."""
    least, most = args.replicas
    return app.TemplateArgs(
        termination_grace_period_seconds=DRAIN_NOTICE_S + DRAIN_GRACE_S + 10,
        containers=[
            app.ContainerArgs(
                name="appserver",
                image=pulumi.Output.concat(args.login_server, "/", args.image),
                resources=app.ContainerResourcesArgs(cpu=1.0, memory="2Gi"),
                env=_environment(args),
                probes=_probes(),
            )
        ],
        scale=app.ScaleArgs(
            min_replicas=least,
            max_replicas=most,
            rules=[
                app.ScaleRuleArgs(
                    name="solves",
                    http=app.HttpScaleRuleArgs(
                        metadata={"concurrentRequests": str(SOLVES_PER_REPLICA)}
                    ),
                )
            ],
        ),
    )


def _environment(args: AppServerArgs) -> list[app.EnvironmentVarArgs]:
    plain = [
        app.EnvironmentVarArgs(name=name, value=value)
        for name, value in sorted(args.settings.items())
    ]
    secret = [
        app.EnvironmentVarArgs(name=name, secret_ref=found.lower())
        for name, found in SECRETS.items()
    ]
    return plain + secret


def _probes() -> list[app.ContainerAppProbeArgs]:
    """Liveness never asks for the engine: a restart would not bring it back."""
    return [
        _probe("Startup", "/health", every_s=2, failures=30),
        _probe("Liveness", "/health", every_s=15, failures=3),
        _probe("Readiness", "/ready", every_s=10, failures=3),
    ]


def _probe(kind: str, path: str, *, every_s: int, failures: int) -> app.ContainerAppProbeArgs:
    return app.ContainerAppProbeArgs(
        type=kind,
        http_get=app.ContainerAppProbeHttpGetArgs(path=path, port=ports.APPSERVER),
        period_seconds=every_s,
        timeout_seconds=5,
        failure_threshold=failures,
    )
