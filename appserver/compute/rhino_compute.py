"""Client of one Rhino.Compute: translates its failures once, for everybody above.

Source: Rhino.Compute, `POST /grasshopper`, `POST /io`, `GET /version`, `GET /plugins/*/installed`,
header `RhinoComputeKey`.
"""

import asyncio
from dataclasses import dataclass

import orjson
import structlog
from pydantic import JsonValue

from appserver.compute.engine_answer import EngineAnswer, read_answer
from appserver.compute.engine_http import (
    ConnectionBrokenError,
    ConnectionFailedError,
    EngineHttp,
    Reply,
    ReplyTooLargeError,
)
from appserver.domain.errors import (
    DefinitionError,
    EngineError,
    EngineUnreachableError,
    SolveTimeoutError,
)
from appserver.domain.trace import Trace
from contracts.model import JsonObject

KEY_HEADER = "RhinoComputeKey"
_FIRST_BYTES = 200
_JSON = {"content-type": "application/json"}

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RhinoCompute:
    """One engine."""

    http: EngineHttp

    async def solve(self, body: bytes, timeout_s: float, trace: Trace) -> EngineAnswer:
        """Run a definition; the connection is closed when the time is over or the caller leaves.

        Raises:
            DefinitionError: components failed.
            EngineError: the engine broke off or answered nonsense.
            EngineUnreachableError: no connection.
            SolveTimeoutError: no answer within `timeout_s`.
        """
        try:
            async with asyncio.timeout(timeout_s):
                reply = await self._ask("POST", "/grasshopper", body, {**_JSON, **trace.headers()})
        except TimeoutError as error:
            raise SolveTimeoutError(f"No result within {timeout_s:g} s.") from error
        return _read(reply)

    async def describe(self, body: bytes, timeout_s: float) -> JsonObject:
        """The engine's `/io` of a definition.

        Raises:
            EngineUnreachableError: no connection, or no answer in time.
            EngineError: the answer is no description.
        """
        try:
            async with asyncio.timeout(timeout_s):
                reply = await self._ask("POST", "/io", body, _JSON)
        except TimeoutError as error:
            raise EngineUnreachableError("The solve engine does not answer.") from error
        return _object(reply, "Inputs", "The solve engine does not describe the definition.")

    async def version(self, timeout_s: float) -> JsonObject:
        """The engine's `/version`; the status of a GET means nothing, its proxy always says 200.

        Raises:
            EngineUnreachableError: no connection, or no answer in time.
            EngineError: the answer is not a version: the engine has no working child, or refuses
                the key.
        """
        reply = await self._get("/version", timeout_s)
        return _object(reply, "compute", "The solve engine does not tell its version.")

    async def plugins(self, timeout_s: float) -> dict[str, str]:
        """Versions of the installed plugins by name, Grasshopper's over Rhino's.

        Raises:
            EngineUnreachableError: no connection, or no answer in time.
            EngineError: the answer is no list of plugins.
        """
        found: dict[str, str] = {}
        for path in ("/plugins/rhino/installed", "/plugins/gh/installed"):
            reply = await self._get(path, timeout_s)
            named = _object(reply, None, "The solve engine does not tell its plugins.")
            found.update({name: str(version) for name, version in named.items()})
        return found

    async def active_children(self, timeout_s: float) -> int | None:
        """How many children live, orphans included; None when the engine does not say a number."""
        reply = await self._get("/activechildren", timeout_s)
        text = reply.content.strip()
        return int(text) if text.isdigit() else None

    async def _get(self, path: str, timeout_s: float) -> Reply:
        try:
            async with asyncio.timeout(timeout_s):
                return await self._ask("GET", path, None, {})
        except (TimeoutError, EngineError) as error:
            raise EngineUnreachableError("The solve engine does not answer.") from error

    async def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Reply:
        try:
            return await self.http.ask(method, path, body, headers)
        except ConnectionFailedError as error:
            _log.warning("engine_unreachable", reason=str(error))
            raise EngineUnreachableError("The solve engine does not accept connections.") from error
        except ConnectionBrokenError as error:
            _log.warning("engine_connection_broken", reason=str(error))
            raise EngineError("The connection to the solve engine broke.") from error
        except ReplyTooLargeError as error:
            _log.warning("engine_connection_broken", reason=str(error))
            raise EngineError("The solve engine's answer is too large.") from error


def _object(reply: Reply, member: str | None, message: str) -> JsonObject:
    try:
        document: JsonValue = orjson.loads(reply.content)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict) or (member is not None and member not in document):
        _log_refusal(reply)
        raise EngineError(message)
    return document


def _read(reply: Reply) -> EngineAnswer:
    try:
        return read_answer(reply.status, reply.content)
    except DefinitionError as error:
        # The body holds outputs and the caller is told the faults: no bytes of it here.
        _log.warning("definition_failed", engine_status=reply.status, faults=len(error.violations))
        raise
    except EngineError:
        _log_refusal(reply)
        raise


def _log_refusal(reply: Reply) -> None:
    _log.warning(
        "engine_answer_refused",
        engine_status=reply.status,
        engine_bytes=len(reply.content),
        engine_first_bytes=_first_bytes(reply.content),
    )


def _first_bytes(content: bytes) -> str | None:
    """The beginning of a page for people; broken JSON may hold outputs, which no log shows."""
    is_json = content.lstrip().startswith((b"{", b"["))
    return None if is_json else content[:_FIRST_BYTES].decode(errors="replace")
