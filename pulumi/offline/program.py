"""Runs a stack's program against the recording monitor: no CLI, no provider, no network."""

import asyncio
import contextvars
import runpy
import sys
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from google.protobuf import empty_pb2
from pulumi import resource as pulumi_resource
from pulumi.runtime import config, mocks, settings
from pulumi.runtime import stack as pulumi_stack

from offline.config_files import StackFile, read_stack_file
from offline.monitor import RecordingMonitor
from offline.recording import Recording
from offline.values import Properties

ORGANIZATION = "organization"


def _kept_as_given(alias: Any, *_: Any) -> Any:  # noqa: ANN401 - Pulumi's own types
    return alias


# URNs of all earlier names of the SDK's types, for engines that know no alias specs; ours does.
# They are half of the time of a run.
cast("Any", pulumi_resource).collapse_alias_to_urn = _kept_as_given


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder of programs. `secret_keys`: values that its files never hold."""

    root: Path
    secret_keys: tuple[str, ...] = ()
    overrides: Mapping[str, str | None] = field(default_factory=dict[str, str | None])

    def run(self, stack: str, stacks: Mapping[str, Properties], *, preview: bool) -> Recording:
        """Run one stack; `preview` keeps unknown what only Azure can tell.

        Raises:
            Exception: whatever the program raises, a missing configuration key for example.
        """
        file = read_stack_file(self.root, stack, self.secret_keys)
        values = {**file.values}
        for key, value in self.overrides.items():
            values.pop(key, None)
            if value is not None:
                values[key] = value
        recording = Recording(stack, preview)
        asked = _Asked(values)
        settled = replace(file, values=asked)
        _in_thread(lambda: _run(self.root, settled, recording, stacks), self.root)
        recording.given_keys, recording.read_keys = frozenset(file.given), frozenset(asked.read)
        return recording


class _Asked(dict[str, str]):
    """Configuration that notes what is asked for: Pulumi looks whether it has a key first."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __contains__(self, key: object) -> bool:
        self.read.add(str(key))
        return super().__contains__(key)


def full_name(project: str, stack: str) -> str:
    """As a stack reference names it."""
    return f"{ORGANIZATION}/{project}/{stack}"


def _in_thread(body: Any, root: Path) -> None:  # noqa: ANN401 - a callable without result
    """In a context of its own: Pulumi keeps its state in context variables."""
    failures: list[BaseException] = []

    def guarded() -> None:
        try:
            body()
        except BaseException as error:  # noqa: BLE001 - handed over to the caller's thread
            failures.append(error)

    with _importable(root):
        thread = threading.Thread(target=contextvars.Context().run, args=(guarded,))
        thread.start()
        thread.join()
    if failures:
        raise failures[0]


@contextmanager
def _importable(root: Path) -> Generator[None]:
    """Put the program's folder on the path, as Pulumi's language host does."""
    path = [*sys.path]
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path[:] = path


def _run(
    root: Path, file: StackFile, recording: Recording, stacks: Mapping[str, Properties]
) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        _configure(root, file, recording, stacks)
        loop.run_until_complete(_execute(root))
    except BaseException:
        # Outputs that nobody awaits any more failed for the same reason: it is told once.
        loop.set_exception_handler(lambda _loop, _context: None)
        raise
    finally:
        _close(loop)


def _configure(
    root: Path, file: StackFile, recording: Recording, stacks: Mapping[str, Properties]
) -> None:
    """Full settings: Pulumi's mock settings keep the outputs of a failed earlier run."""
    monitor = cast("Any", RecordingMonitor(recording, stacks))
    settings.ROOT.set(None)
    own: Any = settings.Settings(
        project=file.project,
        stack=recording.stack,
        dry_run=recording.is_preview,
        organization=ORGANIZATION,
        monitor=monitor,
        engine=cast("Any", mocks.MockEngine(None)),
        root_directory=str(root),
    )
    supported = monitor.GetDeploymentInfo(empty_pb2.Empty()).supportedFeatures
    own.monitor_features = set(supported)
    settings.configure(own)
    config.set_all_config({}, list(file.secret_keys))
    config.CONFIG.set(file.values)


async def _execute(root: Path) -> None:
    """Run the program, then everything that it left running.

    Pulumi's own runner looks at every outstanding output again for each that ends: a third of the
    time of a large program.
    """
    stack: Any = pulumi_stack.Stack()
    try:
        runpy.run_path(str(root / "__main__.py"), run_name="__main__")
    finally:
        stack._finish()  # noqa: SLF001 - what Pulumi's own runner calls
    outstanding = cast("set[asyncio.Task[object]]", cast("Any", settings.SETTINGS).outputs)
    await pulumi_stack.wait_for_rpcs(await_all_outstanding_tasks=False)
    while outstanding:
        await asyncio.gather(*outstanding)
        await pulumi_stack.wait_for_rpcs(await_all_outstanding_tasks=False)


def _close(loop: asyncio.AbstractEventLoop) -> None:
    """After a failed program some outputs are never resolved: their tasks are cancelled."""
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
