"""Reading a request body within the limit of the Functions host."""

from starlette.requests import Request

MAX_BODY_BYTES = 100 * 1024 * 1024


class BodyTooLargeError(Exception):
    """The body is longer than the host accepts."""

    code = "payload_too_large"


async def read_body(request: Request, max_bytes: int = MAX_BODY_BYTES) -> bytes:
    """The body of a request that announces its length; b"" for one that does not.

    The real host passes a body on only when Content-Length is above zero, so that a chunked
    request arrives empty.

    Raises:
        BodyTooLargeError: more than `max_bytes`, announced or sent.
    """
    announced = int(request.headers.get("content-length") or 0)
    if announced > max_bytes:
        raise BodyTooLargeError
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > max_bytes:
            raise BodyTooLargeError
    return bytes(received) if announced else b""
