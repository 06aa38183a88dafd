"""What the lanes of one trigger know together about their bus."""

from collections.abc import Callable

from devstack.functions_host.event_log import error_text, log_event, log_warning


class Outage:
    """Says once that the bus is away and once that it is back, and which connections are stale.

    Attributes:
        generation: grows whenever a connection of the present generation breaks; then all older
            ones are suspect too, and opening them again before they are needed saves half a
            second each.
    """

    def __init__(self, function_name: str, queue: str, on_regained: Callable[[], None]) -> None:
        self.generation = 0
        self._fields = {"function": function_name, "queue": queue}
        self._on_regained = on_regained
        self._opened_generation = 0
        self._is_on = False

    def broke(self, generation: int) -> None:
        """A connection of this generation broke."""
        if generation == self.generation:
            self.generation += 1

    def began(self, error: BaseException) -> None:
        """A connection could not be made."""
        if not self._is_on:
            log_warning("service_bus_lost", error=error_text(error), **self._fields)
        self._is_on = True

    def ended(self) -> None:
        """A connection was made."""
        if self._is_on:
            log_event("service_bus_regained", **self._fields)
        self._is_on = False
        if self._opened_generation != self.generation:
            self._opened_generation = self.generation
            self._on_regained()
