"""`<env>-<app_id>`: what belongs to one app."""

import names
import pulumi
from app_policies import read_policy
from app_settings import SettingSources, settings_of
from components import vault
from components.budget import Budget, BudgetArgs
from components.diagnostics import DiagnosticsArgs, diagnose
from components.function_app import FunctionApp, FunctionAppArgs
from components.host_storage import HostStorage, HostStorageArgs
from components.identity import Identity, IdentityArgs
from components.queue import Queue, QueueArgs
from monitoring.alerts import Told
from monitoring.app_alerts import AppAlerts, AppAlertsArgs
from monitoring.workbook import Workbook, WorkbookArgs
from names import Owner
from placement import Placement, tags_of
from platform_outputs import PlatformOutputs, read_outputs
from pulumi_azure_native import authorization, resources
from roles import Role, blobs_below
from stack_config import AppConfig, read_app

from contracts.policy import Policy

REQUESTS_PER_INSTANCE = 50
QUEUE_PER_SEAT = 20
"""Doorbells for each seat that may wait before an alert."""


def build_app(owner: Owner) -> None:
    """Declare the app. Seats and times come from its policy."""
    config, policy = read_app(owner), read_policy(owner.app_id)
    platform, place = read_outputs(owner.env), _place(config)
    queue = Queue(
        "queue",
        QueueArgs(place, platform.platform_group, platform.namespace_name, policy.queue_ttl),
    )
    storage = HostStorage("host-storage", HostStorageArgs(place, platform.functions_subnet_id))
    identity = _identity(place)
    grants = _grants(identity, queue, storage, platform, config)
    app = FunctionApp(
        "functions",
        _app_args(config, policy, platform, storage, identity, place),
        pulumi.ResourceOptions(depends_on=[*grants, queue]),
    )
    diagnostics = DiagnosticsArgs(
        app.site_id, platform.workspace_id, categories=("FunctionAppLogs",)
    )
    diagnose("functions", diagnostics, app)
    _watch(place, config, policy, platform, queue, app)
    pulumi.export("url", app.url)
    pulumi.export("site_name", app.site_name)
    pulumi.export("queue", queue.queue_name)
    pulumi.export("queue_id", queue.queue_id)
    pulumi.export("identity_client_id", identity.client_id)
    pulumi.export("identity_principal_id", identity.principal_id)


def _place(config: AppConfig) -> Placement:
    owner, tags = config.owner, tags_of(config.owner)
    group = resources.ResourceGroup(
        "group",
        resource_group_name=owner.name(names.RESOURCE_GROUP),
        location=config.location,
        tags=tags,
        opts=pulumi.ResourceOptions(protect=config.protects),
    )
    return Placement(owner, group.name, group.id, config.location, tags, config.protects)


def _identity(place: Placement) -> Identity:
    client = authorization.get_client_config_output()
    return Identity("identity", IdentityArgs(place, client.subscription_id))


def _grants(
    identity: Identity,
    queue: Queue,
    storage: HostStorage,
    platform: PlatformOutputs,
    config: AppConfig,
) -> list[pulumi.Resource]:
    """Exactly what the function app uses: its queue, its host storage, its files, two secrets.

    Links to files are signed by delegation, which Azure grants on a whole account only.
    """
    secrets = {vault.GRANT_KEY, config.database_secret}
    return [
        identity.may(Role.BUS_SENDER, queue.queue_id, "queue"),
        identity.may(Role.BUS_RECEIVER, queue.queue_id, "queue"),
        identity.may(Role.BLOB_OWNER, storage.account_id, "host-storage"),
        identity.may(Role.QUEUE_CONTRIBUTOR, storage.account_id, "host-storage"),
        identity.may(Role.TABLE_CONTRIBUTOR, storage.account_id, "host-storage"),
        identity.may(
            Role.BLOB_CONTRIBUTOR,
            platform.artifacts_container_id,
            "artifacts",
            blobs_below(config.owner.app_id),
        ),
        identity.may(Role.BLOB_DELEGATOR, platform.artifacts_account_id, "artifacts"),
        identity.may(Role.METRICS_PUBLISHER, platform.insights_id, "insights"),
        *(
            identity.may(
                Role.SECRETS_USER,
                pulumi.Output.concat(platform.vault_id, "/secrets/", secret),
                secret.lower(),
            )
            for secret in sorted(secrets)
        ),
    ]


def _app_args(
    config: AppConfig,
    policy: Policy,
    platform: PlatformOutputs,
    storage: HostStorage,
    identity: Identity,
    place: Placement,
) -> FunctionAppArgs:
    """The queue function and HTTP stay warm: a cold start may take a doorbell minutes."""
    sources = SettingSources(platform, storage.account_name, identity.client_id)
    app_id = config.owner.app_id
    return FunctionAppArgs(
        place=place,
        python_version=config.python_version,
        memory_mb=config.memory_mb,
        max_instances=config.max_instances,
        always_ready={
            "http": config.always_ready,
            f"function:run_job_{app_id}": config.always_ready,
        },
        requests_per_instance=REQUESTS_PER_INSTANCE,
        subnet_id=platform.functions_subnet_id,
        identity_id=identity.identity_id,
        package_url=storage.package_url,
        settings=settings_of(config, policy, sources),
    )


def _watch(
    place: Placement,
    config: AppConfig,
    policy: Policy,
    platform: PlatformOutputs,
    queue: Queue,
    app: FunctionApp,
) -> None:
    told = Told(place, platform.action_group_id, config.runbooks)
    Budget(
        "budget",
        BudgetArgs(place, config.budget_monthly, config.budget_start, platform.action_group_id),
    )
    AppAlerts(
        "alerts",
        AppAlertsArgs(
            told=told,
            namespace_id=platform.namespace_id,
            workspace_id=platform.workspace_id,
            queue=queue.queue_name,
            queue_most=policy.batch_seats * QUEUE_PER_SEAT,
            latency_s=config.latency_s,
            site=app.site_name,
        ),
    )
    Workbook(
        "workbook",
        WorkbookArgs(
            place=place,
            workspace_id=platform.workspace_id,
            namespace_id=platform.namespace_id,
            queue=queue.queue_name,
            site=app.site_name,
        ),
    )
