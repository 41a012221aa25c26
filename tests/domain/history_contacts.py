"""Random contact and follow-up beside a random history: interactions, captures, people's wishes, what they say."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from api.domain.facts import ApplicationFacts, AvailabilityRecord
from api.domain.follow_up_facts import (
    About,
    CaptureFacts,
    FollowUpByHand,
    FollowUpFacts,
    FollowUpKey,
    FollowUpWord,
    Interaction,
    InvitationByHand,
    InvitationPassed,
    PersonFacts,
    ReferenceDetails,
)
from api.domain.follow_up_tables import FOLLOW_UPS
from api.domain.policy import Policy
from api.domain.vocabulary import Availability, Direction, FollowUpVerb, Stage
from tests.domain.following_up import derive_follow_ups
from tests.domain.histories import happened_at, histories
from tests.domain.history_scene import ADA, BO, CANDIDATE, DAN, HANNA, PAM, RITA, Scene, Teller

REACHED = (CANDIDATE, CANDIDATE, ADA, BO, PAM, DAN)
GIVER = UUID(int=40)

Told = tuple[ApplicationFacts, FollowUpFacts]


def examples(number: int) -> settings:
    """So many histories, always the same. They are not made smaller where one fails: that takes minutes."""
    return settings(
        max_examples=number,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@st.composite
def told_histories(draw: st.DrawFn) -> Told:
    """A history with what stands beside it."""
    facts = draw(histories())
    teller = Teller(draw, _scene_of(facts))
    facts = _with_tables(teller, _further_on(teller, facts))
    beside = _beside(teller, facts)
    return facts, _with_words(teller, facts, beside)


def end_of(told: Told) -> datetime:
    """When nothing more is said."""
    return max(*happened_at(told[0]), *told[1].moments)


def _further_on(teller: Teller, facts: ApplicationFacts) -> ApplicationFacts:
    """Sometimes an application that begins in a late stage; what makes no sense from there is skipped by all."""
    stage = teller.one_of((None, Stage.INTERVIEWING, Stage.OFFER))
    if stage is None:
        return facts
    return replace(facts, stages=(replace(facts.stages[0], stage=stage), *facts.stages[1:]))


def _scene_of(facts: ApplicationFacts) -> Scene:
    zone = facts.policies[0].policy
    moments = sorted(happened_at(facts))
    begin = min(fact.occurred_at for fact in facts.stages)
    later = tuple(moment for moment in moments if moment >= begin)
    days = tuple(sorted({moment.astimezone(zone.zone).date() for moment in later}))
    return Scene(zone_name=zone.time_zone, first_day=days[0], moments=later, days=days)


def _beside(teller: Teller, facts: ApplicationFacts) -> FollowUpFacts:
    return FollowUpFacts(
        interactions=tuple(_interaction(teller) for _ in teller.some(6)),
        captures=tuple(_capture(teller) for _ in teller.some(2)),
        references=tuple(_details(teller, reference.id) for reference in facts.references),
        people=tuple(_person(teller, who) for who in (RITA, HANNA, CANDIDATE, BO, PAM) if teller.one_of((True, False))),
        by_hand=tuple(_by_hand(teller) for _ in teller.some(1)),
        invited=tuple(_invited(teller, facts) for _ in teller.some(1) if facts.advocacies),
    )


def _with_tables(teller: Teller, facts: ApplicationFacts) -> ApplicationFacts:
    """Each version of the policy with tables and limits of its own."""
    policies = (replace(version, policy=_with_table(teller, version.policy)) for version in facts.policies)
    return replace(facts, policies=tuple(policies))


def _with_table(teller: Teller, policy: Policy) -> Policy:
    left_out = teller.one_of((None, None, None, "widen_coverage", "update_supporters"))
    rows = tuple(
        replace(row, due=teller.one_of((row.due, row.due, 0, 1))) for row in FOLLOW_UPS if row.type != left_out
    )
    return replace(
        policy,
        follow_up_types=rows,
        supporter_quiet_days=teller.one_of((3, 10)),
        invitation_gap_days=teller.one_of((1, 3, 14)),
        invitation_expires_days=teller.one_of((1, 3, 14)),
        invitation_unanswered_max=teller.one_of((1, 2)),
        invitation_open_max=teller.one_of((1, 1, 2)),
    )


def _interaction(teller: Teller) -> Interaction:
    moment = teller.moment()
    recorded_at = teller.recorded(moment)
    bounced = teller.one_of((None, None, None, 0, 3))
    return Interaction(
        id=teller.id(),
        occurred_at=moment,
        recorded_at=recorded_at,
        person_id=teller.one_of(REACHED),
        direction=teller.one_of((Direction.TO_PERSON, *Direction)),
        automatic=teller.one_of((False, False, False, True)),
        bounced_at=None if bounced is None else recorded_at + timedelta(days=bounced),
    )


def _capture(teller: Teller) -> CaptureFacts:
    moment = teller.moment()
    return CaptureFacts(
        id=teller.id(),
        occurred_at=moment,
        recorded_at=moment,
        settled_at=teller.one_of((None, teller.moment(since=moment))),
    )


def _details(teller: Teller, reference: UUID) -> ReferenceDetails:
    praised_at = teller.one_of((None, teller.moment()))
    return ReferenceDetails(id=reference, person_id=teller.one_of((GIVER, BO)), praised_at=praised_at)


def _person(teller: Teller, who: UUID) -> PersonFacts:
    states = teller.one_of(
        ((), (), (Availability.DO_NOT_CONTACT,), (Availability.DO_NOT_CONTACT, Availability.AVAILABLE))
    )
    records = tuple(
        AvailabilityRecord(id=teller.id(), effective_on=teller.day(), recorded_at=teller.moment(), state=state)
        for state in states
    )
    zone = teller.one_of((None, "America/New_York", "Asia/Tokyo", "Europe/London"))
    return PersonFacts(id=who, time_zone=zone, availability=records)


def _by_hand(teller: Teller) -> FollowUpByHand:
    moment = teller.moment()
    return FollowUpByHand(
        id=teller.id(),
        occurred_at=moment,
        recorded_at=moment,
        type=teller.one_of(("answer_candidate", "water_the_plants")),
        owner_id=teller.one_of((RITA, PAM, None)),
        due_on=teller.day(),
        about=About(person_id=teller.one_of((CANDIDATE, ADA))),
    )


def _invited(teller: Teller, facts: ApplicationFacts) -> InvitationByHand:
    moment = teller.moment()
    advocacy = teller.one_of(facts.advocacies)
    return InvitationByHand(
        id=teller.id(),
        occurred_at=moment,
        recorded_at=moment,
        type="act",
        asker_id=teller.one_of((RITA, HANNA)),
        person_id=advocacy.person_id,
        about=About(person_id=advocacy.person_id, advocacy_id=advocacy.id),
    )


def _with_words(teller: Teller, facts: ApplicationFacts, beside: FollowUpFacts) -> FollowUpFacts:
    """What people say of some of what comes of all this."""
    end = end_of((facts, beside))
    made = derive_follow_ups(facts, beside, as_of=end)
    keys = tuple(each.key for each in made.follow_ups)
    words = tuple(_word(teller, teller.one_of(keys), end) for _ in teller.some(4) if keys)
    invited = tuple(each.key for each in made.invitations)
    passed = tuple(_passed(teller, teller.one_of(invited)) for _ in teller.some(1) if invited)
    return replace(beside, words=words, passed=passed)


def _word(teller: Teller, key: FollowUpKey, end: datetime) -> FollowUpWord:
    moment = teller.moment()
    return FollowUpWord(
        id=teller.id(),
        occurred_at=moment,
        recorded_at=moment,
        key=key,
        verb=teller.one_of((FollowUpVerb.SNOOZE, FollowUpVerb.SNOOZE, FollowUpVerb.REASSIGN, *FollowUpVerb)),
        until=moment + timedelta(days=teller.one_of((0, 1, 5)), hours=teller.one_of((1, 5))),
        owner_id=teller.one_of((PAM, RITA)),
    )


def _passed(teller: Teller, key: FollowUpKey) -> InvitationPassed:
    moment = teller.moment()
    return InvitationPassed(id=teller.id(), occurred_at=moment, recorded_at=moment, key=key)
