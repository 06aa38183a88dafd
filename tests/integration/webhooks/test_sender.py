"""The sender connects to the address that it has checked, as the host that was named."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from functions.clients.resolver import Resolver
from functions.clients.webhook_sender import WebhookSender
from functions.domain.webhook_address import WebhookUrlError
from tests.builders.jobs import START
from tests.builders.receiver import Receiver

HOST = "receiver.test"
HEADERS = {"content-type": "application/json"}


@dataclass
class ScriptedResolver(Resolver):
    """Answers each question with the next list; the last one stays."""

    answers: list[Sequence[str]]
    asked: list[tuple[str, int]] = field(default_factory=list)

    async def resolve(self, host: str, port: int) -> list[str]:
        self.asked.append((host, port))
        return [*(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])]


def sender(*answers: Sequence[str], allow_private: bool = True, **more: Any) -> WebhookSender:
    resolver = ScriptedResolver([*answers])
    return WebhookSender(allow_private=allow_private, resolver=resolver, **more)


@dataclass
class TlsReceiver:
    port: int = 0
    names: list[str | None] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    trust: Path = Path()


@pytest.fixture
async def tls_receiver(tmp_path: Path) -> AsyncIterator[TlsReceiver]:
    """HTTPS on 127.0.0.1 with a certificate for receiver.test."""
    found = TlsReceiver(trust=tmp_path / "certificate.pem")
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(
        write_certificate(found.trust, tmp_path / "key.pem"), tmp_path / "key.pem"
    )
    server_tls.sni_callback = lambda _socket, name, _context: found.names.append(name)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=server_tls)
    async with server:
        found.port = server.sockets[0].getsockname()[1]
        yield found


def write_certificate(file: Path, key_file: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


async def test_the_checked_address_is_called_under_the_hosts_own_name(
    tls_receiver: TlsReceiver,
) -> None:
    tls = ssl.create_default_context(cafile=tls_receiver.trust)
    url = f"https://{HOST}:{tls_receiver.port}/in?key=1"
    reply = await sender(["127.0.0.1"], tls=tls).send(url, HEADERS, b"{}", START)
    assert (reply.status_code, reply.error) == (204, None)
    assert tls_receiver.names == [HOST]
    (head,) = tls_receiver.requests
    assert head.startswith(b"POST /in?key=1 HTTP/1.1\r\n")
    assert f"host: {HOST}:{tls_receiver.port}\r\n".encode() in head.lower()


async def test_a_certificate_of_another_host_is_refused(tls_receiver: TlsReceiver) -> None:
    tls = ssl.create_default_context(cafile=tls_receiver.trust)
    url = f"https://other.test:{tls_receiver.port}/"
    reply = await sender(["127.0.0.1"], tls=tls).send(url, HEADERS, b"{}", START)
    assert reply.status_code is None
    assert "ConnectError" in str(reply.error)
    assert tls_receiver.requests == []


async def test_an_unknown_certificate_is_refused(tls_receiver: TlsReceiver) -> None:
    url = f"https://{HOST}:{tls_receiver.port}/"
    reply = await sender(["127.0.0.1"]).send(url, HEADERS, b"{}", START)
    assert reply.status_code is None
    assert tls_receiver.requests == []


async def test_a_name_that_changes_its_mind_reaches_nothing_private(
    tls_receiver: TlsReceiver,
) -> None:
    """DNS rebinding: public when it is registered, private when it is called."""
    rebinding = sender(["93.184.215.14"], ["127.0.0.1"], allow_private=False)
    url = f"https://{HOST}:8443/"
    await rebinding.check(url)
    reply = await rebinding.send(url, HEADERS, b"{}", START)
    assert reply.status_code is None
    assert "public internet" in str(reply.error)
    assert tls_receiver.names == []


async def test_one_private_address_among_public_ones_is_refused() -> None:
    mixed = sender(["93.184.215.14", "169.254.169.254"], allow_private=False)
    with pytest.raises(WebhookUrlError):
        await mixed.check(f"https://{HOST}/")


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "017700000001", "localhost"])
async def test_other_spellings_of_loopback_are_refused_by_what_they_resolve_to(host: str) -> None:
    guarded = WebhookSender(allow_private=False)
    with pytest.raises(WebhookUrlError):
        await guarded.check(f"https://{host}/")
    reply = await guarded.send(f"https://{host}/", HEADERS, b"{}", START)
    assert reply.status_code is None


async def test_each_attempt_asks_once_and_uses_that_answer(receiver: Receiver) -> None:
    resolver = ScriptedResolver([["127.0.0.1"], ["192.0.2.1"]])
    asking = WebhookSender(allow_private=True, resolver=resolver)
    url = f"http://{HOST}:{receiver.port}/in"
    assert (await asking.send(url, HEADERS, b"{}", START)).status_code == 204
    assert resolver.asked == [(HOST, receiver.port)]
    assert receiver.requests[0].headers["host"] == f"{HOST}:{receiver.port}"


async def test_a_proxy_of_the_environment_is_not_used(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    reply = await sender(["127.0.0.1"]).send(receiver.url, HEADERS, b"{}", START)
    assert reply.status_code == 204


@asynccontextmanager
async def raw_server(sent: bytes, *, then_hangs: bool) -> AsyncIterator[str]:
    """Sends what no well-behaved receiver sends."""
    done = asyncio.Event()

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        if then_hangs:
            await done.wait()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        done.set()


async def test_a_receiver_that_never_answers_is_left() -> None:
    async with raw_server(b"", then_hangs=True) as url:
        reply = await sender(["127.0.0.1"], timeout_s=0.2).send(url, HEADERS, b"{}", START)
    assert reply.status_code is None
    assert "0.2 s" in str(reply.error)


async def test_a_receiver_that_drips_is_left() -> None:
    async with raw_server(b"HTTP/1.1 200 OK\r\nx: ", then_hangs=True) as url:
        reply = await sender(["127.0.0.1"], timeout_s=0.2).send(url, HEADERS, b"{}", START)
    assert reply.status_code is None


async def test_the_body_of_the_answer_is_not_waited_for() -> None:
    endless = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\nxxxx"
    async with raw_server(endless, then_hangs=True) as url:
        reply = await sender(["127.0.0.1"], timeout_s=5).send(url, HEADERS, b"{}", START)
    assert reply.status_code == 200


@pytest.mark.parametrize("sent", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 999999 X\r\n\r\n"])
async def test_nonsense_is_a_failed_attempt(sent: bytes) -> None:
    async with raw_server(sent, then_hangs=False) as url:
        reply = await sender(["127.0.0.1"]).send(url, HEADERS, b"{}", START)
    assert reply.status_code is None
    assert reply.error is not None
