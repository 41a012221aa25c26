"""People on the wire."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, Self, TypeVar

from pydantic import MISSING, Field

from api import models
from api.domain import facts
from api.domain.people import availability_on, holding
from api.domain.vocabulary import Affiliation, Availability
from api.people.queries import DatedRecords
from api.people.time_zones import TIME_ZONE, TimeZone
from api.platform.ids import AffiliationId, AvailabilityId, PersonId
from api.platform.revisions import MetadataPatch
from api.platform.schemas import (
    Day,
    EmailAddress,
    Flag,
    Listing,
    Metadata,
    Moment,
    PatchModel,
    RequestModel,
    ResponseModel,
    ShortText,
)

R = TypeVar("R", bound=facts.DatedRecord)

RECORDED_BY = "The person who told us; null when nobody in particular did."


class PlannedAvailability(ResponseModel):
    """An availability that takes effect on a later day."""

    state: Availability = Field(description="What holds from that day on.", examples=["away"])
    effective_on: Day = Field(description="The day from which it holds.")
    until: Day | None = Field(description="With `away`: the first day back; null without an end.")


class PersonAvailability(ResponseModel):
    """A person's availability today, and what is planned."""

    state: Availability = Field(
        description="What holds today: the record with the latest `effective_on` by today, of two with the same day "
        "the later recorded. An absence ends by itself on its `until`. Without a record a person is `available`.",
        examples=["available"],
    )
    effective_on: Day | None = Field(description="The day from which it holds; null without a record.")
    until: Day | None = Field(description="With `away`: the first day back; null without an end.")
    planned: list[PlannedAvailability] = Field(description="What takes effect on later days, the next first.")

    @classmethod
    def on(cls, day: date, records: tuple[facts.AvailabilityRecord, ...]) -> "PersonAvailability":
        """As the records give it for a day."""
        span = availability_on(records, day)
        later = [
            PlannedAvailability(state=record.state, effective_on=record.effective_on, until=record.until)
            for record in planned_after(day, records)
        ]
        return cls(state=span.state, effective_on=span.since, until=span.until, planned=later)


class PlannedAffiliation(ResponseModel):
    """A tie to the company that takes effect on a later day."""

    affiliation: Affiliation = Field(description="The tie.", examples=["alumnus"])
    effective_on: Day = Field(description="The day from which it holds.")


class PersonAffiliation(ResponseModel):
    """A person's tie to the company today, and what is planned."""

    affiliation: Affiliation | None = Field(
        description="What holds today; null is unknown, which is not `agency`.", examples=["employee"]
    )
    effective_on: Day | None = Field(description="The day from which it holds; null while unknown.")
    planned: list[PlannedAffiliation] = Field(description="What takes effect on later days, the next first.")

    @classmethod
    def on(cls, day: date, records: tuple[facts.AffiliationRecord, ...]) -> "PersonAffiliation":
        """As the records give it for a day."""
        held = holding(records, day)
        later = [
            PlannedAffiliation(affiliation=record.affiliation, effective_on=record.effective_on)
            for record in planned_after(day, records)
        ]
        return cls(
            affiliation=held.affiliation if held else None,
            effective_on=held.effective_on if held else None,
            planned=later,
        )


def planned_after(day: date, records: Iterable[R]) -> list[R]:
    """The records that will come to hold on days after `day`, in order."""
    records = list(records)
    days = sorted({record.effective_on for record in records if record.effective_on > day})
    return [record for later in days if (record := holding(records, later))]


class PersonRow(ResponseModel):
    """A person as a list shows them."""

    id: PersonId = Field(description="The person.")
    object: Literal["person"] = Field(default="person", description="Always `person`.", examples=["person"])
    name: str = Field(description="The name, as given.", examples=["Ada Okafor"])
    email: str | None = Field(description="The e-mail address, as given.", examples=["ada@example.com"])
    time_zone: str | None = Field(description=TIME_ZONE, examples=["Europe/Berlin"])
    affiliation: PersonAffiliation = Field(description="The tie to the company, derived for today.")
    availability: PersonAvailability = Field(description="Whether they can be relied on, derived for today.")
    merged_into: PersonId | None = Field(
        description="The person this one turned out to be: what is recorded under either id is theirs."
    )
    anonymized_at: Moment | None = Field(
        description="When everything that says who the person is was taken away, for good; null for everybody else."
    )
    notice_due_at: Moment | None = Field(
        description="By when the person is to be told that data about them is kept: a month after somebody else first "
        "told us of them, as the candidate of a referral, an advocate or a giver of a reference. Null otherwise."
    )
    notice_given_at: Moment | None = Field(description="When they were told; null while that is not recorded.")
    created_at: Moment = Field(description="When the person became known to the workspace.")
    updated_at: Moment = Field(description="When something of the person last changed or was recorded.")
    version: int = Field(description="Rises with every change and record; the ETag.", examples=[1])

    @classmethod
    def of(cls, row: models.Person, records: DatedRecords, today: date) -> Self:
        """The person as of today."""
        return cls(**cls.members(row, records, today))

    @classmethod
    def members(cls, row: models.Person, records: DatedRecords, today: date) -> dict[str, Any]:
        """What is shown, by member."""
        return {
            "id": row.id,
            "name": row.name,
            "email": row.email,
            "time_zone": row.time_zone,
            "affiliation": PersonAffiliation.on(today, records.affiliations),
            "availability": PersonAvailability.on(today, records.availability),
            "merged_into": row.merged_into_id,
            "anonymized_at": row.anonymized_at,
            "notice_due_at": row.notice_due_at,
            "notice_given_at": row.notice_given_at,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "version": row.version,
        }


class Person(PersonRow):
    """A human known to the workspace: identity, tie to the company, availability."""

    metadata: Metadata

    @classmethod
    def members(cls, row: models.Person, records: DatedRecords, today: date) -> dict[str, Any]:
        """What is shown, by member."""
        return {**super().members(row, records, today), "metadata": row.labels}


class PersonList(Listing[PersonRow]):
    """One page of people."""


class FirstAffiliation(RequestModel):
    """The tie to the company that a new person has."""

    affiliation: Affiliation = Field(description="The tie.", examples=["employee"])
    effective_on: Day | None = Field(default=None, description="The day from which it holds; today when left out.")


class PersonCreate(RequestModel):
    """A person to be made known."""

    name: ShortText = Field(description="The name, as the person writes it.", examples=["Ada Okafor"])
    email: EmailAddress | None = Field(
        default=None, description="The e-mail address. People are matched by it, ignoring case."
    )
    time_zone: TimeZone | None = Field(default=None, description=TIME_ZONE)
    affiliation: FirstAffiliation | None = Field(default=None, description="The tie to the company, where known.")
    metadata: Metadata = Field(default_factory=dict)


class PersonUpdate(PatchModel):
    """A change to who a person is."""

    name: ShortText | MISSING = Field(default=MISSING, description="The new name.", examples=["Ada Okafor"])
    email: EmailAddress | MISSING | None = Field(default=MISSING, description="The new address; null removes it.")
    time_zone: TimeZone | MISSING | None = Field(default=MISSING, description=TIME_ZONE)
    metadata: MetadataPatch | MISSING = Field(default=MISSING)


class AvailabilityRecord(ResponseModel):
    """A person's availability from a day on, as it was recorded. Never edited: a correction is a new record."""

    id: AvailabilityId = Field(description="The record.")
    object: Literal["availability"] = Field(
        default="availability", description="Always `availability`.", examples=["availability"]
    )
    person_id: PersonId = Field(description="The person.")
    state: Availability = Field(description="What holds from that day on.", examples=["away"])
    effective_on: Day = Field(description="The day from which it holds.")
    until: Day | None = Field(description="With `away`: the first day back; null without an end.")
    is_own_word: bool = Field(description="Whether it is the person's own word.", examples=[True])
    recorded_by: PersonId | None = Field(description=RECORDED_BY)
    recorded_at: Moment = Field(description="When it was recorded.")

    @classmethod
    def of(cls, row: models.AvailabilityRecord) -> "AvailabilityRecord":
        """The record as stored."""
        return cls.model_validate(row, from_attributes=True)


class AvailabilityList(Listing[AvailabilityRecord]):
    """One page of a person's availability records."""


class AvailabilityCreate(RequestModel):
    """An availability to be recorded."""

    state: Availability = Field(description="What holds from the day on.", examples=["away"])
    effective_on: Day | None = Field(
        default=None, description="The day from which it holds, past or future; today when left out."
    )
    until: Day | None = Field(
        default=None, description="With `away` only: the first day back, later than `effective_on`."
    )
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)
    is_own_word: Flag = Field(
        default=False,
        description="Whether somebody else passes on the person's own word; what `recorded_by` says of themself is.",
        examples=[True],
    )


class AffiliationRecord(ResponseModel):
    """A person's tie to the company from a day on, as it was recorded. Never edited: a correction is a new record."""

    id: AffiliationId = Field(description="The record.")
    object: Literal["affiliation"] = Field(
        default="affiliation", description="Always `affiliation`.", examples=["affiliation"]
    )
    person_id: PersonId = Field(description="The person.")
    affiliation: Affiliation = Field(description="The tie.", examples=["employee"])
    effective_on: Day = Field(description="The day from which it holds.")
    recorded_by: PersonId | None = Field(description=RECORDED_BY)
    recorded_at: Moment = Field(description="When it was recorded.")

    @classmethod
    def of(cls, row: models.AffiliationRecord) -> "AffiliationRecord":
        """The record as stored."""
        return cls.model_validate(row, from_attributes=True)


class AffiliationList(Listing[AffiliationRecord]):
    """One page of a person's affiliation records."""


class AffiliationCreate(RequestModel):
    """A tie to the company to be recorded."""

    affiliation: Affiliation = Field(description="The tie.", examples=["employee"])
    effective_on: Day | None = Field(
        default=None, description="The day from which it holds, past or future; today when left out."
    )
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)


class PersonLeave(RequestModel):
    """A person leaves the company."""

    effective_on: Day | None = Field(
        default=None, description="The first day no longer in the company, past or future; today when left out."
    )
    recorded_by: PersonId | None = Field(default=None, description=RECORDED_BY)
