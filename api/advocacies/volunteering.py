"""An advocacy that begins with an act: nobody was asked, somebody spoke up."""

from datetime import datetime
from uuid import UUID

from api.advocacies.act_bodies import ActCreate
from api.advocacies.acts import Recorded, record_act
from api.advocacies.service import record
from api.domain.advocacies import concluded
from api.domain.vocabulary import AdvocacyState, ApplicationState, Championing
from api.models import Advocacy, AdvocacyTransition, Application
from api.platform.moments import occurred
from api.platform.sessions import WriteSession


async def begin_with_act(
    session: WriteSession,
    application: Application,
    advocate_id: UUID,
    origin: tuple[str, str],
    data: ActCreate,
    *,
    now: datetime,
) -> Recorded:
    """Record the advocate's first act for the locked application, and with it their advocacy; no word is said for them.

    An advocacy of which nothing was said or done is `proposed`; by the act it becomes `active` and volunteered, or
    `agreed` where the act does not qualify. `origin` is kind and id of what it came out of. The caller has seen that
    there is no advocacy yet and that the advocate is not the candidate. Raises what `record_act` does.
    """
    occurred_at = occurred(data.occurred_at, now, "#/occurred_at")
    state = AdvocacyState.PROPOSED
    if application.state is ApplicationState.CLOSED:
        state = concluded(state)
    row = Advocacy(
        application_id=application.id,
        application_created_at=application.created_at,
        advocate_id=advocate_id,
        origin_kind=origin[0],
        origin_id=origin[1],
        state=state,
        championing=Championing.NONE,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    await session.flush()
    session.add(
        AdvocacyTransition(
            advocacy_id=row.id, from_state=None, to_state=state, occurred_at=occurred_at, recorded_at=now
        )
    )
    record(session, "advocacy.created", row, occurred_at=occurred_at, now=now)
    return await record_act(session, application, row.id, data, now=now)
