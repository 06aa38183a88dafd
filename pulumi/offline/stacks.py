"""All stacks of a folder: each platform before its apps, whose references read its outputs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stack_config import PLATFORM

from offline.program import Programs, full_name
from offline.recording import Recording
from offline.values import Properties

PROJECT = "kuduso"


@dataclass(slots=True)
class Estate:
    """Recordings by stack, in both modes. Outputs of both kinds are handed from stack to stack."""

    programs: Programs
    applied: dict[str, Recording] = field(default_factory=dict[str, Recording])
    previewed: dict[str, Recording] = field(default_factory=dict[str, Recording])

    def run(self, stack: str) -> None:
        """Run one stack with values known, and as a first preview with unknowns kept."""
        known = _outputs(self.applied)
        self.applied[stack] = self.programs.run(stack, known, preview=False)
        self.previewed[stack] = self.programs.run(stack, known, preview=True)

    def recordings(self) -> list[Recording]:
        """Every run."""
        return [*self.applied.values(), *self.previewed.values()]


def run_all(programs: Programs, stacks: Sequence[str] | None = None) -> Estate:
    """Run the stacks in the order of deployment."""
    estate = Estate(programs)
    for stack in stacks if stacks is not None else stack_names(programs.root):
        estate.run(stack)
    return estate


def stack_names(root: Path) -> list[str]:
    """Every `Pulumi.<stack>.yaml`, platforms first."""
    found = (file.stem.removeprefix("Pulumi.") for file in root.glob("Pulumi.*.yaml"))
    return sorted(found, key=lambda stack: (not stack.endswith(f"-{PLATFORM}"), stack))


def _outputs(recordings: dict[str, Recording]) -> dict[str, Properties]:
    return {full_name(PROJECT, stack): one.outputs for stack, one in recordings.items()}
