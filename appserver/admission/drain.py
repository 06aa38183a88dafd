"""The end of this process: nothing is admitted any more, what runs is finished."""

from dataclasses import dataclass

from appserver.admission.errors import DrainingError

RETRY_AFTER_S = 5


@dataclass(slots=True)
class Drain:
    """Begins once and never ends."""

    has_begun: bool = False

    def begin(self) -> None:
        """Admit nothing from now on."""
        self.has_begun = True

    def check(self) -> None:
        """Return while requests are admitted.

        Raises:
            DrainingError: this process is about to end.
        """
        if self.has_begun:
            raise DrainingError("This AppServer is shutting down.", RETRY_AFTER_S)
