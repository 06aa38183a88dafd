"""Let whoever exports metrics read the state of this process."""

from collections import Counter
from collections.abc import Iterable, Mapping

from appserver.services import Services
from appserver.telemetry import observe, observe_sum

Reading = tuple[float, Mapping[str, str]]


def publish_gauges(services: Services) -> None:
    """Register one observation for each row of docs/telemetry.md that begins `kuduso.appserver`."""
    memo = services.memo

    def nodes() -> Iterable[Reading]:
        counted = Counter(services.solver.nodes().values())
        return [(count, {"kuduso.state": state}) for state, count in counted.items()]

    def seats() -> Iterable[Reading]:
        return [
            (lane.in_use, {"kuduso.app_id": app_id, "kuduso.lane": name})
            for app_id, name, lane in services.gate.lanes()
        ]

    def lookups() -> Iterable[Reading]:
        for app_id, counts in memo.counts.items():
            yield counts.hits, {"kuduso.app_id": app_id, "kuduso.outcome": "hit"}
            yield counts.misses, {"kuduso.app_id": app_id, "kuduso.outcome": "miss"}

    observe("kuduso.appserver.nodes", "{node}", nodes)
    observe("kuduso.appserver.seats.in_use", "{seat}", seats)
    observe("kuduso.appserver.solves", "{solve}", lambda: [(len(services.flights), {})])
    observe("kuduso.appserver.long_solves", "{solve}", lambda: [(len(services.long_solves), {})])
    observe("kuduso.appserver.memo.size", "By", lambda: [(memo.size_bytes, {})])
    observe_sum("kuduso.appserver.memo.lookups", "{lookup}", lookups)
