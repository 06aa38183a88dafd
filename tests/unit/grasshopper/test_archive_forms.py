"""Both file forms hold the same tree, and damaged ones end in one error."""

import base64
import struct
import zlib
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.grasshopper import value_types as vt
from contracts.grasshopper.archive import MAX_DEPTH, Chunk, Entry
from contracts.grasshopper.builder import DefinitionBuilder, NumberRange, ScriptInput
from contracts.grasshopper.document import read_document
from contracts.grasshopper.errors import GrasshopperFileError
from contracts.grasshopper.exposure import expose, input_limits
from contracts.grasshopper.files import read_archive, write_binary, write_xml

INT32 = st.integers(-(2**31), 2**31 - 1)
FLOAT = st.floats(allow_nan=False)
SINGLE = st.floats(allow_nan=False, width=32)
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff", codec="utf-8")
    | st.sampled_from("\t\n\r"),
    max_size=40,
)
LAYOUT_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "?": st.booleans(),
    "B": st.integers(0, 255),
    "i": INT32,
    "I": st.integers(0, 2**32 - 1),
    "q": st.integers(-(2**63), 2**63 - 1),
    "f": SINGLE,
    "d": FLOAT,
}


def fixed_value(layout: str) -> st.SearchStrategy[Any]:
    count, kind = int(layout[1:-1] or 1), LAYOUT_VALUES[layout[-1]]
    return kind if count == 1 else st.tuples(*[kind] * count)


VALUES: dict[int, st.SearchStrategy[Any]] = {
    **{code: fixed_value(layout) for code, layout in vt.FIXED_LAYOUTS.items()},
    vt.GUID: st.uuids().map(str),
    vt.STRING: TEXT,
    vt.BYTE_ARRAY: st.binary(max_size=30),
    vt.BITMAP: st.binary(max_size=30),
    vt.DOUBLE_ARRAY: st.lists(FLOAT, max_size=4).map(tuple),
    vt.DECIMAL: st.decimals(-(10**9), 10**9, places=6, allow_nan=False),
}


def entries() -> st.SearchStrategy[Entry]:
    return st.sampled_from(sorted(VALUES)).flatmap(
        lambda code: st.builds(Entry, TEXT, st.integers(-1, 9), st.just(code), VALUES[code])
    )


def chunk_of(children: st.SearchStrategy[Chunk]) -> st.SearchStrategy[Chunk]:
    return st.builds(
        Chunk,
        TEXT,
        st.integers(-1, 9),
        st.lists(entries(), max_size=4).map(tuple),
        st.lists(children, max_size=2).map(tuple),
    )


CHUNKS = chunk_of(st.recursive(st.builds(Chunk, TEXT), chunk_of, max_leaves=4))


def sample_definition() -> DefinitionBuilder:
    builder = DefinitionBuilder("sample", "One of each")
    value = builder.get_number("value", NumberRange(0, 10, 2))
    builder.get_geometry("outline")
    text = builder.get_string("words", "a\r\n<b> & ü")
    script = [ScriptInput("value", value, "float"), ScriptInput("words", text, "str")]
    outputs = builder.python_script("Script", "result = value", script, ("result",))
    builder.context_print("result", outputs["result"])
    builder.context_bake("sum", builder.calculate("Addition", value, builder.number(10)))
    return builder


BINARY = sample_definition().to_gh()
XML = sample_definition().to_ghx()


def test_every_type_code_has_a_value_strategy() -> None:
    assert set(VALUES) == set(vt.TYPE_NAMES)


@given(CHUNKS)
@settings(max_examples=60)
def test_binary_form_returns_what_was_written(root: Chunk) -> None:
    assert read_archive(write_binary(root)) == root


@given(CHUNKS)
@settings(max_examples=60)
def test_xml_form_returns_what_was_written(root: Chunk) -> None:
    assert read_archive(write_xml(root)) == root


def test_both_forms_of_a_definition_hold_the_same_tree() -> None:
    assert read_archive(BINARY) == read_archive(XML)


def test_xml_may_start_with_a_byte_order_mark() -> None:
    assert read_archive(b"\xef\xbb\xbf" + XML) == read_archive(XML)


def test_decimal_uses_dotnet_layout() -> None:
    root = Chunk("Root", entries=(Entry("d", -1, vt.DECIMAL, Decimal("-1.50")),))
    plain = zlib.decompress(write_binary(root), -15)
    assert plain.endswith(struct.pack("<4I", 150, 0, 0, 2 << 16 | 1 << 31))


def read_everything(content: bytes) -> None:
    document = read_document(content)
    for exposed in expose(document).inputs.values():
        input_limits(document, exposed)


@pytest.mark.parametrize("original", [BINARY, XML], ids=["gh", "ghx"])
@given(data=st.data())
@settings(max_examples=150)
def test_flipped_bytes_raise_nothing_but_a_file_error(original: bytes, data: st.DataObject) -> None:
    damaged = bytearray(original)
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(damaged) - 1))
        damaged[position] ^= data.draw(st.integers(1, 255))
    with suppress(GrasshopperFileError):
        read_everything(bytes(damaged))


@given(data=st.data())
@settings(max_examples=150)
def test_flipped_bytes_under_the_compression_raise_nothing_else(data: st.DataObject) -> None:
    plain = bytearray(zlib.decompress(BINARY, -15))
    for _ in range(data.draw(st.integers(1, 4))):
        plain[data.draw(st.integers(0, len(plain) - 1))] ^= data.draw(st.integers(1, 255))
    stream = zlib.compressobj(1, zlib.DEFLATED, -15)
    with suppress(GrasshopperFileError):
        read_everything(stream.compress(bytes(plain)) + stream.flush())


def deflated(content: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(content) + stream.flush()


def nested_xml(depth: int) -> bytes:
    opened = b'<chunks count="1"><chunk name="c">' * depth
    return b'<Archive name="Root">' + opened + b"</chunk></chunks>" * depth + b"</Archive>"


WITH_VALUE = '<Archive name="Root"><items count="1"><item name="x" {}</item></items></Archive>'
HOSTILE = {
    "empty": b"",
    "text": b"hello",
    "cut short": BINARY[:-20],
    "followed by more": BINARY + b"x",
    "bomb": deflated(b"\0" * (65 << 20)),
    "huge count": deflated(b"\x04Root" + struct.pack("<3i", -1, 2**31 - 1, 0)),
    "negative count": deflated(b"\x04Root" + struct.pack("<3i", -1, -1, 0)),
    "endless length": deflated(b"\xff" * 40),
    "nested": deflated((b"\x01c" + struct.pack("<3i", -1, 0, 1)) * (MAX_DEPTH + 5)),
    "unknown type": deflated(b"\x04Root" + struct.pack("<3i", -1, 1, 0) + b"\x01x" + b"\0" * 12),
    "doctype": b'<!DOCTYPE a [<!ENTITY x "y">]><Archive name="Root">&x;</Archive>',
    "entity": b'<Archive name="Root">&x;</Archive>',
    "not an archive": b"<html/>",
    "wrong count": b'<Archive name="Root"><items count="2"></items></Archive>',
    "nested xml": nested_xml(MAX_DEPTH + 5),
    "no definition": b'<Archive name="Root"></Archive>',
    "no number": WITH_VALUE.format('type_code="3">abc').encode(),
    "no guid": WITH_VALUE.format('type_code="9">abc').encode(),
    "missing part": WITH_VALUE.format('type_code="51"><X>1</X>').encode(),
    "unknown xml type": WITH_VALUE.format('type_code="99">1').encode(),
    "three channels": WITH_VALUE.format('type_code="36"><ARGB>1;2;3</ARGB>').encode(),
    "wrong type": XML.replace(b'name="NickName" type_name="gh_string" type_code="10">value',
                              b'name="NickName" type_name="gh_int32" type_code="3">7'),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused(name: str) -> None:
    assert HOSTILE[name] != XML
    with pytest.raises(GrasshopperFileError):
        read_everything(HOSTILE[name])


def test_text_that_xml_cannot_carry_is_refused() -> None:
    root = Chunk("Root", entries=(Entry("x", -1, vt.STRING, "\0"),))
    with pytest.raises(GrasshopperFileError, match="XML cannot carry"):
        write_xml(root)


@pytest.mark.parametrize(
    ("type_code", "value"),
    [(vt.INT32, 2**40), (vt.GUID, "no"), (vt.STRING, 3), (99, "x"), (vt.DECIMAL, Decimal("1e40"))],
)
def test_value_that_does_not_fit_is_refused(type_code: int, value: vt.Value) -> None:
    with pytest.raises(GrasshopperFileError):
        write_binary(Chunk("Root", entries=(Entry("x", -1, type_code, value),)))


def test_script_is_stored_as_base64_text() -> None:
    encoded = base64.b64encode(b"result = value")
    assert encoded in XML
