"""Taking what was told in one message: it becomes an act at once, or is kept until what is missing is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import select

from api.captures.bodies import CaptureComplete, CaptureCreate, CaptureDiscard, CaptureFields, Given
from api.captures.locks import Held, hold, settle
from api.captures.reading import Plan, Reading, read
from api.captures.recording import Outcome, record
from api.captures.sameness import evidence_of, given_hash_of, one_at_a_time, same_act, sha256
from api.captures.schemas import event_data
from api.domain.errors import InvalidStateTransition
from api.domain.inbound import CaptureState
from api.domain.sensitive import sensitive_hints
from api.models import Capture
from api.people.queries import today
from api.platform import outbox, rows
from api.platform.moments import occurred
from api.platform.revisions import touch
from api.platform.sessions import WriteSession

CAPTURED_BEFORE = "captured_before"
_DOES_NOT_COUNT = "does_not_count"
_WHICH = {"application", "candidate", "job", "advocate", "source_url"}


class Taken(NamedTuple):
    """A capture after it was taken, and whether it is a new one.

    `differs`: it had become an act before, and something else was told now, which was recorded nowhere.
    """

    capture: Capture
    is_new: bool
    differs: bool = False


@dataclass(frozen=True, slots=True)
class MailTold:
    """What a mail tells beside the members of a capture.

    `evidence` is its message id as a URI; text and `subject` are dropped unless the address `keeps_text`. `may_be` are
    the ids of the applications that may be meant, where several are.
    """

    capture_address_id: UUID
    evidence: str | None
    keeps_text: bool
    subject: str
    may_be: Sequence[str]


async def take(
    session: WriteSession,
    given: CaptureCreate,
    *,
    mail: MailTold | None = None,
    now: datetime,
) -> Taken:
    """Take a capture: make an act of it, or keep it with what it needs.

    What was taken before is tried again while it needs something, and answered as it is otherwise. Raises
    CandidateCannotAdvocate and InTheFuture, and then keeps nothing.
    """
    told = {name: value for name, value in _told(given).items() if value is not None}
    if mail is not None and mail.evidence is not None:
        told["source_url"] = mail.evidence
    given_hash = given_hash_of(told, None if "source_url" in told else await today(session, now))
    await one_at_a_time(session, told.get("source_url"), given_hash)
    earlier = await _lock_earlier(session, given_hash)
    row = earlier or _new(mail, given_hash, now=now)
    told = _worth_keeping(told, mail)
    if row.state is not CaptureState.NEEDS_DETAILS:
        return _taken_before(row, told)
    row.warnings = list(dict.fromkeys([*row.warnings, *_sensitive(given)]))
    may_be = mail.may_be if mail else ()
    same = await _try(session, row, {**row.given, **told}, may_be, is_new=earlier is None, now=now)
    return Taken(row, is_new=earlier is None) if same is None else _taken_before(same, told)


def _worth_keeping(told: dict[str, Any], mail: MailTold | None) -> dict[str, Any]:
    """What was told: of a mail with its subject, or else without its text."""
    if mail is None:
        return told
    if not mail.keeps_text:
        return {name: value for name, value in told.items() if name != "text"}
    return {**told, "subject": mail.subject} if mail.subject else told


def _taken_before(row: Capture, told: dict[str, Any]) -> Taken:
    # What it was recognised by may be put in other words, which add nothing.
    differs = any(row.given.get(name) != value for name, value in told.items() if name not in _WHICH)
    return Taken(row, is_new=False, differs=differs and row.state is CaptureState.COMPLETED)


async def _lock_earlier(session: WriteSession, given_hash: bytes) -> Capture | None:
    statement = select(Capture).where(Capture.given_hash == given_hash).with_for_update(key_share=True)
    found = await session.execute(statement, execution_options={"populate_existing": True})
    return found.scalar_one_or_none()


async def lock_capture(session: WriteSession, capture_id: UUID, data: CaptureComplete | None = None) -> Capture:
    """The capture, locked, with whatever has the evidence that it will have. Raises NotFound."""
    row = await rows.find(session, Capture, capture_id)
    evidence = row.given.get("source_url") if data is None or data.source_url is None else data.source_url
    await one_at_a_time(session, evidence, row.id.bytes)
    return await rows.lock(session, Capture, capture_id)


async def complete(session: WriteSession, row: Capture, data: CaptureComplete, *, now: datetime) -> None:
    """Add what was missing to the locked capture, and make an act of it if that was all.

    Raises CandidateCannotAdvocate and InTheFuture, and InvalidStateTransition where nothing more can be added.
    """
    told = {name: value for name, value in {**row.given, **_told(data)}.items() if value is not None}
    if row.state is CaptureState.COMPLETED and told == row.given:
        return
    if row.state is not CaptureState.NEEDS_DETAILS:
        raise InvalidStateTransition("complete", current_state=row.state.value, allowed=[])
    row.warnings = list(dict.fromkeys([*row.warnings, *_sensitive(data)]))
    await _try(session, row, told, _may_be(row), is_new=False, now=now)


async def discard(session: WriteSession, row: Capture, data: CaptureDiscard, *, now: datetime) -> None:
    """Drop the locked capture. Raises InvalidStateTransition where it has become an act."""
    if row.state is CaptureState.DISCARDED:
        return
    if row.state is not CaptureState.NEEDS_DETAILS:
        raise InvalidStateTransition("discard", current_state=row.state.value, allowed=[])
    held = await hold(session, row, row.application_id)
    row.discard_reason = data.reason
    end(row, CaptureState.DISCARDED)
    touch(row, now=now)
    await session.flush()
    say(session, "capture.discarded", row, now=now)
    await settle(session, row, held)


async def _try(
    session: WriteSession, row: Capture, told: dict[str, Any], may_be: Sequence[str], *, is_new: bool, now: datetime
) -> Capture | None:
    """Make an act of what was told, or keep it with what it needs; a new one that is another's act is not kept.

    Answers that other one then.
    """
    given = Given.model_validate(told)
    occurred(given.occurred_at, now, "#/occurred_at")
    before = _kept(row)
    reading = await read(session, given, may_be)
    row.given, row.needs = told, [need.model_dump() for need in reading.needs]
    row.evidence_hash = sha256(evidence_of(given.source_url)) if given.source_url else None
    same = await same_act(session, reading.plan, row.evidence_hash) if reading.plan else None
    if same is not None and is_new:
        return same
    held = await _settle_on(session, row, reading, same, is_new=is_new, now=now)
    if not is_new and _kept(row) != before:
        touch(row, now=now)
    session.add(row)
    await session.flush()
    if is_new:
        say(session, "capture.created", row, now=now)
    if row.state is CaptureState.COMPLETED:
        say(session, "capture.completed", row, now=now)
    if held is not None and _kept(row) != before:
        await settle(session, row, held)
    return None


async def _settle_on(
    session: WriteSession, row: Capture, reading: Reading, same: Capture | None, *, is_new: bool, now: datetime
) -> Held | None:
    """Let the capture be what it was read as; answers what is to be told of what is owed, unless nothing ever was."""
    match = reading.match
    if reading.plan is None or same is not None:
        concerned = await hold(session, row, match.application.id if match else None)
        _place(row, reading)
        if same is not None:
            _adopt(row, same)
        return concerned
    outcome = await record(session, reading.plan, row, now=now)
    held = None if is_new else await hold(session, row, reading.plan.match.application.id)
    _become_act(row, reading.plan, outcome)
    return held


def _may_be(row: Capture) -> Sequence[str]:
    """The applications that a mail may be about. Its words are not kept, so these are."""
    doubts = [need for need in row.needs if (need["name"], need["code"]) == ("application", "several")]
    return doubts[0]["suggestions"] if doubts and row.source == "mail" else ()


def _kept(row: Capture) -> tuple[Any, ...]:
    return row.state, row.given, row.needs, row.warnings, row.application_id


def _place(row: Capture, reading: Reading) -> None:
    match = reading.match
    row.application_id = match.application.id if match else None
    row.outcome = {"matched_by": match.matched_by} if match else None


def _become_act(row: Capture, plan: Plan, outcome: Outcome) -> None:
    act = outcome.act
    hints = [*act.hints, *outcome.hints, *([] if act.counts else [_DOES_NOT_COUNT])]
    row.warnings = list(dict.fromkeys([*row.warnings, *hints]))
    row.application_id = plan.match.application.id
    row.advocate_id, row.advocacy_id, row.act_id = outcome.advocate_id, act.advocacy_id, act.id
    row.recorded_by = outcome.recorded_by
    row.outcome = {
        "matched_by": plan.match.matched_by,
        "made": outcome.made,
        "support": act.support.model_dump(mode="json"),
    }
    end(row, CaptureState.COMPLETED)


def _adopt(row: Capture, same: Capture) -> None:
    """Let the capture be the act that another one had become already."""
    row.advocate_id, row.advocacy_id, row.act_id = same.advocate_id, same.advocacy_id, same.act_id
    row.recorded_by = same.recorded_by
    row.outcome = {**(row.outcome or {}), "support": (same.outcome or {}).get("support")}
    row.evidence_hash = None
    row.warnings = list(dict.fromkeys([*row.warnings, CAPTURED_BEFORE]))
    end(row, CaptureState.COMPLETED)


def end(row: Capture, state: CaptureState) -> None:
    """Let the capture need nothing more: it became something, or was dropped."""
    row.state, row.needs = state, []
    if "source_url" not in row.given:
        # Without evidence the same words may be said again; only what still waits is known by its words.
        row.given_hash = None


def _new(mail: MailTold | None, given_hash: bytes, *, now: datetime) -> Capture:
    return Capture(
        state=CaptureState.NEEDS_DETAILS,
        source="api" if mail is None else "mail",
        given={},
        given_hash=given_hash,
        capture_address_id=mail.capture_address_id if mail else None,
        created_at=now,
        updated_at=now,
    )


def _told(data: CaptureFields) -> dict[str, Any]:
    return data.model_dump(mode="json", exclude_unset=True)


def _sensitive(data: CaptureFields) -> list[str]:
    return sensitive_hints(data.text, *(reason.claim for reason in data.reasons or []))


def say(session: WriteSession, event_type: str, row: Capture, *, now: datetime) -> None:
    """Record an event about the capture."""
    outbox.record(
        session,
        event_type,
        subject=("capture", row.id),
        version=row.version,
        application_id=row.application_id,
        occurred_at=now,
        recorded_at=now,
        data=event_data(row),
    )
