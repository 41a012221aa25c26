"""What the list of applications may be asked, and which questions an index answers.

A filter that no index serves would read the whole table, so the combinations are a closed list.
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.domain.errors import Unprocessable
from api.domain.vocabulary import ApplicationState, Championing, Confidence, Level, Outcome, Owed, Stage, Waiting
from api.owed.schemas import FILTER
from api.platform.ids import AdvocateId, CandidateId, JobId, PersonId, ReferrerId
from api.platform.pages import Order, Orders
from api.platform.queries import ListQuery, QueryFlag
from api.platform.schemas import Moment

NEWEST_FIRST = "created_at desc"
ORDERS = Orders(
    "applications",
    dict.fromkeys(("created_at", "updated_at", "changed_at", "level_changed_at", "next_change_at"), datetime),
    default=NEWEST_FIRST,
)
NULLABLE = ("changed_at", "level_changed_at", "next_change_at")
"""Orders that leave out the rows without a value."""
RANGES = ("updated_at", "changed_at", "level_changed_at", "next_change_at")

ANNOUNCED = ("stage", "state", "outcome", "level", "championing", "confidence", "exposed")
"""Filters on members of closed sets."""
REPEATABLE = ("waiting", "follow_up_state")
"""Filters on members of closed sets, any of several."""
_ALONE = ("job", "candidate", "member", "referrer", "advocate", *ANNOUNCED, *REPEATABLE)


def _served(*combinations: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(names.split()) for names in ("", *combinations))


SERVED: Mapping[str, tuple[frozenset[str], ...]] = {
    "created_at": _served(
        *_ALONE,
        "job candidate",
        *("job state", "job stage", "job level"),
        *("member state", "member stage", "member level"),
        *("state stage", "state level", "state exposed", "member state exposed"),
        *(f"{whose} {what}" for whose in ("job", "member") for what in REPEATABLE),
        *("stage level", "job stage level", "member stage level", "state stage level"),
    ),
    "updated_at": _served("job"),
    "changed_at": _served("job", "member"),
    "level_changed_at": _served("job", "level"),
    "next_change_at": _served("job", "level", "member"),
}
"""The filters that combine in each order."""


class OrderByNotAvailable(Unprocessable):
    """The list cannot be sorted like this together with these filters; `available` names the orders that can be had."""

    code = "order_by_not_available"
    title = "This order is not available with these filters"


class FiltersNotCombinable(Unprocessable):
    """These filters cannot be used together; `combinations` names those that can be, beside each filter alone."""

    code = "filters_not_combinable"
    title = "These filters do not combine"


class ApplicationsQuery(ListQuery):
    """The filters and orders of the list of applications."""

    job: JobId | SkipJsonSchema[None] = Field(default=None, description="Applications for this job.")
    candidate: CandidateId | SkipJsonSchema[None] = Field(default=None, description="Applications of this candidate.")
    member: PersonId | SkipJsonSchema[None] = Field(
        default=None, description="Applications for the jobs that this person is a member of today."
    )
    stage: Stage | SkipJsonSchema[None] = Field(default=None, description="In this stage, or in it when they ended.")
    state: ApplicationState | SkipJsonSchema[None] = Field(default=None, description="In this state.")
    outcome: Outcome | SkipJsonSchema[None] = Field(default=None, description="Ended with this outcome.")
    level: Level | SkipJsonSchema[None] = Field(default=None, description="Last announced at this level.")
    championing: Championing | SkipJsonSchema[None] = Field(
        default=None, description="Where the best advocacy stands, as last announced."
    )
    confidence: Confidence | SkipJsonSchema[None] = Field(
        default=None, description="How sure the level is, as last announced."
    )
    exposed: QueryFlag | SkipJsonSchema[None] = Field(
        default=None, description="Whether the only advocate is gone, leaving, away too long or slipping."
    )
    waiting: list[Waiting] = Field(
        default=[], max_length=20, description="Whose candidates wait like this, as last announced."
    )
    follow_up_state: list[Owed] = Field(default=[], max_length=20, description=FILTER)
    referrer: ReferrerId | SkipJsonSchema[None] = Field(
        default=None, description="With a referral of this referrer linked, in whatever state."
    )
    advocate: AdvocateId | SkipJsonSchema[None] = Field(
        default=None, description="With an advocacy of this advocate, in whatever state."
    )
    updated_at_gte: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="updated_at[gte]", description="Changed at this moment or later."
    )
    updated_at_lt: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="updated_at[lt]", description="Last changed before this moment."
    )
    changed_at_gte: Moment | SkipJsonSchema[None] = Field(
        default=None,
        alias="changed_at[gte]",
        description="Became known, or another state, stage, outcome, level or championing, at this moment or later.",
    )
    changed_at_lt: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="changed_at[lt]", description="The same for the last time before this moment."
    )
    level_changed_at_gte: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="level_changed_at[gte]", description="At their level since this moment or later."
    )
    level_changed_at_lt: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="level_changed_at[lt]", description="At their level since before this moment."
    )
    next_change_at_gte: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="next_change_at[gte]", description="Support changes by time alone at this moment or later."
    )
    next_change_at_lt: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="next_change_at[lt]", description="Support changes by time alone before this moment."
    )
    order_by: str | SkipJsonSchema[None] = Field(
        default=None,
        max_length=200,
        description="One of `created_at`, `updated_at`, `changed_at`, `level_changed_at`, `next_change_at`, with"
        " ` desc` after it or not. By default the column of a range filter, ascending, else `created_at desc`.",
        examples=[NEWEST_FIRST],
    )

    @property
    def ranges(self) -> dict[str, dict[str, datetime]]:
        """The bounds asked for, by column and by the comparison in SQL."""
        signs = {"gte": ">=", "lt": "<"}
        bounds = {
            column: {
                sign: bound for end, sign in signs.items() if (bound := getattr(self, f"{column}_{end}")) is not None
            }
            for column in RANGES
        }
        return {column: asked for column, asked in bounds.items() if asked}

    @property
    def chosen(self) -> frozenset[str]:
        """The names of the filters that are used, ranges apart."""
        return frozenset(name for name in _ALONE if getattr(self, name) not in (None, []))

    def order(self) -> Order:
        """The order of this request.

        Raises InvalidOrderBy for an order that this list does not have, FiltersNotCombinable and OrderByNotAvailable
        for a question that no index answers.
        """
        ranged = list(self.ranges)
        if len(ranged) > 1:
            raise FiltersNotCombinable("Use the range of one column at a time.", combinations=RANGES)
        order = ORDERS.parse(self.order_by or next(iter(ranged), NEWEST_FIRST))
        available = [column for column, served in SERVED.items() if self.chosen in served]
        if not available:
            raise _not_combinable(self.chosen)
        if ranged:
            available = [column for column in available if column in ranged]
        if len(order.terms) > 2 or order.terms[0].name not in available:
            raise _not_available(available)
        return order


def _not_combinable(chosen: frozenset[str]) -> FiltersNotCombinable:
    several = sorted({" + ".join(sorted(names)) for served in SERVED.values() for names in served if len(names) > 1})
    names, there_are = ", ".join(sorted(chosen)), ", ".join(several)
    return FiltersNotCombinable(
        f"{names} cannot be used together. Beside each filter alone there are: {there_are}.", combinations=several
    )


def _not_available(available: list[str]) -> OrderByNotAvailable:
    if available:
        detail = (
            f"With these filters the list is sorted by one of: {', '.join(available)}. Ranges need their own order."
        )
    else:
        detail = "A range cannot be used with these filters; use it alone, or with the filters its order has."
    return OrderByNotAvailable(detail, available=available)
