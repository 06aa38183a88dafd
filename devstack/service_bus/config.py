"""Settings of the emulator: the queues file and the access key."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from devstack.service_bus.errors import StartError

DEFAULT_KEY_NAME = "RootManageSharedAccessKey"
DEFAULT_KEY = "kuduso-development-only-key"  # not a secret: it opens this emulator on 127.0.0.1


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """The properties of one queue; the names are those of the queues file."""

    lock_s: float = 60.0
    max_delivery_count: int | None = 10
    """None: never dead-letters, which is how a dead-letter queue itself behaves."""
    duplicate_window_s: float = 0.0
    """0 switches duplicate detection off."""
    default_ttl_s: float | None = None
    dead_letter_on_expiry: bool = False


@dataclass(frozen=True, slots=True)
class AccessKey:
    """The one shared access key that clients sign their tokens with."""

    name: str = DEFAULT_KEY_NAME
    key: str = DEFAULT_KEY


DEVELOPMENT_KEY = AccessKey()


class _Queue(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    lock_s: float = Field(default=60.0, gt=0, le=3600)
    max_delivery_count: int = Field(default=10, ge=1, le=2000)
    duplicate_window_s: float = Field(default=0.0, ge=0)
    default_ttl_s: float | None = Field(default=None, gt=0)
    dead_letter_on_expiry: bool = False


class _QueuesFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    queues: dict[str, _Queue] = Field(min_length=1)


def parse_queues(text: str) -> dict[str, QueueSettings]:
    """Read the queues file: `{"queues": {name: {lock_s, max_delivery_count, ...}}}`.

    Raises:
        StartError: naming each wrong key.
    """
    try:
        parsed = _QueuesFile.model_validate_json(text)
    except ValidationError as error:
        faults = (
            f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise StartError("Queues file: " + "; ".join(faults)) from error
    return {name: QueueSettings(**queue.model_dump()) for name, queue in parsed.queues.items()}


def read_queues(path: Path) -> dict[str, QueueSettings]:
    """Read and check the queues file.

    Raises:
        StartError: the file cannot be read or is wrong.
    """
    try:
        return parse_queues(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"Queues file {path}: {error}") from error


def connection_string(port: int, access_key: AccessKey) -> str:
    """What `ServiceBusClient.from_connection_string` takes; `true` must be lower case."""
    return (
        f"Endpoint=sb://127.0.0.1:{port};SharedAccessKeyName={access_key.name};"
        f"SharedAccessKey={access_key.key};UseDevelopmentEmulator=true"
    )
