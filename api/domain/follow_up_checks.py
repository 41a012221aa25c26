"""Whether edited tables of follow-ups and invitations make sense; what could never end is refused, with the reason."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from api.domain.errors import Unprocessable
from api.domain.follow_up_types import Closing, FollowUpType, InvitationTrigger, InvitationType, Owner, Trigger

LONGEST_DUE, LONGEST_ESCALATION = 30, 60

_CAN_CLOSE: Mapping[Trigger, frozenset[Closing]] = {
    Trigger.REFERRAL_SUBMITTED: frozenset({Closing.REFERRAL_SETTLED, Closing.INTERACTION}),
    Trigger.CAPTURE_NEEDS_DETAILS: frozenset({Closing.CAPTURE_SETTLED}),
    Trigger.ASK_OPEN: frozenset({Closing.ANSWER, Closing.CONFIRMATION, Closing.HIRING_SIDE_ACT, Closing.INTERACTION}),
    Trigger.MOVED_ON: frozenset({Closing.INTERACTION}),
    Trigger.OUTCOME: frozenset({Closing.INTERACTION}),
    Trigger.SUPPORTER_QUIET: frozenset({Closing.INTERACTION}),
    Trigger.AT_RISK: frozenset({Closing.HIRING_SIDE_ACT, Closing.INTERACTION, Closing.SECOND_ADVOCATE}),
    Trigger.ACT_UNCONFIRMED: frozenset({Closing.CONFIRMATION, Closing.INTERACTION}),
    Trigger.LEAVING_PLANNED: frozenset({Closing.SECOND_ADVOCATE, Closing.INTERACTION, Closing.HIRING_SIDE_ACT}),
    Trigger.NEW_DECIDER: frozenset({Closing.ACT_TO_NEW_DECIDER, Closing.INTERACTION}),
    Trigger.WAITING: frozenset({Closing.MOVE, Closing.INTERACTION}),
    Trigger.EXPOSED: frozenset({Closing.SECOND_ADVOCATE, Closing.HIRING_SIDE_ACT, Closing.INTERACTION}),
    Trigger.OFFER_WITHOUT_REFERENCE: frozenset({Closing.REFERENCE_REQUESTED, Closing.INTERACTION, Closing.MOVE}),
    Trigger.REFERENCE_GIVEN: frozenset({Closing.INTERACTION}),
}
"""What can happen to the thing that a trigger names."""

_OWNERS_OF: Mapping[Owner, frozenset[Trigger]] = {
    Owner.ADDRESSEE: frozenset({Trigger.ASK_OPEN}),
    Owner.AUDIENCE: frozenset({Trigger.ACT_UNCONFIRMED, Trigger.ASK_OPEN}),
}


class SenselessRules(Unprocessable):
    """A table of follow-ups or invitations that could not work as written."""

    code = "senseless_rules"
    title = "The table makes no sense"


def check_tables(follow_ups: Sequence[FollowUpType], invitations: Sequence[InvitationType]) -> None:
    """Refuse tables with a row that could never end, never happen, or owes the same thing twice: SenselessRules.

    Its pointer begins with `/follow_up_types` or `/invitation_types`.
    """
    for place, row in enumerate(follow_ups):
        for member, problem in _problems(row):
            raise SenselessRules(f"{row.type}: {problem}", pointer=f"/follow_up_types/{place}/{member}")
    _check_names("follow_up_types", [row.type for row in follow_ups])
    _check_names("invitation_types", [row.type for row in invitations])
    for one, other in combinations(follow_ups, 2):
        _check_overlap(one, other)
    names = {row.type for row in follow_ups}
    types = {row.type for row in invitations}
    for place, invitation in enumerate(invitations):
        _check_invitation(place, invitation, names, types)
        _check_circle(place, invitation, {row.type: row.replaces for row in invitations})


def _problems(row: FollowUpType) -> Iterator[tuple[str, str]]:
    if not row.triggers or Trigger.BY_HAND in row.triggers:
        yield "triggers", "without a trigger that the service notices it would never happen."
    yield from _endless(row)
    for trigger in row.triggers:
        if trigger not in _OWNERS_OF.get(row.owner, row.triggers):
            yield "owner", f"'{trigger}' names nobody who could be the owner '{row.owner}'."
        if trigger is Trigger.OUTCOME and not row.outlives_outcome:
            yield "outlives_outcome", "an outcome triggers it, which would cancel it at once."
    yield from _mistimed(row)


def _endless(row: FollowUpType) -> Iterator[tuple[str, str]]:
    """Why it could never end."""
    if not row.closed_by:
        yield "closed_by", "nothing closes it, so it could never end."
    for trigger in row.triggers:
        if trigger is Trigger.MOVED_ON and Closing.MOVE in row.closed_by:
            yield "closed_by", "a move closes it and a move triggers it, so it could never end."
        elif not set(row.closed_by) & _CAN_CLOSE.get(trigger, frozenset()):
            yield "closed_by", f"what closes it cannot happen to what '{trigger}' names, so it could never end."


def _mistimed(row: FollowUpType) -> Iterator[tuple[str, str]]:
    if not 0 <= row.due <= LONGEST_DUE:
        yield "due", f"it is due after 0 to {LONGEST_DUE} working days."
    if row.counts_back and set(row.triggers) != {Trigger.LEAVING_PLANNED}:
        yield "counts_back", f"only '{Trigger.LEAVING_PLANNED}' has a last day to count back from."
    if row.escalate_after is None:
        return
    if row.counts_back or not row.due < row.escalate_after <= LONGEST_ESCALATION:
        yield "escalate_after", f"it passes on later than it is due, and within {LONGEST_ESCALATION} working days."
    if row.escalate_to is row.owner:
        yield "escalate_to", "it would pass from somebody to themself."
    if row.escalate_to not in (Owner.RECRUITER, Owner.DECIDER):
        yield "escalate_to", "it passes to the recruiter or the decider."


def _check_names(member: str, names: list[str]) -> None:
    double = [name for name, count in Counter(names).items() if count > 1]
    if double:
        raise SenselessRules(f"'{double[0]}' is there twice.", pointer=f"/{member}")


def _check_overlap(one: FollowUpType, other: FollowUpType) -> None:
    """Two types for one trigger and one owner would owe the same thing twice."""
    shared = [trigger for trigger in one.triggers if trigger in other.triggers]
    if shared and one.owner is other.owner:
        detail = f"'{one.type}' and '{other.type}' overlap: '{shared[0]}' would make both for the same owner."
        raise SenselessRules(detail, pointer="/follow_up_types")


def _check_invitation(place: int, row: InvitationType, follow_ups: set[str], types: set[str]) -> None:
    unknown = [name for name in row.with_follow_ups if name not in follow_ups]
    if unknown:
        detail = f"{row.type}: there is no follow-up '{unknown[0]}' to come with."
        raise SenselessRules(detail, pointer=f"/invitation_types/{place}/with_follow_ups")
    if not row.triggers:
        raise SenselessRules(f"{row.type}: nothing triggers it.", pointer=f"/invitation_types/{place}/triggers")
    if row.replaces is not None and row.replaces not in types - {row.type}:
        raise SenselessRules(
            f"{row.type}: there is no other '{row.replaces}'.", pointer=f"/invitation_types/{place}/replaces"
        )
    if set(row.triggers) == {InvitationTrigger.FOLLOW_UP} and not row.with_follow_ups:
        raise SenselessRules(
            f"{row.type}: no follow-up brings it, so it would never happen.",
            pointer=f"/invitation_types/{place}/with_follow_ups",
        )


def _check_circle(place: int, row: InvitationType, replaced: Mapping[str, str | None]) -> None:
    """What replaces another ignores the gap, so in a circle two would take each other's place without end."""
    seen, following = {row.type}, row.replaces
    while following is not None and following not in seen:
        seen.add(following)
        following = replaced.get(following)
    if following is not None:
        detail = f"{row.type}: '{following}' comes back in the chain of what replaces what, so it could never end."
        raise SenselessRules(detail, pointer=f"/invitation_types/{place}/replaces")
