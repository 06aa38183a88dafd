"""Where webhooks may be sent: public HTTPS addresses only.

A tenant names the URL and the platform calls it from inside the cloud's network: without this it
would be a way to the machine's metadata, to Rhino.Compute and to everything else that is private.

Source: OWASP Server-Side Request Forgery Prevention Cheat Sheet; IANA special-purpose address
registries (RFC 6890), 2025.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from functions.domain.errors import InputsRejectedError

MAX_URL = 2048
PORTS = (443, 8443)
DEFAULT_PORTS = {"https": 443, "http": 80}

_REFUSED_V4 = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's platform: public by its number, private by its purpose
        "169.254.0.0/16",  # link-local, with every cloud's metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Everything outside 2000::/3 is refused: mapped, translated, local and multicast addresses.
_UNICAST_V6 = ip_network("2000::/3")
_REFUSED_V6 = tuple(
    ip_network(text)
    for text in (
        "2001::/23",  # Teredo, ORCHID and other protocol assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries an IPv4 address inside
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)


class WebhookUrlError(InputsRejectedError):
    """The platform sends nothing to this URL; the detail says why."""

    default_code = "domain_violation"


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL, taken apart; `path` begins with a slash and carries the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The Host header: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def read_target(url: str, *, allow_private: bool) -> Target:
    """Take a URL apart.

    Raises:
        WebhookUrlError: not HTTPS, another port than 443 or 8443, a user name, or no URL at all.
    """
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>'):
        raise WebhookUrlError("The URL has characters that no URL has, or too many.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise WebhookUrlError("The URL cannot be read.") from error
    _check_form(parts, allow_private=allow_private)
    host = parts.hostname or ""
    if _is_address(host):
        choose_address([host], allow_private=allow_private)
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    if not allow_private and port not in PORTS:
        raise WebhookUrlError(f"The port must be one of {', '.join(map(str, PORTS))}.")
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, host, port, (parts.path or "/") + query)


def _check_form(parts: SplitResult, *, allow_private: bool) -> None:
    schemes = ("https", "http") if allow_private else ("https",)
    if parts.scheme not in schemes:
        raise WebhookUrlError(f"The URL must begin with {' or '.join(schemes)}://.")
    if not parts.hostname or "%" in parts.netloc:
        raise WebhookUrlError("The URL has no usable host.")
    if "@" in parts.netloc or parts.fragment:
        raise WebhookUrlError("The URL may carry neither a user name nor a fragment.")


def choose_address(addresses: Sequence[str], *, allow_private: bool) -> str:
    """The first address of a host, once every one of them is known to be public.

    Raises:
        WebhookUrlError: there is none, or one of them is not public.
    """
    if not addresses:
        raise WebhookUrlError("The host has no address.")
    if not allow_private and not all(is_public(text) for text in addresses):
        raise WebhookUrlError("The host is not on the public internet.")
    return addresses[0]


def is_public(text: str) -> bool:
    """Whether an address is ordinary public unicast."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    if address.scope_id is not None or address not in _UNICAST_V6:
        return False
    return not any(address in network for network in _REFUSED_V6)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
