"""The audit: who anonymised, exported or was told what, and when."""

from datetime import datetime
from uuid import UUID

from api.models import PrivacyRecord
from api.platform.sessions import WriteSession

ANONYMIZED = "anonymized"
EXPORTED = "exported"
NOTICE_GIVEN = "notice_given"


def record(
    session: WriteSession,
    person_id: UUID,
    action: str,
    *,
    now: datetime,
    recorded_by: UUID | None = None,
    reason: str | None = None,
) -> None:
    """Record that the session's actor did this with a person's data; `recorded_by` is the person who told us."""
    session.add(
        PrivacyRecord(
            person_id=person_id,
            action=action,
            actor=session.actor,
            reason=reason,
            recorded_by=recorded_by,
            recorded_at=now,
        )
    )
