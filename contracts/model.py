"""One released contract: its documents as typed values.

The file models refuse unknown members, so a misspelt limit is an error and not a missing one.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

from contracts.media_types import is_known
from contracts.paths import Path as JsonPath

APP_ID_PATTERN = r"^[a-z][a-z0-9-]{0,38}[a-z0-9]$"  # `jobs-<app_id>` is a queue's name, too
AppId = Annotated[str, Field(pattern=APP_ID_PATTERN)]
JsonObject = dict[str, JsonValue]

BindingType = Literal[
    "geometry.curve",
    "geometry.point",
    "geometry.mesh",
    "json_string",
    "number",
    "integer",
    "string",
    "boolean",
]
OutputType = BindingType | Literal["artifact"]


def _checked_path(text: str) -> str:
    JsonPath.parse(text)
    return text


def _known_media_type(text: str) -> str:
    if not is_known(text):
        raise ValueError(f"{text!r} is no media type that artifacts may have")
    return text


PathText = Annotated[str, AfterValidator(_checked_path)]


class FileModel(BaseModel):
    """What stands in a file: immutable, no unknown members."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class ContractRef:
    """The name of a contract: `definition@version`."""

    definition: str
    version: str

    def __str__(self) -> str:
        return f"{self.definition}@{self.version}"


class InputBinding(FileModel):
    """One JSON value that becomes one definition parameter."""

    jsonpath: PathText
    gh_param: str = Field(min_length=1)
    type: BindingType
    description: str


class ArtifactBinding(FileModel):
    """How an output text becomes a file instead of an inline value."""

    kind: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    file_name: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=120)
    media_type: Annotated[str, AfterValidator(_known_media_type)]
    encoding: Literal["utf-8", "base64"] = "utf-8"


class OutputBinding(FileModel):
    """One definition output that becomes one JSON value, a list of them, or files.

    `artifact` names the file that each text is the content of. With the type `artifact`, each text
    is JSON and describes a file itself: {kind, file_name, media_type, encoding, content}.
    """

    gh_param: str = Field(min_length=1)
    output_path: PathText
    type: OutputType
    description: str
    artifact: ArtifactBinding | None = None

    @property
    def makes_files(self) -> bool:
        """Whether the output leaves the inline outputs."""
        return self.artifact is not None or self.type == "artifact"

    @model_validator(mode="after")
    def _described_once(self) -> Self:
        if self.artifact is not None and self.type == "artifact":
            raise ValueError("a definition that describes its files needs no `artifact`")
        return self


class Bindings(FileModel):
    """JSON path <-> definition parameter, both ways."""

    inputs: list[InputBinding]
    outputs: list[OutputBinding]


class Limits(FileModel):
    """Caps that are checked before the engine is touched."""

    max_vertices: int = Field(default=2_000, gt=0)
    max_samples: int = Field(default=5_000_000, gt=0)
    max_results: int = Field(default=100, gt=0)
    max_area_m2: float = Field(default=1_000_000, gt=0)
    max_artifact_mb: float = Field(default=20, gt=0)
    max_artifacts: int = Field(default=20, gt=0)


class Sampling(FileModel):
    """One factor of the number of candidates that the definition tries; none where it is not sent.

    `grid`: the bounding box of a ring divided by a step; `segment`: a line from point to point, and
    the height above it if any, divided by a step; `range`: an object {min, max, step}.
    """

    kind: Literal["grid", "segment", "range"]
    path: PathText
    step: PathText | None = None
    height: PathText | None = None

    @model_validator(mode="after")
    def _divided_has_step(self) -> Self:
        if (self.kind == "range") != (self.step is None):
            raise ValueError("a grid or segment needs `step`, a range carries its own")
        if self.height is not None and self.kind != "segment":
            raise ValueError("only a segment has a height")
        return self


class Concurrency(FileModel):
    """The lane of a solve and the seats that it takes."""

    lane: Literal["preview", "batch"] = Field(alias="class")
    weight: int = Field(default=1, gt=0)


class Units(FileModel):
    """What numbers mean: always explicit."""

    length: Literal["m", "mm", "cm", "ft", "in"]
    angle: Literal["deg", "rad"]
    crs_required: bool


class Determinism(FileModel):
    """Whether equal inputs need a seed to give equal outputs."""

    seed_required: bool


class Tolerances(FileModel):
    """Model tolerances that every solve sends to the engine."""

    absolute: float = Field(gt=0)
    angle_deg: float = Field(gt=0)


class Manifest(FileModel):
    """The limits of a contract."""

    timeout_sec: float = Field(gt=0, le=3600)
    channel: Literal["stable", "debug"] = "stable"
    limits: Limits
    sampling: list[Sampling] = Field(default_factory=list[Sampling])
    concurrency: Concurrency
    units: Units
    determinism: Determinism
    execution: Literal["queue", "durable"]
    tolerances: Tolerances


class Engine(FileModel):
    """The solver that a definition was released for."""

    name: str
    version: str


class Plugin(FileModel):
    """One Grasshopper plugin that a definition needs."""

    name: str
    version: str


class Plugins(FileModel):
    """Engine and plugins, the base of the attestation hash."""

    engine: Engine
    plugins: list[Plugin]


@dataclass(frozen=True, slots=True)
class DefinitionFile:
    """The Grasshopper file of a contract, addressed by content."""

    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Contract:
    """One released `<definition>/<version>` folder, checked and ready to govern."""

    ref: ContractRef
    folder: Path
    inputs_schema: JsonObject
    outputs_schema: JsonObject
    bindings: Bindings
    manifest: Manifest
    plugins: Plugins
    plugins_hash: str
    definition_file: DefinitionFile
