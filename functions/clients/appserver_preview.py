"""Asks the AppServer's preview lane."""

import asyncio
from functools import cached_property

import httpx
from pydantic import ValidationError

from contracts.wire.preview import HINT_HEADER, PreviewAnswer
from contracts.wire.solve import SolveRequest
from functions.clients.appserver import CONNECT_S, read_failure
from functions.clients.grants import NO_GRANTS, Grants
from functions.domain.errors import JobFailedError
from functions.domain.preview import PreviewOutcome, PreviewRequest
from functions.telemetry.spans import current_traceparent, traced

NO_CONTENT = 204


class AppServerPreview:
    """One HTTP client with kept-alive connections, opened on first use.

    Connections of its own: previews do not wait behind solves.
    """

    def __init__(self, url: str, grants: Grants = NO_GRANTS) -> None:
        self._url = url
        self._grants = grants

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self._url, timeout=httpx.Timeout(CONNECT_S))

    @traced("ask for preview", "client")
    async def preview(self, request: PreviewRequest) -> PreviewOutcome:
        """What the lane has within the timebox; cancelling this call cancels the request.

        Raises:
            JobFailedError: with the code of the closed taxonomy that says why.
        """
        try:
            async with asyncio.timeout(request.patience_s):
                response = await self._post(request)
        except (TimeoutError, httpx.TimeoutException) as error:
            detail = f"The preview lane did not answer within {request.patience_s:g} s."
            raise JobFailedError(detail, code="solve_timeout") from error
        except httpx.HTTPError as error:
            detail = "The AppServer cannot be reached."
            raise JobFailedError(detail, code="engine_unreachable") from error
        return _read(response)

    async def _post(self, request: PreviewRequest) -> httpx.Response:
        body = SolveRequest(
            app_id=request.app_id, tenant_id=request.tenant_id, inputs=request.inputs
        )
        return await self._client.post(
            f"/preview/{request.ref.definition}:{request.ref.version}",
            content=body.model_dump_json(exclude_none=True),
            headers={
                **self._grants.headers(request.app_id, request.tenant_id),
                "content-type": "application/json",
                "x-correlation-id": request.trace.correlation_id,
                "traceparent": current_traceparent() or request.trace.traceparent,
            },
            timeout=httpx.Timeout(request.patience_s, connect=CONNECT_S),
        )

    async def close(self) -> None:
        """Close the connections, if any were opened."""
        if "_client" in self.__dict__:
            await self._client.aclose()


def _read(response: httpx.Response) -> PreviewOutcome:
    if response.status_code == NO_CONTENT:
        return PreviewOutcome(None, response.headers.get(HINT_HEADER, ""))
    if not response.is_success:
        raise read_failure(response)
    try:
        return PreviewOutcome(PreviewAnswer.model_validate_json(response.content))
    except ValidationError as error:
        detail = "The AppServer's answer has another shape than agreed."
        raise JobFailedError(detail, code="internal") from error
