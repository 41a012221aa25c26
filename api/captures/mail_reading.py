"""From the bytes of a mail to who says it to whom, about what, and where it is on record. Pure, in bounded time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.message import Message

from api.captures.mail_automatic import ignored_because
from api.captures.mail_parts import MalformedMail, Part, leaves, message
from api.captures.mail_text import own_text, passes_on
from api.captures.mail_words import Mailbox, line, mailboxes, moment
from api.platform.hook_tokens import SHAPE
from api.platform.schemas import normalise_email

MOST_RECIPIENTS = 50
_MOST_OF_SUBJECT = 1_000
_MOST_OF_ADDRESSES = 64 * 1024
_TOKEN = re.compile(rf"(?<![a-z0-9]){SHAPE.pattern}(?![a-z0-9])", re.IGNORECASE | re.ASCII)
_FORWARD = re.compile(r"(?:\[[^\[\]]*\]\s*)*(?:fwd?|wg|tr|rv|doorst)\s?:", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<([^<>\s\x00-\x1f\x7f]{3,900})>")
_PARSER_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MessageError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says. `recipients` are those of To and Cc, without our own addresses and the sender.

    `text` is what the sender wrote themself. `is_forward`: it passes on an earlier mail, in its own text, to nobody but
    us.
    """

    sender: Mailbox
    recipients: tuple[Mailbox, ...]
    subject: str
    text: str
    message_id: str | None
    sent_at: datetime | None
    is_forward: bool = False


@dataclass(frozen=True, slots=True)
class Ignored:
    """A mail of which nothing is made, and why."""

    reason: str


def read_mail(whole: Part, *, own_domain: str | None, envelope_sender: str | None) -> Mail | Ignored:
    """The mail, or the one that its sender forwards as an attachment. Raises MalformedMail."""
    try:
        parts = list(leaves(whole))
        reason = ignored_because(whole, parts, envelope_sender=envelope_sender)
        if reason is not None:
            return Ignored(reason)
        sender = _sender(whole.head)
        if _is_ours(sender, own_domain):
            return Ignored("loop")
        forwarded = _forwarded_by(sender, parts)
        return (
            _mail(whole, parts, own_domain)
            if forwarded is None
            else _mail(forwarded, list(leaves(forwarded)), own_domain)
        )
    except _PARSER_FAULTS as fault:
        raise MalformedMail("The mail cannot be read.") from fault


def _mail(whole: Part, parts: Sequence[Part], own_domain: str | None) -> Mail:
    sender = _sender(whole.head)
    message_id = _MESSAGE_ID.search(whole.head.get("message-id", "")[:2_000])
    subject = line(whole.head.get("subject", ""), _MOST_OF_SUBJECT)
    recipients = _recipients(whole.head, sender, own_domain)
    return Mail(
        sender=sender,
        recipients=recipients,
        subject=_without_tokens(subject),
        text=_without_tokens(own_text(parts)),
        message_id=_without_tokens(message_id[1]) if message_id else None,
        sent_at=moment(whole.head.get("date", "")),
        is_forward=not recipients and (_FORWARD.match(subject) is not None or passes_on(parts)),
    )


def _sender(head: Message) -> Mailbox:
    """The author. Raises MalformedMail unless there is exactly one: which of several is meant nobody can tell."""
    authors = {normalise_email(each.address): each for each in _addresses(head, "from")}
    if len(authors) != 1:
        raise MalformedMail("The mail needs exactly one address in From.")
    return authors.popitem()[1]


def _recipients(head: Message, sender: Mailbox, own_domain: str | None) -> tuple[Mailbox, ...]:
    known = {
        normalise_email(each.address): each
        for each in (*_addresses(head, "to"), *_addresses(head, "cc"))
        if not _is_ours(each, own_domain)
    }
    known.pop(normalise_email(sender.address), None)
    # To more people than an act can have listeners is no word in anybody's ear.
    return tuple(known.values()) if len(known) <= MOST_RECIPIENTS else ()


def _addresses(head: Message, name: str) -> Iterator[Mailbox]:
    value = ",".join(head.get_all(name, []))
    if len(value) > _MOST_OF_ADDRESSES:
        raise MalformedMail(f"The field {name.title()} is too long.")
    for each in mailboxes(value):
        yield Mailbox(_without_tokens(each.name) if each.name else None, each.address)


def _without_tokens(text: str) -> str:
    """The text without what may be the token of an address: a secret, whoever's it is, that must reach no record."""
    return _TOKEN.sub("...", text)


def _is_ours(mailbox: Mailbox, own_domain: str | None) -> bool:
    local, _, domain = mailbox.address.lower().rpartition("@")
    # Neither may an address that is such a secret.
    return domain == own_domain or any(SHAPE.fullmatch(part) for part in local.split("+"))


def _forwarded_by(sender: Mailbox, parts: Sequence[Part]) -> Part | None:
    """The one mail attached to a mail, when the same person wrote it."""
    attached = [part for part in parts if part.content_type == "message/rfc822"]
    if len(attached) != 1:
        return None
    inner = message(attached[0].raw[attached[0].start : attached[0].end])
    authors = {normalise_email(each.address) for each in _addresses(inner.head, "from")}
    return inner if authors == {normalise_email(sender.address)} else None
