"""The members of Greenhouse's deliveries that are read, by their names there. All others are passed over."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, TypeAdapter, ValidationError

from api.inbound.changes import SourceCandidate, SourceJob, SourceName, SourcePerson
from api.platform.schemas import EmailAddress, Moment

_BEST_FIRST = ("personal", "work", "other")
_LONGEST_NAME = 200
_LONGEST_FIELD = 2_000
_MOST_FIELDS = 200
_MOST_ADDRESSES = 20
_NAMING = frozenset(
    {
        *("name", "names", "fullname", "firstname", "lastname", "surname", "forename"),
        *("email", "emails", "mail", "mails", "address", "addresses", "emailaddress", "emailaddresses"),
    }
)
"""Words of fields by which somebody is known."""
_address: TypeAdapter[str] = TypeAdapter(EmailAddress)


def _id_text(value: object) -> object:
    """An id as text, whether it comes as a number or as text; a truth value is no number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _name_text(value: object) -> object:
    """A name as it can be kept: nothing around it, bounded, and null where nothing is left."""
    return value.replace("\x00", "").strip()[:_LONGEST_NAME].strip() or None if isinstance(value, str) else value


_Id = Annotated[
    str, BeforeValidator(_id_text), StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00\s]+$")
]
_Name = Annotated[str | None, BeforeValidator(_name_text)]


class Named(BaseModel):
    """A stage, a source or the type of a reason. Sources come with `name` in some events, `public_name` in others."""

    id: _Id | None = None
    name: _Name = None
    public_name: _Name = None

    def source(self) -> SourceName | None:
        """Its id and name; a name is made of the id where there is none."""
        name = self.name or self.public_name or self.id
        return None if name is None else SourceName(external_id=self.id, name=name)


class RejectionReason(BaseModel):
    """Why somebody was rejected; its type says on whose side."""

    type: Named | None = None


class Job(BaseModel):
    """A job."""

    id: _Id
    name: _Name = None

    def source(self) -> SourceJob:
        """Its id and title."""
        return SourceJob(external_id=self.id, title=self.name or f"Job {self.id}")


class Offer(BaseModel):
    """An offer: when it was accepted."""

    resolved_at: Moment | None = None


class Credited(BaseModel):
    """Whom an application is credited to; of somebody who is no user there only the name comes."""

    id: _Id | None = None
    name: _Name = None
    email: str | None = None

    def source(self) -> SourcePerson | None:
        """The person; null where nothing is said of them."""
        found = SourcePerson(external_id=self.id, name=self.name, email=_usable(self.email))
        return None if found == SourcePerson() else found


class EmailEntry(BaseModel):
    """One address of a candidate."""

    value: str | None = None
    type: str | None = None


class WithFields(BaseModel):
    """Something that has the customer's own fields."""

    custom_fields: Any = None
    keyed_custom_fields: Any = None

    def fields(self) -> dict[str, str]:
        """The fields that have a value, by key, as text. Amounts, ranges and users are left out."""
        found: dict[str, str] = {}
        for given in (self.custom_fields, self.keyed_custom_fields):
            for key, field in given.items() if isinstance(given, Mapping) else ():
                text = _field_text(field.get("value") if isinstance(field, Mapping) else field)
                if text and len(found) < _MOST_FIELDS:
                    found[key.replace("\x00", "")[:_LONGEST_NAME]] = text
        return found


class Candidate(WithFields):
    """A person who is considered."""

    id: _Id
    first_name: _Name = None
    last_name: _Name = None
    email_addresses: list[EmailEntry] | None = None

    def source(self) -> SourceCandidate:
        """Id, whole name and usable addresses. What stands in place of an anonymised name is no name."""
        parts = (self.first_name, self.last_name)
        name = None if parts == ("Anonymized", self.id) else " ".join(part for part in parts if part)
        entries = sorted(self.email_addresses or (), key=lambda entry: _place(entry.type))
        emails = tuple(address for entry in entries if (address := _usable(entry.value)))
        return SourceCandidate(external_id=self.id, name=name or None, emails=emails[:_MOST_ADDRESSES])


class Application(WithFields):
    """An application as most events tell it."""

    id: _Id
    prospect: bool | None = None
    status: str | None = None
    applied_at: Moment | None = None
    rejected_at: Moment | None = None
    last_activity_at: Moment | None = None
    source: Named | None = None
    credited_to: Credited | None = None
    rejection_reason: RejectionReason | None = None
    current_stage: Named | None = None
    candidate: Candidate
    jobs: Annotated[list[Job] | None, Field(max_length=100)] = None
    job: Job | None = None
    offer: Offer | None = None


class DeletedApplication(BaseModel):
    """An application that was destroyed there."""

    id: _Id
    candidate_id: _Id


class Person(BaseModel):
    """A candidate who was deleted, or merged into another."""

    id: _Id
    new_candidate_id: _Id | None = None
    deleted_application_ids: list[_Id] | None = None


class Anonymized(BaseModel):
    """Of whom what was anonymised."""

    candidate_id: _Id
    anonymized_fields: list[_Name] | None = None

    def fields(self) -> tuple[str, ...]:
        """The fields that were anonymised, as they are named there."""
        return tuple(field for field in self.anonymized_fields or () if field)[:_MOST_FIELDS]

    def is_still_named(self) -> bool:
        """Whether fields are listed, and none of them is one of name or address: then the person is known there."""
        fields = self.fields()
        return bool(fields) and not any(_NAMING.intersection(_words(field)) for field in fields)


def _words(name: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)]


def _usable(address: str | None) -> str | None:
    try:
        return _address.validate_python((address or "").strip())
    except ValidationError:
        return None


def _place(kind: str | None) -> int:
    return _BEST_FIRST.index(kind) if kind in _BEST_FIRST else len(_BEST_FIRST)


def _field_text(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(text for each in value if not isinstance(each, list) and (text := _field_text(each))) or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value).replace("\x00", "").strip()[:_LONGEST_FIELD] or None
    return None
