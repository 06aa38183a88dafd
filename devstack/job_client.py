"""A client of the job API, as a newcomer would write it: submit, follow, fetch."""

import time
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urljoin

import httpx

from devstack.errors import DevstackError
from devstack.examples import Example

Document = dict[str, Any]

FINAL = frozenset({"succeeded", "failed", "cancelled", "expired"})
_POLL_S = 0.05
_FOLLOW_S = 900


class RefusedError(DevstackError):
    """The API answered with a problem document."""

    def __init__(self, problem: Document) -> None:
        super().__init__(describe_problem(problem))
        self.problem = problem


class UnreachableError(DevstackError):
    """The API, or what a link points at, does not answer."""


class JobClient:
    """Calls the API of one stack for one tenant; follows a job every `poll_s` for `follow_s`."""

    def __init__(
        self, base_url: str, token: str, poll_s: float = _POLL_S, follow_s: float = _FOLLOW_S
    ) -> None:
        self._poll_s, self._follow_s = poll_s, follow_s
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(base_url=base_url, headers=headers, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_ending: object) -> None:
        self._client.close()

    def submit(self, example: Example, *, is_fresh: bool = False) -> Document:
        """Send the inputs; the accepted job with its address under `location`.

        A fresh one is a job of its own although an equal one has finished.

        Raises:
            RefusedError: the API did not take it.
        """
        body = {"definition": example.app_id, "version": example.version, "inputs": example.inputs}
        headers = {"Cache-Control": "no-cache"} if is_fresh else {}
        answer = self._send("POST", f"/{example.app_id}/jobs/run", body, headers)
        job = _accepted(answer)
        job["location"] = urljoin(str(answer.url), answer.headers.get("Location", ""))
        return job

    def follow(
        self, job: Document, changed: Callable[[Document], None], check: Callable[[], None]
    ) -> Document:
        """Read a submitted job until it is final; `changed` hears of every status and attempt.

        Raises:
            UnreachableError: the job is not final after `follow_s`.
        """
        location, ends_at = job["location"], time.monotonic() + self._follow_s
        changed(job)
        while job["status"] not in FINAL:
            if time.monotonic() > ends_at:
                late = f"{location} is still {job['status']} after {self._follow_s:g} s"
                raise UnreachableError(late)
            time.sleep(self._poll_s)
            check()
            before = (job["status"], job.get("attempts"))
            job = _accepted(self._send("GET", location))
            if (job["status"], job.get("attempts")) != before:
                changed(job)
        return job

    def result(self, app_id: str, job_id: str) -> Document:
        """The outputs of a job that succeeded."""
        return _accepted(self._send("GET", f"/{app_id}/jobs/{job_id}/result"))

    def download(self, href: str) -> bytes:
        """The bytes behind a signed link, which needs no token."""
        try:
            return httpx.get(href, timeout=60).raise_for_status().content
        except httpx.HTTPError as error:
            raise UnreachableError(f"{href.partition('?')[0]}: {error}") from error

    def _send(
        self,
        method: str,
        url: str,
        json: Document | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        try:
            return self._client.request(method, url, json=json, headers=headers)
        except httpx.HTTPError as error:
            raise UnreachableError(f"{method} {url}: {error}") from error


def describe_problem(problem: Document) -> str:
    """A problem document (RFC 9457) or a job's `last_error` as lines for a person."""
    code, title = problem.get("code", "unknown"), problem.get("title", "")
    lines = [f"{code}: {title}".rstrip(": ")]
    if detail := problem.get("detail"):
        lines.append(f"  {detail}")
    faults: list[Document] = problem.get("errors") or []
    for fault in faults:
        hint = f" ({fault['hint']})" if fault.get("hint") else ""
        lines.append(f"  {fault.get('pointer') or '/'}: {fault.get('message', '')}{hint}")
    if correlation_id := problem.get("correlation_id"):
        lines.append(f"  correlation id {correlation_id}")
    return "\n".join(lines)


def _accepted(answer: httpx.Response) -> Document:
    try:
        document = answer.json()
    except ValueError:
        document = {"title": f"{answer.status_code} {answer.text[:300]}"}
    if answer.is_error:
        raise RefusedError(document)
    return document
