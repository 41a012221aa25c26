"""Whom a tool means: by its id for them, by their address, or else somebody new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from api.candidates import service as candidates
from api.domain.errors import Conflict, Unprocessable
from api.models import Candidate, Person
from api.people import finding
from api.people.making import find_or_make_person
from api.people.schemas import PersonUpdate
from api.people.service import update_person
from api.platform import rows
from api.platform.ids import encode
from api.platform.schemas import normalise_email
from api.platform.sessions import WriteSession
from api.upserts.bodies import Named
from api.upserts.refs import Ref


class DifferentPeople(Conflict):
    """The external id names one person and the e-mail address another; `by_external_id` and `by_email` name both.

    If they are one, merge them. If not, send the address that the first has, or none, or change the address of either.
    """

    code = "different_people"
    title = "External id and e-mail address name different people"


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody in a body, as a person or as a candidate: the tool's id for them, and where they stand."""

    kind: Literal["person", "candidate"]
    told: Named
    ref: Ref | None
    pointer: str

    @property
    def email(self) -> str | None:
        """The address sent, if one was."""
        email: str | None = self.told.changes().get("email")
        return email


@dataclass(slots=True)
class Meant:
    """Whom a mention means; `candidate` is set for a candidate.

    `changes` is what was told of the person and may be other than what is known.
    """

    mention: Mention
    person: Person
    candidate: Candidate | None
    is_new: bool
    changes: dict[str, Any]

    @property
    def role(self) -> Candidate:
        """The candidate that is meant, of a mention of one."""
        if self.candidate is None:
            raise LookupError(f"{self.mention.pointer} means nobody as a candidate")
        return self.candidate

    def differing(self) -> dict[str, Any]:
        """What was told that is other than what is known; nothing of somebody who was anonymised."""
        if self.person.anonymized_at is not None:
            return {}
        return {name: told for name, told in self.changes.items() if _differs(self.person, name, told)}


def _differs(person: Person, name: str, told: Any) -> bool:
    if name == "metadata":
        return any(person.labels.get(label) != text for label, text in told.items())
    return bool(getattr(person, name) != told)


async def find_all(
    session: WriteSession, mentions: Sequence[Mention], *, today: date, now: datetime
) -> dict[str, Meant]:
    """Whom each mention means, by its pointer. Who is unknown is made, and is given the tool's id for them.

    Raises DifferentPeople, ExternalRefTaken, and Unprocessable for somebody unknown of whom nothing is told.
    """
    # In one order: of two transactions that make the same people, none then waits for the other in a ring.
    ordered = sorted(mentions, key=lambda mention: normalise_email(mention.email or ""))
    return {mention.pointer: await _find(session, mention, today=today, now=now) for mention in ordered}


async def _find(session: WriteSession, mention: Mention, *, today: date, now: datetime) -> Meant:
    candidate, named = await _named_by_ref(session, mention)
    by_email = None if mention.email is None else await finding.by_email(session, mention.email)
    if named and by_email and named.id != by_email.id and named.anonymized_at is None:
        raise _different(mention, named, by_email)
    person, is_new = named or by_email, False
    if person is None:
        person, is_new = await _make_person(session, mention, today=today, now=now)
    if mention.kind == "candidate" and candidate is None:
        labels = _labels(mention.told)
        candidate, is_new = await candidates.find_or_make_candidate(session, person, metadata=labels, now=now)
    if mention.ref is not None and named is None:
        await mention.ref.attach(session, (candidate or person).id, now=now)
    changes = _changes(mention, person, by_email)
    if mention.ref is not None and await mention.ref.is_merged(session):
        # The tool has records of its own for both, and would rename the one who stays for ever.
        changes = {name: told for name, told in changes.items() if name not in ("name", "email")}
    return Meant(mention, person, candidate, is_new, changes)


async def _named_by_ref(session: WriteSession, mention: Mention) -> tuple[Candidate | None, Person | None]:
    """Whom the tool's id names, merges followed."""
    row_id = None if mention.ref is None else await mention.ref.find(session)
    if row_id is None:
        return None, None
    candidate = None
    if mention.kind == "candidate":
        candidate = await candidates.present(session, await rows.find(session, Candidate, row_id))
        row_id = candidate.person_id
    return candidate, await finding.present(session, await rows.find(session, Person, row_id))


async def _make_person(session: WriteSession, mention: Mention, *, today: date, now: datetime) -> tuple[Person, bool]:
    told = mention.told.changes()
    if not told.keys() & {"name", "email"}:
        raise Unprocessable("Nobody is known by this id; send a name or an e-mail address.", pointer=mention.pointer)
    labels = _labels(mention.told) if mention.kind == "person" else {}
    known = {name: told.get(name) for name in ("name", "email", "time_zone")}
    return await find_or_make_person(session, **known, metadata=labels, today=today, now=now)


def _different(mention: Mention, by_ref: Person, by_email: Person) -> DifferentPeople:
    return DifferentPeople(
        "The external id names one person and the e-mail address another. If they are one, merge them; if not, leave"
        " the address out, or change it where it is wrong.",
        pointer=f"{mention.pointer}/email",
        by_external_id=encode("person", by_ref.id),
        by_email=encode("person", by_email.id),
    )


def _labels(told: Named) -> dict[str, str]:
    """The labels sent, as a new row has them."""
    return {name: text for name, text in told.changes().get("metadata", {}).items() if text is not None}


def _changes(mention: Mention, person: Person, by_email: Person | None) -> dict[str, Any]:
    """What is told of the person. An address by which they were known before they were merged changes nothing."""
    wanted = {"name", "email", "time_zone", "metadata"} if mention.kind == "person" else {"name", "email"}
    told = {name: value for name, value in mention.told.changes().items() if name in wanted}
    if by_email is not None and normalise_email(mention.email or "") != person.email_normalised:
        del told["email"]
    return told


async def bring_up_to_date(session: WriteSession, meant: Iterable[Meant], *, today: date, now: datetime) -> None:
    """Change of the locked people what is known otherwise; of somebody who stands there twice, what stands first."""
    done = set()
    for each in meant:
        if each.person.id not in done and (changes := each.differing()):
            await update_person(session, each.person, PersonUpdate(**changes), today=today, now=now)
        done.add(each.person.id)
