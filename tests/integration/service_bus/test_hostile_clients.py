"""A client that breaks the protocol loses its own connection and nothing else happens."""

import asyncio
import random
from typing import Any

import pytest

from devstack.service_bus.encoding import encode_described
from devstack.service_bus.frames import AMQP_HEADER, Performative, encode_frame
from devstack.service_bus.server import Running
from devstack.service_bus.values import UInt
from tests.integration.service_bus.raw_client import (
    BEGIN,
    OPEN,
    PREAMBLE,
    attach,
    error_condition,
    raw_client,
)


def frame(performative: Performative, *fields: Any, channel: int = 0) -> bytes:
    return encode_frame(channel, encode_described(performative, list(fields)))


FRAMING, DECODE = "amqp:connection:framing-error", "amqp:decode-error"
FIELD, NOT_ALLOWED = "amqp:invalid-field", "amqp:not-allowed"
HOSTILE = {
    "not a protocol": (b"GET / HTTP/1.1\r\n\r\n", FRAMING),
    "frame before header": (OPEN, FRAMING),
    "begin before open": (AMQP_HEADER + BEGIN, NOT_ALLOWED),
    "open twice": (AMQP_HEADER + OPEN + OPEN, NOT_ALLOWED),
    "frame too large": (PREAMBLE + b"\x7f\xff\xff\xff\x02\x00\x00\x00", FRAMING),
    "frame too small": (PREAMBLE + b"\x00\x00\x00\x07\x02\x00\x00\x00", FRAMING),
    "head outside the frame": (PREAMBLE + b"\x00\x00\x00\x08\x09\x00\x00\x00", FRAMING),
    "unknown kind of frame": (PREAMBLE + b"\x00\x00\x00\x09\x02\x07\x00\x00\x40", FRAMING),
    "no performative": (PREAMBLE + encode_frame(0, b"\x45"), DECODE),
    "unknown performative": (PREAMBLE + encode_frame(0, b"\x00\x53\x99\x45"), DECODE),
    "truncated value": (PREAMBLE + encode_frame(0, b"\x00\x53\x12\xd0\x00"), DECODE),
    "fields not in a list": (PREAMBLE + encode_frame(0, b"\x00\x53\x12\x40"), FIELD),
    "attach without fields": (PREAMBLE + frame(Performative.ATTACH), FIELD),
    "attach with a text handle": (PREAMBLE + frame(Performative.ATTACH, "link", "0"), FIELD),
    "max-frame-size below 512": (
        AMQP_HEADER + frame(Performative.OPEN, "raw", None, UInt(8)),
        FIELD,
    ),
    "channel begun twice": (PREAMBLE + BEGIN, FRAMING),
    "handle attached twice": (
        PREAMBLE + attach("$cbs") + attach("$cbs"),
        "amqp:session:handle-in-use",
    ),
    "transfer on no link": (
        PREAMBLE + frame(Performative.TRANSFER, UInt(7), UInt(0), b"tag"),
        "amqp:session:unattached-handle",
    ),
    "transfer without delivery id": (
        PREAMBLE + attach("$cbs") + frame(Performative.TRANSFER, UInt(0)),
        FIELD,
    ),
    "flow without window": (PREAMBLE + frame(Performative.FLOW, UInt(0)), FIELD),
    "unknown outcome": (
        PREAMBLE + frame(Performative.DISPOSITION, True, UInt(0), None, True, "done"),
        FIELD,
    ),
}


async def assert_works(emulator: Running) -> None:
    async with raw_client(emulator.port) as client:
        frames = await client.answers(PREAMBLE, until=Performative.BEGIN)
    assert [one.performative.name for one in frames] == ["OPEN", "BEGIN"]


@pytest.mark.parametrize("case", HOSTILE)
async def test_a_protocol_error_closes_the_connection_with_its_condition(
    emulator: Running, case: str
) -> None:
    hostile, condition = HOSTILE[case]
    async with raw_client(emulator.port) as client:
        frames = await client.answers(hostile)
    assert frames[-1].performative is Performative.CLOSE
    assert error_condition(frames[-1], 0) == condition
    await assert_works(emulator)


async def test_a_link_without_a_token_is_refused(emulator: Running) -> None:
    async with raw_client(emulator.port) as client:
        frames = await client.answers(PREAMBLE + attach("jobs"), until=Performative.DETACH)
    assert error_condition(frames[-1], 2) == "amqp:unauthorized-access"


async def test_a_range_of_all_deliveries_costs_nothing(emulator: Running) -> None:
    everything = frame(Performative.DISPOSITION, True, UInt(0), UInt(2**32 - 1), True)
    async with raw_client(emulator.port) as client, asyncio.timeout(2):
        frames = await client.answers(
            PREAMBLE + everything + frame(Performative.CLOSE), until=Performative.CLOSE
        )
    assert frames[-1].fields.at(0) is None


async def test_damaged_streams_never_reach_the_event_loop(emulator: Running) -> None:
    escaped: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: escaped.append(context))
    chooser = random.Random(5)  # noqa: S311 - a reproducible choice, not a secret
    whole = (
        PREAMBLE
        + attach("$cbs")
        + attach("$cbs", handle=1, is_receiver=True)
        + frame(Performative.FLOW, UInt(0), UInt(99), UInt(0), UInt(99), UInt(1), UInt(0), UInt(9))
        + encode_frame(
            0,
            encode_described(Performative.TRANSFER, [UInt(0), UInt(0), b"tag", UInt(0), False])
            + encode_described(0x74, {"operation": "put-token"})
            + encode_described(0x77, "SharedAccessSignature sr=a&sig=b&se=1&skn=c"),
        )
        + frame(Performative.DISPOSITION, True, UInt(0), UInt(3), True)
        + frame(Performative.DETACH, UInt(0), True)
        + frame(Performative.END)
        + frame(Performative.CLOSE)
    )
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chooser.randint(1, 3)):
            damaged[chooser.randrange(8, len(damaged))] = chooser.randrange(256)
        async with raw_client(emulator.port) as client:
            client.writer.write(damaged)
            client.writer.write_eof()
            await client.reader.read()
    assert escaped == []
    await assert_works(emulator)
