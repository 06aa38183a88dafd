"""A client that speaks AMQP by hand, to send what no SDK would."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

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
