"""What the SDK never exercises: windows, idle timeouts, SASL, other versions."""

import asyncio

from devstack.service_bus.config import DEVELOPMENT_KEY
from devstack.service_bus.encoding import encode_described
from devstack.service_bus.frames import (
    AMQP_HEADER,
    HEARTBEAT,
    SASL_HEADER,
    SASL_KIND,
    Performative,
    encode_frame,
)
from devstack.service_bus.server import Running
from devstack.service_bus.values import UInt
from tests.integration.service_bus.raw_client import (
    PREAMBLE,
    attach,
    flow,
    put_token,
    raw_client,
    transfer,
)

DATA = 0x75
CLOSE = encode_frame(0, encode_described(Performative.CLOSE, []))


async def test_a_session_window_holds_transfers_back(emulator: Running) -> None:
    messages = b"".join(
        transfer(encode_described(DATA, b"a"), handle=2, delivery_id=number) for number in (1, 2)
    )
    links = attach("jobs", handle=2) + attach("jobs", handle=3, is_receiver=True)
    token = flow(window=1, handle=1, credit=5) + put_token(DEVELOPMENT_KEY)
    begin = PREAMBLE + attach("$cbs", handle=9)
    # Handle 9 is a fence: the answer to its detach comes after everything before it.
    async with raw_client(emulator.port) as client:
        first = await client.answers(
            begin
            + token
            + links
            + flow(window=2, handle=3, credit=5)
            + messages
            + encode_frame(0, encode_described(Performative.DETACH, [UInt(9), True])),
            until=Performative.DETACH,
        )
        second = await client.answers(
            flow(window=3, handle=3, credit=5) + CLOSE, until=Performative.CLOSE
        )
    transfers = [
        sum(frame.performative is Performative.TRANSFER for frame in frames)
        for frames in (first, second)
    ]
    assert transfers == [2, 1]  # the answer of $cbs and a message, then the other message


async def test_a_client_with_an_idle_timeout_hears_from_us(emulator: Running) -> None:
    fields = ["raw", None, None, None, UInt(400)]
    opened = encode_frame(0, encode_described(Performative.OPEN, fields))
    async with raw_client(emulator.port) as client, asyncio.timeout(5):
        client.writer.write(AMQP_HEADER + opened)
        await client.reader.readuntil(HEARTBEAT)
        await client.reader.readuntil(HEARTBEAT)


async def test_another_protocol_version_is_answered_with_ours(emulator: Running) -> None:
    async with raw_client(emulator.port) as client:
        client.writer.write(b"AMQP\x00\x00\x09\x01")
        assert await client.reader.read() == AMQP_HEADER


async def test_sasl_lets_everybody_reach_the_token_exchange(emulator: Running) -> None:
    init = encode_described(Performative.SASL_INIT, ["ANONYMOUS"])
    sasl = SASL_HEADER + encode_frame(0, init, SASL_KIND)
    async with raw_client(emulator.port) as client:
        frames = await client.answers(sasl + PREAMBLE, until=Performative.BEGIN)
    assert [one.performative.name for one in frames] == [
        "SASL_MECHANISMS",
        "SASL_OUTCOME",
        "OPEN",
        "BEGIN",
    ]
