from collections.abc import Callable, Generator
from typing import Any

from azure.durable_functions.models.Task import TaskBase

class Orchestrator:
    @classmethod
    def create(
        cls, fn: Callable[..., Generator[TaskBase, Any, object]]
    ) -> Callable[[str], str]: ...
