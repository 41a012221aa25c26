"""Mails made to do harm: each is refused or taken, in time, and leaves nothing half done."""

import time
from collections.abc import Callable

import pytest

from api.platform.db import Databases
from tests.api.captures.company import Office
from tests.api.captures.mails import HANA, Post, mail, multipart, open_post
from tests.contents import contents

MEGABYTE = 1024 * 1024
MIXED = "multipart/mixed; boundary=b"


@pytest.fixture
async def post(office: Office) -> Post:
    return await open_post(office.client, keeps_text=True)


def _nested(depth: int) -> bytes:
    heads = [f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1, depth)]
    return mail("--b0\n" + "".join(heads) + "\nSam Reyes", content_type="multipart/mixed; boundary=b0")


REFUSED: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "no header": lambda: b"\r\n\r\nHello",
    "not a mail": lambda: b"\x00\xff" * 1_000,
    "no From": lambda: mail(**{"from": None}),
    "empty From": lambda: mail(**{"from": ""}),
    "a From without address": lambda: mail(**{"from": "Ada Okafor"}),
    "two From fields": lambda: mail(**{"from": ["ada@example.com", "hana@example.com"]}),
    "two authors": lambda: mail(**{"from": "ada@example.com, hana@example.com"}),
    "a From with line ends": lambda: mail(**{"from": "ada\x0b@example.com"}),
    "a NUL in From": lambda: mail(**{"from": "ada\x00@example.com"}),
    "broken bytes in From": lambda: mail(**{"from": "ad\udcff@example.com"}),
    "comments without end": lambda: mail(**{"from": "(" * 60_000}),
    "quotes without end": lambda: mail(**{"from": '"' * 60_001}),
    "huge header": lambda: mail(x_filler="x" * 300_000),
    "endless header": lambda: b"a: b\r\n" * 100_000,
    "huge To": lambda: mail(to=f"{HANA}, " * 5_000),
    "thousands of parts": lambda: mail("--b\n\nx\n" * 3_000, content_type=MIXED),
    "500 nested multiparts": lambda: _nested(500),
    "large heads of parts": lambda: mail(("--b\nX: " + "x" * 30_000 + "\n\nx\n") * 20, content_type=MIXED),
    "a number without end in HTML": lambda: mail("&#" + "9" * 100_000, content_type="text/html"),
}
TAKEN: dict[str, Callable[[], bytes]] = {
    "no Message-ID": lambda: mail(message_id=None),
    "many Message-IDs": lambda: mail(message_id=["<a@x>", "<b@x>"]),
    "a Message-ID with spaces and NUL": lambda: mail(message_id="<a b\x00@x>"),
    "a long Message-ID": lambda: mail(message_id=f"<{'x' * 5_000}@x>"),
    "a Message-ID that is a link": lambda: mail(message_id="<javascript:alert(1)//@x>"),
    "no recipients": lambda: mail(to=None),
    "line ends in encoded words": lambda: mail(subject="=?utf-8?q?Sam_Reyes=0D=0ABcc:_x@example.com?="),
    "a name with line ends": lambda: mail(**{"from": "=?utf-8?q?Ada=0D=0ATo=3A_x?= <new@example.com>"}),
    "a name with brackets": lambda: mail(to="=?utf-8?q?Hana_=3Cevil=40example.com=3E?= <hana@example.com>"),
    "a name that is an id": lambda: mail(to="re:x <hana@example.com>, person_0123456789abcdef <pam@example.com>"),
    "a name of NULs": lambda: mail(to='"\x00\x00" <hana@example.com>'),
    "invisible names": lambda: mail(to="=?utf-8?b?4oCu4oCL?= <hana@example.com>"),
    "half of a pair": lambda: mail(subject="=?utf-16?b?2AA=?= =?unicode-escape?q?=5Cud800?= Sam Reyes"),
    "slow character sets": lambda: mail(subject=f"=?punycode?q?-{'a9' * 400}?= =?idna?q?x?= =?zlib?q?x?="),
    "unknown character set": lambda: mail(content_type="text/plain; charset=no-such-charset"),
    "a character set of Python's own": lambda: mail(content_type="text/plain; charset=punycode"),
    "broken base64": lambda: mail("abc", content_transfer_encoding="base64"),
    "broken quoted-printable": lambda: mail("=ZZ=\n==", content_transfer_encoding="quoted-printable"),
    "uuencode": lambda: mail("begin 644 x\n", content_transfer_encoding="x-uuencode"),
    "broken parameters": lambda: mail(content_type="text/plain; charset*0*=utf-8''%zz; charset*9=\"; name=\"\\"),
    "long content type": lambda: mail(content_type=f"multipart/mixed; {'a=b;' * 5_000}"),
    "multipart without boundary": lambda: mail(content_type="multipart/mixed"),
    "multipart without parts": lambda: mail(content_type=MIXED),
    "multipart without end": lambda: mail("--b\n\nSam Reyes", content_type=MIXED),
    "lookalikes of boundaries": lambda: mail("--bb" * 50_000, content_type=MIXED),
    "20 nested multiparts": lambda: _nested(20),
    "a broken attached mail": lambda: mail(**multipart("mixed", ("Content-Type: message/rfc822", b"\x00\n\n"))),
    "an attached mail in itself": lambda: mail(content_type="message/rfc822"),
    "NULs in the text": lambda: mail("Sam\x00 Reyes\x00"),
    "one long line": lambda: mail("Sam Reyes " * 100_000),
    "many lines": lambda: mail("Sam Reyes wrote:\n" * 60_000),
    "many addresses": lambda: mail("a@b " * 50_000),
    "open tags": lambda: mail("<" * 200_000, content_type="text/html"),
    "open comments": lambda: mail("<!--" * 50_000, content_type="text/html"),
    "many tags": lambda: mail("<blockquote><p>" * 10_000, content_type="text/html"),
    "strange tags": lambda: mail(
        "[application_] [:] [mailto:x] [a:b] [greenhouse:] [system:\u202e]", subject="[mailto:x]"
    ),
    "many tags in the subject": lambda: mail(subject="[greenhouse:9] " * 60),
    "groups": lambda: mail(to="a:;" * 5_000),
    "year 0": lambda: mail(date="Mon, 01 Jan 0000 00:00:00 +0000"),
}


def _another(raw: bytes, number: int) -> bytes:
    """The mail under another Message-ID, so that it is another one."""
    return raw.replace(b"<one@", b"<n%d@" % number)


async def test_what_is_no_mail_is_refused_for_good(post: Post, databases: Databases) -> None:
    before = await contents(databases)
    for name, make in REFUSED.items():
        response = await post.hand_over(make())
        assert (response.status_code, response.json()["code"]) == (422, "malformed_mail"), (name, response.text)
    assert await contents(databases) == before


async def test_what_is_strange_is_taken_for_what_it_says(post: Post) -> None:
    for number, (name, make) in enumerate(TAKEN.items()):
        receipt = await post.take(_another(make(), number))
        assert receipt["state"] in ("captured", "needs_details"), name
        # A backslash that somebody wrote is shown doubled, and is one.
        kept = str((await post.client.get(f"/v1/captures/{receipt['capture_id']}")).json()).replace(r"\\", "")
        assert not any(bad in kept for bad in ("\\x00", "\\r", "\\ud8", "evil@example.com")), (name, kept)
    people = (await post.client.get("/v1/people", params={"limit": 100})).json()["data"]
    assert "Ada To: x" in {each["name"] for each in people}


BOMBS: dict[str, Callable[[], bytes]] = {
    "20 MB of text": lambda: mail("x" * 20 * MEGABYTE),
    "20 MB of lines": lambda: mail("Sam\n" * 4 * MEGABYTE),
    "20 MB in deep parts": lambda: _nested(20) + b"\n--" * 7 * MEGABYTE,
    "20 MB of boundaries": lambda: mail("--b\n\n" * 3 * MEGABYTE, content_type=MIXED),
    "20 MB of lookalikes": lambda: mail("--b" * 7 * MEGABYTE, content_type=MIXED),
}


async def test_bombs_cost_little(post: Post) -> None:
    for name, make in BOMBS.items():
        raw = make()
        begun = time.process_time()
        response = await post.hand_over(raw)
        assert response.status_code in (200, 422), (name, response.text)
        assert time.process_time() - begun < 3, name


FORM_TYPE = "multipart/form-data; boundary=q"
FORMS: dict[str, tuple[str, bytes, int]] = {
    "json": ("application/json", b"{}", 415),
    "no boundary": ("multipart/form-data", b"--q\r\n", 422),
    "no fields": (FORM_TYPE, b"", 422),
    "no mail": (FORM_TYPE, b'--q\r\nContent-Disposition: form-data; name="to"\r\n\r\nx\r\n--q--', 422),
    "no name": (FORM_TYPE, b"--q\r\n\r\nx\r\n--q--", 422),
    "many fields": ("application/x-www-form-urlencoded", b"a=b&" * 1_000, 422),
    "broken type": ("multipart/form-data; boundary*=''%zz; boundary=\"", b"--q", 422),
    "curl's own": ("application/x-www-form-urlencoded", b"From: ada@example.com", 422),
}


async def test_broken_forms_are_refused(post: Post) -> None:
    for name, (kind, body, status) in FORMS.items():
        response = await post.hand_over(body, **{"Content-Type": kind})
        assert response.status_code == status, (name, response.text)


async def test_broken_envelopes_are_passed_over(post: Post) -> None:
    broken = "\ud800".encode("utf-8", "surrogatepass")
    for envelope in ("[" * 50_000, "null", '{"to": 7, "from": {}}', '{"to": [7, null]}', broken):
        fields = {"email": mail(to=f"{HANA}, {post.address}"), "envelope": envelope}
        response = await post.hand_over_form(fields)
        assert response.json()["state"] == "captured", response.text
