"""Values survive the wire with their AMQP type; hostile bytes raise the codec's own error."""

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devstack.service_bus.content import parse_content
from devstack.service_bus.decoding import MAX_DEPTH, decode, skip, split_map
from devstack.service_bus.encoding import (
    encode,
    encode_array,
    encode_longs,
    encode_symbols,
    encode_timestamps,
)
from devstack.service_bus.errors import AmqpError, CodecError
from devstack.service_bus.frames import FrameReader
from devstack.service_bus.values import (
    Described,
    Long,
    Symbol,
    Timestamp,
    UByte,
    UInt,
    ULong,
    UShort,
)

INT_64 = st.integers(-(2**63), 2**63 - 1)
KEYS = (
    st.text()
    | st.binary()
    | st.integers(-(2**31), 2**31 - 1)
    | st.text(st.characters(max_codepoint=127)).map(Symbol)
    | st.integers(0, 2**64 - 1).map(ULong)
)
SCALARS = (
    KEYS
    | st.none()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.uuids()
    | st.integers(0, 2**8 - 1).map(UByte)
    | st.integers(0, 2**16 - 1).map(UShort)
    | st.integers(0, 2**32 - 1).map(UInt)
    | INT_64.map(Long)
    | INT_64.map(Timestamp)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(KEYS, inner)
        | st.builds(Described, st.integers(0, 2**64 - 1).map(ULong), inner)
    ),
    max_leaves=20,
)


def typed(value: Any) -> object:
    """The value with every type spelled out, because UInt(1) == 1 == True."""
    if isinstance(value, dict):
        return [(typed(key), typed(inner)) for key, inner in value.items()]
    if isinstance(value, list):
        return [typed(inner) for inner in value]
    if isinstance(value, Described):
        return ("described", typed(value.descriptor), typed(value.value))
    return (type(value).__name__, value)


@given(VALUES)
def test_a_value_survives_encoding_with_its_type(value: Any) -> None:
    encoded = encode(value)
    decoded, end = decode(encoded)
    assert typed(decoded) == typed(value)
    assert end == skip(encoded, 0) == len(encoded)


@given(st.dictionaries(KEYS, SCALARS, min_size=1))
def test_a_split_map_keeps_each_value_encoded(entries: dict[Any, Any]) -> None:
    split = split_map(encode(entries), 0)
    assert {key: bytes(raw) for key, raw in split.items()} == {
        key: encode(value) for key, value in entries.items()
    }


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_arrays_of_numbers_decode_as_lists(numbers: list[int]) -> None:
    assert decode(encode(encode_longs(numbers)))[0] == numbers
    assert decode(encode(encode_timestamps(numbers)))[0] == numbers


def test_an_array_of_symbols_decodes_as_symbols() -> None:
    assert decode(encode_symbols(["ANONYMOUS", "MSSBCBS"]))[0] == ["ANONYMOUS", "MSSBCBS"]


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (UInt(0), "43"),
        (UInt(255), "52ff"),
        (UInt(256), "7000000100"),
        (ULong(0), "44"),
        (-1, "71ffffffff"),
        (2**31, "810000000080000000"),
        ("é", "a102c3a9"),
        (Symbol("ab"), "a3026162"),
        ([], "45"),
        ([True], "c0020141"),
        ({"k": None}, "c10502a1016b40"),
        (uuid.UUID(int=1), "9800000000000000000000000000000001"),
    ],
)
def test_the_bytes_are_those_of_the_specification(value: Any, encoded: str) -> None:
    assert encode(value).hex() == encoded


@pytest.mark.parametrize("value", [2**63, UByte(256), UInt(2**32), Symbol("é"), object()])
def test_a_value_outside_its_type_is_refused(value: Any) -> None:
    with pytest.raises(CodecError):
        encode(value)


@given(st.binary(max_size=200))
def test_hostile_values_raise_only_the_codecs_error(hostile: bytes) -> None:
    for read in (lambda: decode(hostile), lambda: skip(hostile, 0), lambda: split_map(hostile, 0)):
        try:
            read()
        except CodecError:
            continue


@given(st.lists(st.sampled_from([0x00, 0x53, 0x70, 0x73, 0x75, 0xC0, 0xD1, 0xE0, 0x45, 0x05])))
def test_hostile_messages_raise_only_protocol_errors(octets: list[int]) -> None:
    try:
        parse_content(bytes(octets))
    except AmqpError:
        return


@given(VALUES, st.data())
def test_every_truncation_is_noticed(value: Any, choice: st.DataObject) -> None:
    encoded = encode(value)
    cut = choice.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(CodecError):
        decode(encoded[:cut])


@pytest.mark.parametrize(
    "hostile",
    [
        b"\xd0\x00\x00\x00\x04\xff\xff\xff\xff",  # a list that claims four billion elements
        encode_array(0x40, [b""] * 65_537),  # as many nulls as one likes in no bytes
        b"\xc0\x02\x01" * (MAX_DEPTH + 2) + b"\x40",
        b"\x00" * 10_000,  # descriptors of descriptors
        b"\xc1\x02\x01\x40",  # a map with a key and no value
        b"\xc1\x04\x02\x45\x40\x40",  # a list as key
        b"\xa1\x01\xff",  # not UTF-8
        b"\x73\xff\xff\xff\xff",  # no character
        b"\x3f",
        b"",
    ],
)
def test_a_trap_is_refused(hostile: bytes) -> None:
    with pytest.raises(CodecError):
        decode(hostile)


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_hostile_frames_raise_only_protocol_errors(chunks: list[bytes]) -> None:
    reader = FrameReader()
    try:
        for chunk in chunks:
            list(reader.feed(chunk))
    except AmqpError:
        return


@given(st.integers(1, 30))
def test_frames_are_the_same_however_the_stream_is_cut(step: int) -> None:
    stream = b"AMQP\x00\x01\x00\x00" + bytes.fromhex("0000000c02000000" + "00531845") * 3
    reader = FrameReader()
    units = [
        unit
        for start in range(0, len(stream), step)
        for unit in reader.feed(stream[start : start + step])
    ]
    assert len(units) == 4
