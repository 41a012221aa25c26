"""Merging people: a pointer from the one record to the other, which every derivation follows from then on."""

from uuid import UUID

from sqlmodel import col, select

from api.external_refs.service import repoint
from api.merging.candidates import unite
from api.merging.locks import Pair, lock_pair
from api.merging.queries import applications_moved_by
from api.models import Candidate, Person
from api.platform import ids, outbox, rows
from api.platform.references import require
from api.platform.revisions import touch
from api.platform.sessions import WriteSession
from api.support.service import mark_for_recheck


async def merge_people(session: WriteSession, loser: Person, into: Person, *, recorded_by: UUID | None) -> None:
    """Let one person be another from now on; where both are candidates, these become one as well.

    Takes its locks and reads the time itself. Facts stay as they were recorded, and so does every answer about a moment
    known by then. Writes nothing where the two are one already. Raises MergedAlready, MergedIntoItself, OwnSupporter
    and UnknownReference.
    """
    if recorded_by is not None:
        await require(session, Person, recorded_by, "#/recorded_by")
    pair = await lock_pair(session, loser, into)
    if pair is None:
        return
    pair.loser.merged_into_id, pair.loser.merged_at = pair.winner.id, pair.now
    touch(pair.loser, now=pair.now)
    touch(pair.winner, now=pair.now)
    _carry_notice(pair.loser, pair.winner)
    await session.flush()
    await repoint(session, "person", pair.loser.id, pair.winner.id)
    _say(session, pair, recorded_by)
    if pair.losing is not None and pair.winning is None:
        await _hand_over(session, pair, pair.losing)
    elif pair.losing is not None and pair.winning is not None:
        await unite(session, pair, pair.losing, pair.winning, recorded_by=recorded_by)
    await _miss_nobody(session, pair)


async def merge_candidates(
    session: WriteSession, loser: Candidate, into: Candidate, *, recorded_by: UUID | None
) -> None:
    """Let one candidate be another from now on, and so the people behind them; the same as merging those.

    Raises what `merge_people` does.
    """
    people = [await rows.find(session, Person, each.person_id) for each in (loser, into)]
    await merge_people(session, *people, recorded_by=recorded_by)


def _carry_notice(loser: Person, winner: Person) -> None:
    """One human is told once: by the earlier day, and was told if either record says so."""
    due = [each.notice_due_at for each in (loser, winner) if each.notice_due_at is not None]
    given = [each.notice_given_at for each in (loser, winner) if each.notice_given_at is not None]
    winner.notice_due_at, winner.notice_given_at = min(due, default=None), min(given, default=None)
    loser.notice_due_at = None


async def _hand_over(session: WriteSession, pair: Pair, candidate: Candidate) -> None:
    """The person who goes was a candidate and the one who stays was none: so now that one is."""
    candidate.person_id = pair.winner.id
    touch(candidate, now=pair.now)
    await session.flush()
    # The ids name the same candidate as before, but this is another person by now, with a name of their own.
    await repoint(session, "candidate", candidate.id, candidate.id)


async def _miss_nobody(session: WriteSession, pair: Pair) -> None:
    """Wait for whoever is recording something of the person who goes, and have that judged again as well.

    Whoever names them later waits for this transaction and finds them merged.
    """
    naming = select(Person.id).where(col(Person.id).in_(pair.gone)).order_by(col(Person.id)).with_for_update()
    (await session.execute(naming)).all()
    moved = await applications_moved_by(session, gone=pair.gone, staying=pair.staying)
    await mark_for_recheck(session, moved, now=pair.now)


def _say(session: WriteSession, pair: Pair, recorded_by: UUID | None) -> None:
    outbox.record(
        session,
        "person.merged",
        subject=("person", pair.loser.id),
        version=pair.loser.version,
        occurred_at=pair.now,
        recorded_at=pair.now,
        data={
            "id": ids.encode("person", pair.loser.id),
            "object": "person",
            "merged_into": ids.encode("person", pair.winner.id),
            "recorded_by": recorded_by and ids.encode("person", recorded_by),
        },
    )
