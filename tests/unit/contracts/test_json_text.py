"""Only JSON that PostgreSQL, RFC 8785 and other readers can carry is accepted."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
