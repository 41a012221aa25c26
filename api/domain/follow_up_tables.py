"""The types of follow-ups and invitations as tables: what holds until a workspace edits them.

`check_tables` of `follow_up_checks` says whether edited ones make sense.
"""

from api.domain.follow_up_types import Closing, FollowUpType, InvitationTrigger, InvitationType, Owner, Taking, Trigger

FOLLOW_UPS: tuple[FollowUpType, ...] = (
    FollowUpType(
        type="acknowledge_referral",
        owner=Owner.RECRUITER,
        triggers=(Trigger.REFERRAL_SUBMITTED,),
        due=2,
        closed_by=(Closing.REFERRAL_SETTLED,),
        outlives_outcome=True,
    ),
    FollowUpType(
        type="complete_capture",
        owner=Owner.RECRUITER,
        triggers=(Trigger.CAPTURE_NEEDS_DETAILS,),
        due=1,
        closed_by=(Closing.CAPTURE_SETTLED,),
        outlives_outcome=True,
        reaches_person=False,
    ),
    FollowUpType(
        type="answer_ask",
        owner=Owner.ADDRESSEE,
        triggers=(Trigger.ASK_OPEN,),
        due=3,
        escalate_after=5,
        closed_by=(Closing.ANSWER,),
        reaches_person=False,
    ),
    FollowUpType(
        type="update_supporters",
        owner=Owner.RECRUITER,
        triggers=(Trigger.MOVED_ON, Trigger.OUTCOME, Trigger.SUPPORTER_QUIET),
        due=2,
        closed_by=(Closing.INTERACTION,),
        outlives_outcome=True,
    ),
    FollowUpType(
        type="check_in_advocate",
        owner=Owner.RECRUITER,
        triggers=(Trigger.AT_RISK,),
        due=0,
        closed_by=(Closing.HIRING_SIDE_ACT,),
    ),
    FollowUpType(
        type="confirm_act",
        owner=Owner.AUDIENCE,
        triggers=(Trigger.ACT_UNCONFIRMED,),
        due=3,
        closed_by=(Closing.CONFIRMATION,),
        reaches_person=False,
    ),
    FollowUpType(
        type="hand_over",
        owner=Owner.RECRUITER,
        triggers=(Trigger.LEAVING_PLANNED,),
        due=3,
        counts_back=True,
        closed_by=(Closing.SECOND_ADVOCATE,),
    ),
    FollowUpType(
        type="brief_new_decider",
        owner=Owner.RECRUITER,
        triggers=(Trigger.NEW_DECIDER,),
        due=2,
        closed_by=(Closing.ACT_TO_NEW_DECIDER,),
    ),
    FollowUpType(
        type="thank_supporters",
        owner=Owner.DECIDER,
        triggers=(Trigger.OUTCOME,),
        due=2,
        closed_by=(Closing.INTERACTION,),
        outlives_outcome=True,
    ),
    FollowUpType(
        type="answer_candidate",
        owner=Owner.RECRUITER,
        triggers=(Trigger.WAITING,),
        due=0,
        closed_by=(Closing.MOVE, Closing.INTERACTION),
    ),
    FollowUpType(
        type="widen_coverage",
        owner=Owner.RECRUITER,
        triggers=(Trigger.EXPOSED,),
        due=2,
        closed_by=(Closing.SECOND_ADVOCATE,),
        reaches_person=False,
    ),
    FollowUpType(
        type="request_reference",
        owner=Owner.RECRUITER,
        triggers=(Trigger.OFFER_WITHOUT_REFERENCE,),
        due=1,
        closed_by=(Closing.REFERENCE_REQUESTED,),
        reaches_person=False,
    ),
    FollowUpType(
        type="thank_reference",
        owner=Owner.RECRUITER,
        triggers=(Trigger.REFERENCE_GIVEN,),
        due=2,
        closed_by=(Closing.INTERACTION,),
        outlives_outcome=True,
    ),
)

INVITATIONS: tuple[InvitationType, ...] = (
    InvitationType(
        type="act",
        triggers=(InvitationTrigger.AGREED, InvitationTrigger.FOLLOW_UP),
        with_follow_ups=("check_in_advocate",),
        taken_by=Taking.HIRING_SIDE_ACT,
    ),
    InvitationType(type="confirm", triggers=(InvitationTrigger.ACT_UNCONFIRMED,), taken_by=Taking.CONFIRMATION),
    InvitationType(
        type="hand_over",
        triggers=(InvitationTrigger.FOLLOW_UP,),
        with_follow_ups=("hand_over",),
        taken_by=Taking.SECOND_ADVOCATE,
        until_absence=True,
        replaces="act",
    ),
    InvitationType(
        type="become_advocate",
        triggers=(InvitationTrigger.REFERRAL_WITH_CONTEXT, InvitationTrigger.PRAISE),
        taken_by=Taking.ADVOCACY,
    ),
)
