"""Bringing the referrals of one application in line with whom the vendor credits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from api.domain.facts import StageFact
from api.domain.stages import stage_changes
from api.domain.vocabulary import ReferralState, ReferralWord, Relationship, StageVerb
from api.inbound.changes import SourcePerson
from api.inbound.crediting import Imported, Span, plan
from api.inbound.work import Work
from api.models import Person, Referral, Referrer
from api.people.finding import present
from api.platform import rows
from api.referrals.bodies import ReferralCreate, ReferralReasonCreate, ReferralSaidWhy
from api.referrals.places import LockedReferral, lock_place, lock_referral
from api.referrals.recording import create_referral
from api.referrals.service import say
from api.referrals.standing import standing
from api.referrals.verbs import is_allowed
from api.referrers.service import find_or_make_referrer
from api.support.locks import Locked
from api.support.queries import load_facts

LONGEST_CLAIM = 2000
_CREDIT_REMOVED = "The credit was removed at the source."


async def settle_referrals(
    work: Work, locked: Locked, wanted: Sequence[Span], who: Mapping[SourcePerson, UUID | None]
) -> None:
    """Withdraw the referrals of those who are credited no longer, and record those of who is or was."""
    known = {person_id for person_id in who.values() if person_id is not None}
    existing = await _existing(work, locked, known)
    todo = plan(wanted, existing, now=locked.now)
    for referral_id, until in todo.withdraw:
        await _withdraw(work, referral_id, until)
    for span in todo.record:
        referral_id = await _record(work, locked, span)
        if span.until is not None:
            await _withdraw(work, referral_id, span.until)


async def _existing(work: Work, locked: Locked, known: set[UUID]) -> list[Imported]:
    """Those taken over before. Whose person was anonymised and is not heard of any more, theirs stay as they are."""
    statement = (
        select(Referral, Person)
        .join(
            Referrer, (col(Referrer.id) == Referral.referrer_id) & (col(Referrer.workspace_id) == Referral.workspace_id)
        )
        .join(Person, (col(Person.id) == Referrer.person_id) & (col(Person.workspace_id) == Referrer.workspace_id))
        .where(
            Referral.application_id == locked.application.id,
            Referral.source == work.system,
            col(Referral.is_documented),
            col(Referral.recorded_by).is_(None),
        )
        .order_by(col(Referral.id))
    )
    found: list[Imported] = []
    for referral, person in (await work.session.execute(statement)).all():
        theirs = await present(work.session, person)
        if theirs.anonymized_at is None or theirs.id in known:
            found.append(Imported(referral.id, theirs.id, referral.state is ReferralState.WITHDRAWN))
    return found


async def _record(work: Work, locked: Locked, span: Span) -> UUID:
    """Record a referral as of when the candidate applied, with what the form said."""
    person = await rows.find(work.session, Person, span.person_id)
    referrer, _ = await find_or_make_referrer(work.session, person, now=locked.now)
    data = ReferralCreate(
        candidate_id=locked.application.candidate_id,
        referrer_id=referrer.id,
        application_id=locked.application.id,
        submitted_at=min(span.began, locked.now),
        relationship=work.mapping.relationship_in(span.fields) or Relationship.NONE,
        reasons=_reasons(work, span.fields),
        source=work.system,
        from_form=True,
    )
    made = await create_referral(work.session, data, await lock_place(work.session, data))
    work.note("referral", made.id, "created")
    return made.id


def _reasons(work: Work, fields: Mapping[str, str]) -> list[ReferralReasonCreate]:
    claimed, basis = work.mapping.claim_in(fields), work.mapping.basis_in(fields)
    if claimed is None or basis is None:
        return []
    requirement, claim = claimed
    return [ReferralReasonCreate(requirement=requirement, claim=claim[:LONGEST_CLAIM], basis=basis)]


async def _withdraw(work: Work, referral_id: UUID, until: datetime) -> None:
    """Withdraw a referral as of the moment; one that was closed then, as of when it was open again, if it was."""
    # Read anew, since time goes on: what was recorded a moment ago is not known at any earlier time.
    locked = await lock_referral(work.session, referral_id)
    ended = min(max(until, locked.row.submitted_at), locked.now)
    for moment in [ended, *await _reopenings(work, locked, after=ended)]:
        status = await standing(work.session, locked.row, moment, now=locked.now)
        if is_allowed(status, ReferralWord.WITHDRAWN, locked.row.consent):
            data = ReferralSaidWhy(occurred_at=moment, reason=_CREDIT_REMOVED)
            await say(work.session, locked, ReferralWord.WITHDRAWN, data)
            work.note("referral", referral_id, "withdrawn")
            return


async def _reopenings(work: Work, locked: LockedReferral, *, after: datetime) -> list[datetime]:
    if locked.application is None:
        return []
    loaded = (await load_facts(work.session, [locked.application.id]))[locked.application.id]
    changes = stage_changes(loaded.stages, loaded.policies[-1].policy.zone)
    return [each.moment for each in changes if each.moment > after and _is_reopening(each.fact)]


def _is_reopening(fact: StageFact | None) -> bool:
    return fact is not None and fact.verb is StageVerb.REOPEN
