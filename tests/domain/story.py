"""Tells short stories about one application, in dates of Berlin and the year 2026.

What is recorded is recorded when it happens, unless the story says otherwise. Hanna decides and is hiring manager, Pam
influences and Rita administers since 5 January, all added by Olga; the application entered `applied` on 1 February.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from api.domain.derived import DerivedAdvocacy, DerivedReferral, Support
from api.domain.facts import (
    AdvocacyFacts,
    ApplicationFacts,
    MembershipRecord,
    NextStepFact,
    PolicyVersion,
    ReasonUse,
    ReferenceFacts,
    ReferenceStatement,
    ReferralFacts,
    ReferralStatement,
    StageFact,
)
from api.domain.policy import Policy
from api.domain.support import derive_support
from api.domain.vocabulary import (
    AskKind,
    Consent,
    Outcome,
    Power,
    ReferenceWord,
    ReferralWord,
    Relationship,
    Stage,
    StageVerb,
)
from tests.domain.story_advocate import Advocate
from tests.domain.story_words import POLICY, R1, R2, at, day, named


@dataclass
class Story:
    """The facts of an application, told one after the other."""

    policy: Policy = POLICY
    starts_in: Stage = Stage.APPLIED
    advocates: dict[str, Advocate] = field(default_factory=dict)
    stages: list[StageFact] = field(default_factory=list)
    next_steps: list[NextStepFact] = field(default_factory=list)
    members: list[MembershipRecord] = field(default_factory=list)
    policies: list[PolicyVersion] = field(default_factory=list)
    referrals: list[ReferralFacts] = field(default_factory=list)
    references: list[ReferenceFacts] = field(default_factory=list)
    ids: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.policies.append(PolicyVersion(version=1, recorded_at=at("1 January"), policy=self.policy))
        self.add_member("Hanna", Power.DECIDES, is_hiring_manager=True)
        self.add_member("Pam", Power.INFLUENCES)
        self.add_member("Rita", Power.ADMINISTERS)
        self.stage("1 February", StageVerb.CREATE, stage=self.starts_in)

    def _id(self, what: str) -> UUID:
        return named(f"{what} {next(self.ids)}")

    def advocate(self, name: str = "Ada") -> Advocate:
        """The advocacy of a person, an employee who is no member unless the story says so."""
        if name not in self.advocates:
            facts = AdvocacyFacts(
                id=named(f"advocacy {name}"), advocate_id=named(f"advocate {name}"), person_id=named(name)
            )
            self.advocates[name] = Advocate(name, facts, self.ids)
        return self.advocates[name]

    def add_member(
        self,
        name: str,
        power: Power | None,
        since: str = "5 January",
        *,
        is_hiring_manager: bool = False,
        by: str | None = "Olga",
        recorded: str | None = None,
    ) -> None:
        """Somebody is a member of the job from a day on; with null power, no longer."""
        record = MembershipRecord(
            id=self._id("member"),
            effective_on=day(since),
            recorded_at=at(recorded or f"{since} 00:00"),
            person_id=named(name),
            power=power,
            is_hiring_manager=is_hiring_manager,
            recorded_by=named(by) if by else None,
        )
        self.members.append(record)

    def stage(
        self,
        when: str,
        verb: StageVerb,
        *,
        stage: Stage | None = None,
        until: str | None = None,
        outcome: Outcome | None = None,
        recorded: str | None = None,
    ) -> StageFact:
        """A verb of the application's lifecycle."""
        fact = StageFact(
            id=self._id("stage"),
            occurred_at=at(when),
            recorded_at=at(recorded or when),
            verb=verb,
            stage=stage,
            hold_until=day(until) if until else None,
            outcome=outcome,
        )
        self.stages.append(fact)
        return fact

    def close(self, when: str, outcome: Outcome = Outcome.REJECTED) -> None:
        """The application gets an outcome."""
        self.stage(when, StageVerb.CLOSE, outcome=outcome)

    def set_next_step(self, when: str, step: str | None) -> None:
        """The application's next step is set, or cleared."""
        moment = at(when)
        fact = NextStepFact(
            id=self._id("step"),
            occurred_at=moment,
            recorded_at=moment,
            next_step_at=at(step) if step else None,
            next_step_kind=None,
        )
        self.next_steps.append(fact)

    def change_policy(self, when: str, **numbers: Any) -> None:
        """A new version of the policy."""
        before = self.policies[-1]
        policy = replace(before.policy, **numbers)
        self.policies.append(PolicyVersion(version=before.version + 1, recorded_at=at(when), policy=policy))

    def refer(
        self,
        when: str,
        consent: Consent = Consent.UNKNOWN,
        relationship: Relationship = Relationship.NONE,
        *reasons: ReasonUse,
        by: str = "Ref",
        recorded_by: str | None = None,
        is_documented: bool = True,
        is_duplicate: bool = False,
        linked: str | None = "",
        words: Iterable[tuple[ReferralWord, str]] = (),
    ) -> ReferralFacts:
        """Somebody refers the candidate, by a form unless the story says otherwise; it is linked at once."""
        said = [*words] if linked is None else [(ReferralWord.LINKED, linked or when), *words]
        referral = ReferralFacts(
            id=self._id("referral"),
            occurred_at=at(when),
            recorded_at=at(when),
            referrer_id=named(f"referrer {by}"),
            person_id=named(by),
            recorded_by=named(recorded_by) if recorded_by else None,
            relationship=relationship,
            consent=consent,
            is_documented=is_documented,
            is_duplicate=is_duplicate,
            uses=reasons,
            statements=tuple(
                ReferralStatement(id=self._id("word"), occurred_at=at(moment), recorded_at=at(moment), word=word)
                for word, moment in said
            ),
        )
        self.referrals.append(referral)
        return referral

    def reference(self, *words: tuple[ReferenceWord, str]) -> ReferenceFacts:
        """A reference with what happened around it."""
        statements = tuple(
            ReferenceStatement(id=self._id("word"), occurred_at=at(moment), recorded_at=at(moment), word=word)
            for word, moment in words
        )
        reference = ReferenceFacts(id=self._id("reference"), statements=statements)
        self.references.append(reference)
        return reference

    def facts(self) -> ApplicationFacts:
        """Everything told so far."""
        return ApplicationFacts(
            id=named("application"),
            candidate_person_id=named("Cand"),
            stages=tuple(self.stages),
            policies=tuple(self.policies),
            next_steps=tuple(self.next_steps),
            members=tuple(self.members),
            advocacies=tuple(each.facts for each in self.advocates.values()),
            referrals=tuple(self.referrals),
            references=tuple(self.references),
        )

    def until(self, moment: datetime) -> "Story":
        """The same story told at a moment, when nothing later was known."""
        told = Story(policy=self.policy)
        told.stages = [each for each in self.stages if each.recorded_at <= moment]
        told.next_steps = [each for each in self.next_steps if each.recorded_at <= moment]
        told.members = [each for each in self.members if each.recorded_at <= moment]
        told.policies = [self.policies[0], *(each for each in self.policies[1:] if each.recorded_at <= moment)]
        told.advocates = {name: each.until(moment) for name, each in self.advocates.items()}
        told.referrals = [
            replace(each, statements=tuple(word for word in each.statements if word.recorded_at <= moment))
            for each in self.referrals
            if each.recorded_at <= moment
        ]
        return told

    def support(self, as_of: str | datetime, known_at: str | datetime | None = None) -> Support:
        """The answer for a moment, by what was known then or later."""
        moment = at(as_of) if isinstance(as_of, str) else as_of
        known = at(known_at) if isinstance(known_at, str) else known_at
        return derive_support(self.facts(), as_of=moment, known_at=known or moment)

    def ada(self, as_of: str | datetime, known_at: str | None = None) -> DerivedAdvocacy:
        """Ada's advocacy at a moment."""
        return next(
            each for each in self.support(as_of, known_at).advocacies if each.advocate_id == named("advocate Ada")
        )

    def referral(self, as_of: str) -> DerivedReferral:
        """The first referral at a moment."""
        return next(each for each in self.support(as_of).referrals if each.id == self.referrals[0].id)


def h1(policy: Policy = POLICY) -> Story:
    """26 February to Hanna with a reason seen directly and an ask; 1 March to Hanna with another reason."""
    story = Story(policy=policy)
    ada = story.advocate()
    ada.act("26 February", "Hanna", R1, ask=AskKind.INTERVIEW)
    ada.act("1 March", "Hanna", R2)
    return story


def h2() -> Story:
    """2 March to Hanna with both reasons and an ask."""
    story = Story()
    story.advocate().act("2 March", "Hanna", R1, R2, ask=AskKind.INTERVIEW)
    return story
