"""What a stack is told: its name, and Pulumi.<stack>.yaml read once into frozen values."""

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path

import names
import pulumi
from names import Owner

PLATFORM = "platform"
FOLDER = Path(__file__).parent
SPACE_BITS = 16
CONTRACTS = FOLDER.parent / "contracts"
SECRET_KEYS = (
    "database-url",
    "compute-api-key",
    "appserver-grant-key",
    "rhino-token",
    "node-admin-password",
)
"""Values of the platform that `pulumi config set --secret` encrypts."""

OPTIONAL_SECRET_KEYS = ("servicebus-conn", "blob-sas-signing")
"""Only where a client cannot use its identity."""


class StackConfigError(Exception):
    """A stack's name or configuration is wrong; the text names the key."""


@dataclass(frozen=True, slots=True)
class PlatformConfig:
    """`Pulumi.<env>-platform.yaml`. `bootstrap`: only what images are put into."""

    owner: Owner
    location: str
    bootstrap: bool
    premium: bool
    protects: bool
    alert_email: str
    jwks_url: str
    jwt_issuer: str
    address_space: ipaddress.IPv4Network
    log_cap_gb: float
    log_retention_days: int
    app_ids: tuple[str, ...]


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
    """`Pulumi.<env>-<app_id>.yaml`."""

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
    space = ipaddress.IPv4Network(config.require("address-space"))
    if space.prefixlen != SPACE_BITS:
        raise StackConfigError("address-space: a /16 is cut into the subnets")
    return PlatformConfig(
        owner=owner,
        location=config.require("location"),
        bootstrap=config.get_bool("bootstrap") or False,
        premium=config.get_bool("premium") or False,
        protects=owner.env == "prod",
        alert_email=config.require("alert-email"),
        jwks_url=config.require("jwks-url"),
        jwt_issuer=config.require("jwt-issuer"),
        address_space=space,
        log_cap_gb=config.get_float("log-cap-gb") or 1,
        log_retention_days=config.get_int("log-retention-days") or 30,
        app_ids=stamped_apps(owner.env),
    )


def read_appserver() -> AppServerConfig:
    """The AppServer's part of the platform's configuration."""
    config = pulumi.Config()
    return AppServerConfig(
        image=config.require("appserver-image"),
        replicas_min=_number(config, "appserver-replicas-min", 1),
        replicas_max=_number(config, "appserver-replicas-max", 10),
    )


def read_nodes() -> NodeConfig:
    """The nodes' part of the platform's configuration.

    Raises:
        StackConfigError: the limits contradict each other.
    """
    config = pulumi.Config()
    nodes = NodeConfig(
        image_version=config.require("node-image-version"),
        size=config.get("node-size") or "Standard_D4ds_v5",
        seats=_number(config, "node-seats", 4),
        least=_number(config, "nodes-min", 1),
        most=_number(config, "nodes-max", 1),
        off_hours=config.get_bool("nodes-off-hours") or False,
        time_zone=config.get("nodes-time-zone") or "W. Europe Standard Time",
    )
    if not 0 <= nodes.least <= nodes.most:
        raise StackConfigError(f"nodes-min {nodes.least} exceeds nodes-max {nodes.most}")
    return nodes


def read_app(owner: Owner) -> AppConfig:
    """An app's configuration."""
    config = pulumi.Config()
    return AppConfig(
        owner=owner,
        location=config.require("location"),
        protects=owner.env == "prod",
        budget_monthly=config.require_float("budget-monthly"),
        budget_start=config.require("budget-start"),
        python_version=config.get("python-version") or "3.12",
        memory_mb=_number(config, "memory-mb", 2048),
        max_instances=_number(config, "max-instances", 40),
        always_ready=_number(config, "always-ready", 0),
        database_secret=config.get("database-secret") or "DATABASE-URL",
    )


def _number(config: pulumi.Config, key: str, default: int) -> int:
    found = config.get_int(key)
    return default if found is None else found
