"""The closed sets of the domain: one word per thing, spelled as on the wire and in the database."""

from enum import StrEnum


class Level(StrEnum):
    """How well an application is backed, weakest first. Derived, never typed in."""

    NONE = "none"
    REFERRED = "referred"
    REFERRED_WITH_CONTEXT = "referred_with_context"
    RECOMMENDED = "recommended"
    CHAMPIONED = "championed"

    @property
    def rank(self) -> int:
        """Position from 0 (`none`) to 4 (`championed`)."""
        return list(Level).index(self)


class Championing(StrEnum):
    """Where one advocacy stands, best first: the order in which an application picks the one it shows."""

    ON_TRACK = "on_track"
    AWAITING_ANSWER = "awaiting_answer"
    AT_RISK = "at_risk"
    STARTED = "started"
    LAPSED = "lapsed"
    LOST = "lost"
    NONE = "none"


class FollowThrough(StrEnum):
    """How an active advocacy keeps at it, by its clock."""

    ON_TRACK = "on_track"
    AWAITING_ANSWER = "awaiting_answer"
    AT_RISK = "at_risk"
    LAPSED = "lapsed"


class Confidence(StrEnum):
    """The rungs of evidence, lowest first."""

    CLAIMED = "claimed"
    SELF_REPORTED = "self_reported"
    DOCUMENTED = "documented"
    CONFIRMED = "confirmed"

    @property
    def rank(self) -> int:
        """Position from 0 (`claimed`) to 3 (`confirmed`)."""
        return list(Confidence).index(self)


class Stage(StrEnum):
    """Stages of an application, in order."""

    IDENTIFIED = "identified"
    PREPARING = "preparing"
    APPLIED = "applied"
    SCREENING = "screening"
    INTERVIEWING = "interviewing"
    OFFER = "offer"


class Outcome(StrEnum):
    """How an application ended."""

    HIRED = "hired"
    OFFER_DECLINED = "offer_declined"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    JOB_CANCELLED = "job_cancelled"
    FILLED_BY_OTHER = "filled_by_other"


class ApplicationState(StrEnum):
    """Lifecycle of an application."""

    OPEN = "open"
    ON_HOLD = "on_hold"
    CLOSED = "closed"


class StageVerb(StrEnum):
    """What can happen to an application; each is recorded as a fact."""

    CREATE = "create"
    MOVE = "move"
    HOLD = "hold"
    RESUME = "resume"
    CLOSE = "close"
    REOPEN = "reopen"


class Origin(StrEnum):
    """How an application came about; fixed at the start."""

    COLD = "cold"
    REFERRED = "referred"
    INTRODUCED = "introduced"
    SOURCED = "sourced"
    AGENCY = "agency"
    EVENT = "event"
    INTERNAL = "internal"
    RETURNING = "returning"


class SeenByHiringManager(StrEnum):
    """Whether the hiring manager looked at the application at all."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class NextStepKind(StrEnum):
    """What the next step of an application is."""

    INTERVIEW = "interview"
    DECISION = "decision"


class Waiting(StrEnum):
    """Whether a candidate has been without recorded contact past the first or the second limit of the stage."""

    NONE = "none"
    WAITING = "waiting"
    WAITING_LONG = "waiting_long"


class JobKind(StrEnum):
    """What a job is."""

    HIRE = "hire"
    PROMOTION = "promotion"
    SECONDMENT = "secondment"
    PROJECT = "project"


class JobState(StrEnum):
    """Lifecycle of a job; any state may follow any other."""

    OPEN = "open"
    PAUSED = "paused"
    UNFUNDED = "unfunded"
    FILLED = "filled"
    CANCELLED = "cancelled"


class Power(StrEnum):
    """What a member may do on a job: decide, influence (the panel) or administer (a recruiter)."""

    DECIDES = "decides"
    INFLUENCES = "influences"
    ADMINISTERS = "administers"


class Availability(StrEnum):
    """Whether a person can be relied on and contacted."""

    AVAILABLE = "available"
    AWAY = "away"
    LEFT = "left"
    UNREACHABLE = "unreachable"
    DO_NOT_CONTACT = "do_not_contact"


class Affiliation(StrEnum):
    """A person's tie to the company; unknown until recorded."""

    EMPLOYEE = "employee"
    ALUMNUS = "alumnus"
    EXTERNAL = "external"
    AGENCY = "agency"


class Relationship(StrEnum):
    """How somebody knows the candidate, most informative first."""

    MANAGED = "managed"
    SAME_TEAM = "same_team"
    WORKED_TOGETHER = "worked_together"
    CLIENT_OR_SUPPLIER = "client_or_supplier"
    OUTSIDE_WORK = "outside_work"
    SAME_ORGANISATION = "same_organisation"
    SOCIAL = "social"
    FAMILY = "family"
    ONLINE_ONLY = "online_only"
    NONE = "none"


class Basis(StrEnum):
    """How somebody knows what a reason claims; it belongs to each use of the reason."""

    OBSERVED_DIRECTLY = "observed_directly"
    HEARD_FROM = "heard_from"
    OBSERVED_IN_PROCESS = "observed_in_process"
    CV_ONLY = "cv_only"


class AskKind(StrEnum):
    """What an act asks for. `consider` alone never makes a candidate championed."""

    INTERVIEW = "interview"
    SPEED_UP = "speed_up"
    KEEP_OPEN = "keep_open"
    RECONSIDER = "reconsider"
    HIRE = "hire"
    CONSIDER = "consider"


class AskState(StrEnum):
    """Lifecycle of an ask."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    DEFERRED = "deferred"


class AdvocacyState(StrEnum):
    """Lifecycle of an advocacy."""

    PROPOSED = "proposed"
    ASKED = "asked"
    NO_ANSWER = "no_answer"
    AGREED = "agreed"
    DECLINED = "declined"
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    CONCLUDED = "concluded"


class AdvocacyWord(StrEnum):
    """What somebody said about taking part; each is recorded as a fact of the advocacy."""

    PROPOSED = "proposed"
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ActWord(StrEnum):
    """What somebody said afterwards about an act."""

    CONFIRMED = "confirmed"
    DENIED = "denied"
    DISPUTED = "disputed"
    DISPUTE_WITHDRAWN = "dispute_withdrawn"
    RETRACTED = "retracted"


class Consent(StrEnum):
    """The candidate's consent to a referral."""

    GIVEN = "given"
    PENDING = "pending"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class ReferralState(StrEnum):
    """Lifecycle of a referral. *Live* means `submitted` or `acknowledged`."""

    CONSENT_PENDING = "consent_pending"
    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    INELIGIBLE = "ineligible"
    DUPLICATE = "duplicate"
    EXPIRED = "expired"
    CLOSED = "closed"


class ReferralWord(StrEnum):
    """What happened to a referral after it was made; each is recorded as a fact of it."""

    CONSENT_GIVEN = "consent_given"
    CONSENT_REFUSED = "consent_refused"
    ACKNOWLEDGED = "acknowledged"
    WITHDRAWN = "withdrawn"
    INELIGIBLE = "ineligible"
    LINKED = "linked"


class ReferenceState(StrEnum):
    """Lifecycle of a reference."""

    REQUESTED = "requested"
    NO_ANSWER = "no_answer"
    AGREED = "agreed"
    GIVEN = "given"
    DECLINED = "declined"


class ReferenceWord(StrEnum):
    """What happened around a reference; each is recorded as a fact of it."""

    REQUESTED = "requested"
    AGREED = "agreed"
    GIVEN = "given"
    DECLINED = "declined"


class Rule(StrEnum):
    """The parts a level is made of; an answer says of each whether it is satisfied."""

    REFERRAL = "referral"
    CONTEXT = "context"
    QUALIFYING_ACT = "qualifying_act"
    ACTIVE = "active"
    REASONS = "reasons"
    ASK = "ask"
    RETURN = "return"
    CLOCK = "clock"


class FollowUpState(StrEnum):
    """Lifecycle of a follow-up."""

    OPEN = "open"
    COMPLETED = "completed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Owed(StrEnum):
    """How an open follow-up stands in time, and what is owed to somebody by all that are open; least pressing first."""

    NONE = "none"
    SCHEDULED = "scheduled"
    DUE = "due"
    OVERDUE = "overdue"

    @property
    def rank(self) -> int:
        """Position from 0 (`none`) to 3 (`overdue`)."""
        return list(Owed).index(self)


class FollowUpVerb(StrEnum):
    """What people do with a follow-up."""

    COMPLETE = "complete"
    SKIP = "skip"
    CANCEL = "cancel"
    SNOOZE = "snooze"
    REASSIGN = "reassign"


class InvitationState(StrEnum):
    """Lifecycle of an invitation. It is never overdue."""

    OPEN = "open"
    TAKEN = "taken"
    PASSED = "passed"
    EXPIRED = "expired"


class Direction(StrEnum):
    """Which way a contact went between the hiring side and a person."""

    TO_PERSON = "to_person"
    FROM_PERSON = "from_person"
    BOTH_WAYS = "both_ways"


class ActionLinkPurpose(StrEnum):
    """What one person can do by a link."""

    RECORD_ACT = "record_act"
    CONFIRM_ACT = "confirm_act"
    ANSWER_ASK = "answer_ask"
    AGREE = "agree"
    HAND_OVER = "hand_over"
    NOT_ME = "not_me"


class ActionLinkState(StrEnum):
    """Lifecycle of a link. Nothing is stored when it expires: that follows from its time."""

    OPEN = "open"
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"


class ActionLinkAnswer(StrEnum):
    """What a person did by a link."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    GRANTED = "granted"
    REFUSED = "refused"
    DEFERRED = "deferred"
    AGREED = "agreed"
    DECLINED = "declined"
    SUGGESTED = "suggested"
    NOBODY = "nobody"
    DISPUTED = "disputed"
