"""Say whether a solve would reach an engine now."""

from appserver.domain.errors import EngineUnreachableError
from appserver.services import Services
from contracts.errors import Violation


def check_readiness(services: Services) -> None:
    """Return when the solver is ready.

    Raises:
        EngineUnreachableError: with one entry for each reason.
    """
    reasons = services.solver.refusals()
    if reasons:
        message = "The AppServer is not ready to solve."
        raise EngineUnreachableError(message, [Violation("", "engine", text) for text in reasons])
