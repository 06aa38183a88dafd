"""Sends webhooks to addresses that tenants chose.

The host is resolved here, every address is checked, and the connection goes to the checked one:
a name that answers otherwise the second time (DNS rebinding) changes nothing. Host header, SNI and
the certificate stay the host's own.
"""

import asyncio
import ssl
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

import httpx

from functions.clients.resolver import Resolver
from functions.domain.webhook_address import Target, WebhookUrlError, choose_address, read_target
from functions.domain.webhook_schedule import Reply, read_retry_after

TIMEOUT_S = 15.0
LOOK_UP_S = 3.0
USER_AGENT = "kuduso-webhooks/1"


class WebhookSender:
    """One attempt is one connection: none is shared between tenants or hosts."""

    def __init__(
        self,
        *,
        allow_private: bool,
        resolver: Resolver | None = None,
        tls: ssl.SSLContext | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._allow_private = allow_private
        self._resolver = resolver or Resolver()
        self._given_tls = tls
        self._timeout_s = timeout_s

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or httpx.create_ssl_context(trust_env=False)

    async def check(self, url: str) -> None:
        """Return if something could be sent there now.

        Raises:
            WebhookUrlError: the URL, or an address of its host, is refused.
        """
        target = read_target(url, allow_private=self._allow_private)
        try:
            async with asyncio.timeout(LOOK_UP_S):
                await self._address(target)
        except TimeoutError as error:
            raise WebhookUrlError("The host cannot be looked up.") from error

    async def send(self, url: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Reply:
        """POST once; whatever goes wrong on the way is the reply's error."""
        try:
            async with asyncio.timeout(self._timeout_s):
                target = read_target(url, allow_private=self._allow_private)
                address = await self._address(target)
                return await self._post(target, address, headers, body, now)
        except WebhookUrlError as error:
            return Reply(None, error.detail)
        except TimeoutError:
            return Reply(None, f"The receiver did not answer within {self._timeout_s:g} s.")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Reply(None, f"The receiver cannot be reached ({type(error).__name__}).")

    async def _address(self, target: Target) -> str:
        found = await self._resolver.resolve(target.host, target.port)
        return choose_address(found, allow_private=self._allow_private)

    async def _post(
        self, target: Target, address: str, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Reply:
        host = f"[{address}]" if ":" in address else address
        pinned = f"{target.scheme}://{host}:{target.port}{target.path}"
        own = {"host": target.authority, "user-agent": USER_AGENT, "accept": "*/*"}
        # The environment's proxy would connect to an address of its own choice.
        async with (
            httpx.AsyncClient(
                verify=self._tls, trust_env=False, follow_redirects=False, timeout=self._timeout_s
            ) as client,
            client.stream(
                "POST",
                pinned,
                content=body,
                headers={**headers, **own},
                extensions={"sni_hostname": target.host},
            ) as response,
        ):
            # The body is not read: nobody may learn through us what an address answers.
            retry_after = read_retry_after(response.headers.get("retry-after"), now)
            return Reply(response.status_code, retry_after=retry_after)
