"""Clients that submit jobs as fast as they are taken."""

import http.client
import json
import threading
import time
from itertools import cycle
from urllib.parse import urlsplit


class Load:
    """How many jobs are still to be submitted, and how many may be unfinished at once."""

    def __init__(self, jobs: int, unfinished: int) -> None:
        self._jobs, self._unfinished = jobs, unfinished
        self._changed = threading.Condition()
        self._taken = 0
        self.ended = 0
        self.job_ids: list[str] = []
        self.submit_ms: list[float] = []
        self.failure: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether every job has ended."""
        if self.failure is not None:
            raise RuntimeError(self.failure)
        return self.ended >= self._jobs

    def take(self) -> int | None:
        """The number of the next job, once it may be submitted; None when all are."""
        with self._changed:
            self._changed.wait_for(lambda: self._taken - self.ended < self._unfinished)
            if self._taken == self._jobs:
                return None
            self._taken += 1
            return self._taken

    def note_submitted(self, job_id: str, duration_ms: float) -> None:
        """One job was accepted."""
        self.job_ids.append(job_id)
        self.submit_ms.append(duration_ms)

    def note_ends(self, ended: int) -> None:
        """So many jobs have ended so far."""
        with self._changed:
            self.ended = ended
            self._changed.notify_all()


class Submitter:
    """One client with one kept-alive connection."""

    def __init__(self, load: Load, url: str, tokens: list[str]) -> None:
        self._load, self._tokens = load, cycle(tokens)
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)

    def run(self) -> None:
        """Submit until the load is taken."""
        while (number := self._load.take()) is not None:
            try:
                self._submit(number)
            except (OSError, http.client.HTTPException, ValueError) as error:
                self._load.failure = f"job {number}: {error!r}"
                return

    def _submit(self, number: int) -> None:
        # Equal jobs share a result; inputs of its own make each job a solve.
        body = json.dumps({"version": "1.1.0", "inputs": {"value": number % 1000 + number / 1e6}})
        headers = {
            "Authorization": f"Bearer {next(self._tokens)}",
            "Content-Type": "application/json",
            "Cache-Control": "no-cache",
        }
        started = time.perf_counter()
        self._connection.request("POST", "/sitefit/jobs/run", body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        duration_ms = (time.perf_counter() - started) * 1000
        if answer.status != 202:
            raise ValueError(f"status {answer.status}: {text[:300]!r}")
        self._load.note_submitted(json.loads(text)["job_id"], duration_ms)
