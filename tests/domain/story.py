"""Tells short stories about one application, in dates of Berlin and the year 2026.

A moment is written "2 March" (noon) or "2 March 09:00"; a day is written "2 March". What is recorded is recorded when it
happens, unless the story says otherwise. Hanna decides and is hiring manager, Pam influences and Rita administers since
5 January, all added by Olga; the application entered `applied` on 1 February.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from unicodedata import normalize
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from api.domain.derived import DerivedAdvocacy, DerivedReferral, Support
from api.domain.facts import (
    Act,
    ActStatement,
    AdvocacyFacts,
    AdvocacyStatement,
    AffiliationRecord,
    ApplicationFacts,
    Ask,
    AskAnswer,
    AvailabilityRecord,
    Listener,
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
    ActWord,
    AdvocacyWord,
    Affiliation,
    AskKind,
    AskState,
    Availability,
    Basis,
    Consent,
    Outcome,
    Power,
    ReferenceWord,
    ReferralWord,
    Relationship,
    Stage,
    StageVerb,
)

BERLIN = ZoneInfo("Europe/Berlin")
POLICY = Policy(time_zone="Europe/Berlin")
ROLE = "the hiring manager, whoever it is"

_NAMES = UUID("6f0e5b1e-0000-4000-8000-000000000000")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def named(name: str) -> UUID:
    """The id of whoever or whatever has this name."""
    return uuid5(_NAMES, name)


def day(text: str) -> date:
    """The date of "2 March"."""
    number, month = text.split()[:2]
    return date(2026, _MONTHS.index(month[:3]) + 1, int(number))


def at(text: str) -> datetime:
    """The moment of "2 March" (noon), "2 March 09:00" or "2 March 09:00:01" in Berlin."""
    number, month, *clock = text.split()
    hour, minute, *second = (clock[0] if clock else "12:00").split(":")
    on = day(f"{number} {month}")
    moment = datetime(on.year, on.month, on.day, int(hour), int(minute), int(second[0]) if second else 0, tzinfo=BERLIN)
    return moment.astimezone(UTC)


def reason(requirement: str, basis: Basis = Basis.OBSERVED_DIRECTLY, *, before_process: bool = False) -> ReasonUse:
    """A use of a reason; requirements whose normalised texts are equal are one."""
    requirement_id = named("requirement " + " ".join(normalize("NFKC", requirement).casefold().split()))
    return ReasonUse(
        reason_id=named(f"reason {requirement}"),
        requirement_id=requirement_id,
        basis=basis,
        before_process=before_process,
    )


R1 = reason("incident reviews")
R2 = reason("mentoring", Basis.HEARD_FROM)


def listener(name: str) -> Listener:
    """A person, or the role of hiring manager."""
    return Listener(person_id=None if name == ROLE else named(name))


@dataclass
class Advocate:
    """One person's advocacy in a story."""

    name: str
    facts: AdvocacyFacts
    ids: Iterable[int]

    def _id(self, what: str) -> UUID:
        return named(f"{what} {self.name} {next(iter(self.ids))}")

    def _add(self, member: str, item: object) -> None:
        self.facts = replace(self.facts, **{member: (*getattr(self.facts, member), item)})

    def act(
        self,
        when: str,
        to: str | tuple[str, ...] = "Hanna",
        *reasons: ReasonUse,
        ask: AskKind | None = None,
        by: str | None = None,
        recorded: str | None = None,
        link: bool = False,
        chases: Act | None = None,
    ) -> Act:
        """The advocate does something; an ask is addressed to the first listener."""
        names = (to,) if isinstance(to, str) else to
        act = Act(
            id=self._id("act"),
            occurred_at=at(when),
            recorded_at=at(recorded or when),
            recorded_by=named(by or self.name),
            listeners=tuple(map(listener, names)),
            uses=reasons,
            ask=Ask(id=self._id("ask"), kind=ask, addressee=listener(names[0])) if ask else None,
            chases=chases.ask.id if chases and chases.ask else None,
            has_evidence=link,
        )
        self._add("acts", act)
        return act

    def about(self, act: Act, word: ActWord, who: str, recorded: str) -> None:
        """Somebody says something about an act."""
        statement = ActStatement(
            id=self._id("statement"), act_id=act.id, word=word, person_id=named(who), recorded_at=at(recorded)
        )
        self._add("act_statements", statement)

    def answer(self, act: Act, answer: AskState, when: str) -> None:
        """The ask of an act is answered."""
        assert act.ask is not None
        moment = at(when)
        self._add(
            "answers",
            AskAnswer(id=self._id("answer"), occurred_at=moment, recorded_at=moment, ask_id=act.ask.id, answer=answer),
        )

    def say(self, word: AdvocacyWord, when: str) -> None:
        """The advocate is proposed or asked, or says something about taking part."""
        moment = at(when)
        self._add(
            "statements",
            AdvocacyStatement(id=self._id("word"), occurred_at=moment, recorded_at=moment, word=word),
        )

    def be(self, state: Availability, since: str, until: str | None = None, recorded: str | None = None) -> None:
        """The advocate's availability from a day on."""
        record = AvailabilityRecord(
            id=self._id("availability"),
            effective_on=day(since),
            recorded_at=at(recorded or f"{since} 00:00"),
            state=state,
            until=day(until) if until else None,
        )
        self._add("availability", record)

    def belong(self, affiliation: Affiliation, since: str = "1 January") -> None:
        """The advocate's tie to the company from a day on."""
        record = AffiliationRecord(
            id=self._id("affiliation"),
            effective_on=day(since),
            recorded_at=at(f"{since} 00:00"),
            affiliation=affiliation,
        )
        self._add("affiliations", record)


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


def h1() -> Story:
    """26 February to Hanna with a reason seen directly and an ask; 1 March to Hanna with another reason."""
    story = Story()
    ada = story.advocate()
    ada.act("26 February", "Hanna", R1, ask=AskKind.INTERVIEW)
    ada.act("1 March", "Hanna", R2)
    return story


def h2() -> Story:
    """2 March to Hanna with both reasons and an ask."""
    story = Story()
    story.advocate().act("2 March", "Hanna", R1, R2, ask=AskKind.INTERVIEW)
    return story
