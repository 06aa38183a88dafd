import math
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from contracts.digest import canonical_json

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@given(VALUES)
def test_both_writers_write_the_same(value: Any) -> None:
    assert canonical_json(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (1e-4, "0.0001"),
        (0.00001, "0.00001"),
        (1e21, "1e+21"),
        (9007199254740992.0, "9007199254740992"),
        (123456789012345680.0, "123456789012345680"),
        (0.1 + 0.2, "0.30000000000000004"),
        (True, "true"),
        ({"b": 1, "a": "\u20ac\x0f\n'\"\\"}, '{"a":"\u20ac\\u000f\\n\'\\"\\\\","b":1}'),
        ({"\ufb33": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ufb33":1}'),
    ],
)
def test_texts_are_those_of_the_standard(value: Any, text: str) -> None:
    assert canonical_json(value).decode() == text


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53 + 1])
def test_what_has_no_form_is_refused(value: Any) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical_json({"value": value})
