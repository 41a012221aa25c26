"""Whom the vendor credited with a candidate, from when until when, and which referrals of ours that makes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from api.inbound.changes import SourceName, SourcePerson
from api.inbound.timeline import Histories, Point

IsReferral = Callable[[SourceName | None], bool]
Who = Mapping[SourcePerson, UUID | None]
"""Our people for those whom the vendor credits; null for the candidate, and for whom nothing is known of any more."""


class Span(NamedTuple):
    """Somebody was credited with a referral up to a moment, or is still where `until` is null.

    `began` is when the vendor's application began, and `fields` are what its form says by now.
    """

    person_id: UUID
    until: datetime | None
    began: datetime
    fields: Mapping[str, str]


class Imported(NamedTuple):
    """A referral of ours that was taken over before, and by whom it is."""

    id: UUID
    person_id: UUID
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with referrals, in this order: withdraw some as of a moment, then record the missing ones."""

    withdraw: Sequence[tuple[UUID, datetime]]
    record: Sequence[Span]


def told_for(known: Histories, jobs: AbstractSet[str]) -> list[Sequence[Point]]:
    """How each of the vendor's applications for these jobs stood, while it was for one of them."""
    told = ([point for point in points if jobs & set(point.standing.jobs)] for points in known.values())
    return [points for points in told if points]


def credited(told: Iterable[Sequence[Point]], is_referral: IsReferral) -> list[SourcePerson]:
    """Everybody who was ever credited with a referral."""
    standings = (point.standing for points in told for point in points)
    named = [each.credited_to for each in standings if is_referral(each.source)]
    return list(dict.fromkeys(person for person in named if person is not None))


def spans(told: Iterable[Sequence[Point]], who: Who, is_referral: IsReferral) -> list[Span]:
    """Who was credited with a referral, and until when; in order, those credited still last.

    Each of the vendor's applications credits somebody of its own, and somebody credited again after a while has another
    span. So one word more never makes less of them, and none of ours has to be taken back for having come too early.
    """
    found = [span for points in told for span in _spans(points, who, is_referral)]
    return sorted(found, key=lambda span: (span.until is None, span.until or span.began, span.began))


def _spans(points: Sequence[Point], who: Who, is_referral: IsReferral) -> list[Span]:
    words: list[tuple[datetime, UUID | None]] = []
    for point in points:
        person = point.standing.credited_to if is_referral(point.standing.source) else None
        person_id = None if person is None else who.get(person)
        if not words or words[-1][1] != person_id:
            words.append((point.moment, person_id))
    ends: list[datetime | None] = [*(moment for moment, _ in words[1:]), None]
    last = points[-1].standing
    return [
        Span(person_id, until, last.began, last.fields)
        for (_, person_id), until in zip(words, ends, strict=True)
        if person_id is not None
    ]


def plan(wanted: Iterable[Span], existing: Sequence[Imported], *, now: datetime) -> Plan:
    """How the referrals taken over before come to be those wanted, given as `spans` orders them.

    Where there are more than wanted, as after a mapping changed, they are withdrawn as of now.
    """
    withdraw: list[tuple[UUID, datetime]] = []
    record: list[Span] = []
    spans_by_person: dict[UUID, list[Span]] = {each.person_id: [] for each in existing}
    for span in wanted:
        spans_by_person.setdefault(span.person_id, []).append(span)
    for person_id, theirs in spans_by_person.items():
        one = _plan_one(theirs, [each for each in existing if each.person_id == person_id], now)
        withdraw += one.withdraw
        record += one.record
    return Plan(withdraw, record)


def _plan_one(wanted: Sequence[Span], existing: Sequence[Imported], now: datetime) -> Plan:
    """The same for one person: the oldest that stand are ended first, by the spans that none was ended for.

    Of several spans that last one referral speaks.
    """
    standing = [each.id for each in existing if not each.is_withdrawn]
    ended = [(span, span.until) for span in wanted if span.until is not None]
    lasting = [span for span in wanted if span.until is None][:1]
    missing = ended[len(existing) - len(standing) :]
    withdraw = [(referral_id, until) for referral_id, (_, until) in zip(standing, missing, strict=False)]
    left = standing[len(missing) :]
    withdraw += [(referral_id, ended[-1][1] if ended else now) for referral_id in left[len(lasting) :]]
    return Plan(withdraw, [*(span for span, _ in missing[len(standing) :]), *lasting[len(left) :]])
