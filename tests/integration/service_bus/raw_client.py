"""A client that speaks AMQP by hand, to send what no SDK would."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

from devstack.service_bus.config import AccessKey
from devstack.service_bus.encoding import encode_described
from devstack.service_bus.frames import (
    AMQP_HEADER,
    Frame,
    FrameReader,
    Performative,
    encode_frame,
)
from devstack.service_bus.values import AmqpValue, Described, UInt

OPEN = encode_frame(0, encode_described(Performative.OPEN, ["raw"]))
BEGIN = encode_frame(
    0, encode_described(Performative.BEGIN, [None, UInt(0), UInt(2048), UInt(2048)])
)
PREAMBLE = AMQP_HEADER + OPEN + BEGIN


def attach(node: str, *, handle: int = 0, is_receiver: bool = False) -> bytes:
    """An attach of a link to a node."""
    source, target = Described(0x28, [node]), Described(0x29, [node])
    values: list[AmqpValue] = ["link", UInt(handle), is_receiver, None, None, source, target]
    delivery_count = None if is_receiver else UInt(0)
    body = encode_described(Performative.ATTACH, [*values, None, None, delivery_count])
    return encode_frame(0, body)


@dataclass(frozen=True, slots=True)
class RawClient:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def answers(self, sent: bytes, until: Performative | None = None) -> list[Frame]:
        """The frames that come back, up to one of a kind or the end of the stream."""
        self.writer.write(sent)
        frames: list[Frame] = []
        frame_reader = FrameReader()
        while chunk := await self.reader.read(65_536):
            units = list(frame_reader.feed(chunk))
            frames += [unit for unit in units if isinstance(unit, Frame)]
            if until is not None and any(frame.performative is until for frame in frames):
                break
        return frames


def transfer(payload: bytes, *, handle: int = 0, delivery_id: int = 0) -> bytes:
    """A whole message in one transfer."""
    head: list[AmqpValue] = [UInt(handle), UInt(delivery_id), b"tag", UInt(0), False]
    return encode_frame(0, encode_described(Performative.TRANSFER, head) + payload)


def put_token(access_key: AccessKey) -> bytes:
    """Attach to $cbs on handles 0 and 1 and put a valid token there."""
    resource, expiry = "sb%3A%2F%2Femulator", "99999999999"
    text = f"{resource}\n{expiry}".encode()
    digest = hmac.new(access_key.key.encode(), text, hashlib.sha256).digest()
    signature = quote(base64.b64encode(digest), safe="")
    token = f"SharedAccessSignature sr={resource}&sig={signature}&se={expiry}&skn={access_key.name}"
    request = encode_described(0x74, {"operation": "put-token"}) + encode_described(0x77, token)
    return attach("$cbs") + attach("$cbs", handle=1, is_receiver=True) + transfer(request)


def flow(*, window: int, handle: int, credit: int, next_incoming: int = 0) -> bytes:
    """Grant a session window and a link credit, both counted from the start."""
    session: list[AmqpValue] = [UInt(next_incoming), UInt(window), UInt(0), UInt(2048)]
    link: list[AmqpValue] = [UInt(handle), UInt(0), UInt(credit)]
    return encode_frame(0, encode_described(Performative.FLOW, [*session, *link]))


@asynccontextmanager
async def raw_client(port: int) -> AsyncGenerator[RawClient, None]:
    """Connect to the emulator."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield RawClient(reader, writer)
    finally:
        writer.close()
        await writer.wait_closed()


def error_condition(frame: Frame, position: int) -> str:
    """The condition of the error in a close, detach or disposition."""
    error = frame.fields.described(position)
    assert error is not None
    return error[1].text(0)
