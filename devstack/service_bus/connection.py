"""One client connection: protocol headers, SASL, open and close, sessions.

Whatever a client sends, the worst that happens is that its own connection closes with an error.
"""

import asyncio
from typing import TYPE_CHECKING

from devstack.service_bus.encoding import encode_described, encode_symbols
from devstack.service_bus.errors import AmqpError, StoreError
from devstack.service_bus.fields import Fields
from devstack.service_bus.frames import (
    AMQP_HEADER,
    HEARTBEAT,
    MAX_FRAME_BYTES,
    MIN_MAX_FRAME_BYTES,
    SASL_HEADER,
    SASL_KIND,
    Frame,
    FrameReader,
    Performative,
    encode_error,
    encode_frame,
    encode_performative,
)
from devstack.service_bus.logs import log_event
from devstack.service_bus.nodes import Nodes
from devstack.service_bus.sessions import WINDOW, Session
from devstack.service_bus.turns import Turns
from devstack.service_bus.values import AmqpValue, UByte, UInt, UShort

if TYPE_CHECKING:
    from devstack.service_bus.links import SendingLink

_IDLE_TIMEOUT_MS = 240_000
_MAX_CHANNEL = 8191
_MIN_HEARTBEAT_S = 0.1
_READ_BYTES = 65_536
_MECHANISMS = ("ANONYMOUS", "EXTERNAL", "MSSBCBS")


class Connection(asyncio.BufferedProtocol):
    """The emulator's end of a connection."""

    def __init__(self, nodes: Nodes, turns: Turns) -> None:
        self.nodes = nodes
        self.responders: dict[str, SendingLink] = {}
        self.max_frame_bytes = MIN_MAX_FRAME_BYTES
        self._turns = turns
        self._chunk = bytearray(_READ_BYTES)
        self._reader = FrameReader()
        self._sessions: dict[int, Session] = {}
        self._out: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._heartbeat: asyncio.TimerHandle | None = None
        self._has_header = self._is_open = self._is_closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connected."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
        self._turns.join(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone; its message locks stay until they expire."""
        del exc
        self._is_closed = True
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        for session in self._sessions.values():
            session.close()
        self._turns.leave(self)

    def get_buffer(self, sizehint: int) -> bytearray:
        """Where the next read goes."""
        del sizehint
        return self._chunk

    def buffer_updated(self, nbytes: int) -> None:
        """One read: act on every complete frame in it, then end the turn."""
        try:
            for unit in self._reader.feed(bytes(self._chunk[:nbytes])):
                if self._is_closed:
                    break
                self._dispatch(unit)
        except AmqpError as error:
            self._close(error)
        except StoreError as error:
            self._turns.fail(error)
            return
        self._turns.finish()

    def write(self, channel: int, body: bytes) -> None:
        """Queue a frame for the end of this turn."""
        self._write_raw(encode_frame(channel, body))

    def flush(self) -> None:
        """Write what was queued, and close if that was the last of it."""
        if self._transport is None:
            return
        self._transport.write(b"".join(self._out))
        self._out.clear()
        if self._is_closed:
            self._transport.close()

    def abort(self) -> None:
        """Drop the connection and what it would have written."""
        self._out.clear()
        if self._transport is not None:
            self._transport.abort()

    def _write_raw(self, frame: bytes) -> None:
        self._out.append(frame)
        self._turns.note_written(self)

    def _dispatch(self, unit: bytes | Frame) -> None:
        if isinstance(unit, bytes):
            self._greet(unit)
        elif not self._has_header:
            raise AmqpError("amqp:connection:framing-error", "A protocol header must come first.")
        elif unit.kind == SASL_KIND:
            self._authenticate(unit)
        else:
            self._act(unit)

    def _greet(self, header: bytes) -> None:
        self._has_header = True
        if header == SASL_HEADER:
            mechanisms = encode_performative(
                Performative.SASL_MECHANISMS, [encode_symbols(_MECHANISMS)]
            )
            self._write_raw(SASL_HEADER)
            self._write_raw(encode_frame(0, mechanisms, SASL_KIND))
            return
        self._write_raw(AMQP_HEADER)
        self._is_closed = header != AMQP_HEADER

    def _authenticate(self, frame: Frame) -> None:
        """Let everybody in: the token that counts is put to $cbs."""
        if frame.performative is not Performative.SASL_INIT:
            raise AmqpError("amqp:not-allowed", "Only sasl-init is expected here.")
        outcome = encode_described(Performative.SASL_OUTCOME, [UByte(0), None])
        self._write_raw(encode_frame(0, outcome, SASL_KIND))

    def _act(self, frame: Frame) -> None:
        if frame.performative is Performative.OPEN:
            self._open(frame.fields)
        elif not self._is_open:
            raise AmqpError("amqp:not-allowed", "An open must come first.")
        elif frame.performative is Performative.CLOSE:
            self._close(None)
        elif frame.performative is Performative.BEGIN:
            self._begin(frame.channel, frame.fields)
        elif (session := self._sessions.get(frame.channel)) is None:
            return  # the SDK detaches links of a session that it ended before
        elif frame.performative is Performative.END:
            del self._sessions[frame.channel]
            session.close()
            self.write(frame.channel, encode_performative(Performative.END, []))
        else:
            session.dispatch(frame)

    def _open(self, fields: Fields) -> None:
        if self._is_open:
            raise AmqpError("amqp:not-allowed", "The connection is open already.")
        self.max_frame_bytes = min(fields.number(2, MAX_FRAME_BYTES), MAX_FRAME_BYTES)
        if self.max_frame_bytes < MIN_MAX_FRAME_BYTES:
            raise AmqpError("amqp:invalid-field", "The max-frame-size is at least 512.")
        self._answer_open()
        idle_timeout_ms = fields.number(4, 0)
        if idle_timeout_ms:
            self._beat(max(idle_timeout_ms / 2000, _MIN_HEARTBEAT_S))

    def _answer_open(self) -> None:
        self._is_open = True
        limits: list[AmqpValue] = [UInt(MAX_FRAME_BYTES), UShort(_MAX_CHANNEL)]
        values = ["service-bus-emulator", None, *limits, UInt(_IDLE_TIMEOUT_MS)]
        self.write(0, encode_performative(Performative.OPEN, values))

    def _begin(self, channel: int, fields: Fields) -> None:
        if channel in self._sessions or channel > _MAX_CHANNEL:
            raise AmqpError("amqp:connection:framing-error", f"Channel {channel} cannot begin.")
        self._sessions[channel] = Session(channel, fields, self)
        windows: list[AmqpValue] = [UInt(0), UInt(WINDOW), UInt(WINDOW), UInt(_MAX_CHANNEL)]
        self.write(channel, encode_performative(Performative.BEGIN, [UShort(channel), *windows]))

    def _close(self, error: AmqpError | None) -> None:
        """Say why, then close at the end of this turn."""
        self._is_closed = True
        if error is not None:
            log_event("connection_refused", code=error.condition, reason=error.description)
        if not self._has_header:
            self._write_raw(AMQP_HEADER)
        if not self._is_open:
            self._answer_open()
        reason: list[AmqpValue] = [] if error is None else [encode_error(error)]
        self.write(0, encode_performative(Performative.CLOSE, reason))

    def _beat(self, every_s: float) -> None:
        """Keep a client that announced an idle timeout from giving up."""
        if self._transport is not None:
            self._transport.write(HEARTBEAT)
        loop = asyncio.get_running_loop()
        self._heartbeat = loop.call_later(every_s, self._beat, every_s)
