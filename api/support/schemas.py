"""The one shape of support, wherever it appears."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from api.domain.derived import Support as DerivedSupport
from api.domain.vocabulary import (
    AdvocacyState,
    Championing,
    Confidence,
    FollowThrough,
    Level,
    Outcome,
    ReferenceState,
    Relationship,
    Rule,
)
from api.models import Application, SupportChange
from api.platform import ids
from api.platform.ids import AdvocacyId, AdvocateId, ApplicationId, JobId, ReferenceId, SupportChangeId
from api.platform.schemas import Day, Listing, Moment, ResponseModel


class NamedAdvocate(ResponseModel):
    """The advocate named beside a level."""

    id: AdvocateId = Field(description="The advocate.")
    name: str = Field(description="Their name.", examples=["Ada Okafor"])


class AnnouncedSupport(ResponseModel):
    """How an application is backed, as lists and events show it."""

    level: Level = Field(
        description="How well the application is backed. Derived, never typed in.", examples=["championed"]
    )
    confidence: Confidence | None = Field(
        description="How sure we are of the level; null for `none`.", examples=["documented"]
    )
    documented_level: Level = Field(
        description="The level from evidence that is documented or confirmed.", examples=["recommended"]
    )
    championing: Championing = Field(description="Where the best advocacy stands.", examples=["on_track"])
    since: Moment | None = Field(description="From when the level has been this one without a break.")
    advocate: NamedAdvocate | None = Field(description="Who speaks up; null while nobody has.")
    advocacy_id: AdvocacyId | None = Field(description="The advocacy that the answer is about.")
    next_change_at: Moment | None = Field(
        description="When level, championing or confidence would change by time alone; null for never."
    )
    derived_at: Moment = Field(description="The moment this was derived for.")
    policy_version: int = Field(description="The version of the policy it was judged by.", examples=[1])

    @classmethod
    def announced(cls, row: Application) -> "AnnouncedSupport":
        """What was last announced about an application."""
        return cls(
            level=row.level,
            confidence=row.confidence,
            documented_level=row.documented_level,
            championing=row.championing,
            since=row.since,
            advocate=named_advocate(row),
            advocacy_id=row.advocacy_id,
            next_change_at=row.next_change_at,
            derived_at=row.derived_at,
            policy_version=row.policy_version,
        )


def named_advocate(row: Application) -> NamedAdvocate | None:
    """The advocate that an application's row names."""
    if row.advocate_id is None or row.advocate_name is None:
        return None
    return NamedAdvocate(id=row.advocate_id, name=row.advocate_name)


class SupportPart(ResponseModel):
    """One part of a level's rule."""

    rule: Rule = Field(description="Which part.", examples=["reasons"])
    level: Level = Field(description="The level that the part belongs to.", examples=["championed"])
    satisfied: bool = Field(description="Whether it holds.", examples=[False])
    evidence: list[str] = Field(
        description="Ids of the facts that show it.", examples=[["act_0192f3a4b5c67d8e9f00112233445566"]]
    )
    missing: str | None = Field(
        description="What is missing, in words; null when it holds.", examples=["One more reason is needed."]
    )


class AlsoChampions(ResponseModel):
    """Another application for the same job that this person spoke up for of late."""

    application_id: ApplicationId = Field(description="The other application.")


class SupportingAdvocate(ResponseModel):
    """One advocacy of the application and the person behind it."""

    advocacy_id: AdvocacyId = Field(description="The advocacy.")
    advocate: NamedAdvocate = Field(description="The person as an advocate.")
    state: AdvocacyState = Field(description="Where the advocacy is in its life.", examples=["active"])
    championing: Championing = Field(description="Where it stands.", examples=["started"])
    follow_through: FollowThrough | None = Field(
        description="How the advocate keeps at it; null without a qualifying act.", examples=["on_track"]
    )
    elapsed: int | None = Field(
        description="Counted days since the clock's start; null without a qualifying act, and once it has lapsed.",
        examples=[3],
    )
    window: int | None = Field(description="Counted days within which the advocate is on track.", examples=[7])
    come_back_by: Day | None = Field(description="While started: the last day within the window.")
    lapsed_since: Moment | None = Field(description="When follow-through lapsed.")
    lost_since: Moment | None = Field(description="When the advocate was lost.")
    last_act_at: Moment | None = Field(description="The advocate's last act towards the hiring side.")
    is_volunteered: bool = Field(description="Whether they spoke up before anybody asked.", examples=[True])
    relationship: Relationship | None = Field(description="How they know the candidate.", examples=["same_team"])
    interest: list[str] = Field(
        description="What they may gain or be bound by, to judge by; no rule reads it. Extensible enum: "
        "`referral_credit`, `job_member`, `paid`, `family`, `outranks_decider`.",
        examples=[["job_member"]],
    )
    also_champions: list[AlsoChampions] = Field(
        description="Other applications for the same job they acted for within the policy's `also_champions_days`."
    )
    parts: list[SupportPart] = Field(description="What this advocacy has and lacks for `championed`.")


class SupportingReference(ResponseModel):
    """A reference, shown beside the level and never in it."""

    id: ReferenceId = Field(description="The reference.")
    state: ReferenceState = Field(description="Where it is in its life.", examples=["given"])


class SupportAtOutcome(ResponseModel):
    """The answer as it stood when the application ended."""

    outcome: Outcome = Field(description="How the application ended.", examples=["hired"])
    outcome_at: Moment = Field(description="When.")
    level: Level = Field(description="The level at that moment.", examples=["championed"])
    championing: Championing = Field(description="Championing at that moment.", examples=["on_track"])
    confidence: Confidence | None = Field(description="Confidence at that moment.", examples=["documented"])


class Support(AnnouncedSupport):
    """How an application is backed at a moment, derived from the facts, with its reasons."""

    object: Literal["support"] = Field(default="support", description="Always `support`.", examples=["support"])
    application_id: ApplicationId = Field(description="The application.")
    job_id: JobId = Field(description="Its job.")
    as_of: Moment = Field(description="The moment asked about.")
    known_at: Moment = Field(description="What was recorded by then is used.")
    provisional: bool = Field(
        description="True while `known_at` is less than ten seconds old: a transaction under way may still add to it.",
        examples=[False],
    )
    label: str = Field(description="The level in words for people.", examples=["Championed"])
    sentence: str = Field(
        description="The answer in one sentence.", examples=["Championed by Ada Okafor since 5 March 2026; on track."]
    )
    parts: list[SupportPart] = Field(description="Each part of this level and of the next higher one.")
    advocates: list[SupportingAdvocate] = Field(description="All advocacies, in the order of their making.")
    references: list[SupportingReference] = Field(description="References, beside the level.")
    requirements_without_reason: list[str] = Field(
        description="Requirements stated on the job that have no specific reason yet.", examples=[["mentoring"]]
    )
    at_outcome: SupportAtOutcome | None = Field(description="While an outcome stands, the answer as it was then.")
    sole_advocate: bool = Field(description="Whether exactly one person stands up for the candidate.", examples=[True])
    exposed: bool = Field(
        description="Whether the only advocate is gone, leaving, away too long or slipping.", examples=[False]
    )
    heard_by_current_decider: bool | None = Field(
        description="Whether somebody who decides now heard it; null without a qualifying act.", examples=[True]
    )


class SupportChanged(ResponseModel):
    """One entry of an application's support history: what was announced, when it became so and when we said it."""

    id: SupportChangeId = Field(description="The entry.")
    object: Literal["support_change"] = Field(
        default="support_change", description="Always `support_change`.", examples=["support_change"]
    )
    application_id: ApplicationId = Field(description="The application.")
    occurred_at: Moment = Field(description="From when it is so.")
    recorded_at: Moment = Field(description="When it was announced.")
    level: Level = Field(description="The level.", examples=["recommended"])
    previous_level: Level = Field(description="The level announced before.", examples=["championed"])
    championing: Championing = Field(description="Championing.", examples=["lapsed"])
    confidence: Confidence | None = Field(description="Confidence; null for `none`.", examples=["documented"])
    documented_level: Level = Field(description="The level from documented evidence.", examples=["recommended"])
    since: Moment | None = Field(description="From when the level held without a break.")
    advocacy_id: AdvocacyId | None = Field(description="The advocacy it was about.")
    advocate_id: AdvocateId | None = Field(description="Its advocate.")
    policy_version: int = Field(description="The policy it was judged by.", examples=[1])

    @classmethod
    def of(cls, row: SupportChange) -> "SupportChanged":
        """The entry as it was announced; it is never rewritten."""
        return cls.model_validate(row, from_attributes=True)


class SupportHistory(Listing[SupportChanged]):
    """One page of an application's support history, the oldest first."""


def event_data(application: Application) -> dict[str, Any]:
    """What an event says about an application's support: ids only, no names."""
    shown = AnnouncedSupport.announced(application).model_dump(mode="json", exclude={"advocate"})
    advocate = application.advocate_id
    return {
        "application_id": ids.encode("application", application.id),
        "job_id": ids.encode("job", application.job_id),
        "candidate_id": ids.encode("candidate", application.candidate_id),
        **shown,
        "advocate_id": ids.encode("advocate", advocate) if advocate else None,
        "exposed": application.exposed,
        "sole_advocate": application.sole_advocate,
    }


def judged(derived: DerivedSupport, name: str | None) -> dict[str, Any]:
    """The announced members of a derivation, for an answer that was derived just now."""
    advocate = None
    if derived.advocate_id is not None and name is not None:
        advocate = NamedAdvocate(id=derived.advocate_id, name=name)
    return {
        "level": derived.level,
        "confidence": derived.confidence,
        "documented_level": derived.documented_level,
        "championing": derived.championing,
        "since": derived.since,
        "advocate": advocate,
        "advocacy_id": derived.advocacy_id,
        "next_change_at": derived.next_change_at,
        "derived_at": derived.judged_at,
        "policy_version": derived.policy_version,
    }


PROVISIONAL_SECONDS = 10


def is_provisional(known_at: datetime, now: datetime) -> bool:
    """Whether a transaction still under way may add to what was known at that moment."""
    return (now - known_at).total_seconds() < PROVISIONAL_SECONDS
