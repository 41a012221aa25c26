"""What the list of follow-ups may be asked, and which questions an index answers."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from api.applications.listing_filters import FiltersNotCombinable, OrderByNotAvailable
from api.domain.vocabulary import FollowUpState, Owed
from api.follow_ups.bodies import TYPE
from api.platform.ids import AdvocacyId, AdvocateId, ApplicationId, CaptureId, PersonId, ReferralId, ReferrerId
from api.platform.pages import Order, Orders
from api.platform.queries import ListQuery
from api.platform.schemas import Moment

ORDERS = Orders("follow_ups", {"due_at": datetime, "updated_at": datetime, "created_at": datetime}, default="due_at")
RANGES = ("due_at", "updated_at")
SUBJECTS = ("application", "referral", "referrer", "advocacy", "advocate", "person", "capture")
"""Filters that leave few enough rows to look at each: with one of them any other filter and order goes."""
ANNOUNCED = ("state", "standing")
"""Filters on members of closed sets."""
_OTHERS = ("owner", "type", *ANNOUNCED)

SERVED: Mapping[str, tuple[frozenset[str], ...]] = {
    "due_at": tuple(
        frozenset(names.split())
        for names in ("", "owner", "type", "state", "standing", "owner state", "owner standing", "type state")
    ),
    "updated_at": (frozenset(),),
    "created_at": (frozenset(),),
}
"""The filters that combine in each order without a subject."""


class FollowUpsQuery(ListQuery):
    """The filters and orders of the list of follow-ups."""

    owner: PersonId | SkipJsonSchema[None] = Field(default=None, description="Those that this person owes.")
    application: ApplicationId | SkipJsonSchema[None] = Field(default=None, description="Those of this application.")
    referral: ReferralId | SkipJsonSchema[None] = Field(default=None, description="Those that name this referral.")
    referrer: ReferrerId | SkipJsonSchema[None] = Field(default=None, description="Those that name this referrer.")
    advocacy: AdvocacyId | SkipJsonSchema[None] = Field(default=None, description="Those that name this advocacy.")
    advocate: AdvocateId | SkipJsonSchema[None] = Field(default=None, description="Those that name this advocate.")
    person: PersonId | SkipJsonSchema[None] = Field(default=None, description="Those about this person.")
    capture: CaptureId | SkipJsonSchema[None] = Field(default=None, description="Those about this capture.")
    type: str | SkipJsonSchema[None] = Field(
        default=None, max_length=60, pattern=TYPE, description="Those of this type.", examples=["answer_ask"]
    )
    state: FollowUpState | SkipJsonSchema[None] = Field(default=None, description="In this state.")
    standing: Owed | SkipJsonSchema[None] = Field(
        default=None, description="Standing like this in time, as last announced; `none` are those that are closed."
    )
    due_at_gte: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="due_at[gte]", description="Due at this moment or later."
    )
    due_at_lt: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="due_at[lt]", description="Due before this moment."
    )
    updated_at_gte: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="updated_at[gte]", description="Changed at this moment or later."
    )
    order_by: str | SkipJsonSchema[None] = Field(
        default=None,
        max_length=200,
        description="One of `due_at`, `updated_at`, `created_at`, with ` desc` after it or not. By default the column "
        "of a range filter, else `due_at`, the first due first.",
        examples=["due_at"],
    )

    @property
    def ranges(self) -> dict[str, dict[str, datetime]]:
        """The bounds asked for, by column and by the comparison in SQL."""
        due = {">=": self.due_at_gte, "<": self.due_at_lt}
        asked = {
            "due_at": {sign: bound for sign, bound in due.items() if bound is not None},
            "updated_at": {">=": self.updated_at_gte} if self.updated_at_gte is not None else {},
        }
        return {column: bounds for column, bounds in asked.items() if bounds}

    @property
    def chosen(self) -> frozenset[str]:
        """The names of the filters for one value that are used."""
        return frozenset(name for name in (*SUBJECTS, *_OTHERS) if getattr(self, name) is not None)

    @property
    def has_subject(self) -> bool:
        """Whether a filter leaves few rows."""
        return not self.chosen.isdisjoint(SUBJECTS)

    def order(self) -> Order:
        """The order of this request.

        Raises InvalidOrderBy for an order that this list does not have, FiltersNotCombinable and OrderByNotAvailable
        for a question that no index answers.
        """
        ranged = list(self.ranges)
        order = ORDERS.parse(self.order_by or next(iter(ranged), None))
        if self.has_subject:
            return order
        available = [column for column, served in SERVED.items() if self.chosen in served]
        if not available or len(ranged) > 1:
            raise _not_combinable()
        if ranged:
            available = [column for column in available if column in ranged]
        if len(order.terms) > 2 or order.terms[0].name not in available:
            raise _not_available(available)
        return order


def _not_combinable() -> FiltersNotCombinable:
    together = sorted(" + ".join(sorted(names)) for names in SERVED["due_at"] if len(names) > 1)
    detail = (
        f"Any filters go together with one of {', '.join(SUBJECTS)}. Without one there are, beside each alone: "
        f"{', '.join(together)}; and one range at a time."
    )
    return FiltersNotCombinable(detail, combinations=together)


def _not_available(available: list[str]) -> OrderByNotAvailable:
    if available:
        detail = f"With these filters the list is sorted by one of: {', '.join(available)}. Ranges need their own."
    else:
        detail = f"This range goes alone, or with one of {', '.join(SUBJECTS)}."
    return OrderByNotAvailable(detail, available=available)
