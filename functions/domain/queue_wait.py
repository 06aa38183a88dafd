"""How long a queued job will probably wait."""

import math

from functions.domain.job_resource import QueueEstimate


def estimate(ahead: int, seats: int, median_run_s: float | None) -> QueueEstimate:
    """Turns of the seats until the job has been solved, times the median run.

    It takes the app's seats to work for this tenant alone, so other tenants' jobs make it longer;
    without a measured run it is None rather than a guess.
    """
    turns = math.ceil((ahead + 1) / seats)
    eta_s = None if median_run_s is None else round(turns * median_run_s, 3)
    return QueueEstimate(ahead + 1, eta_s)
