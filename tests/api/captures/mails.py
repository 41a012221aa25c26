"""Mails as programs write them, and how a mail service hands them over."""

import json
from base64 import b64encode
from dataclasses import dataclass
from quopri import encodestring
from typing import Any

import httpx
from sqlalchemy import text

from api.platform.db import Databases
from tests.api.advocacies.scene import Answer, sent

ADA = "Ada Okafor <ada@example.com>"
HANA = "Hana Lindqvist <hana@example.com>"
SAID = "Do talk to Sam Reyes, she kept our billing up."


def mail(body: str | bytes = SAID, **fields: str | list[str] | None) -> bytes:
    """A mail of Ada to Hana with these fields instead: None takes one away, a list sends it several times."""
    given = {
        "from": ADA,
        "to": HANA,
        "subject": "Data engineer",
        "date": "Mon, 02 Mar 2026 09:30:00 +0100",
        "message_id": "<one@mail.example.com>",
        "mime_version": "1.0",
        "content_type": "text/plain; charset=utf-8",
        **fields,
    }
    lines = [
        f"{name.replace('_', '-').title()}: {value}"
        for name, values in given.items()
        for value in ([] if values is None else values if isinstance(values, list) else [values])
    ]
    content = body.encode() if isinstance(body, str) else body
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + content.replace(b"\r\n", b"\n").replace(
        b"\n", b"\r\n"
    )


def multipart(kind: str, *parts: tuple[str, str | bytes], boundary: str = "b1") -> dict[str, Any]:
    """The fields and body of a multipart mail: each part its header and its content."""
    texts = []
    for head, content in parts:
        text = content if isinstance(content, bytes) else content.encode()
        texts.append(f"--{boundary}\n{head}\n\n".encode() + text + b"\n")
    body = b"This is a message in MIME format.\n" + b"".join(texts) + f"--{boundary}--\n".encode()
    return {"content_type": f'multipart/{kind}; boundary="{boundary}"', "body": body}


PLAIN = "Content-Type: text/plain; charset=utf-8"
HTML = "Content-Type: text/html; charset=utf-8"
PDF = 'Content-Type: application/pdf; name="Sam Reyes.pdf"\nContent-Disposition: attachment; filename="Sam Reyes.pdf"'
PDF += "\nContent-Transfer-Encoding: base64"


def quoted_printable(text: str, charset: str = "utf-8") -> bytes:
    """The text as mail programs send umlauts."""
    return encodestring(text.encode(charset))


def base64(text: str, charset: str = "utf-8") -> bytes:
    """The text as mail programs send other scripts."""
    return b64encode(text.encode(charset))


@dataclass
class Post:
    """A capture address, and the service that hands mails over to it."""

    client: httpx.AsyncClient
    made: Answer

    @property
    def address(self) -> str:
        """What people put in BCC."""
        return f"{self.made['token']}@in.example.com"

    async def hand_over(self, raw: bytes, **headers: str) -> httpx.Response:
        """The answer to the raw mail with the token in Authorization."""
        given = {"Authorization": f"Bearer {self.made['token']}", "Content-Type": "message/rfc822", **headers}
        return await self.client.post("/v1/captures/mail", content=raw, headers=given)

    async def take(self, raw: bytes) -> Answer:
        """The receipt for the raw mail."""
        response = await self.hand_over(raw)
        assert response.status_code == 200, response.text
        receipt: Answer = response.json()
        return receipt

    async def hand_over_form(self, fields: dict[str, Any], *, as_file: str | None = None) -> httpx.Response:
        """The answer to a form, with one field as a file, as mail services post it; nothing in Authorization."""
        files = {name: (None, value) for name, value in fields.items() if name != as_file}
        if as_file is not None:
            files[as_file] = ("message.eml", fields[as_file], "message/rfc822")  # type: ignore[assignment]
        return await self.client.post("/v1/captures/mail", files=files, headers={"Authorization": ""})


async def open_post(client: httpx.AsyncClient, **members: Any) -> Post:
    """A capture address of the client's workspace."""
    body = {"name": "BCC", **members}
    return Post(client, await sent(client, "/v1/capture_addresses", body))


def envelope(*to: str, sender: str = "ada@example.com") -> str:
    """What SendGrid knows of the envelope."""
    return json.dumps({"to": list(to), "from": sender})


async def is_kept(databases: Databases, words: str) -> bool:
    """Whether any row of any table holds these words, in the clear or as bytes."""
    async with databases.open_system() as connection:
        tables = await connection.execute(text("select tablename from pg_tables where schemaname = 'public'"))
        for table in list(tables.scalars()):
            rows = await connection.execute(text(f'select t::text from "{table}" t'))
            kept = "\n".join(rows.scalars())
            if words in kept or words.encode().hex() in kept:
                return True
    return False
