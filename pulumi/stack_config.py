"""What a stack is told: its name, and Pulumi.<stack>.yaml read once into frozen values."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path

import names
import pulumi
from config_values import (
    StackConfigError,
    choice,
    first_of_month,
    named_settings,
    network,
    positive,
    whole,
)
from names import Owner

PLATFORM = "platform"
FOLDER = Path(__file__).parent
SPACE_BITS = 16
NODES = range(1001)
"""Azure takes so many instances in one set."""
CONTRACTS = FOLDER.parent / "contracts"
SECRET_KEYS = (
    "database-url",
    "compute-api-key",
    "appserver-grant-key",
    "provenance-key",
    "node-agent-key",
    "rhino-token",
    "node-admin-password",
)
"""Values of the platform that `pulumi config set --secret` encrypts."""

OPTIONAL_SECRET_KEYS = ("servicebus-conn", "blob-sas-signing")
"""Only where a client cannot use its identity."""


@dataclass(frozen=True, slots=True)
class PlatformConfig:
    """`Pulumi.<env>-platform.yaml`. `bootstrap`: only what images are put into.

    `app_ids`: apps of the environment, the stacks that it has files of.
    """

    owner: Owner
    location: str
    bootstrap: bool
    premium: bool
    protects: bool
    alert_email: str
    jwks_url: str
    jwt_issuer: str
    address_space: IPv4Network
    log_cap_gb: float
    log_retention_days: int
    app_ids: tuple[str, ...]
    runbooks: str


@dataclass(frozen=True, slots=True)
class AppServerConfig:
    """The AppServer's container: `image` is repository and tag in the platform's registry."""

    image: str
    replicas_min: int
    replicas_max: int


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """The Rhino.Compute nodes. `off_hours`: none from evening to morning and on weekends."""

    image_version: str
    size: str
    seats: int
    least: int
    most: int
    off_hours: bool
    time_zone: str


@dataclass(frozen=True, slots=True)
class AppConfig:
    """`Pulumi.<env>-<app_id>.yaml`.

    `settings`: of the function app, beside those it always has; `latency_s`: within which 95 of
    100 jobs should end.
    """

    owner: Owner
    location: str
    protects: bool
    budget_monthly: float
    budget_start: str
    python_version: str
    memory_mb: int
    max_instances: int
    always_ready: int
    database_secret: str
    settings: dict[str, str]
    latency_s: float
    runbooks: str


def owner_of(stack: str, prefix: str) -> Owner:
    """Environment and app of a stack's name, `<env>-<app_id>` or `<env>-platform`.

    Raises:
        StackConfigError: it is none.
    """
    env, _, app_id = stack.partition("-")
    for pattern, text in (
        (names.ENVIRONMENT, env),
        (names.APP_ID, app_id),
        (names.PREFIX, prefix),
    ):
        if not re.fullmatch(pattern, text):
            raise StackConfigError(f"{stack!r}: {text!r} does not match {pattern.pattern}")
    return Owner(prefix, env, app_id)


def stamped_apps(env: str, folder: Path = FOLDER) -> tuple[str, ...]:
    """Apps that have a stack in this environment: the names of its files."""
    start = f"Pulumi.{env}-"
    found = (file.stem.removeprefix(start) for file in folder.glob(f"{start}*.yaml"))
    return tuple(sorted(app_id for app_id in found if app_id != PLATFORM))


def read_platform(owner: Owner) -> PlatformConfig:
    """The platform's configuration.

    Raises:
        StackConfigError: a value is impossible.
    """
    config = pulumi.Config()
    return PlatformConfig(
        owner=owner,
        location=config.require("location"),
        bootstrap=config.get_bool("bootstrap") or False,
        premium=config.get_bool("premium") or False,
        protects=owner.env == "prod",
        alert_email=config.require("alert-email"),
        jwks_url=config.require("jwks-url"),
        jwt_issuer=config.require("jwt-issuer"),
        address_space=network(config, "address-space", SPACE_BITS),
        log_cap_gb=positive(config, "log-cap-gb", 1),
        log_retention_days=whole(config, "log-retention-days", 30, range(30, 731)),
        app_ids=stamped_apps(owner.env),
        runbooks=config.require("runbooks"),
    )


def read_appserver() -> AppServerConfig:
    """The AppServer's part of the platform's configuration.

    Raises:
        StackConfigError: the limits contradict each other, or the image has no tag.
    """
    config = pulumi.Config()
    wanted = AppServerConfig(
        image=config.require("appserver-image"),
        replicas_min=whole(config, "appserver-replicas-min", 1, range(1, 301)),
        replicas_max=whole(config, "appserver-replicas-max", 10, range(1, 301)),
    )
    if wanted.replicas_min > wanted.replicas_max:
        raise StackConfigError("appserver-replicas-min exceeds appserver-replicas-max")
    if not re.fullmatch(r"[a-z0-9._/-]+:[\w.-]+", wanted.image):
        raise StackConfigError(f"appserver-image: {wanted.image!r} is not repository:tag")
    return wanted


def read_nodes() -> NodeConfig:
    """The nodes' part of the platform's configuration.

    Raises:
        StackConfigError: a limit is impossible, or two contradict each other.
    """
    config = pulumi.Config()
    nodes = NodeConfig(
        image_version=config.require("node-image-version"),
        size=config.get("node-size") or "Standard_D4ds_v5",
        seats=whole(config, "node-seats", 4, range(1, 65)),
        least=whole(config, "nodes-min", 1, NODES),
        most=whole(config, "nodes-max", 1, NODES),
        off_hours=config.get_bool("nodes-off-hours") or False,
        time_zone=config.get("nodes-time-zone") or "W. Europe Standard Time",
    )
    if nodes.least > nodes.most:
        raise StackConfigError(f"nodes-min {nodes.least} exceeds nodes-max {nodes.most}")
    return nodes


def read_app(owner: Owner) -> AppConfig:
    """An app's configuration.

    Raises:
        StackConfigError: a value is impossible.
    """
    config = pulumi.Config()
    return AppConfig(
        owner=owner,
        location=config.require("location"),
        protects=owner.env == "prod",
        budget_monthly=positive(config, "budget-monthly"),
        budget_start=first_of_month(config, "budget-start"),
        python_version=choice(config, "python-version", "3.12", {"3.11", "3.12"}),
        memory_mb=int(choice(config, "memory-mb", "2048", {"512", "2048", "4096"})),
        max_instances=whole(config, "max-instances", 40, range(40, 1001)),
        always_ready=whole(config, "always-ready", 0, range(21)),
        database_secret=config.get("database-secret") or "DATABASE-URL",
        settings=named_settings(config, "settings"),
        latency_s=positive(config, "latency-s", 30),
        runbooks=config.require("runbooks"),
    )
