# /// script
# dependencies = []
# ///
"""Grows the roads: a short tree that joins blocks to the entrance.

It grows as Takahashi and Matsuyama proposed for Steiner trees: the block that is cheapest to join
to what is built comes next, and a road that is built costs nothing more.
"""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from read_order import Floats

NEAR_M = 1e-6


class Links(NamedTuple):
    """Neighbours of node n and their distances: places `starts[n]` to below `starts[n + 1]`."""

    starts: list[int]
    neighbours: list[int]
    lengths: list[float]


class Net(NamedTuple):
    """A graph: nodes (n, 2), the last of them the entrance; links; where each block is reached."""

    nodes: Floats
    links: Links
    accesses: list[list[int]]

    @property
    def entrance(self) -> int:
        """Return the node of the entrance."""
        return len(self.nodes) - 1


class Tree(NamedTuple):
    """Roads: `edges` of the net, and for each joined block the node where it is reached."""

    edges: list[tuple[int, int]]
    joined: dict[int, int]
    length_m: float


class Reach(NamedTuple):
    """How far the search is: what each node costs to reach, from where, and what comes next.

    The queue holds (cost, node, block): a node to go on from, or a block to join at a node.
    """

    costs: list[float]
    came_from: list[int]
    queue: list[tuple[float, int, int]]


def grow_tree(net: Net, worths: list[float], count: int) -> Tree:
    """Join the `count` blocks that are cheapest to join, one after another.

    `worths` is what each block costs beside its road, in metres of road.
    """
    blocks_at: dict[int, list[int]] = {}
    for block, nodes in enumerate(net.accesses):
        for node in nodes:
            blocks_at.setdefault(node, []).append(block)
    reach = Reach([math.inf] * len(net.nodes), [-1] * len(net.nodes), [])
    reach.costs[net.entrance] = 0.0
    heapq.heappush(reach.queue, (0.0, net.entrance, -1))
    joined: dict[int, int] = {}
    edges: list[tuple[int, int]] = []
    while reach.queue and len(joined) < count:
        cost, node, block = heapq.heappop(reach.queue)
        if block >= 0 and block not in joined:
            joined[block] = node
            edges += build_road(reach, node)
        elif block < 0 and cost <= reach.costs[node]:
            for waiting in blocks_at.get(node, ()):
                if waiting not in joined:
                    heapq.heappush(reach.queue, (cost + worths[waiting], node, waiting))
            widen(reach, net, node)
    length_m = math.fsum(math.dist(net.nodes[one], net.nodes[other]) for one, other in edges)
    return Tree(edges, joined, length_m)


def widen(reach: Reach, net: Net, node: int) -> None:
    """Go on from a node to its neighbours."""
    links = net.links
    for place in range(links.starts[node], links.starts[node + 1]):
        other, cost = links.neighbours[place], reach.costs[node] + links.lengths[place]
        if cost < reach.costs[other] - NEAR_M:
            reach.costs[other], reach.came_from[other] = cost, node
            heapq.heappush(reach.queue, (cost, other, -1))


def build_road(reach: Reach, node: int) -> list[tuple[int, int]]:
    """Return the edges from a node to what is built; their nodes cost nothing from now on."""
    edges: list[tuple[int, int]] = []
    while reach.costs[node] > 0:
        reach.costs[node] = 0.0
        heapq.heappush(reach.queue, (0.0, node, -1))
        edges.append((reach.came_from[node], node))
        node = reach.came_from[node]
    return edges
