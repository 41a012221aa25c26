"""What was recorded about one application, as plain frozen values: the input of every derivation.

A fact carries two times: `occurred_at`, when it happened, and `recorded_at`, when the service heard of it. A dated
record (membership, affiliation, availability) instead holds from the first moment of its `effective_on` day, whenever
it was recorded; of several, the one with the latest `effective_on` by a day holds on that day, and of two with the same
day the later recorded. All moments are aware and in UTC; a day is a calendar date in the workspace's time zone.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from api.domain.policy import Policy
from api.domain.vocabulary import (
    ActWord,
    AdvocacyWord,
    Affiliation,
    AskKind,
    AskState,
    Availability,
    Basis,
    Consent,
    NextStepKind,
    Outcome,
    Power,
    ReferenceWord,
    ReferralWord,
    Relationship,
    Stage,
    StageVerb,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that happened, and when we heard of it."""

    id: UUID
    occurred_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRecord:
    """Something that holds from a day on."""

    id: UUID
    effective_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFact(Fact):
    """A verb of the application's lifecycle. `stage` is set for create, move and reopen; `outcome` for close."""

    verb: StageVerb
    stage: Stage | None = None
    hold_until: date | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStepFact(Fact):
    """A setting of the application's next step; both members null clear it."""

    next_step_at: datetime | None
    next_step_kind: NextStepKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRecord(DatedRecord):
    """A person's power on the job from a day on; null power means that they are a member no longer."""

    person_id: UUID
    power: Power | None
    is_hiring_manager: bool
    recorded_by: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityRecord(DatedRecord):
    """A person's availability from a day on; `until` (only with `away`) names the first day back."""

    state: Availability
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AffiliationRecord(DatedRecord):
    """A person's tie to the company from a day on."""

    affiliation: Affiliation


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonUse:
    """One use of a reason, with what its user knows it from.

    `before_process` says that the work was seen before this application began; it matters for members of the job only.
    """

    reason_id: UUID
    requirement_id: UUID
    basis: Basis
    before_process: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Somebody addressed by an act: a person, or with null the role `hiring_manager`."""

    person_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request inside an act, addressed to one listener of its audience."""

    id: UUID
    kind: AskKind
    addressee: Listener


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Fact):
    """One dated thing an advocate did; `chases` is the id of an ask. `recorded_by` is a person."""

    recorded_by: UUID
    listeners: tuple[Listener, ...]
    uses: tuple[ReasonUse, ...] = ()
    ask: Ask | None = None
    chases: UUID | None = None
    has_evidence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActStatement:
    """A confirmation, denial, dispute or retraction. Acts through `recorded_at` only: once known, it counts always."""

    id: UUID
    act_id: UUID
    word: ActWord
    person_id: UUID
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAnswer(Fact):
    """An answer to an ask (never `open`); the later one stands from its moment on."""

    ask_id: UUID
    answer: AskState


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvocacyStatement(Fact):
    """Proposed, asked, agreed, declined or withdrawn."""

    word: AdvocacyWord


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvocacyFacts:
    """Everything recorded about one advocacy and the person behind it."""

    id: UUID
    advocate_id: UUID
    person_id: UUID
    relationship: Relationship | None = None
    statements: tuple[AdvocacyStatement, ...] = ()
    acts: tuple[Act, ...] = ()
    act_statements: tuple[ActStatement, ...] = ()
    answers: tuple[AskAnswer, ...] = ()
    availability: tuple[AvailabilityRecord, ...] = ()
    affiliations: tuple[AffiliationRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralStatement(Fact):
    """What happened to a referral after it was made."""

    word: ReferralWord


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralFacts(Fact):
    """A referral; `occurred_at` is when it was submitted.

    `consent` is what was known when it was recorded. `is_documented`: it came from an ATS or with a form.
    `is_duplicate`: at recording, the same referrer already had one for the same candidate and job that was waiting for
    consent or live. It is linked to the application from the moment of its statement `linked`.
    """

    referrer_id: UUID
    person_id: UUID
    recorded_by: UUID | None
    relationship: Relationship
    consent: Consent
    is_documented: bool = False
    is_duplicate: bool = False
    uses: tuple[ReasonUse, ...] = ()
    statements: tuple[ReferralStatement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceStatement(Fact):
    """Requested, agreed, given or declined."""

    word: ReferenceWord


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFacts:
    """A reference; its first statement made it."""

    id: UUID
    statements: tuple[ReferenceStatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRecord:
    """Two records turned out to be one person: who `person_id` names is `into_id`, as is known from `recorded_at` on.

    Nobody is merged twice, and merges never run in a circle.
    """

    person_id: UUID
    into_id: UUID
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecords:
    """What was recorded under one id of somebody who has several."""

    person_id: UUID
    availability: tuple[AvailabilityRecord, ...] = ()
    affiliations: tuple[AffiliationRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """The workspace's numbers from `recorded_at` until the next version."""

    version: int
    recorded_at: datetime
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationFacts:
    """Everything a derivation about one application reads; `policies` is never empty, and its first holds before it.

    Facts name people by the ids they were recorded with. `merges` says which of these are one person, and
    `merged_people` holds what was recorded under each id of the advocates among them.
    """

    id: UUID
    candidate_person_id: UUID
    stages: tuple[StageFact, ...]
    policies: tuple[PolicyVersion, ...]
    next_steps: tuple[NextStepFact, ...] = ()
    members: tuple[MembershipRecord, ...] = ()
    advocacies: tuple[AdvocacyFacts, ...] = ()
    referrals: tuple[ReferralFacts, ...] = ()
    references: tuple[ReferenceFacts, ...] = ()
    merges: tuple[MergeRecord, ...] = ()
    merged_people: tuple[PersonRecords, ...] = ()
