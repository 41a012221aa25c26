"""A small way to tell the facts of one application in 2026, in Berlin, for examples whose answers are known."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

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
    ReferralFacts,
    ReferralStatement,
    StageFact,
)
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
    ReferralWord,
    Relationship,
    Stage,
    StageVerb,
)

BERLIN = ZoneInfo("Europe/Berlin")
NAMES = ("Ada", "Bo", "Hanna", "Pam", "Rita", "Olga", "Xen", "Cleo")
PEOPLE = {name: UUID(int=number) for number, name in enumerate(NAMES, start=1)}
INCIDENTS = ReasonUse(reason_id=UUID(int=101), requirement_id=UUID(int=201), basis=Basis.OBSERVED_DIRECTLY)
MENTORING = ReasonUse(reason_id=UUID(int=102), requirement_id=UUID(int=202), basis=Basis.HEARD_FROM)
ROLE = "hiring manager"


def at(month: int, day: int, clock: str = "12:00") -> datetime:
    """A moment of 2026 in Berlin, as UTC."""
    return datetime.combine(date(2026, month, day), time.fromisoformat(clock), tzinfo=BERLIN).astimezone(UTC)


@dataclass
class Story:
    """Facts told one by one; who and when are names and moments. Recorded when they happen unless said otherwise."""

    facts: ApplicationFacts = field(init=False)
    _ids: "count[int]" = field(default_factory=lambda: count(1000))

    def __post_init__(self) -> None:
        began = at(1, 5)
        policy = PolicyVersion(version=1, recorded_at=began, policy=Policy(time_zone="Europe/Berlin"))
        self.facts = ApplicationFacts(id=self._id(), candidate_person_id=PEOPLE["Cleo"], stages=(), policies=(policy,))
        self.member("Hanna", Power.DECIDES, began, is_hiring_manager=True)
        self.member("Pam", Power.INFLUENCES, began)
        self.member("Rita", Power.ADMINISTERS, began)
        self.stage(StageVerb.CREATE, at(2, 1), stage=Stage.APPLIED)

    def _id(self) -> UUID:
        return UUID(int=next(self._ids))

    def member(
        self,
        name: str,
        power: Power | None,
        recorded_at: datetime,
        *,
        by: str = "Olga",
        is_hiring_manager: bool = False,
        effective_on: date | None = None,
    ) -> None:
        """Somebody becomes a member of the job, from the day of recording unless said otherwise."""
        record = MembershipRecord(
            id=self._id(),
            effective_on=effective_on or recorded_at.astimezone(BERLIN).date(),
            recorded_at=recorded_at,
            person_id=PEOPLE[name],
            power=power,
            is_hiring_manager=is_hiring_manager,
            recorded_by=PEOPLE[by],
        )
        self.facts = replace(self.facts, members=(*self.facts.members, record))

    def stage(
        self,
        verb: StageVerb,
        moment: datetime,
        *,
        stage: Stage | None = None,
        until: date | None = None,
        outcome: Outcome | None = None,
    ) -> None:
        """A verb of the application."""
        fact = StageFact(
            id=self._id(),
            occurred_at=moment,
            recorded_at=moment,
            verb=verb,
            stage=stage,
            hold_until=until,
            outcome=outcome,
        )
        self.facts = replace(self.facts, stages=(*self.facts.stages, fact))

    def policy(self, moment: datetime, policy: Policy) -> None:
        """New numbers."""
        version = PolicyVersion(version=len(self.facts.policies) + 1, recorded_at=moment, policy=policy)
        self.facts = replace(self.facts, policies=(*self.facts.policies, version))

    def next_step(self, moment: datetime, step: datetime) -> None:
        """The application gets an interview date."""
        fact = NextStepFact(
            id=self._id(),
            occurred_at=moment,
            recorded_at=moment,
            next_step_at=step,
            next_step_kind=NextStepKind.INTERVIEW,
        )
        self.facts = replace(self.facts, next_steps=(*self.facts.next_steps, fact))

    def referral(
        self,
        moment: datetime,
        consent: Consent,
        relationship: Relationship,
        *uses: ReasonUse,
        linked_at: datetime | None = None,
    ) -> None:
        """Bo refers the candidate with a form, linked at once unless said otherwise."""
        linking = linked_at or moment
        linked = ReferralStatement(id=self._id(), occurred_at=linking, recorded_at=linking, word=ReferralWord.LINKED)
        referral = ReferralFacts(
            id=self._id(),
            occurred_at=moment,
            recorded_at=moment,
            referrer_id=self._id(),
            person_id=PEOPLE["Bo"],
            recorded_by=PEOPLE["Rita"],
            relationship=relationship,
            consent=consent,
            is_documented=True,
            uses=uses,
            statements=(linked,),
        )
        self.facts = replace(self.facts, referrals=(*self.facts.referrals, referral))

    def advocate(self, name: str) -> AdvocacyFacts:
        """The advocacy of somebody, begun if it was not."""
        for advocacy in self.facts.advocacies:
            if advocacy.person_id == PEOPLE[name]:
                return advocacy
        begun = AdvocacyFacts(id=self._id(), advocate_id=self._id(), person_id=PEOPLE[name])
        self.facts = replace(self.facts, advocacies=(*self.facts.advocacies, begun))
        return begun

    def _put(self, advocacy: AdvocacyFacts) -> None:
        others = tuple(other for other in self.facts.advocacies if other.id != advocacy.id)
        self.facts = replace(self.facts, advocacies=(*others, advocacy))

    def act(
        self,
        moment: datetime,
        to: str = "Hanna",
        *uses: ReasonUse,
        actor: str = "Ada",
        ask: AskKind | None = None,
        chases: UUID | None = None,
        by: str | None = None,
        recorded_at: datetime | None = None,
        has_link: bool = False,
    ) -> Act:
        """Somebody does something; `to` names listeners apart by commas, the ask going to the first."""
        advocacy = self.advocate(actor)
        listeners = tuple(Listener(person_id=PEOPLE.get(name)) for name in to.split(","))
        act = Act(
            id=self._id(),
            occurred_at=moment,
            recorded_at=recorded_at or moment,
            recorded_by=PEOPLE[by or actor],
            listeners=listeners,
            uses=uses,
            ask=None if ask is None else Ask(id=self._id(), kind=ask, addressee=listeners[0]),
            chases=chases,
            has_evidence=has_link,
        )
        self._put(replace(advocacy, acts=(*advocacy.acts, act)))
        return act

    def say(self, act: Act, word: ActWord, who: str, moment: datetime, actor: str = "Ada") -> None:
        """Somebody says something about an act."""
        advocacy = self.advocate(actor)
        said = ActStatement(id=self._id(), act_id=act.id, word=word, person_id=PEOPLE[who], recorded_at=moment)
        self._put(replace(advocacy, act_statements=(*advocacy.act_statements, said)))

    def answer(self, act: Act, answer: AskState, moment: datetime) -> None:
        """The ask of an act of Ada's is answered."""
        assert act.ask is not None
        advocacy = self.advocate("Ada")
        said = AskAnswer(id=self._id(), occurred_at=moment, recorded_at=moment, ask_id=act.ask.id, answer=answer)
        self._put(replace(advocacy, answers=(*advocacy.answers, said)))

    def word(self, word: AdvocacyWord, moment: datetime) -> None:
        """Ada is asked, agrees, withdraws."""
        advocacy = self.advocate("Ada")
        said = AdvocacyStatement(id=self._id(), occurred_at=moment, recorded_at=moment, word=word)
        self._put(replace(advocacy, statements=(*advocacy.statements, said)))

    def availability(
        self, state: Availability, effective_on: date, *, until: date | None = None, recorded_at: datetime | None = None
    ) -> None:
        """Ada is away, leaves, comes back."""
        advocacy = self.advocate("Ada")
        record = AvailabilityRecord(
            id=self._id(),
            effective_on=effective_on,
            recorded_at=recorded_at or datetime.combine(effective_on, time(0), tzinfo=BERLIN),
            state=state,
            until=until,
        )
        self._put(replace(advocacy, availability=(*advocacy.availability, record)))

    def affiliation(self, affiliation: Affiliation) -> None:
        """Ada's tie to the company since January."""
        advocacy = self.advocate("Ada")
        record = AffiliationRecord(
            id=self._id(), effective_on=date(2026, 1, 5), recorded_at=at(1, 5), affiliation=affiliation
        )
        self._put(replace(advocacy, affiliations=(*advocacy.affiliations, record)))
