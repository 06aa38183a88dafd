"""Questions whose answer says that a part is ready: None, or why it is not yet."""

import http.client
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

from devstack.postgres import is_accepting

Probe = Callable[[], str | None]

_TIMEOUT_S = 2.0
_SHOWN = 200


def tcp_probe(port: int) -> Probe:
    """Something listens."""

    def ask() -> str | None:
        try:
            socket.create_connection(("127.0.0.1", port), _TIMEOUT_S).close()
        except OSError as error:
            return f"port {port}: {error}"
        return None

    return ask


def http_probe(url: str, headers: dict[str, str] | None = None) -> Probe:
    """GET answers 200."""
    parts = urlsplit(url)

    def ask() -> str | None:
        connection = http.client.HTTPConnection(parts.netloc, timeout=_TIMEOUT_S)
        try:
            connection.request("GET", parts.path, headers=headers or {})
            answer = connection.getresponse()
            text = answer.read(_SHOWN).decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            return f"{url}: {error}"
        finally:
            connection.close()
        return None if answer.status == http.client.OK else f"{url}: {answer.status} {text}"

    return ask


def postgres_probe(url: str) -> Probe:
    """A session opens."""
    return lambda: None if is_accepting(url) else "PostgreSQL takes no sessions"
