"""Which application a mail is about: by a tag in its subject, or by the one candidate whom it names."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Text, any_, literal, or_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col, select

from api.captures.applications import Match, find_application
from api.captures.bodies import Given
from api.captures.mail_reading import Mail
from api.captures.mail_words import Mailbox, usable
from api.domain.vocabulary import ApplicationState
from api.models import Application, Candidate, Person
from api.people.finding import by_email, known_as, name_key
from api.platform.schemas import normalise_email
from api.platform.sessions import WorkspaceSession
from api.reasons.wording import normalised

# Without ASCII, letters of other alphabets would pass for their Latin likenesses.
_ID_TAG = re.compile(r"\[(application_[0-9a-f]{32})\]", re.IGNORECASE | re.ASCII)
_EXTERNAL_TAG = re.compile(r"\[([a-z0-9][a-z0-9_.-]{0,62}):\s?([^\[\]\s][^\[\]]{0,199})\]", re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(r"[^\s<>()\[\]\"',:;@]{1,64}@[^\s<>()\[\]\"',:;@]{1,190}")
_EDGES = ".,;:!?()[]{}<>\"'“”„‘’«»*_-–—/"
_POSSESSIVE = re.compile(r"['’]s$")
_MOST_TAGS = 5
_MOST_WORDS = 2_000
_MOST_ADDRESSES = 100
_MOST_PEOPLE = 50
_WORDS_OF_A_NAME = (2, 3, 4)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a mail is about, as members of a capture. `kin` are all ids of the person who is its candidate.

    With `is_senders_own` it is about nobody but who sent it. `may_be` are the applications that may be meant where
    several are.
    """

    application: str | None = None
    candidate: str | None = None
    kin: frozenset[UUID] = frozenset()
    is_senders_own: bool = False
    may_be: Sequence[UUID] = ()


async def find_subject(session: WorkspaceSession, mail: Mail) -> Subject:
    """The application that the mail is about, where it is beyond doubt: a tag says, or else exactly one fits."""
    tagged = await _tagged(session, mail.subject)
    if tagged is None:
        return await _mentioned(session, mail)
    sender = await by_email(session, mail.sender.address)
    return replace(tagged, is_senders_own=sender is not None and sender.id in tagged.kin)


async def without_candidate(session: WorkspaceSession, mail: Mail, subject: Subject) -> list[Mailbox]:
    """The recipients but for the candidate whom the mail is about."""
    if not subject.kin:
        return list(mail.recipients)
    statement = select(Person.email_normalised).where(col(Person.id).in_(subject.kin))
    theirs = set((await session.execute(statement)).scalars())
    return [each for each in mail.recipients if normalise_email(each.address) not in theirs]


async def _tagged(session: WorkspaceSession, line: str) -> Subject | None:
    """The subject by its tag. One that names nothing is a tag of somebody else's, unless it is an id of ours."""
    found: dict[UUID, Subject] = {}
    unknown = None
    for tag in _tags(line):
        match = await find_application(session, Given.model_validate({"application": tag}))
        if isinstance(match, Match):
            found[match.application.id] = Subject(application=tag, kin=await _kin(session, match.application))
        elif ":" not in tag:
            unknown = Subject(application=tag)
    return Subject(may_be=list(found)) if len(found) > 1 else next(iter(found.values()), unknown)


def _tags(line: str) -> list[str]:
    ours = [match[1].lower() for match in _ID_TAG.finditer(line)]
    theirs = [f"{match[1].lower()}:{match[2].strip()}" for match in _EXTERNAL_TAG.finditer(line)]
    theirs = [tag for tag in theirs if not tag.startswith("mailto:")]
    return [*ours, *theirs][:_MOST_TAGS]


async def _kin(session: WorkspaceSession, application: Application) -> frozenset[UUID]:
    found = await session.execute(select(Candidate.person_id).where(Candidate.id == application.candidate_id))
    person_id = found.scalar_one()
    return frozenset((await known_as(session, [person_id]))[person_id])


async def _mentioned(session: WorkspaceSession, mail: Mail) -> Subject:
    """The subject by a candidate's address or full name in the mail, if they have the one open application that fits.

    An address and a name of different candidates are two: an addressee may have applied elsewhere, too.
    """
    people = await _people(session, mail)
    kin = await known_as(session, [person.id for person in people])
    sender = normalise_email(mail.sender.address)
    own = {each for person in people if person.email_normalised == sender for each in kin[person.id]}
    applying = await _applying(session, {each for ids in kin.values() for each in ids})
    others = {application: person for application, person in applying.items() if person not in own}
    if not others:
        return Subject(is_senders_own=bool(applying))
    applicant, *more = set(others.values())
    if more:
        return Subject(may_be=sorted(others))
    # By whichever of their records the mail names them: an address rather than a name.
    named = [person for person in people if applicant in kin[person.id]]
    person = min(named, key=lambda each: each.email_normalised not in _addresses(mail))
    text = person.email if person.email_normalised in _addresses(mail) else person.name
    return Subject(candidate=text, kin=frozenset(kin[person.id]))


async def _people(session: WorkspaceSession, mail: Mail) -> Sequence[Person]:
    """Those whom the mail names: its sender, and by address or full name its recipients and people in its text."""
    statement = select(Person).where(
        or_(
            col(Person.email_normalised) == any_(literal(sorted(_addresses(mail)), ARRAY(Text))),
            col(Person.name_key) == any_(literal(sorted(names_in(f"{mail.subject}\n{mail.text}")), ARRAY(Text))),
        ),
        col(Person.anonymized_at).is_(None),
    )
    return (await session.execute(statement.order_by(col(Person.id)).limit(_MOST_PEOPLE))).scalars().all()


async def _applying(session: WorkspaceSession, people: Collection[UUID]) -> dict[UUID, UUID]:
    """The open applications of some people, each with whose it is."""
    statement = (
        select(Application.id, Candidate.person_id)
        .join(Candidate, col(Candidate.id) == col(Application.candidate_id))
        .where(
            col(Candidate.person_id).in_(people),
            col(Application.state) != ApplicationState.CLOSED,
            col(Application.merged_into_id).is_(None),
        )
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


def _addresses(mail: Mail) -> set[str]:
    written = [address.rstrip(".") for address in _ADDRESS.findall(mail.text)[:_MOST_ADDRESSES]]
    named = (mail.sender.address, *(each.address for each in mail.recipients))
    return {normalise_email(address) for address in (*named, *filter(usable, written))}


def names_in(text: str) -> set[str]:
    """Every two to four words in a row, in the form in which names are compared."""
    words = [_POSSESSIVE.sub("", word.strip(_EDGES)) for word in normalised(text).split()[:_MOST_WORDS]]
    return {
        name_key(" ".join(words[place : place + length]))
        for length in _WORDS_OF_A_NAME
        for place in range(len(words) - length + 1)
    }
