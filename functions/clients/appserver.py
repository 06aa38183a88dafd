"""Runs solves through the AppServer."""

import asyncio
from functools import cached_property
from uuid import UUID

import httpx
from pydantic import TypeAdapter, ValidationError

from contracts.errors import JsonTextError, Violation
from contracts.json_text import parse_json
from contracts.model import JsonObject
from contracts.wire.problem import PROBLEMS
from contracts.wire.solve import CALLER_MARGIN_S, SolveAnswer, SolveRequest
from functions.clients.grants import NO_GRANTS, Grants
from functions.domain.errors import FaultError, JobFailedError
from functions.domain.job import Run
from functions.telemetry.spans import current_traceparent, traced

CONNECT_S = 5.0
_VIOLATIONS = TypeAdapter(list[Violation])


class AppServer:
    """One HTTP client with kept-alive connections, opened on first use."""

    def __init__(self, url: str, grants: Grants = NO_GRANTS) -> None:
        self._url = url
        self._grants = grants

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self._url, timeout=httpx.Timeout(CONNECT_S))

    @traced("solve", "client")
    async def solve(self, run: Run, timeout_s: float) -> SolveAnswer:
        """Solve one run; cancelling this call cancels the request.

        Raises:
            JobFailedError: with the code of the closed taxonomy that says why.
        """
        request = SolveRequest(app_id=run.app_id, tenant_id=run.tenant_id, inputs=run.inputs)
        try:
            async with asyncio.timeout(timeout_s + CALLER_MARGIN_S):
                response = await self._client.post(
                    f"/gh/{run.ref.definition}:{run.ref.version}/solve",
                    content=request.model_dump_json(exclude_none=True),
                    headers={
                        **self._grants.headers(run.app_id, run.tenant_id),
                        "content-type": "application/json",
                        "x-correlation-id": run.correlation_id,
                        "traceparent": current_traceparent() or run.traceparent,
                    },
                    timeout=httpx.Timeout(timeout_s + CALLER_MARGIN_S, connect=CONNECT_S),
                )
        except (TimeoutError, httpx.ReadTimeout) as error:
            detail = f"The solve did not end within {timeout_s:g} s."
            raise JobFailedError(detail, code="solve_timeout") from error
        except httpx.HTTPError as error:
            detail = "The AppServer cannot be reached."
            raise JobFailedError(detail, code="engine_unreachable") from error
        return read_answer(response)

    async def forget(self, app_id: str, tenant_id: UUID) -> None:
        """Let a tenant's remembered answers of an app go.

        Raises:
            FaultError: the AppServer does not answer.
        """
        headers = self._grants.headers(app_id, tenant_id)
        try:
            path = f"/memo/{app_id}/{tenant_id}"
            (await self._client.delete(path, headers=headers)).raise_for_status()
        except httpx.HTTPError as error:
            raise FaultError("The AppServer does not forget its answers.") from error

    async def ping(self) -> None:
        """Check that the AppServer lives.

        Raises:
            FaultError: it does not.
        """
        try:
            response = await self._client.get("/health")
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise FaultError("The AppServer does not answer.") from error

    async def close(self) -> None:
        """Close the connections, if any were opened."""
        if "_client" in self.__dict__:
            await self._client.aclose()


def read_answer(response: httpx.Response) -> SolveAnswer:
    """The answer of a solve.

    Raises:
        JobFailedError: the AppServer reported a problem, or answered something else.
    """
    if response.is_success:
        try:
            return SolveAnswer.model_validate_json(response.content)
        except ValidationError as error:
            detail = "The AppServer's answer has another shape than agreed."
            raise JobFailedError(detail, code="internal") from error
    raise read_failure(response)


def read_failure(response: httpx.Response) -> JobFailedError:
    """What the AppServer's problem document says, in the codes of the closed taxonomy."""
    unreadable = f"The AppServer answered with status {response.status_code}."
    return failure_of(_problem(response), unreadable, _retry_after_s(response))


def failure_of(
    problem: JsonObject, unreadable: str, retry_after_s: int | None = None
) -> JobFailedError:
    """The error that a problem document tells of; `unreadable` is the detail when it tells none."""
    code = problem.get("code")
    if code not in PROBLEMS:
        return JobFailedError(unreadable, code="engine_unreachable")
    try:
        errors = _VIOLATIONS.validate_python(problem.get("errors", []))
    except ValidationError:
        errors = []
    detail = str(problem.get("detail", ""))
    return JobFailedError(detail, code=code, errors=errors, retry_after_s=retry_after_s)


def _problem(response: httpx.Response) -> JsonObject:
    try:
        document = parse_json(response.content)
    except JsonTextError:
        return {}
    return document if isinstance(document, dict) else {}


def _retry_after_s(response: httpx.Response) -> int | None:
    text = response.headers.get("retry-after", "")
    return int(text) if text.isdecimal() else None
