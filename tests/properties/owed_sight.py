"""What is stored of follow-ups and invitations, beside what a slow look at every moment of the facts writes down."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from api.domain.follow_up_facts import (
    About,
    FollowUpByHand,
    FollowUpWord,
    InvitationByHand,
    InvitationPassed,
)
from api.domain.vocabulary import FollowUpVerb, InvitationState, Owed
from api.models import Application, FollowUp, Invitation
from api.platform.sessions import WorkspaceSession
from api.support.owed_documents import key_of
from api.support.owed_facts import facts_beside
from api.support.queries import load
from api.support.said import Said
from tests.domain.test_follow_up_replay import differences, handed_out, written
from tests.properties.house import House
from tests.replay.desk import Desk
from tests.replay.follow_ups import replay_follow_ups


async def judge_what_is_owed(house: House) -> int:
    """Fail where what is stored differs from the slow look; answers how many follow-ups were compared."""
    async with house.stage.databases.open_reading(house.workspace, snapshot=True) as session:
        shown = {row.id: row for row in (await session.execute(select(Application))).scalars()}
        ids = sorted(shown)
        loaded = await load(session, ids, with_owed=True)
        follow_ups = list((await session.execute(select(FollowUp))).scalars())
        invitations = list((await session.execute(select(Invitation))).scalars())
        said = {each: await _said(session, each, follow_ups, invitations) for each in ids}
    for each in loaded:
        beside = facts_beside(each.document, each.facts, said[each.facts.id])
        ledger, cards = replay_follow_ups(each.facts, beside, as_of=house.now)
        row = shown[each.facts.id]
        assert row.waiting is Desk(each.facts, beside, house.now).waiting()
        own = [item.standing for item in follow_ups if item.application_id == row.id]
        assert row.follow_up_state is max(own, key=lambda owed: owed.rank, default=Owed.NONE)
        stored = {key_of(row): _row(row) for row in follow_ups if row.application_id == each.facts.id}
        differing = differences(stored, written(ledger))
        assert differing == {}, differing
        invited = {key_of(row): _card(row) for row in invitations if row.application_id == each.facts.id}
        differing = differences(invited, handed_out(cards))
        assert differing == {}, differing
    _judge_standing(follow_ups, house.now)
    return len(follow_ups)


def _row(row: FollowUp) -> dict[str, object]:
    return {
        "trigger": row.trigger,
        "triggered_at": row.triggered_at,
        "noticed_at": row.noticed_at,
        "owner": row.owner_id,
        "due": (row.due_on, row.due_at, row.overdue_at),
        "escalated": row.escalated,
        "state": (row.state, row.closed_at),
        "snoozed_until": row.snoozed_until,
    }


def _card(row: Invitation) -> tuple[object, ...]:
    return row.asker_id, row.invited_at, row.expires_at, row.state, row.ended_at, row.is_unanswered


def _judge_standing(follow_ups: list[FollowUp], now: datetime) -> None:
    """What was announced is how it stands; what is snoozed shows as scheduled."""
    for row in follow_ups:
        assert row.standing is _standing(row, now), row


def _standing(row: FollowUp, now: datetime) -> Owed:
    if row.closed_at is not None:
        return Owed.NONE
    if (row.snoozed_until is not None and now < row.snoozed_until) or now < row.due_at:
        return Owed.SCHEDULED
    return Owed.OVERDUE if now >= row.overdue_at else Owed.DUE


async def _said(
    session: WorkspaceSession, application_id: UUID, follow_ups: list[FollowUp], invitations: list[Invitation]
) -> Said:
    """Everything that people ever said of what is owed and proposed about an application."""
    own = {row.id: row for row in follow_ups if row.application_id == application_id}
    query = text("select * from follow_up_changes where workspace_id = :w and follow_up_id = any(:ids) order by id")
    changes = (await session.execute(query, {"w": session.workspace.id, "ids": list(own)})).mappings().all()
    proposed = [row for row in invitations if row.application_id == application_id]
    return Said(
        words=tuple(
            FollowUpWord(
                id=each["id"],
                occurred_at=each["occurred_at"],
                recorded_at=each["recorded_at"],
                key=key_of(own[each["follow_up_id"]]),
                verb=FollowUpVerb(each["verb"]),
                until=each["until"],
                owner_id=each["owner_id"],
            )
            for each in changes
        ),
        by_hand=tuple(_by_hand(row) for row in own.values() if row.trigger == "by_hand"),
        invited=tuple(_invited(row) for row in proposed if row.is_by_hand),
        passed=tuple(
            InvitationPassed(
                id=row.ended_by or row.id, occurred_at=row.ended_at, recorded_at=row.ended_at, key=key_of(row)
            )
            for row in proposed
            if row.state is InvitationState.PASSED and row.ended_at is not None
        ),
    )


def _by_hand(row: FollowUp) -> FollowUpByHand:
    return FollowUpByHand(
        id=row.trigger_id,
        occurred_at=row.triggered_at,
        recorded_at=row.noticed_at,
        type=row.type,
        owner_id=row.owner_id,
        due_on=row.due_on,
        about=About(person_id=row.person_id, advocacy_id=row.advocacy_id, act_id=row.act_id, ask_id=row.ask_id),
    )


def _invited(row: Invitation) -> InvitationByHand:
    return InvitationByHand(
        id=row.trigger_id,
        occurred_at=row.invited_at,
        recorded_at=row.invited_at,
        type=row.type,
        asker_id=row.asker_id,
        person_id=row.person_id,
        about=About(person_id=row.person_id, advocacy_id=row.advocacy_id, act_id=row.act_id, ask_id=row.ask_id),
    )


async def names_of_what_is_owed(house: House) -> list[tuple[object, ...]]:
    """Every follow-up and invitation by names and moments instead of ids; when something was recorded is left out."""
    query = """
        select f.type, c.name as candidate, j.title, p.name, o.name as owner, f.trigger, f.triggered_at, f.noticed_at,
            f.due_at, f.overdue_at, f.escalated, f.snoozed_until, f.standing, f.state, f.closed_at, f.is_next
        from follow_ups f left join people p on p.workspace_id = :w and p.id = f.person_id
        left join people o on o.workspace_id = :w and o.id = f.owner_id
        left join applications a on a.workspace_id = :w and a.id = f.application_id
        left join candidates k on k.workspace_id = :w and k.id = a.candidate_id
        left join people c on c.workspace_id = :w and c.id = k.person_id
        left join jobs j on j.workspace_id = :w and j.id = a.job_id where f.workspace_id = :w
        union all
        select i.type, c.name, j.title, p.name, o.name, i.state, i.invited_at, i.expires_at, i.ended_at, null,
            i.is_unanswered, null, null, null, null, null
        from invitations i join people p on p.workspace_id = :w and p.id = i.person_id
        left join people o on o.workspace_id = :w and o.id = i.asker_id
        join applications a on a.workspace_id = :w and a.id = i.application_id
        join candidates k on k.workspace_id = :w and k.id = a.candidate_id
        join people c on c.workspace_id = :w and c.id = k.person_id
        join jobs j on j.workspace_id = :w and j.id = a.job_id where i.workspace_id = :w"""
    async with house.stage.databases.open_reading(house.workspace) as session:
        rows = (await session.execute(text(query), {"w": session.workspace.id})).all()
    return sorted((tuple(row) for row in rows), key=str)
