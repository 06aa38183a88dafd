"""Client of the agent that runs beside Rhino.Compute on a node: leases, cancelling, recycling.

Source: docs/node-agent.md.
"""

import asyncio
from dataclasses import dataclass
from typing import Literal, cast

import orjson

from appserver.compute.engine_http import (
    ConnectionBrokenError,
    ConnectionFailedError,
    EngineHttp,
    Reply,
    ReplyTooLargeError,
)

_OK = 200
_CREATED = 201
_ACCEPTED = 202
_GONE = 404
_CONFLICT = 409

AgentState = Literal["serving", "draining", "restarting"]


class NodeAgentError(Exception):
    """The agent did not answer, or not as documented; the text says what."""


class LeaseRefusedError(Exception):
    """The agent gives no lease: its children are taken by others, or the engine is draining."""


@dataclass(frozen=True, slots=True)
class ComputeStatus:
    """One Rhino.Compute as its agent sees it; memory is that of all its children together."""

    state: AgentState
    leases: int
    started_at: float
    memory_bytes: int
    children: int


@dataclass(frozen=True, slots=True)
class NodeAgent:
    """The agent of one Rhino.Compute, which `port` names."""

    http: EngineHttp
    port: int
    timeout_s: float

    async def lease(self, lease: str, lives_s: float) -> None:
        """Announce a solve.

        Raises:
            LeaseRefusedError: the engine takes no solve now.
            NodeAgentError: no agent.
        """
        body = orjson.dumps({"lease": lease, "port": self.port, "lives_s": lives_s})
        reply = await self._ask("POST", "/leases", body)
        if reply.status == _CONFLICT:
            raise LeaseRefusedError(_detail(reply))
        _require(reply, _CREATED)

    async def release(self, lease: str) -> None:
        """The solve has ended; a lease that is unknown was released before.

        Raises:
            NodeAgentError: no agent.
        """
        _require(await self._ask("DELETE", f"/leases/{lease}"), 204, _GONE)

    async def cancel(self, lease: str) -> None:
        """End the child that holds the lease; True to its word: the child is gone afterwards.

        Raises:
            NodeAgentError: no agent, or it cannot tell which child it is.
        """
        _require(await self._ask("POST", f"/leases/{lease}/cancel"), _OK, _GONE)

    async def recycle(self, reason: str) -> None:
        """Give no more leases, wait for those that are out, start the engine anew.

        Raises:
            NodeAgentError: no agent.
        """
        body = orjson.dumps({"reason": reason})
        _require(await self._ask("POST", f"/computes/{self.port}/recycle", body), _ACCEPTED)

    async def status(self) -> ComputeStatus:
        """The engine's processes.

        Raises:
            NodeAgentError: no agent.
        """
        reply = await self._ask("GET", f"/computes/{self.port}")
        _require(reply, _OK)
        try:
            document = orjson.loads(reply.content)
            return ComputeStatus(
                cast("AgentState", document["state"]),
                int(document["leases"]),
                float(document["started_at"]),
                int(document["memory_bytes"]),
                len(document["children"]),
            )
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise NodeAgentError("the agent's status cannot be read") from error

    async def _ask(self, method: str, path: str, body: bytes | None = None) -> Reply:
        headers = {"content-type": "application/json"}
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self.http.ask(method, path, body, headers)
        except TimeoutError as error:
            raise NodeAgentError("the agent does not answer in time") from error
        except (ConnectionFailedError, ConnectionBrokenError, ReplyTooLargeError) as error:
            raise NodeAgentError(f"the agent does not answer: {error}") from error


def _require(reply: Reply, *expected: int) -> None:
    if reply.status not in expected:
        raise NodeAgentError(f"the agent answered {reply.status}: {_detail(reply)}")


def _detail(reply: Reply) -> str:
    return reply.content[:200].decode(errors="replace")
