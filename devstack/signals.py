"""Ctrl-C, `kill` and a closed terminal end a command in good order, once."""

import signal
from types import FrameType
from typing import NoReturn

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """A signal asked the command to end; `exit_code` is the shell's convention."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


def _request_stop(number: int, _frame: FrameType | None) -> NoReturn:
    # A second Ctrl-C must not interrupt the stopping of the children.
    for ending in _ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    raise StopRequested(number)


def raise_on_signals() -> None:
    """Turn the next ending signal into StopRequested and ignore those after it."""
    for ending in _ENDINGS:
        signal.signal(ending, _request_stop)
