"""Why a level holds or does not: each part of its rule, what shows it, or what is missing in words."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from api.domain.backing import BEST_FIRST
from api.domain.calendar import day_of, days_after
from api.domain.derived import Part
from api.domain.evidence import Evidence
from api.domain.history import AdvocacyHistory, History, ReferralHistory
from api.domain.vocabulary import AdvocacyState, FollowThrough, Level, Rule
from api.domain.wording import day_in_words

_ASKS = "an interview, speed, keeping the place open, another look, or to hire"


def explain(history: History, level: Level) -> tuple[Part, ...]:
    """The parts of the level and of all higher ones, those of `championed` for the best advocacy."""
    parts = [_referral(history), _context(history), _qualifying_act(history), *_championed(history)]
    return tuple(part for part in parts if part.level.rank >= level.rank)


def named_advocacy(history: History) -> AdvocacyHistory | None:
    """The best advocacy with a qualifying act: the one whose advocate is named."""
    best = _best(history)
    return best if best and best.standing(history.judged_at).follow_through is not None else None


def come_back_by(advocacy: AdvocacyHistory, moment: datetime) -> date | None:
    """The last day on which the clock is within the window: of the present run, or of the one that is over.

    Null without a qualifying act, and where the clock stands still without an end.
    """
    readings = advocacy.walk.readings
    by_now = [reading for at, reading in readings if at <= moment]
    if not by_now:
        return None
    if not by_now[-1].is_within:
        return next((reading.day for reading in reversed(by_now) if reading.is_within), None)
    over = next((reading for at, reading in readings if at > moment and not reading.is_within), None)
    return days_after(over.day, -1) if over else None


def advocacy_parts(history: History, advocacy: AdvocacyHistory) -> tuple[Part, ...]:
    """The five parts of `championed`, all of which one and the same advocacy has to meet."""
    return (
        _active(history, advocacy),
        _reasons(history, advocacy),
        _ask(advocacy),
        _return(history, advocacy),
        _clock(history, advocacy),
    )


def _part(rule: Rule, level: Level, evidence: Iterable[UUID], missing: str | None) -> Part:
    """A part is satisfied where nothing is missing."""
    return Part(rule=rule, level=level, satisfied=missing is None, evidence=tuple(evidence), missing=missing)


def _live(history: History) -> list[ReferralHistory]:
    moment = history.judged_at
    return [each for each in history.referrals if (status := each.walk.steps.at(moment)) and status.gives_level]


def _referral(history: History) -> Part:
    live = _live(history)
    missing = None if live else "A referral that is live and linked to this application."
    return _part(Rule.REFERRAL, Level.REFERRED, (each.facts.id for each in live), missing)


def _context(history: History) -> Part:
    live = _live(history)
    full = [each.facts.id for each in live if each.is_related and each.has_reason]
    missing = None
    if not live:
        missing = "A live referral that says how the referrer knows the candidate and gives a specific reason."
    elif not full and not any(each.is_related for each in live):
        missing = (
            "How the referrer knows the candidate, and with it a specific reason: a requirement of the job and what"
        )
        missing += " the referrer saw of it or heard from somebody who saw it."
    elif not full:
        missing = (
            "A specific reason: a requirement of the job and what the referrer saw of it or heard from somebody who"
        )
        missing += " saw it, beside how they know the candidate."
    return _part(Rule.CONTEXT, Level.REFERRED_WITH_CONTEXT, full, missing)


def _qualifying_act(history: History) -> Part:
    acts = [act for advocacy in history.advocacies for act in advocacy.evidence]
    qualifying = [act.act.id for act in acts if act.qualifies]
    missing = None if qualifying else _why_none_qualifies([act for act in acts if act.counts])
    return _part(Rule.QUALIFYING_ACT, Level.RECOMMENDED, qualifying, missing)


def _why_none_qualifies(acts: Sequence[Evidence]) -> str:
    if not acts:
        return "Somebody who speaks up: an act addressed to somebody who decides or influences, with a specific reason."
    heard = [act for act in acts if act.is_heard_by_power]
    if not heard and any(act.is_heard_by_member for act in acts):
        return "What was said reached recruiters alone: reach somebody who decides or influences."
    if not heard:
        return "Nobody on this job heard it who decides or influences: reach one of them."
    if any(act.reasons for act in heard):
        return (
            "The advocate is a member of this job: give a reason that they saw for themselves before this application"
            " began."
        )
    return (
        "A specific reason: a requirement of the job and what the advocate saw of it or heard from somebody who saw it."
    )


def _best(history: History) -> AdvocacyHistory | None:
    """The advocacy nearest to championing, of those of which anything was said or done by then."""

    def place(advocacy: AdvocacyHistory) -> tuple[bool, int, timedelta, int]:
        standing = advocacy.standing(history.judged_at)
        heard_at = advocacy.walk.last_heard_at
        silence = history.judged_at - heard_at if heard_at else timedelta.max
        return standing.follow_through is None, BEST_FIRST[standing.championing], silence, advocacy.facts.id.int

    begun = (each for each in history.advocacies if each.facts.statements or each.facts.acts)
    return min(begun, key=place, default=None)


def _championed(history: History) -> tuple[Part, ...]:
    best = _best(history)
    if best is not None:
        return advocacy_parts(history, best)
    wanted = {
        Rule.ACTIVE: "An advocate: somebody who knows the work and speaks up for the candidate.",
        Rule.REASONS: f"{history.policy.min_reasons} specific reasons, at least one of them seen directly.",
        Rule.ASK: f"An explicit ask to somebody who decides or influences: for {_ASKS}.",
        Rule.RETURN: "An advocate who comes back on another day, or whose ask is granted.",
        Rule.CLOCK: "Follow-through, which begins with the first act that qualifies.",
    }
    return tuple(_part(rule, Level.CHAMPIONED, (), missing) for rule, missing in wanted.items())


def _active(history: History, advocacy: AdvocacyHistory) -> Part:
    standing = advocacy.standing(history.judged_at)
    missing = None
    if standing.lost_since is not None:
        since = day_in_words(day_of(standing.lost_since, history.zone))
        missing = (
            f"The advocate can be relied on no longer since {since}; a new act to the hiring side brings them back."
        )
    elif standing.state is not AdvocacyState.ACTIVE:
        state = standing.state or AdvocacyState.PROPOSED
        missing = f"The advocacy is in state '{state}': it becomes active with the first act that qualifies."
    return _part(Rule.ACTIVE, Level.CHAMPIONED, _last_heard(advocacy), missing)


def _reasons(history: History, advocacy: AdvocacyHistory) -> Part:
    needed = history.policy.min_reasons
    acts = [act for act in advocacy.evidence if act.qualifies]
    uses = [use for act in acts for use in act.reasons]
    lacking = needed - len({use.requirement_id for use in uses})
    wanted = []
    if lacking > 0:
        wanted.append(
            f"{lacking} more specific reason{'s' if lacking > 1 else ''}, naming other requirements of the job"
        )
    if not any(use.is_direct for use in uses):
        wanted.append("one reason that the advocate saw for themselves")
    missing = f"To somebody who decides or influences: {', and '.join(wanted)}." if wanted else None
    return _part(Rule.REASONS, Level.CHAMPIONED, (act.act.id for act in acts), missing)


def _ask(advocacy: AdvocacyHistory) -> Part:
    acts = [act.act.id for act in advocacy.evidence if act.asks_power]
    missing = None if acts else f"An explicit ask to somebody who decides or influences: for {_ASKS}."
    return _part(Rule.ASK, Level.CHAMPIONED, acts, missing)


def _return(history: History, advocacy: AdvocacyHistory) -> Part:
    walk = advocacy.walk
    acts = {act.day: act.act.id for act in walk.hiring_side}
    if walk.has_returned:
        return _part(Rule.RETURN, Level.CHAMPIONED, acts.values(), None)
    lacking = history.policy.min_act_days - len(acts)
    by = come_back_by(advocacy, history.judged_at)
    is_ahead = by is not None and by >= day_of(history.judged_at, history.zone)
    until = f", by {day_in_words(by)} to stay within the window" if by and is_ahead else ""
    days = "another day" if lacking == 1 else f"{lacking} more days"
    missing = f"An act to the hiring side on {days}{until}; or a granted ask."
    return _part(Rule.RETURN, Level.CHAMPIONED, acts.values(), missing)


def _clock(history: History, advocacy: AdvocacyHistory) -> Part:
    standing = advocacy.standing(history.judged_at)
    missing = None
    if standing.follow_through is None:
        missing = "Follow-through, which begins with the first act that qualifies."
    elif standing.follow_through is FollowThrough.LAPSED and standing.lapsed_since is not None:
        since = day_in_words(day_of(standing.lapsed_since, history.zone))
        missing = f"Follow-through lapsed on {since}; a new act to the hiring side takes it up again."
    return _part(Rule.CLOCK, Level.CHAMPIONED, _last_heard(advocacy), missing)


def _last_heard(advocacy: AdvocacyHistory) -> tuple[UUID, ...]:
    return tuple(act.act.id for act in advocacy.walk.hiring_side[-1:])
