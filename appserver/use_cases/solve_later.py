"""Solve while nobody waits, and post what becomes of it."""

import asyncio
from itertools import count

import structlog

from appserver.admission.errors import DrainingError, ForbiddenError
from appserver.callbacks.long_solves import LongSolve
from appserver.callbacks.sender import CallbackSender, is_allowed
from appserver.domain.errors import AppServerError
from appserver.services import Services
from appserver.use_cases.admit import SolveOrder
from appserver.use_cases.explain_error import document_of, problem_of
from appserver.use_cases.solve import remembered, solve
from contracts.errors import ContractError, ContractViolationError, Violation
from contracts.model import JsonObject
from contracts.wire.solve import SolveAnswer, SolveCallbackTarget
from contracts.wire.solve_callback import SolveCallback

DRAINED_RETRY_S = 5

_log: structlog.stdlib.BoundLogger = structlog.get_logger()


def solve_later(
    services: Services, order: SolveOrder, target: SolveCallbackTarget | None, solve_id: str
) -> LongSolve:
    """Begin an admitted order and return at once.

    Raises:
        ContractViolationError: there is no callback, or it may not be posted to.
        ForbiddenError: this process has no key to sign reports with, or nobody is named.
        SeatsExhaustedError: too many solves run already.
    """
    if services.reporter is None or order.caller.tenant_id is None:
        raise ForbiddenError("Reports need APPSERVER_GRANT_KEY, and a tenant to report to.")
    if target is None:
        raise _refused("/callback", "required", "Is required with `Prefer: respond-async`.")
    if not is_allowed(target.url, services.report_rules.origins):
        raise _refused("/callback/url", "not_allowed", "Is not one of CALLBACK_ORIGINS.")
    long_solve = LongSolve(solve_id, order.caller.app_id, order.caller.tenant_id)
    reports = _Reports(services, services.reporter, long_solve, target)
    services.long_solves.begin(long_solve, _run(services, order, reports))
    return long_solve


class _Reports:
    """Numbers the reports of one solve."""

    def __init__(
        self,
        services: Services,
        sender: CallbackSender,
        about: LongSolve,
        target: SolveCallbackTarget,
    ) -> None:
        self.about = about
        self._heartbeat_s = services.report_rules.heartbeat_s
        self._sender, self._target, self._numbers = sender, target, count()

    async def beat(self) -> None:
        """Report again and again that the solve goes on; end it when the receiver is gone."""
        while True:
            await self._sender.pause(self._heartbeat_s)
            report = self._report(event="heartbeat")
            if await self._sender.post(self._target.url, report) == "gone":
                _log.info("solve_unwanted", solve_id=self.about.solve_id)
                self.about.cancel("cancelled")
                return

    async def succeed(self, answer: bytes) -> None:
        """The last report, with the answer."""
        self.about.state = "succeeded"
        await self._end(self._report("succeeded", answer=SolveAnswer.model_validate_json(answer)))

    async def fail(self, problem: JsonObject) -> None:
        """The last report, with the problem document."""
        self.about.state = "failed"
        await self._end(self._report("failed", problem=problem))

    async def _end(self, report: SolveCallback) -> None:
        outcome = await self._sender.deliver(self._target.url, report)
        self.about.is_reported = outcome == "delivered"
        _log.info(
            "solve_reported",
            solve_id=self.about.solve_id,
            report=report.event,
            outcome=outcome,
        )

    def _report(self, event: str, **said: object) -> SolveCallback:
        return SolveCallback.model_validate(
            {
                "solve_id": self.about.solve_id,
                "token": self._target.token,
                "sequence": next(self._numbers),
                "event": event,
                **said,
            }
        )


async def _run(services: Services, order: SolveOrder, reports: _Reports) -> None:
    beating = asyncio.create_task(reports.beat())
    try:
        known = remembered(services, order)
        answer = await solve(services, order) if known is None else known.answer
    except asyncio.CancelledError:
        await _stop(beating)
        await _report_cancelled(order, reports)
    except (AppServerError, ContractError) as error:
        await _stop(beating)
        await reports.fail(document_of(problem_of(error, order.caller.trace.correlation_id)))
    except Exception as error:  # noqa: BLE001 - nobody waits: a report is the only way out
        _log.exception("request_failed", code="internal")
        await _stop(beating)
        await reports.fail(document_of(problem_of(error, order.caller.trace.correlation_id)))
    else:
        await _stop(beating)
        await reports.succeed(answer)


async def _report_cancelled(order: SolveOrder, reports: _Reports) -> None:
    """Who asked for the end knows it; who did not is told that another process may try."""
    if reports.about.ended_by == "drained":
        error = DrainingError("The AppServer shut down before the solve ended.", DRAINED_RETRY_S)
        await reports.fail(document_of(problem_of(error, order.caller.trace.correlation_id)))
    else:
        reports.about.state = "cancelled"


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


def _refused(pointer: str, code: str, message: str) -> ContractViolationError:
    return ContractViolationError("schema_violation", [Violation(pointer, code, message)])
