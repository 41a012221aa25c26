"""What a vendor told about its applications, put in order: a function of what was told, not of how it arrived.

Every delivery says how an application stood at one moment. Here these are sorted, gaps are filled from what was said
before, and what comes out is how each of the vendor's applications stood from which moment on.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import dropwhile
from typing import NamedTuple

import orjson

from api.domain.vocabulary import Outcome
from api.inbound.changes import ApplicationSnapshot, Change, ChangeKind, SourceName, SourcePerson
from api.platform.moments import LONG_AGO

_PERSONAL = {"candidate": {"name", "emails"}, "application": {"credited_to": {"name", "email"}, "fields": True}}
_DELETIONS = (ChangeKind.APPLICATION_DELETED, ChangeKind.CANDIDATE_DELETED)


class Said(NamedTuple):
    """A change, and the moment of it on the vendor's clock, or of its receipt where the vendor gives none."""

    moment: datetime
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one application of the vendor stood. `began`: when it came to be; `stage` is null until one is named.

    `jobs` are the vendor's ids of those it was for.
    """

    application: str
    began: datetime
    is_prospect: bool = False
    stage: SourceName | None = None
    outcome: Outcome | None = None
    is_gone: bool = False
    jobs: tuple[str, ...] = ()
    source: SourceName | None = None
    credited_to: SourcePerson | None = None
    fields: Mapping[str, str]


class Point(NamedTuple):
    """From this moment on it stood like this."""

    moment: datetime
    standing: Standing


Histories = Mapping[str, Sequence[Point]]
"""How each of the vendor's applications stood, by its id there."""


def in_order(told: Iterable[tuple[Change, datetime]], *, now: datetime) -> list[Said]:
    """Changes with the moments of their receipt, sorted as they happened; the same however they came.

    Nothing happened after it was received, nor more than twenty years ago.
    """
    said = [Said(_moment(change, received_at, now), change) for change, received_at in told]
    return sorted(said, key=lambda each: (each.moment, each.change.rank, *_digests(each.change)))


def _moment(change: Change, received_at: datetime, now: datetime) -> datetime:
    given = change.happened_at or received_at
    aware = given if given.tzinfo else given.replace(tzinfo=UTC)
    return max(min(aware, received_at), now - LONG_AGO)


def _digests(change: Change) -> tuple[bytes, bytes]:
    """What decides between changes of one moment; the first stays the same when names are erased."""
    impersonal = change.model_dump(mode="json", exclude=_PERSONAL)  # type: ignore[arg-type]
    return _digest(impersonal), _digest(change.model_dump(mode="json"))


def _digest(document: object) -> bytes:
    return hashlib.sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).digest()


def histories(said: Sequence[Said], *, now: datetime) -> Histories:
    """How each of the vendor's applications stood, from its beginning on. One that was deleted stays so."""
    told: dict[str, list[Said]] = defaultdict(list)
    ended: dict[str, datetime] = {}
    for each in said:
        if each.change.kind is ChangeKind.APPLICATION and each.change.application is not None:
            told[each.change.application.external_id].append(each)
        for gone in _deleted(each.change, told):
            ended.setdefault(gone, each.moment)
    return {key: _until(_history(shots, now - LONG_AGO), ended.get(key)) for key, shots in told.items()}


def _deleted(change: Change, told: Mapping[str, Sequence[Said]]) -> set[str]:
    """The applications that a change says are no more; with a candidate go all those known to be theirs."""
    if change.kind not in _DELETIONS:
        return set()
    named = {*change.deleted_applications, *([change.application.external_id] if change.application else [])}
    if change.kind is ChangeKind.CANDIDATE_DELETED:
        candidate = change.candidate.external_id
        named |= {key for key, shots in told.items() if shots[0].change.candidate.external_id == candidate}
    return named


def _history(told: Sequence[Said], oldest: datetime) -> list[Point]:
    shots = [(each.moment, each.change.application) for each in told if each.change.application is not None]
    standing = _beginning(shots, oldest)
    points = [Point(standing.began, standing)] if standing.began < shots[0][0] else []
    for moment, shot in shots:
        standing = _after(standing, shot)
        points.append(Point(moment, standing))
    return points


def _beginning(shots: Sequence[tuple[datetime, ApplicationSnapshot]], oldest: datetime) -> Standing:
    """How it stood when it came to be: for the jobs, from the source and by the credit that were named first."""
    first_moment, first = shots[0]
    applied = [shot.applied_at for _, shot in shots if shot.applied_at is not None and shot.applied_at.tzinfo]
    return Standing(
        application=first.external_id,
        began=max(oldest, min([first_moment, *applied])),
        is_prospect=first.is_prospect,
        jobs=next((tuple(job.external_id for job in shot.jobs) for _, shot in shots if shot.jobs), ()),
        source=next((shot.source for _, shot in shots if shot.source is not None), None),
        credited_to=next((shot.credited_to for _, shot in shots if _says_credit(shot)), None),
        fields={},
    )


def _until(points: Sequence[Point], ended: datetime | None) -> Sequence[Point]:
    if ended is None:
        return points
    before = [point for point in points if point.moment <= ended] or list(points[:1])
    last = before[-1]
    return [*before, Point(max(ended, last.moment), replace(last.standing, is_gone=True))]


def _after(standing: Standing, shot: ApplicationSnapshot) -> Standing:
    """What was not said is as it was."""
    return replace(
        standing,
        is_prospect=shot.is_prospect,
        stage=shot.stage or standing.stage,
        outcome=None if shot.is_open else shot.outcome or standing.outcome,
        jobs=tuple(job.external_id for job in shot.jobs) or standing.jobs,
        source=shot.source or standing.source,
        credited_to=shot.credited_to if _says_credit(shot) else standing.credited_to,
        fields={**standing.fields, **shot.fields},
    )


def _says_credit(shot: ApplicationSnapshot) -> bool:
    return shot.says_credit or shot.credited_to is not None


def course(known: Histories, jobs: AbstractSet[str]) -> list[Point]:
    """How a candidate stood for one job of ours, which the vendor may know by several ids and applications.

    Of several applications the one counts that is there, and is open, and began last. One that went on to another job
    is gone from this one, and rests as it stood.
    """
    points = [
        (point.moment, place, key, point.standing)
        for key, history in known.items()
        for place, point in enumerate(_for_jobs(history, jobs))
    ]
    present: dict[str, Standing] = {}
    walked: list[Point] = []
    for moment, _, key, standing in sorted(points, key=lambda each: each[:3]):
        is_here = bool(jobs & set(standing.jobs))
        present[key] = standing if is_here else replace(present[key], is_gone=True)
        walked.append(Point(moment, max(present.values(), key=_precedence)))
    return walked


def _for_jobs(history: Sequence[Point], jobs: AbstractSet[str]) -> Sequence[Point]:
    """How an application stood since it was for one of these jobs; for which it then began when it came to be at all.

    So nothing has to be taken back where it is heard only later that it was for another job before.
    """
    later = list(dropwhile(lambda point: not jobs & set(point.standing.jobs), history))
    if not later or later[0].moment == later[0].standing.began:
        return later
    first = later[0].standing
    return [Point(first.began, replace(first, stage=None, outcome=None, is_gone=False)), *later]


def _precedence(standing: Standing) -> tuple[bool, bool, datetime, str]:
    return not standing.is_gone, standing.outcome is None, standing.began, standing.application
