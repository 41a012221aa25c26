"""Recording a new referral. It makes no advocacy, whatever the referrer wrote."""

from datetime import datetime

from api.domain.errors import Unprocessable
from api.domain.facts import ReferralFacts
from api.domain.knowledge import policies_by
from api.domain.referrals import initial_state
from api.domain.vocabulary import ReferralState
from api.models import Referral, ReferralReason, ReferralTransition
from api.owed.queries import owing
from api.platform import ids, rows
from api.platform.moments import occurred
from api.platform.sessions import WriteSession
from api.referrals import bodies, queries, schemas
from api.referrals.announcing import settle
from api.referrals.places import Place
from api.referrals.service import check_fits, link_at, record
from api.support.alone import catch_up_alone
from api.support.owed_store import insert


class SelfReferral(Unprocessable):
    """The referrer and the candidate are the same person; nobody refers themself."""

    code = "self_referral"
    title = "Nobody refers themself"


async def create_referral(session: WriteSession, data: bodies.ReferralCreate, place: Place) -> schemas.ReferralCreated:
    """Record a referral, and link it to the application of its place from the moment at which both were there.

    Raises ApplicationDoesNotFit, InTheFuture and SelfReferral.
    """
    _check(data, place)
    row = _row(data, place)
    earlier = await _earlier(session, row, now=place.now)
    row.is_duplicate = earlier is not None
    row.state = _first_state(row, place)
    session.add(row)
    await session.flush()
    record(session, "referral.created", row, occurred_at=row.submitted_at, now=place.now)
    reasons = _reasons(row, data)
    if place.application is not None:
        moment = max(row.submitted_at, place.started_at or place.now)
        await link_at(session, row, place.application, reasons, moment=moment, now=place.now)
    first = ReferralTransition(
        referral_id=row.id, to_state=row.state, occurred_at=row.submitted_at, recorded_at=place.now
    )
    await insert(session, [first, *reasons])
    await session.flush()
    is_waiting = row.state is ReferralState.CONSENT_PENDING
    await settle(session, row, place.application, now=place.now)
    names = place.named.candidate_name, place.named.referrer_name
    beside = queries.Beside(*names, is_waiting, reasons, await owing(session, row.id))
    return _created(queries.answer(row, beside), earlier)


def _created(shown: schemas.Referral, earlier: Referral | None) -> schemas.ReferralCreated:
    warnings = [] if earlier is None else ["duplicate_referral"]
    duplicate_of = None if earlier is None else earlier.id
    return schemas.ReferralCreated(**dict(shown), warnings=warnings, duplicate_of=duplicate_of)


def _check(data: bodies.ReferralCreate, place: Place) -> None:
    if place.named.candidate_person_id == place.named.referrer_person_id:
        raise SelfReferral("The referrer is the candidate; somebody else must refer them.", pointer="#/referrer_id")
    if place.application is not None:
        check_fits(place.application, place.named.candidate_id, data.job_id)
    occurred(data.consent_at, place.now, "#/consent_at")


def _row(data: bodies.ReferralCreate, place: Place) -> Referral:
    application, now = place.application, place.now
    given = data.model_dump(exclude={"submitted_at", "reasons", "consent", "from_form", "metadata", "application_id"})
    row = Referral(
        **{**given, "candidate_id": place.named.candidate_id},
        id=ids.new_id(),
        submitted_at=occurred(data.submitted_at, now, "#/submitted_at"),
        recorded_at=now,
        consent_on_entry=data.consent,
        consent=data.consent,
        is_documented=data.from_form,
        labels=data.metadata,
        created_at=now,
        updated_at=now,
    )
    if application is not None:
        row.job_id, row.application_id = application.job_id, application.id
        row.application_created_at = application.created_at
    return row


def _reasons(row: Referral, data: bodies.ReferralCreate) -> list[ReferralReason]:
    return [
        ReferralReason(referral_id=row.id, position=position, **given.model_dump())
        for position, given in enumerate(data.reasons)
    ]


async def _earlier(session: WriteSession, row: Referral, *, now: datetime) -> Referral | None:
    """The referrer's one for the same candidate and job that is waiting for consent or live already, if any."""
    found = (await session.execute(queries.earlier_ones(row))).scalars().all()
    for earlier in found:
        if earlier.recheck_at is not None and earlier.recheck_at <= now:
            await catch_up_alone(session, await rows.lock(session, Referral, earlier.id), now=now)
    return next((earlier for earlier in found if earlier.state in queries.STANDING), None)


def _first_state(row: Referral, place: Place) -> ReferralState:
    policies = policies_by(place.named.policies, row.submitted_at)
    facts = ReferralFacts(
        id=row.id,
        occurred_at=row.submitted_at,
        recorded_at=row.recorded_at,
        referrer_id=row.referrer_id,
        person_id=place.named.referrer_person_id,
        recorded_by=row.recorded_by,
        relationship=row.relationship,
        consent=row.consent,
        is_duplicate=row.is_duplicate,
    )
    return initial_state(facts, policies[-1].policy)
