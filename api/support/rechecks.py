"""When an application is to be judged again."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import TypeAlias

from api.domain.facts import ApplicationFacts, DatedRecord, MergeRecord, PolicyVersion
from api.domain.follow_up_facts import FollowUpFacts

Beside: TypeAlias = DatedRecord | MergeRecord | PolicyVersion


def next_recheck(by_time: datetime | None, records: Iterable[Beside], *, after: datetime) -> datetime | None:
    """The next moment to judge: when time would move something, or when one of these records was made, if earlier.

    One mark stands for all that was recorded since the row was last judged, and may lie before some of it.
    """
    moments = [record.recorded_at for record in records if record.recorded_at > after]
    return min(moments if by_time is None else [by_time, *moments], default=None)


def recorded_beside(facts: ApplicationFacts, beside: FollowUpFacts) -> Iterable[Beside]:
    """What is recorded without the application's lock, and reaches it by a mark."""
    of_advocates = ((*each.availability, *each.affiliations) for each in facts.advocacies)
    of_merged = ((*each.availability, *each.affiliations) for each in facts.merged_people)
    of_people = (each.availability for each in beside.people)
    return chain(facts.members, facts.policies, facts.merges, *of_advocates, *of_merged, *of_people)
