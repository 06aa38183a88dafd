"""What a client would like: `Prefer` (RFC 7240), `?wait=`, `Cache-Control: no-cache`."""

import re
from dataclasses import dataclass

from contracts.errors import Violation
from functions.domain.errors import InputsRejectedError

MAX_WAIT_S = 60
_PREFERENCE = re.compile(r'\s*([A-Za-z-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s;,"]*)))?\s*(?:;.*)?')


@dataclass(frozen=True, slots=True)
class Preferences:
    """Preferences that the platform knows; `wait_s` is capped."""

    wait_s: int = 0
    is_async: bool = False

    @property
    def applied(self) -> str | None:
        """The value of `Preference-Applied`, or None when there was nothing to apply."""
        if self.wait_s:
            return f"wait={self.wait_s}"
        return "respond-async" if self.is_async else None


def read_preferences(header: str | None) -> Preferences:
    """Read `Prefer`. What is unknown or malformed is ignored, as RFC 7240, section 2, demands.

    The first of several `wait` counts. `respond-async` alone answers at once; together with
    `wait` it allows the asynchronous answer after that time, which is what happens anyway.
    """
    found: dict[str, str] = {}
    for part in (header or "").split(","):
        match = _PREFERENCE.fullmatch(part)
        if match is not None:
            found.setdefault(match[1].lower(), match[2] or match[3] or "")
    wait = found.get("wait", "")
    wait_s = min(int(wait), MAX_WAIT_S) if re.fullmatch(r"[0-9]{1,9}", wait) else 0
    return Preferences(wait_s=wait_s, is_async="respond-async" in found)


def read_wait(text: str | None) -> int:
    """Seconds of `?wait=`; 0 when it is missing.

    Raises:
        InputsRejectedError: not a whole number from 0 to 60.
    """
    if text is None:
        return 0
    if not re.fullmatch(r"[0-9]{1,3}", text) or int(text) > MAX_WAIT_S:
        raise bad_parameter("wait", f"Must be a whole number of seconds from 0 to {MAX_WAIT_S}.")
    return int(text)


def read_flag(name: str, text: str | None) -> bool:
    """A parameter that is `true` or `false`; false when it is missing.

    Raises:
        InputsRejectedError: something else.
    """
    if text not in (None, "true", "false"):
        raise bad_parameter(name, "Must be true or false.")
    return text == "true"


def wants_fresh(cache_control: str | None) -> bool:
    """Whether the request forbids an answer from the cache (RFC 9111, section 5.2.1.4)."""
    directives = {part.strip().lower() for part in (cache_control or "").split(",")}
    return bool(directives & {"no-cache", "no-store"})


def bad_parameter(name: str, message: str) -> InputsRejectedError:
    """A query parameter that is wrong; it has no JSON Pointer, so the message names it."""
    fault = Violation("", name, f"Query parameter {name!r}: {message}")
    return InputsRejectedError(
        f"The query parameter {name!r} is wrong; see errors.", errors=[fault]
    )
