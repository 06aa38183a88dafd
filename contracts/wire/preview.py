"""What a preview answers: an early look, honest about how it was come by.

The request is a `SolveRequest`, sent to `POST /preview/{definition}:{version}`. 204 means that
nothing was at hand within the timebox; the header `x-kuduso-hint` says what to do. 429 means that
no seat was free or too much was asked; `Retry-After` says when to ask again.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from contracts.wire.solve import ArtifactContent

HINT_HEADER = "x-kuduso-hint"
PreviewQuality = Literal["fresh", "cached", "approx"]


class PreviewAnswer(BaseModel):
    """Outputs that keep the contract, of the inputs that stand beside them.

    `fresh`: solved now; `cached`: solved before, for the same inputs; `approx`: solved before for
    `inputs`, which are near to those that were asked for. `inputs` have defaults materialised and
    are snapped to the policy's steps.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    outputs: dict[str, JsonValue]
    quality: PreviewQuality
    inputs: dict[str, JsonValue]
    artifacts: list[ArtifactContent]
    timebox_ms: int
