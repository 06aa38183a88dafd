"""Files of a result and where they lie."""

import hashlib
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.wire.solve import ArtifactContent
from functions.domain.job import Run


@dataclass(frozen=True, slots=True)
class Artifact:
    """A stored file; `digest` is its SHA-256 in hexadecimal."""

    kind: str
    file_name: str
    media_type: str
    blob_path: str
    size_bytes: int
    digest: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ArtifactUpload:
    """A file on its way to the store."""

    artifact: Artifact
    content: bytes


@dataclass(frozen=True, slots=True)
class ExpiredArtifact:
    """A file whose time is over."""

    id: int
    job_id: UUID
    blob_path: str


def to_upload(run: Run, content: ArtifactContent, expires_at: datetime) -> ArtifactUpload:
    """Name and measure one file of a solve.

    The lease token is part of the path, so a worker that lost its lease cannot overwrite the
    files of the one that holds it.
    """
    text = content.content
    payload = b64decode(text) if content.encoding == "base64" else text.encode("utf-8")
    path = f"{run.app_id}/{run.job_id}/{run.lease_token}/{content.file_name}"
    artifact = Artifact(
        kind=content.kind,
        file_name=content.file_name,
        media_type=content.media_type,
        blob_path=path,
        size_bytes=len(payload),
        digest=hashlib.sha256(payload).hexdigest(),
        expires_at=expires_at,
    )
    return ArtifactUpload(artifact, payload)
