"""Delivery states on the wire and what they mean for a queue.

Source: OASIS AMQP 1.0, part 3, section 3.4 (delivery state).
"""

from devstack.service_bus.encoding import encode_described
from devstack.service_bus.errors import AmqpError, FieldError
from devstack.service_bus.fields import Fields, expect_map, optional_text
from devstack.service_bus.frames import Performative, encode_error, encode_performative
from devstack.service_bus.settlement import DeadLetterCause, Outcome, Settlement
from devstack.service_bus.values import AmqpValue, Raw, UInt

_RECEIVED, _ACCEPTED, _REJECTED, _RELEASED, _MODIFIED = range(0x23, 0x28)
ACCEPTED = Raw(encode_described(_ACCEPTED, []))
_PLAIN_REJECTED = Raw(encode_described(_REJECTED, []))
_RELEASED_STATE = Raw(encode_described(_RELEASED, []))


def encode_rejected(error: AmqpError) -> Raw:
    """A rejection with its error, which the SDK raises; without one it means success."""
    return Raw(encode_described(_REJECTED, [encode_error(error)]))


def encode_disposition(delivery_id: int, state: Raw, *, is_receiver: bool) -> bytes:
    """Settle a delivery: the emulator's end of every settlement."""
    values: list[AmqpValue] = [is_receiver, UInt(delivery_id), None, True, state]
    return encode_performative(Performative.DISPOSITION, values)


def parse_state(state: tuple[int, Fields] | None) -> tuple[Settlement, Raw] | None:
    """What a receiver's state asks for, and the state that confirms it.

    Returns:
        None when the state decides nothing yet (absent, or `received`).

    Raises:
        FieldError: the state is not one of the protocol's.
    """
    if state is None or state[0] == _RECEIVED:
        return None
    code, fields = state
    if code == _ACCEPTED:
        return Settlement(Outcome.COMPLETE), ACCEPTED
    if code == _RELEASED:
        return Settlement(Outcome.RELEASE), _RELEASED_STATE
    if code == _REJECTED:
        return Settlement(Outcome.DEAD_LETTER, _cause(fields)), _PLAIN_REJECTED
    if code != _MODIFIED:
        raise FieldError(f"The delivery state {code:#x} is not defined.")
    # The JavaScript SDK abandons without delivery-failed, so only undeliverable-here decides.
    failed, is_undeliverable = fields.flag(0), fields.flag(1)
    outcome = Outcome.DEFER if is_undeliverable else Outcome.ABANDON
    return Settlement(outcome), Raw(encode_described(_MODIFIED, [failed, is_undeliverable]))


def released() -> tuple[Settlement, Raw]:
    """What settling without any state means."""
    return Settlement(Outcome.RELEASE), _RELEASED_STATE


def _cause(rejected: Fields) -> DeadLetterCause:
    error = rejected.described(0)
    if error is None:
        return DeadLetterCause()
    details = expect_map(error[1].at(2), "rejected error map")
    return DeadLetterCause(
        optional_text(details.get("DeadLetterReason"), "DeadLetterReason"),
        optional_text(details.get("DeadLetterErrorDescription"), "DeadLetterErrorDescription"),
    )
