"""`python -m devstack orchestrations`: what the task hub of a stack holds."""

import json
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from devstack.errors import UsageError
from devstack.functions_host.durable.records import Instance
from devstack.functions_host.durable.selection import InstanceFilter
from devstack.functions_host.durable.status import instance_status
from devstack.functions_host.durable.store import DATABASE, Store, open_for_reading
from devstack.functions_host.durable.stored_history import record_history
from devstack.plan import FUNCTIONS_STATE
from devstack.terminal import say


def show_instances(root: Path, statuses: Sequence[str], *, as_json: bool) -> None:
    """Print instances, oldest first, and how many there are of each status.

    Raises:
        UsageError: there is no task hub.
    """
    with _task_hub(root) as store:
        found = store.instances(InstanceFilter(statuses=statuses))
    if as_json:
        say(json.dumps([instance_status(one) for one in found], indent=2))
        return
    for line in _table(found):
        say(line)


def show_history(root: Path, instance_id: str) -> None:
    """Print the file that a replay test reads.

    Raises:
        UsageError: no such instance, or no task hub.
    """
    with _task_hub(root) as store:
        instance = store.instance(instance_id)
        if instance is None:
            raise UsageError(f"no orchestration {instance_id} in {root}")
        say(record_history(instance, store.history(instance_id)).model_dump_json(indent=2))


@contextmanager
def _task_hub(root: Path) -> Generator[Store]:
    file = root / FUNCTIONS_STATE / DATABASE
    if not file.exists():
        raise UsageError(f"no task hub in {root}: it is made by the first start of the stack")
    with closing(open_for_reading(file)) as store:
        yield store


def _table(found: Sequence[Instance]) -> list[str]:
    lines = [f"{'INSTANCE':<38} {'ORCHESTRATION':<24} {'STATUS':<12} {'SINCE':<20}"]
    for one in found:
        since = datetime.fromtimestamp(one.created_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        lines.append(f"{one.id:<38} {one.name:<24} {one.status:<12} {since:<20}")
    counts = Counter(one.status for one in found)
    return [*lines, ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))]
