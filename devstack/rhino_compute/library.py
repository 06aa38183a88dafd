"""Finds the definition a request names, and remembers it.

Source: Rhino.Compute, `GrasshopperDefinition.FromUrl`, `FromBase64String` and `DataCache`.
"""

import base64
import binascii
import hashlib
from functools import lru_cache
from pathlib import Path

import httpx

from contracts.grasshopper.errors import GrasshopperFileError
from devstack.rhino_compute.definition import Definition, read_definition
from devstack.rhino_compute.errors import MalformedRequestError

DOWNLOAD_TIMEOUT_S = 30

_parsed = lru_cache(maxsize=64)(read_definition)


class DefinitionLibrary:
    """Definitions by the key later requests may use as their pointer."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def find(self, pointer: str | None, algo: str | None) -> tuple[str, Definition]:
        """Return the key and the definition; the pointer is tried first.

        A URL is read once; a file is read again each time, so that a saved change is seen.

        Raises:
            MalformedRequestError: Nothing readable there.
        """
        if not pointer and not algo:
            raise MalformedRequestError("the request names no definition")
        key, content = self._by_pointer(pointer) or self._by_content(algo)
        try:
            return key, _parsed(content)
        except GrasshopperFileError as error:
            raise MalformedRequestError(f"{key[:200]}: {error}") from error

    def _by_pointer(self, pointer: str | None) -> tuple[str, bytes] | None:
        if not pointer:
            return None
        if pointer in self._contents:
            return pointer, self._contents[pointer]
        if pointer.lower().startswith(("http://", "https://")):
            self._contents[pointer] = _download(pointer)
            return pointer, self._contents[pointer]
        try:
            return pointer, Path(pointer).read_bytes()
        except (OSError, ValueError):
            return None

    def _by_content(self, algo: str | None) -> tuple[str, bytes]:
        if not algo:
            raise MalformedRequestError("there is no definition at the pointer")
        try:
            content = base64.b64decode(algo, validate=True)
        except (binascii.Error, ValueError) as error:
            raise MalformedRequestError("algo is not base64") from error
        # MD5 of the base64 text is the cache key clients know; it guards nothing.
        digest = hashlib.md5(algo.encode(), usedforsecurity=False).hexdigest().upper()
        key = f"md5_{digest}"
        self._contents[key] = content
        return key, content


def _download(url: str) -> bytes:
    try:
        answer = httpx.get(url, timeout=DOWNLOAD_TIMEOUT_S, follow_redirects=True)
        return answer.raise_for_status().content
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise MalformedRequestError(f"the definition cannot be downloaded: {error}") from error
