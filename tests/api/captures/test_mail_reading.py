"""What is read out of mails as programs write them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from api.captures.mail_form import read_delivery
from api.captures.mail_reading import Ignored, Mail, read_mail
from tests.api.captures.mails import ADA, HANA, HTML, PDF, PLAIN, base64, mail, multipart, quoted_printable

TOKEN = "k3v9q0x7m2c8t4z1b6n5w0h7r2p9d4j8f1s6g3y5l0a7e2u9i4"
OWN = "Do talk to Sam Reyes."

GMAIL_REPLY = f"""{OWN}

On Mon, 2 Mar 2026 at 09:12, Hana Lindqvist <hana@example.com> wrote:

> Who was good on your last team?
> Kim Lee?
"""
GMAIL_REPLY_WRAPPED = f"""{OWN}

On Mon, Mar 2, 2026 at 9:12 AM Hana Lindqvist with a long name
<hana@example.com> wrote:

> Kim Lee?
"""
GMAIL_GERMAN = f"""{OWN}

Am Mo., 2. März 2026 um 09:12 Uhr schrieb Hana Lindqvist <
hana@example.com>:

> Kim Lee?
"""
GMAIL_FORWARD = f"""{OWN}

---------- Forwarded message ---------
From: Kim Lee <kim@example.com>
Date: Mon, Mar 2, 2026 at 9:12 AM
Subject: Kim Lee
To: <ada@example.com>

I am Kim Lee.
"""
APPLE_REPLY = f"""{OWN}

Sent from my iPhone

> On 2. Mar 2026, at 09:12, Hana Lindqvist <hana@example.com> wrote:
>
> Kim Lee?
"""
APPLE_GERMAN = f"""{OWN}

Von meinem iPhone gesendet

> Am 02.03.2026 um 09:12 schrieb Hana Lindqvist <hana@example.com>:
>
> Kim Lee?
"""
APPLE_FORWARD = f"""{OWN}

Begin forwarded message:

From: Kim Lee <kim@example.com>
Subject: Kim Lee
Date: 2. March 2026 at 09:12:00 CET
To: Ada Okafor <ada@example.com>

I am Kim Lee.
"""
APPLE_FORWARD_GERMAN = f"""{OWN}

Anfang der weitergeleiteten Nachricht:

> Von: Kim Lee <kim@example.com>
"""
OUTLOOK_REPLY = f"""{OWN}

________________________________
From: Hana Lindqvist <hana@example.com>
Sent: Monday, March 2, 2026 9:12 AM
To: Ada Okafor <ada@example.com>
Subject: Data engineer

Kim Lee?
"""
OUTLOOK_GERMAN = f"""{OWN}

Von: Hana Lindqvist <hana@example.com>
Gesendet: Montag, 2. März 2026 09:12
An: Ada Okafor <ada@example.com>
Betreff: Data engineer

Kim Lee?
"""
OUTLOOK_OLD = f"{OWN}\n\n-----Original Message-----\nFrom: Hana\nKim Lee?\n"
OUTLOOK_OLD_GERMAN = f"{OWN}\n\n-----Ursprüngliche Nachricht-----\nVon: Hana\nKim Lee?\n"
THUNDERBIRD_INLINE = "On 02.03.26 09:12, Hana Lindqvist wrote:\n> Who was good? Kim Lee?\n\nDo talk to Sam Reyes.\n"
SIGNED = f"{OWN}\n\n-- \nAda Okafor\nFriend of Kim Lee\n"

TEXTS = {
    "gmail reply": GMAIL_REPLY,
    "gmail reply with a wrapped line": GMAIL_REPLY_WRAPPED,
    "gmail reply in German": GMAIL_GERMAN,
    "gmail forward": GMAIL_FORWARD,
    "apple reply": APPLE_REPLY,
    "apple reply in German": APPLE_GERMAN,
    "apple forward": APPLE_FORWARD,
    "apple forward in German": APPLE_FORWARD_GERMAN,
    "outlook reply": OUTLOOK_REPLY,
    "outlook reply in German": OUTLOOK_GERMAN,
    "old outlook reply": OUTLOOK_OLD,
    "old outlook reply in German": OUTLOOK_OLD_GERMAN,
    "answer below the quote": THUNDERBIRD_INLINE,
    "signature": SIGNED,
}

GMAIL_HTML = (
    f'<div dir="ltr">{OWN}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
    'On Mon, 2 Mar 2026 Hana wrote:<br></div><blockquote class="gmail_quote">Kim Lee?</blockquote></div>'
)
OUTLOOK_HTML = (
    "<html><head><style><!-- p.MsoNormal {margin:0} --></style><title>Kim Lee</title></head><body>"
    f"<!--[if mso]><p>Kim Lee</p><![endif]--><p class=MsoNormal>{OWN.replace('Sam Reyes', 'Sam&nbsp;Reyes')}</p>"
    "<div style='border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> Hana<br><b>Sent:</b> Monday<br><b>To:</b> Ada<br>"
    "<b>Subject:</b> Data engineer</p></div><p>Kim Lee?</p></body></html>"
)
OUTLOOK_WEB = (
    f"<div>{OWN}</div><div id='appendonsend'></div><hr><div id='divRplyFwdMsg'>From: Hana</div><div>Kim Lee</div>"
)
APPLE_HTML = f'<html><body>{OWN}<div><br><blockquote type="cite"><div>Kim Lee?</div></blockquote></div></body></html>'
MARKUP = {"gmail": GMAIL_HTML, "outlook": OUTLOOK_HTML, "outlook on the web": OUTLOOK_WEB, "apple": APPLE_HTML}


def read(raw: bytes, **knowing: Any) -> Mail | Ignored:
    delivery = read_delivery("message/rfc822", raw)
    return read_mail(delivery.mail, own_domain="in.example.com", envelope_sender=None, **knowing)


def understood(raw: bytes) -> Mail:
    found = read(raw)
    assert isinstance(found, Mail)
    return found


def part(**fields: Any) -> bytes:
    return mail(**{"body": "", **fields})


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_only_what_the_sender_wrote_is_read(text: str) -> None:
    assert understood(mail(text)).text == OWN


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP)
def test_html_is_read_where_there_is_nothing_else(text: str) -> None:
    found = understood(mail(text, content_type="text/html; charset=utf-8")).text
    assert " ".join(found.split()) == OWN


def test_a_sentence_that_only_looks_like_history_stays() -> None:
    text = "On Monday I wrote:\nask him.\nFrom: here on it is easy.\n"
    assert understood(mail(text)).text == text.strip()


@pytest.mark.parametrize(
    "fields",
    [
        multipart("alternative", (PLAIN, OWN), (HTML, "<p>Kim Lee</p>")),
        multipart("alternative", (PLAIN, " "), (HTML, f"<p>{OWN}</p>")),
        multipart("mixed", (PLAIN, OWN), (PDF, base64("Kim Lee"))),
        multipart("mixed", (PDF, base64("Kim Lee")), (PLAIN, OWN)),
        multipart(
            "mixed", ('Content-Type: text/plain; name="cv.txt"\nContent-Disposition: attachment', "Kim"), (HTML, OWN)
        ),
        multipart("mixed", (f"{PLAIN}\nContent-Transfer-Encoding: base64", base64(OWN))),
        multipart("mixed", ('Content-Type: multipart/alternative; boundary="b2"', f"--b2\n{PLAIN}\n\n{OWN}\n--b2--")),
        multipart("related", ("", OWN)),
        multipart("signed; protocol=x", (PLAIN, OWN), ("Content-Type: application/pkcs7-signature", "x")),
    ],
    ids=[
        "alternative",
        "blank alternative",
        "attachment",
        "attachment first",
        "text file",
        "base64",
        "nested",
        "bare",
        "signed",
    ],
)
def test_attachments_are_dropped(fields: dict[str, Any]) -> None:
    assert understood(mail(**fields)).text == OWN


@pytest.mark.parametrize(
    ("encoding", "charset", "body"),
    [
        ("quoted-printable", "utf-8", quoted_printable("Jörg Grün ist gut")),
        ("quoted-printable", "iso-8859-1", quoted_printable("Jörg Grün ist gut", "latin-1")),
        ("base64", "utf-16", base64("Jörg Grün ist gut", "utf-16")),
        ("8bit", "windows-1252", "Jörg Grün ist gut".encode("cp1252")),
        ("8bit", "utf-8", "Jörg Grün ist gut".encode()),
        ("8bit", "x-unknown", "Jörg Grün ist gut".encode()),
    ],
)
def test_encodings_are_undone(encoding: str, charset: str, body: bytes) -> None:
    raw = mail(body, content_type=f'text/plain; charset="{charset}"', content_transfer_encoding=encoding)
    assert understood(raw).text == "Jörg Grün ist gut"


def test_names_and_subjects_are_decoded() -> None:
    sender = "=?utf-8?q?J=C3=B6rg_Gr=C3=BCn?= <joerg@example.com>"
    subject = "=?iso-8859-1?Q?F=FCr_?=\r\n =?utf-8?B?U2FtIFJleWVz?="
    found = understood(part(**{"from": sender}, to='"Lindqvist, Hana" <hana@example.com>', subject=subject))
    assert (found.sender.name, found.sender.address) == ("Jörg Grün", "joerg@example.com")
    assert (found.recipients[0].name, found.subject) == ("Lindqvist, Hana", "Für Sam Reyes")


def test_addresses_may_stand_in_groups_comments_and_other_scripts() -> None:
    to = 'Panel: pam@example.com, "Bo R." <bo@example.com>;, undisclosed-recipients:;, rita@example.com (Rita)'
    cc = "jörg@bücher.example, =?utf-8?q?A=40b?= <a@xn--bcher-kva.example>"
    found = understood(part(to=to, cc=cc)).recipients
    assert [each.address for each in found] == [
        "pam@example.com",
        "bo@example.com",
        "rita@example.com",
        "jörg@bücher.example",
        "a@xn--bcher-kva.example",
    ]
    assert [each.name for each in found] == [None, "Bo R.", "Rita", None, None]


def test_our_own_addresses_and_the_sender_heard_nothing() -> None:
    to = f"{HANA}, {TOKEN}@elsewhere.example, mail+{TOKEN.upper()}@x.example, box@in.example.com, ADA@example.com"
    assert [each.address for each in understood(part(to=to)).recipients] == ["hana@example.com"]


def test_a_mail_to_a_crowd_was_said_to_nobody() -> None:
    crowd = ", ".join(f"p{number}@example.com" for number in range(51))
    assert understood(part(to=crowd)).recipients == ()


def test_a_forwarded_attachment_of_the_sender_is_the_mail() -> None:
    inner = mail("Inside.", to="pam@example.com", message_id="<inner@x>", date="Fri, 27 Feb 2026 09:00:00 -0500")
    raw = mail(
        **multipart("mixed", (PLAIN, "See below."), ("Content-Type: message/rfc822", inner)), to=f"{TOKEN}@x.example"
    )
    found = understood(raw)
    assert (found.text, found.message_id) == ("Inside.", "inner@x")
    assert (found.recipients[0].address, found.sent_at) == ("pam@example.com", datetime(2026, 2, 27, 14, tzinfo=UTC))


def test_a_forwarded_mail_of_somebody_else_is_not() -> None:
    inner = mail("Inside.", **{"from": HANA}, to=ADA)
    raw = mail(
        **multipart("mixed", (PLAIN, "See below."), ("Content-Type: message/rfc822", inner)), to=f"{TOKEN}@x.example"
    )
    assert (understood(raw).text, understood(raw).recipients) == ("See below.", ())


FORWARDS: dict[str, dict[str, Any]] = {
    "gmail": {"body": GMAIL_FORWARD},
    "apple": {"body": APPLE_FORWARD},
    "apple in German": {"body": APPLE_FORWARD_GERMAN},
    "outlook": {"body": OUTLOOK_REPLY},
    "outlook in HTML": {"body": OUTLOOK_HTML, "content_type": "text/html"},
    "outlook on the web": {"body": OUTLOOK_WEB, "content_type": "text/html"},
    "gmail in HTML": {"body": GMAIL_HTML, "content_type": "text/html"},
    "by its subject": {"body": OWN, "subject": "WG: Sam"},
    "behind a mark": {"body": OWN, "subject": "[EXTERNAL] [x] Fwd: Sam"},
    "attached": multipart("mixed", (PLAIN, OWN), ("Content-Type: message/rfc822", mail(**{"from": HANA}))),
}


@pytest.mark.parametrize("fields", FORWARDS.values(), ids=FORWARDS)
def test_a_forward_to_us_alone_is_told_from_what_was_said_to_others(fields: dict[str, Any]) -> None:
    assert understood(mail(**fields, to=f"{TOKEN}@x.example")).is_forward
    assert not understood(mail(**fields)).is_forward


def test_a_mail_to_us_alone_is_no_forward_by_itself() -> None:
    for body, subject in ((OWN, "Forward: thinking"), (SIGNED, "Re: Sam"), ("From: here on it is easy.", "Sam")):
        assert not understood(mail(body, to=f"{TOKEN}@x.example", subject=subject)).is_forward


REPORT = multipart("report; report-type=delivery-status", (PLAIN, "It could not be delivered."))
INVITATION = multipart(
    "alternative", (PLAIN, "Join us"), ("Content-Type: text/calendar; method=REQUEST", "BEGIN:VCALENDAR")
)
AUTOMATIC: dict[str, tuple[str, dict[str, Any]]] = {
    "out of office": ("auto_reply", {"auto_submitted": "auto-replied"}),
    "auto-generated": ("auto_reply", {"auto_submitted": "auto-generated (rejected)"}),
    "exchange": ("auto_reply", {"x_auto_response_suppress": "All"}),
    "old auto-reply": ("auto_reply", {"x_autoreply": "yes"}),
    "precedence auto_reply": ("auto_reply", {"precedence": "auto_reply"}),
    "precedence bulk": ("bulk", {"precedence": "Bulk"}),
    "precedence junk": ("bulk", {"precedence": "junk"}),
    "precedence list": ("mailing_list", {"precedence": "list"}),
    "list": ("mailing_list", {"list_id": "Engineering <eng.example.com>"}),
    "empty return path": ("bounce", {"return_path": "<>"}),
    "report": ("bounce", REPORT),
    "mailer daemon": ("bounce", {"from": "Mail Delivery System <MAILER-DAEMON@mx.example.com>"}),
    "postmaster": ("bounce", {"from": "postmaster@example.com"}),
    "bounce without sender": ("bounce", {"from": None, "return_path": "<>"}),
    "our own address": ("loop", {"from": f"{TOKEN}@elsewhere.example"}),
    "our own domain": ("loop", {"from": "captures@in.example.com"}),
    "loop mark": ("loop", {"x_loop": "anything"}),
    "calendar invitation": ("invitation", INVITATION),
    "calendar answer": ("invitation", {"content_type": "text/calendar; method=REPLY"}),
}


@pytest.mark.parametrize(("reason", "fields"), AUTOMATIC.values(), ids=AUTOMATIC)
def test_what_nobody_wrote_is_ignored(reason: str, fields: dict[str, Any]) -> None:
    assert read(mail(**fields)) == Ignored(reason)


def test_what_a_person_wrote_is_not() -> None:
    fields = {"auto_submitted": "no", "precedence": "normal", "return_path": "<ada@example.com>"}
    assert understood(mail(**fields)).sender.address == ADA[-16:-1]


@pytest.mark.parametrize(
    ("date", "sent_at"),
    [
        ("Mon, 02 Mar 2026 09:30:00 +0100", datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
        ("2 Mar 2026 09:30:00 -0000", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("yesterday", None),
        ("Mon, 99 Mar 2026 99:99:99 +9999", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        (None, None),
    ],
)
def test_dates_are_read_where_they_can_be(date: str | None, sent_at: datetime | None) -> None:
    assert understood(mail(date=date)).sent_at == sent_at
