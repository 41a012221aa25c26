"""Changing the policy: a new version each time, judged from its moment on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from api.domain.errors import Conflict
from api.models import PolicyVersion
from api.platform import outbox
from api.platform.sessions import WriteSession
from api.platform.time_zones import is_time_zone
from api.policy import tables
from api.policy.tables import InvalidPolicy, with_numbers
from api.support.policies import policy_from, stored
from api.support.versions import keep_to_itself

MOST_VERSIONS = 1_000
WAITING_STAGES = ("applied", "screening", "interviewing", "offer")
_FACT_TABLES = ("applications", "referrals", "job_members", "availability_records", "affiliation_records")


class TimeZoneFixed(Conflict):
    """The time zone of a workspace cannot change once a fact is recorded: days would mean other days."""

    code = "time_zone_fixed"
    title = "The time zone is fixed"


class TooManyPolicyVersions(Conflict):
    """The policy was changed a thousand times; every answer is judged by all its versions, so there are no more."""

    code = "too_many_policy_versions"
    title = "The policy was changed too often"


async def lock_policy(session: WriteSession) -> PolicyVersion:
    """The latest version, with all versions locked against another change."""
    # The first version stands for all: locking the latest would still let two changes add the same next one.
    first = select(PolicyVersion).where(col(PolicyVersion.version) == 1)
    await session.execute(first.with_for_update(key_share=True))
    latest = await session.execute(select(PolicyVersion).order_by(col(PolicyVersion.version).desc()).limit(1))
    return latest.scalar_one()


async def change_policy(
    session: WriteSession, latest: PolicyVersion, changes: Mapping[str, Any], *, now: datetime
) -> PolicyVersion:
    """A new version with these numbers changed; the latest one where nothing differs.

    Closed applications never move; open ones are derived again by a worker within seconds. Raises InvalidPolicy,
    SenselessRules, TimeZoneFixed and TooManyPolicyVersions.
    """
    before = stored(policy_from(latest.values))
    after = _changed(before, changes)
    if after == before:
        return latest
    if latest.version >= MOST_VERSIONS:
        raise TooManyPolicyVersions(f"There are {MOST_VERSIONS:,} versions already; make a new workspace.")
    _check(after)
    if after["time_zone"] != before["time_zone"]:
        await _check_time_zone(session, after["time_zone"])
    if any(after[table] != before[table] for table in tables.TABLES):
        tables.check(policy_from(after), changes)
    row = PolicyVersion(version=latest.version + 1, values=after, recorded_at=now, is_spread=False)
    keep_to_itself(session)
    session.add(row)
    await session.flush()
    _say_changed(session, row, with_numbers(before), with_numbers(after))
    return row


def _say_changed(
    session: WriteSession, row: PolicyVersion, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    changed = [name for name in after if after[name] != before[name]]
    outbox.record(
        session,
        "policy.changed",
        subject=("policy", None),
        version=row.version,
        occurred_at=row.recorded_at,
        recorded_at=row.recorded_at,
        data={"object": "policy", "version": row.version, "changed": {name: after[name] for name in changed}},
        previous={name: before[name] for name in changed},
    )


def _changed(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The stored values after changes."""
    ordered = _ordered(changes)
    own = {name: value for name, value in ordered.items() if name not in tables.NUMBERS}
    return {**before, **own, "follow_up_types": tables.edited(before["follow_up_types"], ordered)}


def _ordered(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes in stored form: sets as sorted lists without repetition."""
    ordered = dict(changes)
    if "holidays" in changes:
        ordered["holidays"] = sorted({day.isoformat() for day in changes["holidays"]})
    if "working_days" in changes:
        ordered["working_days"] = sorted(set(changes["working_days"]))
    for table in tables.TABLES:
        if table in changes:
            ordered[table] = [_ordered_row(row.model_dump(mode="json")) for row in changes[table]]
    return ordered


def _ordered_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(dict.fromkeys(value)) if isinstance(value, list) else value for name, value in row.items()}


def _check(values: Mapping[str, Any]) -> None:
    for stage in WAITING_STAGES:
        if values[f"waiting_{stage}"] >= values[f"waiting_long_{stage}"]:
            raise InvalidPolicy(f"waiting_long_{stage} must be larger.", pointer=f"#/waiting_long_{stage}")
    start, end = values["working_hours"]
    if start >= end:
        raise InvalidPolicy("The working day must end after it starts.", pointer="#/working_hours")


async def _check_time_zone(session: WriteSession, name: str) -> None:
    if not is_time_zone(name):
        raise InvalidPolicy(f"'{name}' is not an IANA name such as Europe/Berlin.", pointer="#/time_zone")
    any_fact = " union all ".join(f"(select 1 from {table} where workspace_id = :w limit 1)" for table in _FACT_TABLES)
    found = await session.execute(text(any_fact), {"w": session.workspace.id})
    if found.first() is not None:
        raise TimeZoneFixed("Facts are recorded already; make a new workspace for another time zone.")
