"""Have a run solved, and ask again while the engine has no room for it."""

from datetime import timedelta

from contracts.wire.solve import SolveAnswer
from functions.domain.errors import JobFailedError
from functions.domain.job import Run
from functions.domain.retry import uses_attempt
from functions.services import Services
from functions.telemetry.log_lines import timed

# Beside the solve itself it must fit into what a queue handler may take.
PATIENCE = timedelta(seconds=100)
PAUSE_S, MAX_PAUSE_S = 0.5, 8.0


async def solve_run(services: Services, run: Run, timeout_s: float) -> SolveAnswer:
    """Ask until the engine takes the run; its lease is held meanwhile, so nobody else tries.

    A fleet may have fewer places than the app has seats: while nodes start, drain or break.

    Raises:
        JobFailedError: the solve failed, or there was no room for longer than a handler may wait.
    """
    gives_up_at = services.clock.now() + PATIENCE
    pause_s = PAUSE_S
    while True:
        try:
            with timed("solve_finished"):
                return await services.appserver.solve(run, timeout_s)
        except JobFailedError as error:
            wait_s = max(pause_s * services.clock.jitter(), float(error.retry_after_s or 0))
            is_late = services.clock.now() + timedelta(seconds=wait_s) > gives_up_at
            if uses_attempt(error) or is_late:
                raise
        await services.clock.sleep(wait_s)
        pause_s = min(2 * pause_s, MAX_PAUSE_S)
