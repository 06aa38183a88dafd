"""Keys are read with or without quotes; the same JSON in another spelling is the same body."""

import pytest

from functions.domain.errors import InputsRejectedError
from functions.domain.idempotency import read_key


def test_quotes_are_optional() -> None:
    quoted, plain = read_key("r", '"a b-1"', {}), read_key("r", " a-1 ", {})
    assert quoted is not None
    assert plain is not None
    assert (quoted.key, plain.key) == ("a b-1", "a-1")
    assert read_key("r", None, {}) is None


def test_the_fingerprint_is_of_the_canonical_body() -> None:
    first, second = read_key("r", "k", {"a": 1, "b": 2.0}), read_key("r", "k", {"b": 2, "a": 1.0})
    other = read_key("r", "k", {"a": 1, "b": 3})
    assert first == second != other


@pytest.mark.parametrize("header", ["", '""', '"', "a b", '"a', 'a"b', "\x07", "ä", "k" * 256])
def test_a_malformed_key_is_refused_by_the_name_of_its_header(header: str) -> None:
    with pytest.raises(InputsRejectedError) as refusal:
        read_key("r", header, {})
    assert refusal.value.code == "schema_violation"
    assert "Idempotency-Key" in refusal.value.errors[0].message
