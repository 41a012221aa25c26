"""Storing an act with what hangs on it, and the same as a fact."""

from collections.abc import Sequence
from uuid import UUID

from api.advocacies.act_bodies import ActAskCreate, ActCreate
from api.domain import facts as f
from api.models import Act, ActListener, ActReason, Ask, Reason
from api.platform.sessions import WriteSession


async def store(session: WriteSession, row: Act, data: ActCreate, reasons: Sequence[Reason]) -> f.Act:
    """Store the act, each sort of rows by one statement, and answer it as a fact; `reasons` are those of its uses."""
    session.add(row)
    await session.flush()
    listeners = [ActListener(act_id=row.id, person_id=_person(each)) for each in dict.fromkeys(data.audience)]
    uses = [
        ActReason(act_id=row.id, reason_id=reason.id, basis=use.basis, before_process=use.before_process)
        for use, reason in zip(data.reasons, reasons, strict=True)
    ]
    asks = [_ask(row, data.ask)] if data.ask else []
    session.add_all([*listeners, *uses, *asks])
    await session.flush()
    return f.Act(
        id=row.id,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        recorded_by=data.recorded_by,
        listeners=tuple(f.Listener(person_id=each.person_id) for each in listeners),
        uses=tuple(_use(use, reason) for use, reason in zip(uses, reasons, strict=True)),
        ask=next((_asked(ask) for ask in asks), None),
        chases=data.chases,
        has_evidence=data.evidence_url is not None,
    )


def _person(listener: UUID | str) -> UUID | None:
    return listener if isinstance(listener, UUID) else None


def _ask(row: Act, data: ActAskCreate) -> Ask:
    return Ask(act_id=row.id, kind=data.kind, addressee_id=_person(data.to))


def _asked(ask: Ask) -> f.Ask:
    return f.Ask(id=ask.id, kind=ask.kind, addressee=f.Listener(person_id=ask.addressee_id))


def _use(use: ActReason, reason: Reason) -> f.ReasonUse:
    return f.ReasonUse(
        reason_id=reason.id,
        requirement_id=reason.requirement_id,
        basis=use.basis,
        before_process=use.before_process,
    )
