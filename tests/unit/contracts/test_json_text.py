"""Only JSON that PostgreSQL, RFC 8785 and other readers can carry is accepted."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from contracts import json_text
from contracts.errors import JsonTextError
from contracts.json_text import MAX_SAFE_INTEGER, parse_json

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
)
DOCUMENTS = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text("abc/~"), inner), max_leaves=20
)


@given(DOCUMENTS)
def test_what_json_carries_comes_back(document: object) -> None:
    assert parse_json(json.dumps(document)) == document


@given(st.binary(max_size=60))
def test_any_bytes_are_json_or_a_clear_refusal(text: bytes) -> None:
    with suppress(JsonTextError):
        json.dumps(parse_json(text)).encode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "line 1, column 2"),
        ("NaN", "NaN"),
        ('{"a": -Infinity}', "-Infinity"),
        ("1e999", "out of range"),
        ("9007199254740992", "2^53-1"),
        ("9" * 5000, "2^53-1"),
        ('{"a": 1, "a": 2}', "repeated"),
        ('{"a": "\\u0000"}', "U+0000"),
        ('{"a": "\\ud800"}', "surrogate"),
        (b"\xff", "UTF-8"),
        ("[" * 70 + "]" * 70, "64 levels"),
        ("[" * 200_000, "64 levels"),
    ],
)
def test_refusals_say_why(text: bytes | str, words: str) -> None:
    with pytest.raises(JsonTextError, match=words.replace("^", r"\^").replace("+", r"\+")):
        parse_json(text)


def test_a_refused_string_is_addressed() -> None:
    with pytest.raises(JsonTextError) as caught:
        parse_json('{"a": ["x", "\\u0000"]}')
    assert caught.value.pointer == "/a/1"


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        (b"[" * 64 + b"]" * 64, True),
        (b"[" * 64 + b"1" + b"]" * 64, True),
        (b"[" * 65 + b"1" + b"]" * 65, False),
        (b"9007199254740991", True),
        (b"9007199254740992", False),
        (b"[-9007199254740992]", False),
        (b"1e300", True),
        (b'{"a": 1e309}', False),
        (b'{"a": {"b": 1, "b": 2}}', False),
        (b'"\\ud83d\\ude00"', True),
        (b'"\\ud83d"', False),
        (b'["\\u0000"]', False),
        (b'"\xed\xa0\x80"', False),
        (b"\xef\xbb\xbf{}", False),
        (b"[Infinity]", False),
        (b"{} {}", False),
    ],
)
def test_the_compiled_reader_lets_nothing_through_that_the_careful_one_refuses(
    text: bytes, accepted: bool
) -> None:
    outcomes: list[tuple[bool, JsonValue]] = []
    for reader in (parse_json, json_text._parse_carefully):
        try:
            outcomes.append((True, reader(text)))
        except JsonTextError as error:
            outcomes.append((False, error.message))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][0] == accepted
