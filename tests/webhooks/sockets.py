"""Receivers as bare sockets, which do to a sender whatever they like; and a CA to certify them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@dataclass(slots=True)
class Request:
    """A request as it came over the socket."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Receiver:
    """What listens on `port`, and what it got; `connections` counts those that were opened."""

    port: int = 0
    connections: int = 0
    requests: list[Request] = field(default_factory=list)


Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter, Receiver], Awaitable[None]]


def saying(*answers: bytes) -> Answering:
    """Answers each request on a connection by the next of these, then closes it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, receiver: Receiver) -> None:
        for each in answers:
            receiver.requests.append(await request_from(reader))
            writer.write(each)
            await writer.drain()

    return answer


async def keeping_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, receiver: Receiver) -> None:
    """Answers 200 to as many requests as come."""
    while True:
        receiver.requests.append(await request_from(reader))
        writer.write(OK)


async def request_from(reader: asyncio.StreamReader) -> Request:
    """The next request of a connection, its body by content-length."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
    headers = dict(line.split(": ", 1) for line in head[1:] if line)
    return Request(head[0], headers, await reader.readexactly(int(headers["content-length"])))


@asynccontextmanager
async def listening(
    answer: Answering, *, host: str = "127.0.0.1", context: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """A receiver on a free port, which goes with all its connections at the end."""
    receiver, running = Receiver(), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        receiver.connections += 1
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await answer(reader, writer, receiver)
        except (asyncio.IncompleteReadError, OSError):
            writer.close()
        except asyncio.CancelledError:
            writer.transport.abort()
        else:
            writer.close()
        finally:
            running.discard(task)

    server = await asyncio.start_server(serve, host, 0, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class Authority:
    """A CA of one's own, with the files it writes to `folder`."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls, folder: Path) -> "Authority":
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Testing CA")
        certificate = _builder(name, name, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        return cls(folder, key, certificate.sign(key, hashes.SHA256()))

    def trusting(self) -> ssl.SSLContext:
        """What a sender trusts that knows this CA alone."""
        return ssl.create_default_context(cadata=self.certificate.public_bytes(serialization.Encoding.PEM).decode())

    def server(self, *, name: str, days: int = 1) -> ssl.SSLContext:
        """What a receiver of this name shows; with negative `days` a certificate that has run out."""
        key = ec.generate_private_key(ec.SECP256R1())
        other: x509.GeneralName = x509.DNSName(name)
        if name.replace(".", "").isdigit():
            other = x509.IPAddress(ip_address(name))
        builder = _builder(_name(name), self.certificate.subject, key, days).add_extension(
            x509.SubjectAlternativeName([other]), critical=False
        )
        path = self.folder / f"{name}{days}.pem"
        path.write_bytes(_pem(builder.sign(self.key, hashes.SHA256())) + _private_pem(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int = 1
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    begins, ends = sorted((now - timedelta(days=3), now + timedelta(days=days)))
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    pem, traditional = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(pem, traditional, serialization.NoEncryption())
