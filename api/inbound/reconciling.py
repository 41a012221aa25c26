"""Which facts are missing so that an application of ours stood as the vendor says it did.

Facts are only ever added. Where one that was taken over before has become wrong, because something older arrived or a
stage is mapped otherwise, a later recorded one of the same moment puts it right. Of two facts of one moment the later
recorded counts, and facts that make no sense where they stand count for nothing, so that what is added may be redundant
but is never contradicted. What people told stays: the vendor is heard only where its own word changed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from api.domain.facts import StageFact
from api.domain.stages import StageView, stage_changes, view_at
from api.domain.vocabulary import ApplicationState, Outcome, Stage, StageVerb
from api.inbound.changes import SourceName
from api.inbound.timeline import Point

OPEN, ON_HOLD, CLOSED = ApplicationState.OPEN, ApplicationState.ON_HOLD, ApplicationState.CLOSED

StageOf = Callable[[SourceName], Stage | None]
"""Our stage for the vendor's, or null where none is mapped to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What the vendor says of a moment at which its word changed.

    `stage` is null where it says nothing that we could follow; an application that only begins here then begins in
    `first`. `is_back`: it had been deleted there before, or never was.
    """

    moment: datetime
    stage: Stage | None
    first: Stage
    outcome: Outcome | None = None
    is_gone: bool = False
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A fact of ours, and whether it was taken over from this vendor before."""

    fact: StageFact
    is_imported: bool


@dataclass(frozen=True, slots=True)
class _Target:
    state: ApplicationState
    stage: Stage
    outcome: Outcome | None = None
    view: StageView | None = None


def assertions(points: Sequence[Point], stage_of: StageOf) -> list[Assertion]:
    """What the vendor says, at the moments at which it is not what it said before."""
    said: list[Assertion] = []
    before = None
    for point in {point.moment: point for point in points}.values():
        standing = point.standing
        stage = standing.stage
        word = (stage and (stage.external_id or stage.name), standing.outcome, standing.is_gone, standing.is_prospect)
        if word != before:
            said.append(_assertion(point, stage_of, is_back=before is not None and before[2]))
        before = word
    return said


def _assertion(point: Point, stage_of: StageOf, *, is_back: bool) -> Assertion:
    standing = point.standing
    first = Stage.IDENTIFIED if standing.is_prospect else Stage.APPLIED
    return Assertion(
        moment=point.moment,
        stage=first if standing.stage is None else stage_of(standing.stage),
        first=first,
        outcome=standing.outcome,
        is_gone=standing.is_gone,
        is_back=is_back and not standing.is_gone,
    )


def missing_facts(
    known: Sequence[Known], said: Iterable[Assertion], *, zone: ZoneInfo, now: datetime, new_id: Callable[[], UUID]
) -> list[StageFact]:
    """The facts to be added, in their order. None where the application stands as the vendor says already.

    What people recorded before the vendor's first word about it is left alone: where they began the application, what
    the vendor says of earlier moments is passed over.
    """
    begun = [each.fact.occurred_at for each in known if each.fact.verb is StageVerb.CREATE and not each.is_imported]
    heard = {each.moment: each for each in said if not begun or each.moment > min(begun)}
    touched = {each.fact.occurred_at for each in known if each.is_imported}
    added: list[StageFact] = []
    for moment in sorted(heard.keys() | touched):
        facts = [*(each.fact for each in known), *added]
        target = _target(heard.get(moment), _without_us(known, added, moment, zone))
        if target is not None:
            actual = view_at(stage_changes(facts, zone), moment)
            added += _facts(_steps(actual, target), moment, now=now, new_id=new_id)
    return added


def _without_us(
    known: Sequence[Known], added: Sequence[StageFact], moment: datetime, zone: ZoneInfo
) -> StageView | None:
    """Where the application would stand at the moment if we had taken nothing over for it."""
    own = [each.fact for each in known if each.fact.occurred_at < moment or not each.is_imported]
    facts = [*own, *(fact for fact in added if fact.occurred_at < moment)]
    return view_at(stage_changes(facts, zone), moment)


def _target(said: Assertion | None, base: StageView | None) -> _Target | None:
    """Where the application should stand, given where it would stand without the vendor's word."""
    if base is None:
        return None if said is None else _begun(said)
    as_it_was = _Target(base.state, base.stage, base.outcome, base)
    if said is None:
        return as_it_was
    stage = said.stage or base.stage
    if said.outcome is not None:
        # What has ended stays in the stage in which it ended: to move it, it would have to go on first.
        return _Target(CLOSED, base.stage if base.state is CLOSED else stage, said.outcome)
    if said.is_gone:
        return as_it_was if base.state is CLOSED else _Target(ON_HOLD, stage)
    if base.state is ON_HOLD and stage is base.stage and not said.is_back:
        return as_it_was
    return _Target(OPEN, stage)


def _begun(said: Assertion) -> _Target:
    state = CLOSED if said.outcome is not None else ON_HOLD if said.is_gone else OPEN
    return _Target(state, said.stage or said.first, said.outcome)


def _steps(actual: StageView | None, target: _Target) -> Iterator[tuple[StageVerb, Mapping[str, object]]]:
    """The verbs that lead from where the application stands to where it should."""
    until = target.view.hold_until if target.view and target.state is ON_HOLD else None
    state = actual.state if actual else None
    if actual is None:
        yield StageVerb.CREATE, {"stage": target.stage}
        state = OPEN
    elif state is CLOSED and (target.state is not CLOSED or actual.stage is not target.stage):
        yield StageVerb.REOPEN, {"stage": target.stage}
        state = OPEN
    elif actual.stage is not target.stage:
        yield StageVerb.MOVE, {"stage": target.stage}
        state = OPEN
    elif state is ON_HOLD and target.state is OPEN:
        yield StageVerb.RESUME, {}
    if target.state is CLOSED and (state is not CLOSED or (actual and actual.outcome is not target.outcome)):
        yield StageVerb.CLOSE, {"outcome": target.outcome}
    if target.state is ON_HOLD and (state is not ON_HOLD or (actual and actual.hold_until != until)):
        yield StageVerb.HOLD, {"hold_until": until}


def _facts(
    steps: Iterable[tuple[StageVerb, Mapping[str, object]]],
    moment: datetime,
    *,
    now: datetime,
    new_id: Callable[[], UUID],
) -> list[StageFact]:
    """The steps as facts of the moment; of one moment and one recording the ids decide, so these rise."""
    steps = list(steps)
    ids = sorted(new_id() for _ in steps)
    bare = StageFact(id=UUID(int=0), occurred_at=moment, recorded_at=now, verb=StageVerb.CREATE)
    return [
        replace(bare, id=fact_id, verb=verb, **members)  # type: ignore[arg-type]
        for fact_id, (verb, members) in zip(ids, steps, strict=True)
    ]
