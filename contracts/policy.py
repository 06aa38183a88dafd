"""The rules of an app: what it may run, how much, and for how long things are kept."""

from typing import Annotated

from pydantic import AfterValidator, Field

from contracts.model import AppId, ContractRef, FileModel, Limits, PathText
from contracts.versions import Version


def _checked_entry(text: str) -> str:
    definition, at, version = text.partition("@")
    if not definition or (at and not version):
        raise ValueError(f"{text!r} is neither `definition` nor `definition@version`")
    if version:
        Version.parse(version)
    return text


class RateLimits(FileModel):
    """Requests that one tenant may make of one app."""

    preview_rps: float = Field(gt=0)
    batch_jobs_per_min: float = Field(gt=0)


class Preview(FileModel):
    """The interactive lane: how long it may take, and which inputs are snapped to which step.

    Snapping makes neighbours equal, so that a slider's positions share a few results.
    """

    timebox_ms: int = Field(default=600, gt=0, le=30_000)
    steps: dict[PathText, Annotated[float, Field(gt=0)]] = Field(
        default_factory=dict[PathText, float]
    )


class Studies(FileModel):
    """What one parameter study may ask for; a study that asks for more is refused before its start.

    `max_seat_seconds` is compared with the number of points times the measured run time and the
    contract's weight, `max_concurrency` with a study's unfinished jobs, `max_active` with the
    studies of one tenant that have not ended.
    """

    max_points: int = Field(default=2_000, gt=0, le=10_000)
    max_seat_seconds: float = Field(default=86_400, gt=0)
    max_concurrency: int = Field(default=64, gt=0, le=500)
    max_active: int = Field(default=10, gt=0)


class Policy(FileModel):
    """`contracts/<app_id>/policy.json`."""

    app_id: AppId
    allowed_definitions: list[Annotated[str, AfterValidator(_checked_entry)]] = Field(min_length=1)
    max_concurrency: int = Field(gt=0)
    preview_seats: int = Field(ge=0)
    batch_seats: int = Field(gt=0)
    rate_limits: RateLimits
    preview: Preview = Preview()
    studies: Studies = Studies()
    manifest_overrides: dict[str, Limits] = Field(default_factory=dict[str, Limits])
    max_attempts: int = Field(default=5, gt=0, le=20)
    queue_ttl: int = Field(default=86_400, gt=0)
    result_cache_ttl: int = Field(default=86_400, ge=0)
    artifact_ttl_days: float = Field(default=30, gt=0)

    def allows(self, ref: ContractRef) -> bool:
        """Whether the app may run this contract: by definition or by exact version."""
        return ref.definition in self.allowed_definitions or str(ref) in self.allowed_definitions
