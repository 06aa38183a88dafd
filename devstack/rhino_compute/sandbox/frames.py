"""Texts of known length over a socket, read by a deadline: the other end may be hostile."""

import socket
import struct
import time

LENGTH = struct.Struct(">I")
CHUNK_BYTES = 1 << 20


class OversizeError(Exception):
    """The other end announced more than the reader takes."""


def send_frame(channel: socket.socket, content: bytes) -> None:
    """Send one frame."""
    channel.sendall(LENGTH.pack(len(content)) + content)


def receive_frame(
    channel: socket.socket, limit_bytes: int | None = None, deadline: float | None = None
) -> bytes:
    """Return the next frame; `deadline` is an instant of `time.monotonic`.

    Raises:
        EOFError: The other end is gone.
        TimeoutError: The frame was not complete at the deadline.
        OversizeError: It is longer than the limit.
    """
    (length,) = LENGTH.unpack(_receive(channel, LENGTH.size, deadline))
    if limit_bytes is not None and length > limit_bytes:
        raise OversizeError
    return _receive(channel, length, deadline)


def _receive(channel: socket.socket, length: int, deadline: float | None) -> bytes:
    received = bytearray()
    while len(received) < length:
        if deadline is not None:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                raise TimeoutError
            channel.settimeout(left_s)
        try:
            chunk = channel.recv(min(length - len(received), CHUNK_BYTES))
        except ConnectionError as error:
            raise EOFError from error
        if not chunk:
            raise EOFError
        received += chunk
    return bytes(received)
