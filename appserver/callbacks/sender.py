"""Posts reports to addresses that an operator allowed, and to no others.

Source: RFC 6454 (origins); ADR 19.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

import aiohttp
import structlog

from contracts.wire.solve_callback import SIGNATURE_HEADER, SolveCallback, sign_callback

Delivery = Literal["delivered", "gone", "failed"]
TIMEOUT_S = 10.0
ATTEMPTS = 8
FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 20.0
SIGNATURE_LIFE = timedelta(minutes=5)
_OK = range(200, 300)
# The receiver knows the solve no more, or never did: nobody wants it.
_GONE = (404, 410)
_WORTH_A_RETRY = (408, 425, 429)
_CLIENT_FAULTS = range(400, 500)

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


def is_allowed(url: str, origins: Collection[str]) -> bool:
    """Whether a URL's scheme, host and port are those of an allowed origin."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or parts.hostname is None:
        return False
    return any(
        (one.scheme, one.hostname, one.port) == (parts.scheme, parts.hostname, port)
        for one in map(urlsplit, origins)
    )


@dataclass(slots=True)
class CallbackSender:
    """One HTTP client; no redirects, no proxies of the environment."""

    key: bytes
    now: Callable[[], datetime]
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    _session: aiohttp.ClientSession | None = field(default=None)

    async def post(self, url: str, report: SolveCallback) -> Delivery:
        """Try once."""
        body = report.model_dump_json(exclude_none=True).encode()
        signature = sign_callback(self.key, body, self.now() + SIGNATURE_LIFE)
        headers = {SIGNATURE_HEADER: signature, "content-type": "application/json"}
        try:
            async with self._opened().post(
                url, data=body, headers=headers, allow_redirects=False
            ) as response:
                status = response.status
        except (TimeoutError, aiohttp.ClientError) as error:
            _log_deferral(report, type(error).__name__)
            return "failed"
        if status in _OK:
            return "delivered"
        _log_deferral(report, f"status {status}")
        is_final = status in _CLIENT_FAULTS and status not in _WORTH_A_RETRY
        return "gone" if status in _GONE or is_final else "failed"

    async def deliver(self, url: str, report: SolveCallback) -> Delivery:
        """Try until the receiver took it, said that it is gone, or every attempt failed."""
        outcome: Delivery = "failed"
        for attempt in range(ATTEMPTS):
            outcome = await self.post(url, report)
            if outcome != "failed" or attempt == ATTEMPTS - 1:
                break
            longest_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempt)
            await self.pause(longest_s * (0.5 + random.random() / 2))  # noqa: S311 - spreads retries
        if outcome == "failed":
            _log.error("solve_report_given_up", solve_id=report.solve_id, attempts=ATTEMPTS)
        return outcome

    async def close(self) -> None:
        """Close the connections, if any were opened."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(TIMEOUT_S), trust_env=False
            )
        return self._session


def _log_deferral(report: SolveCallback, detail: str) -> None:
    _log.warning(
        "solve_report_deferred",
        solve_id=report.solve_id,
        report=report.event,
        sequence=report.sequence,
        detail=detail,
    )
