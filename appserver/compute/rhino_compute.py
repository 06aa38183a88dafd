"""Client of one Rhino.Compute: translates its failures once, for everybody above.

Source: Rhino.Compute, `POST /grasshopper`, `GET /version`, header `RhinoComputeKey`.
"""

import asyncio
from dataclasses import dataclass

import httpx
import structlog
from pydantic import JsonValue

from appserver.compute.engine_answer import EngineAnswer, read_answer
from appserver.domain.errors import (
    DefinitionError,
    EngineError,
    EngineUnreachableError,
    SolveTimeoutError,
)
from appserver.domain.trace import Trace
from contracts.errors import JsonTextError
from contracts.json_text import parse_json

KEY_HEADER = "RhinoComputeKey"
_FIRST_BYTES = 200
_UNREACHABLE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol)

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RhinoCompute:
    """One engine behind one kept-alive HTTP client whose `base_url` and key are set."""

    http: httpx.AsyncClient

    async def solve(self, body: bytes, timeout_s: float, trace: Trace) -> EngineAnswer:
        """Run a definition; the connection is closed when the time is over or the caller leaves.

        Raises:
            DefinitionError: components failed.
            EngineError: the engine broke off or answered nonsense.
            EngineUnreachableError: no connection.
            SolveTimeoutError: no answer within `timeout_s`.
        """
        headers = {"content-type": "application/json", **trace.headers()}
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self.http.post("/grasshopper", content=body, headers=headers)
        except TimeoutError as error:
            raise SolveTimeoutError(f"No result within {timeout_s:g} s.") from error
        except _UNREACHABLE as error:
            _log.warning("engine_unreachable", reason=type(error).__name__)
            raise EngineUnreachableError("The solve engine does not accept connections.") from error
        except httpx.HTTPError as error:
            _log.warning("engine_connection_broken", reason=type(error).__name__)
            raise EngineError("The connection to the solve engine broke.") from error
        return _read(answer)

    async def version(self, timeout_s: float) -> JsonValue:
        """The engine's `/version`; the status of a GET means nothing, its proxy always says 200.

        Raises:
            EngineUnreachableError: no connection, or no answer in time.
            EngineError: the answer is not a version: the engine has no working child, or refuses
                the key.
        """
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self.http.get("/version")
        except (TimeoutError, httpx.HTTPError) as error:
            raise EngineUnreachableError("The solve engine does not answer.") from error
        try:
            version = parse_json(answer.content)
        except JsonTextError:
            version = None
        if not isinstance(version, dict) or "compute" not in version:
            _log_refusal(answer)
            raise EngineError("The solve engine does not tell its version.")
        return version


def _read(answer: httpx.Response) -> EngineAnswer:
    try:
        return read_answer(answer.status_code, answer.content)
    except DefinitionError as error:
        # The body holds outputs and the caller is told the faults: no bytes of it here.
        _log.warning(
            "definition_failed", engine_status=answer.status_code, faults=len(error.violations)
        )
        raise
    except EngineError:
        _log_refusal(answer)
        raise


def _log_refusal(answer: httpx.Response) -> None:
    _log.warning(
        "engine_answer_refused",
        engine_status=answer.status_code,
        engine_bytes=len(answer.content),
        engine_first_bytes=_first_bytes(answer.content),
    )


def _first_bytes(content: bytes) -> str | None:
    """The beginning of a page for people; broken JSON may hold outputs, which no log shows."""
    is_json = content.lstrip().startswith((b"{", b"["))
    return None if is_json else content[:_FIRST_BYTES].decode(errors="replace")
