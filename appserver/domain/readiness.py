"""Whether a contract can be solved, node by node."""

from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from contracts.model import JsonObject

NodeState = Literal["ready", "busy", "suspect", "dead", "draining"]
Status = Literal["ready", "degraded", "retired"]


@dataclass(frozen=True, slots=True)
class NodeFinding:
    """What one node lacks for one contract; `lacks` is None until it has been asked."""

    node: str
    state: NodeState
    lacks: tuple[str, ...] | None

    @property
    def is_attested(self) -> bool:
        """Whether the node was asked and lacks nothing."""
        return self.lacks == ()

    def to_json(self) -> JsonObject:
        """One row of the matrix."""
        lacks: JsonValue = None if self.lacks is None else [*self.lacks]
        return {
            "node": self.node,
            "state": self.state,
            "attested": self.is_attested,
            "lacks": lacks,
        }


@dataclass(frozen=True, slots=True)
class Readiness:
    """One contract over every node."""

    findings: tuple[NodeFinding, ...] = ()

    @property
    def can_solve(self) -> bool:
        """Whether a node that works, or is about to, has all that the contract needs."""
        return any(one.is_attested and one.state != "dead" for one in self.findings)

    @property
    def why(self) -> tuple[str, ...]:
        """One sentence for each thing that keeps a node from solving."""
        sentences: list[str] = []
        for one in self.findings:
            if one.lacks:
                sentences += [f"{one.node}: {text}" for text in one.lacks]
            elif one.state not in ("ready", "busy"):
                sentences.append(f"{one.node} is {one.state}")
            elif one.lacks is None:
                sentences.append(f"{one.node} has not been asked yet")
        return tuple(sentences)

    @property
    def status(self) -> Status:
        """`ready` when every node is able to solve the contract."""
        return "degraded" if self.why else "ready"

    @property
    def missing(self) -> tuple[str, ...]:
        """Everything that some node lacks, once each, without the nodes' names."""
        return tuple(dict.fromkeys(text for one in self.findings for text in one.lacks or ()))
