"""What volunteers were invited to, told moment by moment beside what was owed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.domain.follow_up_facts import FollowUpKey
from api.domain.follow_up_types import InvitationType, Trigger
from api.domain.vocabulary import AdvocacyState, Confidence, InvitationState, Power, ReferenceState, Stage
from tests.replay.book import ONE_DAY
from tests.replay.desk import LIVE, Desk
from tests.replay.effort import Effort
from tests.replay.hearing import Hearing
from tests.replay.identity import renamed
from tests.replay.needs import Need
from tests.replay.owing import Ledger, has_second, is_leaving, verdicts
from tests.replay.papers import reference_state

OPEN, TAKEN, PASSED, EXPIRED = InvitationState
UNSURE = (Confidence.CLAIMED, Confidence.SELF_REPORTED)


@dataclass
class Card:
    """One invitation as it was last written down; `ground` is what it rests on."""

    key: FollowUpKey
    asker: UUID | None
    person: UUID
    ground: Need
    at: datetime
    expires_at: datetime
    state: InvitationState = OPEN
    ended_at: datetime | None = None
    unanswered: bool = False


class Cards:
    """The invitations, written down as they came."""

    def __init__(self) -> None:
        self.cards: dict[FollowUpKey, Card] = {}
        self._seen: set[FollowUpKey] = set()
        self._heard: set[UUID] = set()

    def look(self, desk: Desk, ledger: Ledger) -> None:
        """One moment."""
        self._rename(desk)
        for card in self.cards.values():
            self._go_on(desk, card)
        for told in sorted(desk.beside.invited, key=lambda told: (told.recorded_at, told.id)):
            if told.recorded_at <= desk.now and told.id not in self._heard:
                self._heard.add(told.id)
                ground = Need(Trigger.BY_HAND, told.id, told.person_id, desk.now, advocacy=told.about.advocacy_id)
                self._hand_out(desk, Card(told.key, told.asker_id, told.person_id, ground, desk.now, _limit(desk)))
        if desk.is_open:
            for rule in desk.policy.invitation_types:
                for need in grounds(desk, ledger, rule):
                    self._consider(desk, rule, need)
        for said in sorted(desk.beside.passed, key=lambda said: (said.recorded_at, said.id)):
            if said.recorded_at <= desk.now and said.id not in self._heard:
                self._heard.add(said.id)
                if said.key in self.cards and self.cards[said.key].state is OPEN:
                    _end(desk, self.cards[said.key], PASSED)

    def _rename(self, desk: Desk) -> None:
        for card in self.cards.values():
            card.key, card.ground = renamed(card.key, desk.names), renamed(card.ground, desk.names)
            card.asker, card.person = renamed(card.asker, desk.names), renamed(card.person, desk.names)
        self._seen = {renamed(key, desk.names) for key in self._seen}

    def _go_on(self, desk: Desk, card: Card) -> None:
        if card.state in (OPEN, EXPIRED) and desk.is_open and was_taken(desk, card):
            _end(desk, card, TAKEN)
        elif card.state is OPEN and desk.now >= card.expires_at:
            _end(desk, card, EXPIRED)
            card.unanswered = True
        elif card.state is OPEN and not makes_sense(desk, card):
            _end(desk, card, EXPIRED)

    def _consider(self, desk: Desk, rule: InvitationType, need: Need) -> None:
        assert need.person is not None
        key = FollowUpKey(rule.type, need.id, need.person, need.since)
        if key in self._seen:
            return
        self._seen.add(key)
        expires_at = _limit(desk)
        if need.absent_on is not None:
            expires_at = desk.book.midnight(need.absent_on)
        card = Card(key, desk.recruiter(), need.person, need, desk.now, expires_at)
        if self._within_limits(desk, card):
            self._hand_out(desk, card)

    def _within_limits(self, desk: Desk, card: Card) -> bool:
        policy = desk.policy
        earlier = [c for c in self.cards.values() if (c.asker, c.person) == (card.asker, card.person)]
        hands_over = card.key.type == "hand_over"
        waiting = [c for c in earlier if c.state is OPEN and not (hands_over and c.key.type == "act")]
        close = [c for c in earlier if (desk.today - desk.book.day(c.at)).days < policy.invitation_gap_days]
        number = policy.invitation_unanswered_max
        given_up = len(earlier) >= number and all(c.unanswered for c in earlier[-number:])
        return len(waiting) < policy.invitation_open_max and not given_up and (hands_over or not close)

    def _hand_out(self, desk: Desk, card: Card) -> None:
        if not makes_sense(desk, card) or was_taken(desk, card):
            return
        for other in self.cards.values():
            same = (other.asker, other.person) == (card.asker, card.person)
            if same and card.key.type == "hand_over" and other.key.type == "act" and other.state is OPEN:
                _end(desk, other, EXPIRED)
        self.cards[card.key] = card


def _end(desk: Desk, card: Card, state: InvitationState) -> None:
    card.state, card.ended_at, card.unanswered = state, desk.now, False


def _limit(desk: Desk) -> datetime:
    return desk.book.midnight(desk.today + (desk.policy.invitation_expires_days + 1) * ONE_DAY)


def grounds(desk: Desk, ledger: Ledger, rule: InvitationType) -> Iterator[Need]:
    """What could be proposed."""
    if rule.type == "act":
        yield from _agreed(desk)
        yield from (
            _of(item.need) for item in ledger.items.values() if _is(item.key.type, item.need, "check_in_advocate")
        )
    elif rule.type == "hand_over":
        for item in ledger.items.values():
            if _is(item.key.type, item.need, "hand_over"):
                need = _of(item.need)
                need.since = item.key.since
                yield need
    elif rule.type == "confirm":
        yield from _unconfirmed(desk)
    else:
        yield from _friends(desk)


def _is(kind: str, need: Need, wanted: str) -> bool:
    return kind == wanted and need.trigger is not Trigger.BY_HAND and need.person is not None


def _of(need: Need) -> Need:
    return Need(
        need.trigger, need.id, need.person, need.at, since=need.since, advocacy=need.advocacy, absent_on=need.absent_on
    )


def _agreed(desk: Desk) -> Iterator[Need]:
    for effort in desk.efforts:
        since = None
        for at in desk.book.moments():
            if at > desk.now:
                break
            is_agreed = desk.state_of(effort, at) is AdvocacyState.AGREED
            since = (since or at) if is_agreed else None
        if since is not None:
            told = effort.advocacy
            yield Need(Trigger.BY_HAND, told.id, told.person_id, desk.now, since=since, advocacy=told.id)


def _unconfirmed(desk: Desk) -> Iterator[Need]:
    if desk.stand is None or desk.stand.stage in (Stage.INTERVIEWING, Stage.OFFER):
        return
    for effort, act in desk.acts():
        hearing = effort.hearings[act.id]
        person = _first_of(hearing)
        if hearing.rung in UNSURE and person is not None:
            yield Need(Trigger.BY_HAND, act.id, person, desk.now, advocacy=effort.advocacy.id, act=act.id)


def _first_of(hearing: Hearing) -> UUID | None:
    known = [one for one in hearing.audience if one.person_id is not None]
    order = (Power.DECIDES, Power.INFLUENCES)
    known.sort(key=lambda one: order.index(one.power) if one.power in order else len(order))
    return known[0].person_id if known else None


def _friends(desk: Desk) -> Iterator[Need]:
    for facts in desk.book.referrals:
        referral = desk.referral(facts.id, desk.now)
        if referral is not None and referral.gives_context and not _was_asked(desk, facts.person_id):
            yield Need(Trigger.REFERRAL_SUBMITTED, facts.id, facts.person_id, desk.now)
    for reference in desk.book.references:
        told = [each for each in desk.beside.references if each.id == reference.id]
        praised = [each for each in told if each.praised_at and each.praised_at <= desk.now]
        given = reference_state(desk.book, reference, desk.now) is ReferenceState.GIVEN
        if praised and given and not _was_asked(desk, praised[0].person_id):
            yield Need(Trigger.REFERENCE_GIVEN, reference.id, praised[0].person_id, desk.now)


def _was_asked(desk: Desk, person: UUID) -> bool:
    states = [desk.state_of(e, desk.now) for e in desk.efforts if e.advocacy.person_id == person]
    return any(state not in (None, AdvocacyState.PROPOSED) for state in states)


def _effort(desk: Desk, card: Card) -> Effort | None:
    return next((e for e in desk.efforts if e.advocacy.id == card.ground.advocacy), None)


def was_taken(desk: Desk, card: Card) -> bool:
    """Whether what was invited happened."""
    effort = _effort(desk, card)
    if card.key.type == "act":
        return effort is not None and any(act.occurred_at >= card.at for act in effort.hiring_side)
    if card.key.type == "confirm":
        return any(person == card.person for person, _ in verdicts(desk, card.ground))
    if card.key.type == "hand_over":
        return has_second(desk, card.person)
    return any(desk.takes_part(e) and e.advocacy.person_id == card.person for e in desk.efforts)


def makes_sense(desk: Desk, card: Card) -> bool:
    """Whether there is still a ground, and the person may be written to."""
    if not desk.is_open or desk.wants_no_contact(card.person):
        return False
    effort = _effort(desk, card)
    if card.key.type == "act":
        return effort is not None and desk.takes_part(effort) and effort.entry(desk.now).lost_since is None
    if card.key.type == "confirm":
        hearing = effort.hearings.get(card.ground.act) if effort and card.ground.act else None
        return hearing is not None and hearing.counts and hearing.rung in UNSURE
    if card.key.type == "hand_over":
        return effort is not None and is_leaving(desk, effort, card.ground.id)
    if card.ground.trigger is Trigger.REFERENCE_GIVEN:
        return True
    referral = desk.referral(card.ground.id, desk.now)
    return referral is not None and referral.is_linked and referral.state in LIVE
