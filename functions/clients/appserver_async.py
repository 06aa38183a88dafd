"""Asks the AppServer for solves that nobody waits for; it reports on them by itself."""

from functools import cached_property
from uuid import UUID

import httpx
from pydantic import ValidationError

from contracts.wire.solve import SolveCallbackTarget, SolveRequest
from contracts.wire.solve_callback import AcceptedSolve
from functions.clients.appserver import CONNECT_S, read_failure
from functions.clients.grants import Grants
from functions.domain.errors import FaultError, JobFailedError
from functions.domain.job import Run
from functions.telemetry.spans import current_traceparent, traced

ACCEPTED = 202
NOT_FOUND = 404
ANSWER_S = 15.0


class AppServerAsync:
    """One HTTP client with kept-alive connections, opened on first use.

    Args:
        url: of the AppServer.
        grants: signs what is asked of it.
        reports_url: where it reaches this function app.
    """

    def __init__(self, url: str, grants: Grants, reports_url: str | None) -> None:
        self._url = url
        self._grants = grants
        self._reports_url = reports_url

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        timeout = httpx.Timeout(ANSWER_S, connect=CONNECT_S)
        return httpx.AsyncClient(base_url=self._url, timeout=timeout)

    @traced("ask for solve", "client")
    async def begin(self, run: Run, report_token: str) -> str:
        """Have a solve begun; its id, under which the reports come.

        Asked twice, the AppServer may solve twice: the first end that is reported counts.

        Raises:
            JobFailedError: the AppServer does not take it, with the code that says why.
        """
        if self._reports_url is None:
            detail = "PUBLIC_URL is not set: the AppServer cannot report on long solves."
            raise JobFailedError(detail, code="internal")
        url = f"{self._reports_url.rstrip('/')}/solve-reports/{run.job_id}"
        request = SolveRequest(
            app_id=run.app_id,
            tenant_id=run.tenant_id,
            inputs=run.inputs,
            callback=SolveCallbackTarget(url=url, token=report_token),
        )
        headers = {
            "content-type": "application/json",
            "prefer": "respond-async",
            "x-correlation-id": run.correlation_id,
            "traceparent": current_traceparent() or run.traceparent,
            **self._grants.headers(run.app_id, run.tenant_id),
        }
        path = f"/gh/{run.ref.definition}:{run.ref.version}/solve"
        try:
            response = await self._client.post(
                path, content=request.model_dump_json(), headers=headers
            )
        except httpx.HTTPError as error:
            detail = "The AppServer cannot be reached."
            raise JobFailedError(detail, code="engine_unreachable") from error
        return _read_accepted(response)

    async def cancel(self, solve_id: str, app_id: str, tenant_id: UUID) -> None:
        """Have a solve stopped; one that has ended or is unknown needs no stopping.

        Raises:
            FaultError: the AppServer does not answer.
        """
        grant = self._grants.headers(app_id, tenant_id)
        try:
            response = await self._client.delete(f"/solves/{solve_id}", headers=grant)
        except httpx.HTTPError as error:
            raise FaultError("The AppServer cannot be reached.") from error
        if not response.is_success and response.status_code != NOT_FOUND:
            raise FaultError(f"The AppServer answered with status {response.status_code}.")

    async def close(self) -> None:
        """Close the connections, if any were opened."""
        if "_client" in self.__dict__:
            await self._client.aclose()


def _read_accepted(response: httpx.Response) -> str:
    if response.status_code != ACCEPTED:
        raise read_failure(response)
    try:
        return AcceptedSolve.model_validate_json(response.content).solve_id
    except ValidationError as error:
        detail = "The AppServer's answer has another shape than agreed."
        raise JobFailedError(detail, code="internal") from error
