"""Frames from an end that does not keep to them."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from devstack.rhino_compute.sandbox.frames import OversizeError, receive_frame, send_frame


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    left, right = socket.socketpair()
    with left, right:
        yield left, right


def test_frame_larger_than_the_socket_buffer_arrives_whole(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    content = bytes(range(256)) * 20_000
    sender = threading.Thread(target=send_frame, args=(ends[0], content))
    sender.start()
    assert receive_frame(ends[1], limit_bytes=len(content)) == content
    sender.join()


def test_empty_frame_arrives(ends: tuple[socket.socket, socket.socket]) -> None:
    send_frame(ends[0], b"")
    assert receive_frame(ends[1]) == b""


def test_frame_above_the_limit_is_not_read(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[0].sendall(b"\xff\xff\xff\xff")
    with pytest.raises(OversizeError):
        receive_frame(ends[1], limit_bytes=1 << 20)


@pytest.mark.parametrize("sent", [b"", b"\0\0", b"\0\0\0\2x"])
def test_end_that_goes_away_is_noticed(
    ends: tuple[socket.socket, socket.socket], sent: bytes
) -> None:
    ends[0].sendall(sent)
    ends[0].close()
    with pytest.raises(EOFError):
        receive_frame(ends[1])


def test_trickle_does_not_outlast_the_deadline(ends: tuple[socket.socket, socket.socket]) -> None:
    stopped = threading.Event()

    def trickle() -> None:
        ends[0].sendall(b"\0\0\xff\xff")
        while not stopped.wait(0.005):
            ends[0].sendall(b"x")

    sender = threading.Thread(target=trickle)
    sender.start()
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        receive_frame(ends[1], deadline=started + 0.1)
    stopped.set()
    sender.join()
    assert time.monotonic() - started < 20
