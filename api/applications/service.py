"""Making applications, and changing what is no verb of their lifecycle."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from api.applications.bodies import ApplicationCreate, ApplicationUpdate
from api.applications.queries import Named, application_for, unlinked_referrals
from api.applications.schemas import event_data
from api.applications.telling import announce_cause, say
from api.domain.errors import Conflict
from api.domain.vocabulary import ApplicationState, Championing, Level, StageVerb
from api.models import Application, NextStepChange, StageChange
from api.platform.ids import encode
from api.platform.moments import occurred, planned
from api.platform.revisions import revise
from api.platform.sessions import WriteSession
from api.referrals.service import link
from api.support.locks import Locked
from api.support.service import announce


class ApplicationExists(Conflict):
    """The candidate has an application for this job already; `existing_id` names it.

    One candidate has one application a job. Applying again reopens it: use the verb `reopen` where it is closed.
    """

    code = "application_exists"
    title = "The application exists"


async def create_application(
    session: WriteSession,
    named: Named,
    data: ApplicationCreate,
    *,
    now: datetime,
    transferred_from_id: UUID | None = None,
) -> Application:
    """Consider the named candidate, whose person is locked, for the job; their referrals for it are linked.

    Raises InTheFuture, TooLongAgo, TooFarAhead and ApplicationExists.
    """
    at = occurred(data.occurred_at, now, "#/occurred_at")
    planned(data.next_step_at, now, "#/next_step_at")
    data = data.model_copy(update={"candidate_id": named.candidate_id})
    existing = await application_for(session, data)
    if existing is not None:
        raise _application_exists(existing)
    application = _beginning(data, named, at=at, now=now)
    application.transferred_from_id = transferred_from_id
    session.add(application)
    await session.flush()
    session.add_all(_first_facts(application, data, at=at, now=now))
    await session.flush()
    say(session, "application.created", application, occurred_at=at, now=now)
    for referral in await unlinked_referrals(session, application):
        await link(session, referral, application, now=now)
    await session.flush()
    await announce(session, application, now=now)
    return application


async def update_application(session: WriteSession, locked: Locked, data: ApplicationUpdate) -> None:
    """Change labels, and record a next step where it is another than before. Raises TooFarAhead and TooLongAgo."""
    application, now = locked.application, locked.now
    before = event_data(application)
    if revise(application, data.labels(), now=now):
        say(session, "application.updated", application, occurred_at=now, now=now, before=before)
    sent = data.next_step()
    planned(sent.get("next_step_at"), now, "#/next_step_at")
    if any(getattr(application, name) != value for name, value in sent.items()):
        before = event_data(application)
        session.add(next_step_fact(application, sent, at=now, now=now))
        await session.flush()
        await announce_cause(
            session, "application.next_step.changed", application, occurred_at=now, now=now, before=before
        )


def next_step_fact(application: Application, sent: Mapping[str, Any], *, at: datetime, now: datetime) -> NextStepChange:
    """The next step as it is from a moment on; a member that was not sent stays as it was announced."""
    present = {"next_step_at": application.next_step_at, "next_step_kind": application.next_step_kind}
    return NextStepChange(application_id=application.id, occurred_at=at, recorded_at=now, **{**present, **sent})


def _beginning(data: ApplicationCreate, named: Named, *, at: datetime, now: datetime) -> Application:
    """The row as it is before anything is derived: open, in its first stage, backed by nobody."""
    return Application(
        candidate_id=data.candidate_id,
        job_id=data.job_id,
        origin=data.origin,
        stage_label=data.stage_label,
        seen_by_hiring_manager=data.seen_by_hiring_manager,
        labels=data.metadata,
        candidate_name=named.candidate_name,
        job_title=named.job_title,
        state=ApplicationState.OPEN,
        stage=data.stage,
        stage_entered_at=at,
        next_step_at=data.next_step_at,
        next_step_kind=data.next_step_kind,
        level=Level.NONE,
        championing=Championing.NONE,
        documented_level=Level.NONE,
        since=at,
        changed_at=now,
        derived_at=now,
        policy_version=1,
        created_at=now,
        updated_at=now,
    )


def _first_facts(
    application: Application, data: ApplicationCreate, *, at: datetime, now: datetime
) -> list[StageChange | NextStepChange]:
    created = StageChange(
        application_id=application.id,
        verb=StageVerb.CREATE,
        stage=data.stage,
        source=data.source,
        recorded_by=data.recorded_by,
        occurred_at=at,
        recorded_at=now,
    )
    if data.next_step_at is None and data.next_step_kind is None:
        return [created]
    return [created, next_step_fact(application, {}, at=at, now=now)]


def _application_exists(existing: Application) -> ApplicationExists:
    hint = "reopen it" if existing.state is ApplicationState.CLOSED else "use it"
    return ApplicationExists(
        f"The candidate has an application for this job, which is {existing.state.replace('_', ' ')}; {hint}.",
        existing_id=encode("application", existing.id),
    )
