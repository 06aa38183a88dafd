"""What a parent tells its children at their start."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from devstack.rhino_compute.limits import ScriptLimits


@dataclass(frozen=True, slots=True)
class ChildSettings:
    """What the parent tells a child."""

    limits: ScriptLimits
    sticky_inputs: bool = False
    start_delay_s: float = 0

    def to_json(self) -> str:
        """Write them as one argument."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "ChildSettings":
        """Read what `to_json` wrote."""
        fields: dict[str, Any] = json.loads(text)
        limits = ScriptLimits(**fields.pop("limits"))
        return cls(limits, **fields)
