"""Random but plausible histories of one application: crowded around a change of the clocks, many facts at 00:00."""

from datetime import date, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from api.domain.facts import (
    ApplicationFacts,
    MembershipRecord,
    NextStepFact,
    PolicyVersion,
    StageFact,
)
from api.domain.policy import Policy
from api.domain.vocabulary import (
    ApplicationState,
    NextStepKind,
    Outcome,
    Power,
    Stage,
    StageVerb,
)
from tests.domain.history_merges import with_merges
from tests.domain.history_people import advocacy, reference, referral
from tests.domain.history_scene import ADA, BO, CANDIDATE, DAN, HANNA, OLGA, PAM, RITA, XEN, Teller, scenes

ADVOCATES = (ADA, BO, PAM, DAN)
SENSIBLE = {
    ApplicationState.OPEN: (StageVerb.MOVE, StageVerb.HOLD, StageVerb.CLOSE),
    ApplicationState.ON_HOLD: (StageVerb.MOVE, StageVerb.HOLD, StageVerb.RESUME, StageVerb.CLOSE),
    ApplicationState.CLOSED: (StageVerb.REOPEN, StageVerb.REOPEN, StageVerb.REOPEN, StageVerb.CLOSE),
}


def policies(teller: Teller) -> tuple[PolicyVersion, ...]:
    """Small numbers, so that much happens in ninety days; some new versions."""
    moments = [teller.scene.moments[0], *sorted({teller.moment() for _ in teller.some(2)})]
    holidays = frozenset(teller.day() for _ in teller.some(2))
    return tuple(
        PolicyVersion(version=number, recorded_at=moment, policy=_policy(teller, holidays))
        for number, moment in enumerate(moments, start=1)
    )


def _policy(teller: Teller, holidays: frozenset[date]) -> Policy:
    short = teller.one_of((2, 5, 7))
    return Policy(
        time_zone=teller.scene.zone_name,
        holidays=holidays,
        min_reasons=teller.one_of((1, 2)),
        min_act_days=teller.one_of((1, 2, 2, 3)),
        window_applied=short,
        window_screening=teller.one_of((3, 10)),
        window_interviewing=teller.one_of((3, 10)),
        window_offer=short,
        window_on_hold=teller.one_of((4, 21)),
        lapse_factor=teller.one_of((2, 2, 3)),
        next_step_grace_days=teller.one_of((0, 2)),
        chase_days=teller.one_of((1, 2)),
        awaiting_answer_max_days=teller.one_of((3, 10, 30)),
        advocacy_no_answer_days=teller.one_of((2, 14)),
        reference_no_answer_days=teller.one_of((2, 14)),
        referral_consent_required=teller.draw(st.booleans()),
        referral_consent_days=teller.one_of((2, 30)),
        referral_valid_days=30,
    )


def members(teller: Teller) -> tuple[MembershipRecord, ...]:
    """Hanna decides, Pam influences, Rita administers; then people come, go and change places."""
    begin = teller.scene.moments[0] - timedelta(days=10)
    first = [
        _member(teller, HANNA, Power.DECIDES, begin, teller.scene.day_of(begin), teller.draw(st.booleans()), OLGA),
        _member(teller, PAM, Power.INFLUENCES, begin, teller.scene.day_of(begin), False, OLGA),
        _member(teller, RITA, Power.ADMINISTERS, begin, teller.scene.day_of(begin), False, OLGA),
    ]
    return (*first, *(_change(teller) for _ in teller.some(4)))


def _change(teller: Teller) -> MembershipRecord:
    person = teller.one_of((HANNA, DAN, PAM, RITA, XEN))
    power = teller.one_of((Power.DECIDES, Power.INFLUENCES, Power.ADMINISTERS, None))
    marked = power is Power.DECIDES and teller.draw(st.booleans())
    by = teller.one_of((OLGA, ADA, RITA, None))
    return _member(teller, person, power, teller.moment(), teller.day(), marked, by)


def _member(
    teller: Teller,
    person: UUID,
    power: Power | None,
    recorded_at: datetime,
    effective_on: date,
    is_hiring_manager: bool,
    recorded_by: UUID | None,
) -> MembershipRecord:
    return MembershipRecord(
        id=teller.id(),
        effective_on=effective_on,
        recorded_at=recorded_at,
        person_id=person,
        power=power,
        is_hiring_manager=is_hiring_manager,
        recorded_by=recorded_by,
    )


class _Plot:
    """Where the application stands while its verbs are told, each sensible after the one before."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._prefix = teller.one_of((0, 5))
        self._state = ApplicationState.OPEN
        self._stage = teller.one_of((Stage.APPLIED, Stage.APPLIED, Stage.IDENTIFIED, Stage.IDENTIFIED, Stage.SCREENING))
        self._until: date | None = None
        self._outcome: Outcome | None = None
        self._recorded_at = teller.scene.moments[0]

    def begin(self) -> StageFact:
        return self._fact(self._teller.scene.moments[0], StageVerb.CREATE, stage=self._stage)

    def go_on(self, moment: datetime) -> StageFact:
        if self._until is not None and self._teller.scene.moment_of(self._until, "00:00") <= moment:
            self._state, self._until = ApplicationState.OPEN, None
        match self._teller.one_of(SENSIBLE[self._state]):
            case StageVerb.HOLD:
                return self._hold(moment)
            case StageVerb.CLOSE:
                return self._close(moment)
            case StageVerb.RESUME:
                self._state, self._until = ApplicationState.OPEN, None
                return self._fact(moment, StageVerb.RESUME)
            case verb:
                return self._enter(moment, verb)

    def _hold(self, moment: datetime) -> StageFact:
        days = self._teller.one_of((None, 1, 3, 10))
        self._state = ApplicationState.ON_HOLD
        self._until = None if days is None else self._teller.scene.day_of(moment) + timedelta(days=days)
        return self._fact(moment, StageVerb.HOLD)

    def _close(self, moment: datetime) -> StageFact:
        self._state, self._until = ApplicationState.CLOSED, None
        self._outcome = self._teller.one_of(tuple(outcome for outcome in Outcome if outcome is not self._outcome))
        return self._fact(moment, StageVerb.CLOSE, outcome=self._outcome)

    def _enter(self, moment: datetime, verb: StageVerb) -> StageFact:
        stages = tuple(stage for stage in Stage if verb is StageVerb.REOPEN or stage is not self._stage)
        self._state, self._until, self._outcome = ApplicationState.OPEN, None, None
        self._stage = self._teller.one_of(stages)
        return self._fact(moment, verb, stage=self._stage)

    def _fact(
        self, moment: datetime, verb: StageVerb, *, stage: Stage | None = None, outcome: Outcome | None = None
    ) -> StageFact:
        self._recorded_at = max(self._recorded_at, self._teller.recorded(moment))
        return StageFact(
            id=self._teller.steady_id(self._prefix),
            occurred_at=moment,
            recorded_at=self._recorded_at,
            verb=verb,
            stage=stage,
            hold_until=self._until if verb is StageVerb.HOLD else None,
            outcome=outcome,
        )


def stages(teller: Teller) -> tuple[StageFact, ...]:
    """A sensible course of the application, known at every moment as a beginning of itself."""
    plot = _Plot(teller)
    return (plot.begin(), *(plot.go_on(moment) for moment in sorted(teller.moment() for _ in teller.some(6))))


def next_step(teller: Teller) -> NextStepFact:
    """A next step is set or cleared."""
    moment = teller.moment()
    step = teller.one_of((None, teller.moment(), teller.moment(since=moment)))
    return NextStepFact(
        id=teller.id(),
        occurred_at=moment,
        recorded_at=teller.recorded(moment),
        next_step_at=step,
        next_step_kind=None if step is None else NextStepKind.INTERVIEW,
    )


@st.composite
def histories(draw: st.DrawFn) -> ApplicationFacts:
    """Everything recorded about one application."""
    teller = Teller(draw, draw(scenes()))
    advocates = draw(st.lists(st.sampled_from(ADVOCATES), max_size=3, unique=True))
    facts = ApplicationFacts(
        id=teller.id(),
        candidate_person_id=CANDIDATE,
        stages=stages(teller),
        policies=policies(teller),
        next_steps=tuple(next_step(teller) for _ in teller.some(2)),
        members=members(teller),
        advocacies=tuple(advocacy(teller, person) for person in advocates),
        referrals=tuple(referral(teller) for _ in teller.some(2)),
        references=tuple(reference(teller) for _ in teller.some(1)),
    )
    return with_merges(teller, facts)


@st.composite
def asked_histories(draw: st.DrawFn) -> tuple[ApplicationFacts, tuple[tuple[datetime, datetime], ...]]:
    """A history with pairs of an `as_of` and a `known_at` that is not earlier; the first is the end of all."""
    facts = draw(histories())
    moments = sorted(happened_at(facts))
    end = moments[-1] + timedelta(days=draw(st.sampled_from((0, 1, 10, 30))))
    pairs = [(end, end)]
    for _ in range(draw(st.integers(1, 3))):
        moment = draw(st.sampled_from(moments)) + draw(
            st.sampled_from((timedelta(0), timedelta(0), timedelta(hours=11)))
        )
        later = [other for other in (*moments, end) if other >= moment]
        pairs.append((moment, max(moment, draw(st.sampled_from((moment, end, *later))))))
    return facts, tuple(pairs)


def happened_at(facts: ApplicationFacts) -> set[datetime]:
    """The moments at which something happened or was recorded."""
    told = [*facts.stages, *facts.next_steps, *facts.referrals]
    for advocacy_facts in facts.advocacies:
        told += [*advocacy_facts.statements, *advocacy_facts.acts, *advocacy_facts.answers]
    for referral_facts in facts.referrals:
        told += referral_facts.statements
    recorded = {member.recorded_at for member in facts.members} | {version.recorded_at for version in facts.policies}
    recorded |= {merge.recorded_at for merge in facts.merges}
    return {fact.occurred_at for fact in told} | {fact.recorded_at for fact in told} | recorded
