"""What an act is worth: whether it counts, who heard it with what power, whether it qualifies, and its rung."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from api.domain.calendar import day_of
from api.domain.facts import Act, ActStatement, AdvocacyFacts, Listener, ReasonUse
from api.domain.people import Team, affiliation_on
from api.domain.vocabulary import ActWord, Affiliation, AskKind, Basis, Confidence, Power

_VERDICTS = frozenset({ActWord.CONFIRMED, ActWord.DENIED})

PERSUADABLE = (Power.DECIDES, Power.INFLUENCES)


class SpecificUse(NamedTuple):
    """A use of a reason that says something: its requirement, and whether the work was seen directly."""

    requirement_id: UUID
    is_direct: bool


class Hearer(NamedTuple):
    """Somebody who heard an act, with their power for it; a hiring manager not known by name has no id."""

    person_id: UUID | None
    power: Power | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An act with what it is worth, by all that is known about it.

    `is_heard_by_power`: somebody heard it who decides or influences. `is_heard_by_member`: a member of the job of any
    power heard it. `asks_power`: it carries an ask of more than to consider, addressed to somebody who decides or
    influences. `addressee`: who heard its ask, of whatever kind. `by_member`: its actor was a member of the job that
    day.
    """

    act: Act
    day: date
    counts: bool
    qualifies: bool
    rung: Confidence
    reasons: tuple[SpecificUse, ...]
    hearers: tuple[Hearer, ...]
    is_heard_by_power: bool
    is_heard_by_member: bool
    asks_power: bool
    addressee: Hearer | None
    by_member: bool


def specific_uses(uses: Iterable[ReasonUse], *, by_member: bool) -> tuple[SpecificUse, ...]:
    """The uses that say something: seen directly, or heard from somebody who saw it.

    What a member of the job saw directly counts only if it was seen before the application began.
    """
    specific = []
    for use in uses:
        if use.basis is Basis.HEARD_FROM:
            specific.append(SpecificUse(use.requirement_id, False))
        elif use.basis is Basis.OBSERVED_DIRECTLY and (use.before_process or not by_member):
            specific.append(SpecificUse(use.requirement_id, True))
    return tuple(specific)


def weigh_acts(advocacy: AdvocacyFacts, team: Team, zone: ZoneInfo) -> tuple[Evidence, ...]:
    """What each act of an advocacy is worth, in the order in which they happened."""
    said: dict[UUID, list[ActStatement]] = defaultdict(list)
    for statement in sorted(advocacy.act_statements, key=lambda each: (each.recorded_at, each.id.int)):
        said[statement.act_id].append(statement)
    acts = sorted(advocacy.acts, key=lambda act: (act.occurred_at, act.recorded_at, act.id.int))
    return tuple(_weigh(act, said[act.id], advocacy, team, zone) for act in acts)


def _weigh(act: Act, said: list[ActStatement], advocacy: AdvocacyFacts, team: Team, zone: ZoneInfo) -> Evidence:
    day = day_of(act.occurred_at, zone)
    actor = advocacy.person_id
    verdicts = {each.person_id: each.word for each in said if each.word in _VERDICTS}
    audience = _Audience(act, day, actor, team, {who for who, word in verdicts.items() if word is ActWord.DENIED})
    hearers = tuple(hearer for listener in act.listeners if (hearer := audience.hear(listener)))
    is_heard_by_power = any(hearer.power in PERSUADABLE for hearer in hearers)
    by_member = team.power_on(actor, day) is not None
    reasons = specific_uses(act.uses, by_member=by_member)
    counts = not _is_void(said, actor) and affiliation_on(advocacy.affiliations, day) is not Affiliation.AGENCY
    enough = any(use.is_direct for use in reasons) if by_member else bool(reasons)
    return Evidence(
        act=act,
        day=day,
        counts=counts,
        qualifies=counts and is_heard_by_power and enough,
        rung=_rung(act, actor, {hearer.person_id for hearer in hearers}, verdicts),
        reasons=reasons,
        hearers=hearers,
        is_heard_by_power=is_heard_by_power,
        is_heard_by_member=any(hearer.power is not None for hearer in hearers),
        asks_power=counts and _asks_power(act, audience),
        addressee=audience.hear(act.ask.addressee) if act.ask else None,
        by_member=by_member,
    )


class _Audience:
    """Resolves listeners: nobody hears their own act, and whoever denied it did not hear it."""

    def __init__(self, act: Act, day: date, actor: UUID, team: Team, denied: set[UUID]) -> None:
        self._act, self._day, self._actor, self._team, self._denied = act, day, actor, team, denied

    def hear(self, listener: Listener) -> Hearer | None:
        """Who heard the act and with what power; the role counts as deciding. Null: nobody."""
        person = listener.person_id
        if person is None:
            hearer = Hearer(self._team.hiring_manager_for(self._day, self._act), Power.DECIDES)
        else:
            hearer = Hearer(person, self._team.power_for(person, self._day, self._act))
        return None if hearer.person_id == self._actor or hearer.person_id in self._denied else hearer


def _is_void(said: Iterable[ActStatement], actor: UUID) -> bool:
    """Whether an act was retracted, for ever, or is disputed by its actor."""
    disputed = False
    for each in said:
        if each.word is ActWord.RETRACTED:
            return True
        if each.person_id == actor and each.word in (ActWord.DISPUTED, ActWord.DISPUTE_WITHDRAWN):
            disputed = each.word is ActWord.DISPUTED
    return disputed


def _asks_power(act: Act, audience: _Audience) -> bool:
    if act.ask is None or act.ask.kind is AskKind.CONSIDER:
        return False
    hearer = audience.hear(act.ask.addressee)
    return hearer is not None and hearer.power in PERSUADABLE


def _rung(act: Act, actor: UUID, heard_by: set[UUID | None], verdicts: dict[UUID, ActWord]) -> Confidence:
    confirmed = any(word is ActWord.CONFIRMED and who in heard_by for who, word in verdicts.items())
    if confirmed or act.recorded_by in heard_by:
        return Confidence.CONFIRMED
    if act.has_evidence:
        return Confidence.DOCUMENTED
    return Confidence.SELF_REPORTED if act.recorded_by == actor else Confidence.CLAIMED
