"""Events about acts: that one was recorded, and what was said about it."""

from collections.abc import Mapping
from datetime import datetime

from api.advocacies.act_schemas import event_data
from api.domain import facts as f
from api.models import Act
from api.platform import ids, outbox
from api.platform.sessions import WriteSession


def recorded(session: WriteSession, row: Act, facts: f.AdvocacyFacts) -> None:
    """Say that the act was recorded; also, when somebody else recorded it, that its actor may be told."""
    types = ["act.recorded"]
    if row.recorded_by != facts.person_id:
        types.append("act.recorded_by_other")
    for event_type in types:
        outbox.record(
            session,
            event_type,
            subject=("act", row.id),
            version=None,
            application_id=row.application_id,
            occurred_at=row.occurred_at,
            recorded_at=row.recorded_at,
            data=event_data(row, facts),
        )


def said(
    session: WriteSession, row: Act, event_type: str, words: Mapping[str, str], *, occurred_at: datetime, now: datetime
) -> None:
    """Say what was said about the act: ids and words, no free text."""
    links = {
        "id": ids.encode("act", row.id),
        "object": "act",
        "advocacy_id": ids.encode("advocacy", row.advocacy_id),
        "application_id": ids.encode("application", row.application_id),
    }
    outbox.record(
        session,
        event_type,
        subject=("act", row.id),
        version=None,
        application_id=row.application_id,
        occurred_at=occurred_at,
        recorded_at=now,
        data={**links, **words},
    )
