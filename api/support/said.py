"""What people say of follow-ups and invitations, handed over to be announced."""

from dataclasses import dataclass

from api.domain.follow_up_facts import FollowUpByHand, FollowUpWord, InvitationByHand, InvitationPassed


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words by people, follow-ups and invitations that they made, and invitations that were passed.

    A word names what it is about by the key of the stored row (`key_of`). Free text is none of it: whoever announces it
    sets that on the row.
    """

    words: tuple[FollowUpWord, ...] = ()
    by_hand: tuple[FollowUpByHand, ...] = ()
    invited: tuple[InvitationByHand, ...] = ()
    passed: tuple[InvitationPassed, ...] = ()


NOTHING = Said()
"""Nobody said anything."""
