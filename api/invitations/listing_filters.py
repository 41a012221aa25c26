"""What the list of invitations may be asked, and which questions an index answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.applications.listing_filters import FiltersNotCombinable, OrderByNotAvailable
from api.domain.vocabulary import InvitationState
from api.invitations.schemas import TYPE
from api.models import Invitation
from api.platform.ids import AdvocacyId, ApplicationId, PersonId, ReferralId
from api.platform.pages import Order, Orders
from api.platform.queries import ListQuery
from api.platform.schemas import Moment

ORDERS = Orders(
    "invitations",
    {"invited_at": datetime, "expires_at": datetime, "updated_at": datetime},
    default="invited_at desc",
)
SUBJECTS = ("application", "person", "advocacy", "referral")
"""Filters that leave few enough rows to look at each: with one of them any other filter and order goes."""
SERVED: Mapping[str, tuple[frozenset[str], ...]] = {
    "invited_at": tuple(
        frozenset(names.split()) for names in ("", "asker", "type", "state", "asker state", "type state")
    ),
    "expires_at": (frozenset(), frozenset({"state"})),
    "updated_at": (frozenset(),),
}
"""The filters that combine in each order without a subject."""
_COLUMNS: Mapping[str, Any] = {
    "application": Invitation.application_id,
    "person": Invitation.person_id,
    "advocacy": Invitation.advocacy_id,
    "referral": Invitation.referral_id,
    "asker": Invitation.asker_id,
    "type": Invitation.type,
    "state": Invitation.state,
}


class InvitationsQuery(ListQuery):
    """The filters and orders of the list of invitations."""

    application: ApplicationId | SkipJsonSchema[None] = Field(default=None, description="For this application.")
    person: PersonId | SkipJsonSchema[None] = Field(default=None, description="To this person.")
    advocacy: AdvocacyId | SkipJsonSchema[None] = Field(default=None, description="About this advocacy.")
    referral: ReferralId | SkipJsonSchema[None] = Field(default=None, description="On the ground of this referral.")
    asker: PersonId | SkipJsonSchema[None] = Field(default=None, description="By this person.")
    type: str | SkipJsonSchema[None] = Field(
        default=None, max_length=60, pattern=TYPE, description="Of this type.", examples=["act"]
    )
    state: InvitationState | SkipJsonSchema[None] = Field(default=None, description="In this state.")
    invited_at_gte: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="invited_at[gte]", description="Made at this moment or later."
    )
    invited_at_lt: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="invited_at[lt]", description="Made before this moment."
    )
    expires_at_gte: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="expires_at[gte]", description="Ending by itself at this moment or later."
    )
    expires_at_lt: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="expires_at[lt]", description="Ending by itself before this moment."
    )
    updated_at_gte: Moment | SkipJsonSchema[None] = Field(
        default=None, alias="updated_at[gte]", description="Changed at this moment or later."
    )
    order_by: str | SkipJsonSchema[None] = Field(
        default=None,
        max_length=200,
        description="One of `invited_at`, `expires_at`, `updated_at`, with ` desc` after it or not. By default the "
        "column of a range filter, else `invited_at desc`, the latest first.",
        examples=["expires_at"],
    )

    @property
    def chosen(self) -> frozenset[str]:
        """The names of the filters for one value that are used."""
        return frozenset(name for name in _COLUMNS if getattr(self, name) is not None)

    @property
    def ranges(self) -> list[str]:
        """The columns of which a range is asked for."""
        bounds = {name.rpartition("_")[0]: None for name in type(self).model_fields if name.endswith(("_gte", "_lt"))}
        return [name for name in bounds if any(getattr(self, f"{name}_{end}", None) for end in ("gte", "lt"))]

    def order(self) -> Order:
        """The order of this request.

        Raises InvalidOrderBy for an order that this list does not have, FiltersNotCombinable and OrderByNotAvailable
        for a question that no index answers.
        """
        order = ORDERS.parse(self.order_by or next(iter(self.ranges), None))
        if not self.chosen.isdisjoint(SUBJECTS):
            return order
        available = [column for column, served in SERVED.items() if self.chosen in served]
        if not available or len(self.ranges) > 1:
            raise _not_combinable()
        if self.ranges:
            available = [column for column in available if column in self.ranges]
        if len(order.terms) > 2 or order.terms[0].name not in available:
            raise _not_available(available)
        return order

    def statement(self) -> SelectOfScalar[Invitation]:
        """The invitations asked for, in no order yet."""
        statement = select(Invitation)
        for name in self.chosen:
            statement = statement.where(col(_COLUMNS[name]) == getattr(self, name))
        for name in self.ranges:
            column = col(getattr(Invitation, name))
            if (since := getattr(self, f"{name}_gte")) is not None:
                statement = statement.where(column >= since)
            if (before := getattr(self, f"{name}_lt", None)) is not None:
                statement = statement.where(column < before)
        return statement


def _not_combinable() -> FiltersNotCombinable:
    together = sorted(" + ".join(sorted(names)) for names in SERVED["invited_at"] if len(names) > 1)
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
