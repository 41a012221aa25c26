"""Making a capture of a mail."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from api.advocacies.creation import CandidateCannotAdvocate
from api.captures.bodies import CaptureCreate
from api.captures.mail_matching import Subject, find_subject, without_candidate
from api.captures.mail_parts import MalformedMail
from api.captures.mail_reading import Mail
from api.captures.mail_schemas import MailReceipt, MailState
from api.captures.mail_words import Mailbox
from api.captures.service import MailTold, take
from api.domain.inbound import CaptureState
from api.models import CaptureAddress
from api.platform.ids import encode
from api.platform.sessions import WriteSession

_OLDEST = timedelta(days=365)
# Between a name and its address they would mean something else.
_MEANINGFUL = re.compile(r'["<>:]')


def ignored(reason: str) -> MailReceipt:
    """The receipt for a mail of which nothing is made."""
    return MailReceipt(state=MailState.IGNORED, capture_id=None, reason=reason)


async def take_mail(session: WriteSession, mail: Mail, address: CaptureAddress, *, now: datetime) -> MailReceipt:
    """Make a capture of a mail that came in by the address: an act, if it says to whom and about whom.

    The sender is the advocate, and tells us themself; of what they forward, whoever completes it says who spoke up.
    Raises MalformedMail.
    """
    subject = await find_subject(session, mail)
    if subject.is_senders_own:
        return ignored("candidate_is_sender")
    given = _given(mail, subject, await without_candidate(session, mail, subject), now=now)
    try:
        taken = await take(session, given, mail=_told(mail, subject, address), now=now)
    except CandidateCannotAdvocate:
        return ignored("candidate_is_sender")
    if taken.capture.state is CaptureState.DISCARDED:
        return ignored("discarded")
    is_complete = taken.capture.state is CaptureState.COMPLETED
    state = MailState.CAPTURED if is_complete else MailState.NEEDS_DETAILS
    return MailReceipt(state=state, capture_id=taken.capture.id, reason=None)


def _told(mail: Mail, subject: Subject, address: CaptureAddress) -> MailTold:
    return MailTold(
        capture_address_id=address.id,
        evidence=f"mid:{quote(mail.message_id, safe='@')}" if mail.message_id else None,
        keeps_text=address.keeps_text,
        subject=mail.subject,
        may_be=[encode("application", each) for each in subject.may_be],
    )


def _given(mail: Mail, subject: Subject, audience: Sequence[Mailbox], *, now: datetime) -> CaptureCreate:
    members: dict[str, Any] = {
        "application": subject.application,
        "candidate": subject.candidate,
        **({} if mail.is_forward else {"advocate": mail.sender.address, "advocate_name": mail.sender.name}),
        "to": [_named(each) for each in audience] or None,
        "channel": "email",
        "kind": "wrote",
        "occurred_at": _sane(mail.sent_at, now),
        "text": mail.text or None,
        "recorded_by": _named(mail.sender) if mail.is_forward else mail.sender.address,
    }
    try:
        return CaptureCreate.model_validate(members)
    except ValidationError as fault:
        raise MalformedMail("What the mail says cannot be kept.") from fault


def _named(mailbox: Mailbox) -> str:
    name = _MEANINGFUL.sub(" ", mailbox.name or "").strip()
    return f"{name} <{mailbox.address}>" if name else mailbox.address


def _sane(sent_at: datetime | None, now: datetime) -> datetime | None:
    """The moment at which the mail says it was sent, unless its clock was wrong."""
    return sent_at if sent_at is not None and now - _OLDEST <= sent_at <= now else None
