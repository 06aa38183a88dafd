"""Azure names: valid and distinct for every environment and app."""

import hashlib
import re
from dataclasses import dataclass

from contracts.model import APP_ID_PATTERN

_DIGEST = 6


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource: its abbreviation and what Azure allows in its name.

    Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
    """

    short: str
    longest: int
    hyphens: bool = True


RESOURCE_GROUP = Kind("rg", 90)
WORKSPACE = Kind("log", 63)
INSIGHTS = Kind("appi", 255)
VAULT = Kind("kv", 24)
STORAGE = Kind("st", 24, hyphens=False)
REGISTRY = Kind("cr", 50, hyphens=False)
BUS_NAMESPACE = Kind("sb", 50)
IDENTITY = Kind("id", 128)
NETWORK = Kind("vnet", 64)
SECURITY_GROUP = Kind("nsg", 80)
PUBLIC_ADDRESS = Kind("pip", 80)
NAT = Kind("ng", 80)
PRIVATE_ENDPOINT = Kind("pep", 80)
CONTAINER_ENVIRONMENT = Kind("cae", 32)
CONTAINER_APP = Kind("ca", 32)
GALLERY = Kind("gal", 80, hyphens=False)
LOAD_BALANCER = Kind("lbi", 80)
SCALE_SET = Kind("vmss", 64)
AUTOSCALE = Kind("as", 80)
ACTION_GROUP = Kind("ag", 260)
ALERT = Kind("alert", 260)
DASHBOARD = Kind("dash", 160)
PLAN = Kind("asp", 60)
FUNCTION_APP = Kind("func", 60)
BUDGET = Kind("budget", 63)
DIAGNOSTICS = Kind("diag", 260)

KINDS = tuple(kind for kind in list(globals().values()) if isinstance(kind, Kind))

APP_ID = re.compile(APP_ID_PATTERN.strip("^$"))

ENVIRONMENT = re.compile(r"[a-z][a-z0-9]{1,7}")
PREFIX = re.compile(r"[a-z][a-z0-9]{1,7}")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose resources: an app's, or the platform's (`app_id` is then `platform`)."""

    prefix: str
    env: str
    app_id: str

    def name(self, kind: Kind, part: str = "") -> str:
        """The resource's name; cut ones and those without hyphens end in a digest.

        `part` tells several of one kind apart.
        """
        text = "-".join(
            word for word in (kind.short, self.prefix, self.env, self.app_id, part) if word
        )
        clean = re.sub("-+", "-", text)
        if kind.hyphens and clean == text and len(text) <= kind.longest:
            return text
        digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]
        if not kind.hyphens:
            return clean.replace("-", "")[: kind.longest - _DIGEST] + digest
        return f"{clean[: kind.longest - _DIGEST - 1].rstrip('-')}-{digest}"

    @property
    def short(self) -> str:
        """At most 12 characters, for pagers."""
        return f"{self.prefix[:6]}-{self.env[:5]}"

    @property
    def computer_prefix(self) -> str:
        """First part of the Windows names of nodes; at most 9 characters."""
        return f"{self.env}rc"[:9]


def site_origin(owner: Owner) -> str:
    """Where a function app is reached; known before it exists, so that the platform can name it."""
    return f"https://{owner.name(FUNCTION_APP)}.azurewebsites.net"


def queue_name(app_id: str) -> str:
    """The queue that the function app's trigger names."""
    return f"jobs-{app_id}"
