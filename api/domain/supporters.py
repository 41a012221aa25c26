"""Who supports an application: the referrers of its live or closed referrals, and its advocates who take part.

While an outcome stands every advocacy that it concluded counts.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.domain.advocacies import concluded
from api.domain.clock import Standing
from api.domain.coverage import TAKING_PART
from api.domain.history import AdvocacyHistory, History
from api.domain.stages import view_at
from api.domain.vocabulary import AdvocacyState, ApplicationState


@dataclass(frozen=True, slots=True)
class Supporter:
    """A referrer, an advocate or both: since when, and the referrals, advocacies and roles that make them one."""

    since: datetime
    named: frozenset[UUID]


def supporters_at(history: History, moment: datetime) -> Mapping[UUID, Supporter]:
    """The supporters at a moment by person, by what the history knows."""
    view = view_at(history.changes, moment)
    is_closed = view is not None and view.state is ApplicationState.CLOSED
    roles: dict[UUID, list[Supporter]] = defaultdict(list)
    for person, role in (*_referrers(history, moment), *_advocates(history, moment, is_closed=is_closed)):
        roles[person].append(role)
    return {person: _together(each) for person, each in roles.items()}


def _together(roles: list[Supporter]) -> Supporter:
    return Supporter(min(role.since for role in roles), frozenset().union(*(role.named for role in roles)))


def _referrers(history: History, moment: datetime) -> Iterator[tuple[UUID, Supporter]]:
    for referral in history.referrals:
        since = referral.walk.own.since(moment, lambda status: status is not None and status.gives_level)
        if since is not None:
            named = frozenset({referral.facts.id, referral.facts.referrer_id})
            yield referral.facts.person_id, Supporter(since, named)


def _advocates(history: History, moment: datetime, *, is_closed: bool) -> Iterator[tuple[UUID, Supporter]]:
    for advocacy in history.advocacies:
        since = _took_part_since(advocacy, moment)
        if is_closed:
            since = since or _concluded_since(advocacy, moment)
        if since is not None:
            yield advocacy.facts.person_id, Supporter(since, named_by(advocacy))


def named_by(advocacy: AdvocacyHistory) -> frozenset[UUID]:
    """An advocacy and its advocate."""
    return frozenset({advocacy.facts.id, advocacy.facts.advocate_id})


def _took_part_since(advocacy: AdvocacyHistory, moment: datetime) -> datetime | None:
    def takes_part(standing: Standing) -> bool:
        return standing.state in TAKING_PART

    return advocacy.walk.steps.since(moment, takes_part)


def _concluded_since(advocacy: AdvocacyHistory, moment: datetime) -> datetime | None:
    """When an advocacy began that the outcome concluded before its advocate took part."""
    begun = [each.occurred_at for each in (*advocacy.facts.statements, *advocacy.facts.acts)]
    by_now = [each for each in begun if each <= moment]
    state = advocacy.standing(moment).state or AdvocacyState.PROPOSED
    return min(by_now) if by_now and concluded(state) is AdvocacyState.CONCLUDED else None
