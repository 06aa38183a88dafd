"""HTTP to one address with kept-alive connections: the only place that knows the HTTP library."""

from collections.abc import Mapping

import aiohttp
from yarl import URL

_CHUNK_BYTES = 1 << 16
_KEPT_S = 60


class ConnectionFailedError(Exception):
    """Nothing accepts connections at the address; the text is the reason's name."""


class ConnectionBrokenError(Exception):
    """The connection ended before the answer did; the text is the reason's name."""


class ReplyTooLargeError(Exception):
    """The answer was longer than the caller takes; the connection is closed."""


class Reply:
    """An answer, whatever it says."""

    __slots__ = ("content", "status")

    def __init__(self, status: int, content: bytes) -> None:
        self.status, self.content = status, content


class EngineHttp:
    """One address. Cancelling a call closes its connection."""

    def __init__(
        self, url: str, headers: Mapping[str, str], connect_timeout_s: float, max_bytes: int
    ) -> None:
        self._base = url.rstrip("/")
        self._headers = dict(headers)
        # A call's own deadline is its caller's; only the connection has one of its own.
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect_timeout_s)
        self._max_bytes = max_bytes
        self._session: aiohttp.ClientSession | None = None

    async def ask(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one request and read its whole answer.

        Raises:
            ConnectionFailedError: nothing was sent.
            ConnectionBrokenError: something may have been sent.
            ReplyTooLargeError: the answer is over the limit.
        """
        url = URL(self._base + path, encoded=True)
        try:
            async with self._open().request(
                method, url, data=content, headers=headers, allow_redirects=False
            ) as response:
                return Reply(response.status, await self._read(response))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise ConnectionFailedError(type(error).__name__) from error
        except (aiohttp.ClientError, OSError) as error:
            raise ConnectionBrokenError(type(error).__name__) from error

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        """The session, which belongs to the loop that first uses it."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEPT_S)
            self._session = aiohttp.ClientSession(
                connector=connector,
                headers=self._headers,
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent", "Accept-Encoding"),
            )
        return self._session

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        length = response.content_length
        if length is not None and length <= self._max_bytes:
            return await response.read()
        parts: list[bytes] = []
        size = 0
        async for part in response.content.iter_chunked(_CHUNK_BYTES):
            size += len(part)
            if size > self._max_bytes:
                response.close()
                raise ReplyTooLargeError("answer over the limit")
            parts.append(part)
        return b"".join(parts)
