"""Collect the tests of other modules once more, under names that say where they come from."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any


def collected(paths: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Name and function of every test of `tests/integration/<path>.py`."""
    for path in paths:
        module = import_module(f"tests.integration.{path.replace('/', '.')}")
        prefix = f"test_{path.replace('/test_', '_')}_"
        for name, test in vars(module).items():
            if name.startswith("test_"):
                yield prefix + name.removeprefix("test_"), test
