"""What is told of people and of the roles they have."""

from typing import Literal

from pydantic import Field

from api.advocates.schemas import Advocate
from api.candidates.schemas import Candidate
from api.event_types.declaring import Declared
from api.event_types.told import Told, ToldPerson, former, told
from api.people.schemas import AffiliationRecord, AvailabilityRecord, Person
from api.platform.ids import CandidateId, PersonId
from api.platform.schemas import Moment
from api.referrers.schemas import Referrer

_OWED = ("follow_up_state", "next_follow_up")
_RECORDED_BY = "The person who told us; null when nobody in particular did."
_WHO = (ToldPerson, Field(description="Who it is."))


class PersonMerged(Told):
    """Which person another one turned out to be."""

    id: PersonId = Field(description="The person who was merged.")
    object: Literal["person"] = Field(default="person", description="Always `person`.", examples=["person"])
    merged_into: PersonId = Field(description="Who they turned out to be.")
    recorded_by: PersonId | None = Field(description=_RECORDED_BY)


class PersonAnonymized(Told):
    """Of whom everything that says who they are was taken away."""

    id: PersonId = Field(description="The person.")
    object: Literal["person"] = Field(default="person", description="Always `person`.", examples=["person"])
    anonymized_at: Moment = Field(description="When.")


class PersonNoticeRecorded(Told):
    """Who was told that data about them is kept."""

    id: PersonId = Field(description="The person.")
    object: Literal["person"] = Field(default="person", description="Always `person`.", examples=["person"])
    notice_due_at: Moment | None = Field(description="By when they were to be told; null where nothing said so.")
    notice_given_at: Moment = Field(description="When they were told.")


class CandidateMerged(Told):
    """Which candidate another one turned out to be."""

    id: CandidateId = Field(description="The candidate who was merged.")
    object: Literal["candidate"] = Field(default="candidate", description="Always `candidate`.", examples=["candidate"])
    merged_into: CandidateId = Field(description="Who they turned out to be, who has the applications of both.")
    recorded_by: PersonId | None = Field(description=_RECORDED_BY)


PersonBefore = former("PersonBefore", Person, "name", "email", "time_zone", "metadata")
RoleBefore = former("RoleBefore", Candidate, "metadata")
CandidateTold = told("CandidateTold", Candidate, "A candidate, without name and address.", person=_WHO)
ReferrerTold = told("ReferrerTold", Referrer, "A referrer, without name and address.", without=_OWED, person=_WHO)
AdvocateTold = told("AdvocateTold", Advocate, "An advocate, without name and address.", without=_OWED, person=_WHO)

_RENAMED = {"name": "Ada O."}
_RELABELLED = {"metadata": {"ats_id": "41"}}

PEOPLE = {
    "person.created": Declared(Person),
    "person.updated": Declared(Person, PersonBefore, was=_RENAMED),
    "person.availability.recorded": Declared(AvailabilityRecord, shown={"until": "2026-02-02"}),
    "person.affiliation.recorded": Declared(AffiliationRecord),
    "person.merged": Declared(PersonMerged, shown={"merged_into": "person_0192f3a4b5c67d8e9f00112233445577"}),
    "person.anonymized": Declared(PersonAnonymized),
    "person.notice.recorded": Declared(PersonNoticeRecorded),
    "candidate.created": Declared(CandidateTold),
    "candidate.updated": Declared(CandidateTold, RoleBefore, was=_RELABELLED),
    "candidate.merged": Declared(CandidateMerged, shown={"merged_into": "candidate_0192f3a4b5c67d8e9f00112233445577"}),
    "referrer.created": Declared(ReferrerTold),
    "referrer.updated": Declared(ReferrerTold, RoleBefore, was=_RELABELLED),
    "advocate.created": Declared(AdvocateTold),
    "advocate.updated": Declared(AdvocateTold, RoleBefore, was=_RELABELLED),
}
"""The types about people and their roles."""
