"""The errors of the emulator; each carries the AMQP condition that the client sees.

AmqpError
  CodecError          the bytes are not AMQP
  FieldError          a field is absent or has the wrong type
  EntityNotFoundError no such queue
  LockLostError       the message lock expired or was settled before
  UnauthorizedError   no valid token on this connection
  MessageNotFoundError no message with that sequence number in that state
StoreError            the database cannot be written: the emulator stops
StartError            the emulator cannot start: shown to a person, exit code 2
"""


class AmqpError(Exception):
    """A refusal with an AMQP condition and the status code of a $management answer."""

    def __init__(self, condition: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.condition = condition
        self.description = description
        self.status = status


class CodecError(AmqpError):
    """The bytes cannot be decoded, or the value cannot be encoded."""

    def __init__(self, description: str) -> None:
        super().__init__("amqp:decode-error", description)


class FieldError(AmqpError):
    """A field is absent or has the wrong type."""

    def __init__(self, description: str) -> None:
        super().__init__("amqp:invalid-field", description)


class EntityNotFoundError(AmqpError):
    """The address names no queue of this emulator."""

    def __init__(self, address: str) -> None:
        super().__init__(
            "amqp:not-found", f"The messaging entity '{address}' could not be found.", 404
        )


class UnauthorizedError(AmqpError):
    """The client put no valid token before it attached a link."""

    def __init__(self) -> None:
        super().__init__(
            "amqp:unauthorized-access", "Unauthorized access: put a valid token to $cbs first.", 401
        )


class LockLostError(AmqpError):
    """The lock token is unknown, expired or settled."""

    def __init__(self) -> None:
        super().__init__(
            "com.microsoft:message-lock-lost",
            "The lock supplied is invalid. Either the lock expired, or the message has already "
            "been removed from the queue.",
            410,
        )


class MessageNotFoundError(AmqpError):
    """No message with this sequence number is in the wanted state."""

    def __init__(self, sequence: int) -> None:
        super().__init__(
            "com.microsoft:message-not-found", f"The message {sequence} could not be found.", 404
        )


class StartError(Exception):
    """The emulator cannot start; the text is for the person who started it."""


class StoreError(Exception):
    """The database cannot be written; nothing may be acknowledged any more."""
