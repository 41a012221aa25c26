"""Every number a rule reads, with its default, its unit and what is allowed.

Days are calendar days in the workspace's time zone unless said otherwise; a counted day is one on which the clock of an
advocacy runs. Only numbers that code reads are here.
"""

from dataclasses import dataclass, field
from datetime import date, time
from zoneinfo import ZoneInfo

from api.domain.follow_up_tables import FOLLOW_UPS, INVITATIONS
from api.domain.follow_up_types import FollowUpType, InvitationType
from api.domain.vocabulary import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of a workspace's numbers; passed into every rule."""

    time_zone: str = "UTC"
    working_days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    """Weekdays, 0 being Monday."""
    working_hours: tuple[time, time] = (time(9), time(17))
    holidays: frozenset[date] = frozenset()
    min_reasons: int = 2
    min_act_days: int = 2
    reason_copies_warn: int = 3
    window_identified: int = 14
    window_preparing: int = 14
    window_applied: int = 7
    window_screening: int = 10
    window_interviewing: int = 10
    window_offer: int = 7
    window_on_hold: int = 21
    lapse_factor: int = 2
    next_step_grace_days: int = 2
    chase_days: int = 2
    awaiting_answer_max_days: int = 30
    advocacy_no_answer_days: int = 14
    reference_no_answer_days: int = 14
    also_champions_days: int = 90
    referral_consent_required: bool = False
    referral_consent_days: int = 30
    referral_valid_days: int = 180
    reference_requests_max: int = 3
    reference_requests_days: int = 90
    waiting_applied: int = 14
    waiting_long_applied: int = 30
    waiting_screening: int = 10
    waiting_long_screening: int = 21
    waiting_interviewing: int = 7
    waiting_long_interviewing: int = 14
    waiting_offer: int = 3
    waiting_long_offer: int = 7
    supporter_quiet_days: int = 10
    invitation_open_max: int = 1
    """Open invitations to one person about one application by one asker."""
    invitation_gap_days: int = 14
    invitation_expires_days: int = 14
    invitation_unanswered_max: int = 2
    decider_digests_per_week: int = 3
    follow_up_types: tuple[FollowUpType, ...] = FOLLOW_UPS
    """In order: of what is as pressing, the first type comes first."""
    invitation_types: tuple[InvitationType, ...] = INVITATIONS
    zone: ZoneInfo = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone", ZoneInfo(self.time_zone))

    def window(self, stage: Stage) -> int:
        """Counted days without a hiring-side act after which an advocacy in this stage is no longer on track."""
        windows: dict[Stage, int] = {
            Stage.IDENTIFIED: self.window_identified,
            Stage.PREPARING: self.window_preparing,
            Stage.APPLIED: self.window_applied,
            Stage.SCREENING: self.window_screening,
            Stage.INTERVIEWING: self.window_interviewing,
            Stage.OFFER: self.window_offer,
        }
        return windows[stage]

    def waiting_limits(self, stage: Stage) -> tuple[int, int] | None:
        """Days without contact after which a candidate in this stage waits, and waits long; null where nobody waits."""
        limits: dict[Stage, tuple[int, int]] = {
            Stage.APPLIED: (self.waiting_applied, self.waiting_long_applied),
            Stage.SCREENING: (self.waiting_screening, self.waiting_long_screening),
            Stage.INTERVIEWING: (self.waiting_interviewing, self.waiting_long_interviewing),
            Stage.OFFER: (self.waiting_offer, self.waiting_long_offer),
        }
        return limits.get(stage)

    def follow_up_type(self, name: str) -> FollowUpType | None:
        """The row of a type of follow-up; null for one that is not in the table."""
        return next((each for each in self.follow_up_types if each.type == name), None)

    def place_of(self, name: str) -> int:
        """The place of a type of follow-up in the table; what is not in it comes last."""
        names = [each.type for each in self.follow_up_types]
        return names.index(name) if name in names else len(names)
