"""Texts of the engine's answer to files, by the output binding or by what they say themselves."""

from collections.abc import Sequence

from pydantic import ValidationError

from appserver.domain.errors import OutputContractError
from appserver.domain.output_values import artifact_text
from contracts.errors import Violation
from contracts.model import ArtifactBinding, OutputBinding
from contracts.wire.solve import ArtifactContent


class _DescribedArtifact(ArtifactBinding):
    """A file as a definition hands it over: JSON with everything about it."""

    content: str


def read_artifacts(binding: OutputBinding, texts: Sequence[str]) -> list[ArtifactContent]:
    """One file for each text; further files of a bound name are numbered.

    Raises:
        OutputContractError: a text that has to describe its file does not.
    """
    if binding.artifact is None:
        return [_described(binding, place, text) for place, text in enumerate(texts)]
    return [_named(binding.artifact, number, text) for number, text in enumerate(texts, 1)]


def _named(artifact: ArtifactBinding, number: int, text: str) -> ArtifactContent:
    stem, dot, suffix = artifact.file_name.partition(".")
    return ArtifactContent(
        kind=artifact.kind,
        file_name=f"{stem}-{number}{dot}{suffix}" if number > 1 else artifact.file_name,
        media_type=artifact.media_type,
        encoding=artifact.encoding,
        content=artifact_text(text),
    )


def _described(binding: OutputBinding, place: int, text: str) -> ArtifactContent:
    try:
        file = _DescribedArtifact.model_validate_json(artifact_text(text))
    except ValidationError as error:
        named = {".".join(str(part) for part in one["loc"]) or "text" for one in error.errors()}
        message = f"Output {binding.gh_param!r}: file {place} is not described: {sorted(named)}."
        violation = Violation("/artifacts", "artifact", message)
        raise OutputContractError("An artifact breaks the contract.", [violation]) from error
    return ArtifactContent(**file.model_dump())
