"""How long a page of a list may be."""

import re

from functions.domain.preferences import bad_parameter

DEFAULT_LIMIT, MAX_LIMIT = 20, 100


def read_limit(text: str | None) -> int:
    """`?limit=`; DEFAULT_LIMIT when it is missing.

    Raises:
        InputsRejectedError: not a whole number from 1 to MAX_LIMIT.
    """
    if text is None:
        return DEFAULT_LIMIT
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MAX_LIMIT:
        raise bad_parameter("limit", f"Must be a whole number from 1 to {MAX_LIMIT}.")
    return int(text)
