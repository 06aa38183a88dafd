"""What an environment costs a month, by the number of solves: arithmetic on stacks and prices.

The shape comes from the stacks' files and golden lists, the load from the assumptions below, the
prices from `delivery.prices`. `python -m delivery cost` prints the tables of docs/cost.md.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from delivery import prices
from delivery.checkout import ROOT, stamped_apps

MONTH_S = prices.HOURS * 3600
_WORKING_HOURS = 13 * 5 * 52 / 12
_GB = 1e9
SOLVES = (0, 1_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Load:
    """What a solve asks for; figures with their source in docs/cost.md.

    `busy`: how much of the time that nodes run their children may solve. `requests`: HTTP calls of
    its client. `rows`, `row_bytes`: of logs and traces in the workspace.
    """

    solves: int
    solve_s: float = 5.0
    busy: float = 0.5
    request_s: float = 0.1
    requests: int = 4
    rows: int = 27
    row_bytes: int = 1_000
    file_bytes: int = 100_000
    database_bytes: int = 6_000
    kept_days: float = 30.0
    bus_operations: int = 6


@dataclass(frozen=True, slots=True)
class Shape:
    """An environment as its stacks' files and golden lists describe it."""

    env: str
    apps: int
    node_size: str
    seats: int
    nodes_min: int
    nodes_max: int
    off_hours: bool
    premium: bool
    replicas: int
    always_ready: int
    memory_gb: float
    endpoints: int
    zones: int
    metric_alerts: int
    log_alerts: int
    ticks: float

    @property
    def open_hours(self) -> float:
        """Hours of a month in which nodes run at all."""
        return _WORKING_HOURS if self.off_hours else prices.HOURS


def read_shape(env: str, root: Path = ROOT) -> Shape:
    """Read the files of an environment; defaults are those of `pulumi/stack_config.py`."""
    apps = stamped_apps(env, root)
    platform = _config(root, f"{env}-platform")
    of_apps = [_config(root, f"{env}-{app_id}") for app_id in apps]
    golden = "".join((root / f"pulumi/golden/{env}-{one}.txt").read_text() for one in _stacks(apps))

    def count(kind: str) -> int:
        return len(re.findall(rf"^{kind} ", golden, re.MULTILINE))

    return Shape(
        env=env,
        apps=len(apps),
        node_size=platform.get("node-size", "Standard_D4ds_v5"),
        seats=int(platform.get("node-seats", 4)),
        nodes_min=int(platform.get("nodes-min", 1)),
        nodes_max=int(platform.get("nodes-max", 1)),
        off_hours=platform.get("nodes-off-hours") == "true",
        premium=platform.get("premium") == "true",
        replicas=int(platform.get("appserver-replicas-min", 1)),
        always_ready=sum(2 * int(one.get("always-ready", 0)) for one in of_apps),
        memory_gb=max(int(one.get("memory-mb", 2048)) for one in of_apps) / 1024,
        endpoints=count("network:PrivateEndpoint"),
        zones=count("privatedns:PrivateZone"),
        metric_alerts=count("monitor:MetricAlert"),
        log_alerts=count("monitor:ScheduledQueryRule"),
        ticks=timer_ticks((root / "docs/settings.md").read_text(encoding="utf-8")),
    )


def _stacks(apps: list[str]) -> list[str]:
    return ["platform", *apps]


def _config(root: Path, stack: str) -> dict[str, str]:
    document = yaml.safe_load((root / f"pulumi/Pulumi.{stack}.yaml").read_text(encoding="utf-8"))
    return {key.removeprefix("kuduso:"): str(value) for key, value in document["config"].items()}


def timer_ticks(settings: str) -> float:
    """Ticks a month of one app's timers, from the schedules in docs/settings.md."""
    schedules = re.findall(r"^\| `SCHEDULE_\w+` \| `([^`]+)` \|", settings, re.MULTILINE)
    return sum(MONTH_S / _period_s(schedule) for schedule in schedules)


def _period_s(schedule: str) -> int:
    """Seconds between two ticks of an NCRONTAB schedule of the kinds that timers have.

    Raises:
        ValueError: another kind.
    """
    second, minute, hour, *rest = schedule.split()
    if rest == ["*"] * 3:
        if second.startswith("*/") and minute == hour == "*":
            return int(second[2:])
        if second.isdigit() and hour == "*":
            return 60 if minute == "*" else 60 * int(minute.removeprefix("*/"))
        if second.isdigit() and minute.isdigit() and hour.isdigit():
            return 24 * 3600
    raise ValueError(f"{schedule!r}: not every n seconds or minutes, nor once a day")


def node_hours(shape: Shape, load: Load) -> float:
    """Hours that machines run: at least the fewest, and as many as the solves fill."""
    filled = load.solves * load.solve_s / (shape.seats * load.busy) / 3600
    return max(shape.nodes_min * shape.open_hours, filled)


def monthly(shape: Shape, load: Load) -> dict[str, float]:
    """US dollars a month by part."""
    hours = node_hours(shape, load)
    cores = prices.NODE_CORES[shape.node_size]
    return {
        "Rhino core hours": hours * cores * prices.RHINO_CORE_HOUR,
        "Node machines": hours * (prices.NODE_HOUR[shape.node_size])
        + prices.NODE_DISK_MONTH * hours / prices.HOURS,
        "Functions: timers": _timers(shape),
        "Functions: requests and jobs": _functions(shape, load),
        "Functions: always ready": shape.always_ready
        * shape.memory_gb
        * MONTH_S
        * prices.FLEX_READY_GB_S,
        "AppServer and collector": _containers(shape, load),
        "Service Bus": _bus(shape, load),
        "Logs and alerts": _logs(shape, load),
        "Database": _database(load),
        "Files": _files(shape, load),
        "Network": _network(shape),
        "Registry": prices.REGISTRY_MONTH["Premium" if shape.premium else "Basic"],
    }


def _timers(shape: Shape) -> float:
    """Each tick of each app wakes an instance."""
    ticks = shape.apps * shape.ticks
    memory_s = ticks * shape.memory_gb * prices.FLEX_LEAST_S
    return memory_s * prices.FLEX_GB_S + ticks * prices.FLEX_MILLION / 1e6


def _functions(shape: Shape, load: Load) -> float:
    """Worst case: an instance handles one thing at a time, and waits while its job is solved."""
    each_s = max(load.solve_s, prices.FLEX_LEAST_S)
    each_s += load.requests * max(load.request_s, prices.FLEX_LEAST_S)
    memory_s = load.solves * each_s * shape.memory_gb
    executions = load.solves * (1 + load.requests)
    return memory_s * prices.FLEX_GB_S + executions * prices.FLEX_MILLION / 1e6


def _containers(shape: Shape, load: Load) -> float:
    """AppServer: 1 vCPU, 2 GiB; collector: 0.25 vCPU, 0.5 GiB; busy while somebody waits."""
    busy_s = min(load.solves * load.solve_s, shape.replicas * MONTH_S)
    idle_s = shape.replicas * MONTH_S - busy_s
    cpu = busy_s * prices.CONTAINER_CPU_S + idle_s * prices.CONTAINER_IDLE_CPU_S
    memory = shape.replicas * MONTH_S * 2 * prices.CONTAINER_GIB_S
    collector = MONTH_S * (0.25 * prices.CONTAINER_IDLE_CPU_S + 0.5 * prices.CONTAINER_GIB_S)
    return cpu + memory + collector


def _bus(shape: Shape, load: Load) -> float:
    if shape.premium:
        return prices.BUS_PREMIUM_HOUR * prices.HOURS
    beyond = load.solves * load.bus_operations - prices.BUS_STANDARD_FREE_OPERATIONS
    return prices.BUS_STANDARD_MONTH + max(0.0, beyond) / 1e6 * prices.BUS_STANDARD_MILLION


def _logs(shape: Shape, load: Load) -> float:
    """Rows of jobs, and three of each tick of a timer."""
    rows = load.solves * load.rows + 3 * shape.apps * shape.ticks
    alerts = shape.metric_alerts * prices.METRIC_ALERT_MONTH
    alerts += shape.log_alerts * prices.LOG_ALERT_MONTH
    return rows * load.row_bytes / _GB * prices.LOG_GB + alerts


def _database(load: Load) -> float:
    """Supabase's smallest paid plan; a quarter of the month's jobs at a time, on average."""
    held_gb = load.solves * load.database_bytes / _GB * load.kept_days / 30
    beyond_gb = max(0.0, held_gb - prices.DATABASE_FREE_GB)
    return prices.DATABASE_MONTH + beyond_gb * prices.DATABASE_GB_MONTH


def _files(shape: Shape, load: Load) -> float:
    held_gb = load.solves * load.file_bytes / _GB * load.kept_days / 30
    kind = "Standard_ZRS" if shape.premium else "Standard_LRS"
    return held_gb * prices.BLOB_GB_MONTH[kind] + load.solves * prices.BLOB_WRITE


def _network(shape: Shape) -> float:
    hourly = prices.NAT_HOUR + prices.PUBLIC_ADDRESS_HOUR + prices.BALANCER_HOUR
    hourly += shape.endpoints * prices.PRIVATE_ENDPOINT_HOUR
    return hourly * prices.HOURS + shape.zones * prices.DNS_ZONE_MONTH
