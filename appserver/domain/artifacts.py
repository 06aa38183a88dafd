"""Artifacts are described inside the outputs; their contents travel beside them."""

import base64
import binascii
import hashlib
from collections.abc import Sequence

from pydantic import JsonValue

from appserver.domain.errors import OutputContractError
from contracts.errors import Violation
from contracts.media_types import looks_like
from contracts.model import Limits
from contracts.wire.solve import ArtifactContent

BYTES_PER_MB = 1_000_000


def describe_artifacts(artifacts: Sequence[ArtifactContent], limits: Limits) -> list[JsonValue]:
    """A descriptor {kind, file_name, media_type, size_bytes, sha256} for each artifact.

    Raises:
        OutputContractError: there are more than `max_artifacts`, two have one name, or one is over
            `max_artifact_mb`, not base64 as bound, or not what its media type says.
    """
    if len(artifacts) > limits.max_artifacts:
        message = f"{len(artifacts)} artifacts; at most {limits.max_artifacts} are allowed."
        raise _refused("/artifacts", "max_artifacts", message)
    names: set[str] = set()
    for place, artifact in enumerate(artifacts):
        if artifact.file_name in names:  # it would replace the other one in the store
            message = f"{artifact.file_name} is the name of two artifacts."
            raise _refused(f"/artifacts/{place}", "file_name", message)
        names.add(artifact.file_name)
    return [_described(artifact, place, limits) for place, artifact in enumerate(artifacts)]


def _described(artifact: ArtifactContent, place: int, limits: Limits) -> JsonValue:
    content = _content(artifact, place)
    if len(content) > limits.max_artifact_mb * BYTES_PER_MB:
        message = f"{artifact.file_name} is over {limits.max_artifact_mb:g} MB."
        raise _refused(f"/artifacts/{place}", "max_artifact_mb", message)
    if not looks_like(artifact.media_type, content):
        message = f"{artifact.file_name} is no {artifact.media_type}."
        raise _refused(f"/artifacts/{place}", "media_type", message)
    return {
        "kind": artifact.kind,
        "file_name": artifact.file_name,
        "media_type": artifact.media_type,
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _content(artifact: ArtifactContent, place: int) -> bytes:
    try:
        if artifact.encoding == "base64":
            return base64.b64decode(artifact.content, validate=True)
        return artifact.content.encode()
    except (binascii.Error, ValueError) as error:
        message = f"{artifact.file_name} is not {artifact.encoding} text."
        raise _refused(f"/artifacts/{place}", "encoding", message) from error


def _refused(pointer: str, code: str, message: str) -> OutputContractError:
    violation = Violation(pointer, code, message)
    return OutputContractError("An artifact breaks the contract.", [violation])
