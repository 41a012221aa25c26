"""Mails that nobody wrote to anybody: bounces, automatic answers, lists, invitations, and our own coming back."""

from collections.abc import Sequence
from email.message import Message

from api.captures.mail_parts import Part

_BULK = ("bulk", "junk", "auto_reply")
_ROBOTS = ("mailer-daemon@", "postmaster@")


def ignored_because(whole: Part, parts: Sequence[Part], *, envelope_sender: str | None) -> str | None:
    """Why nothing is made of the mail with these parts; None for what a person seems to have written."""
    head = whole.head
    if _is_bounce(whole, envelope_sender):
        return "bounce"
    if head.get("x-loop") is not None:
        return "loop"
    if _is_automatic(head):
        return "auto_reply"
    if head.get("list-id") is not None or _word(head, "precedence") == "list":
        return "mailing_list"
    if _word(head, "precedence") in _BULK:
        return "bulk"
    return "invitation" if any(map(_is_invitation, parts)) else None


def _is_bounce(whole: Part, envelope_sender: str | None) -> bool:
    head = whole.head
    return (
        envelope_sender == ""
        or _word(head, "return-path") == "<>"
        or whole.content_type in ("multipart/report", "message/delivery-status")
        or any(robot in head.get("from", "").lower() for robot in _ROBOTS)
    )


def _is_automatic(head: Message) -> bool:
    """RFC 3834, and the fields that went before it."""
    return (
        _word(head, "auto-submitted").partition(";")[0].strip() not in ("", "no")
        or _word(head, "precedence") == "auto_reply"
        or any(head.get(name) is not None for name in ("x-auto-response-suppress", "x-autoreply", "x-autorespond"))
    )


def _is_invitation(part: Part) -> bool:
    return part.content_type == "text/calendar" and not part.is_attachment


def _word(head: Message, name: str) -> str:
    return str(head.get(name, ""))[:200].strip().lower()
