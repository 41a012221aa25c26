"""No list reads more as a workspace grows: every filter and order, as the service sends it, touches few buffers."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from tests.plans.conftest import Sent
from tests.plans.plans import MODES, carry_out

MOST_BUFFERS = 300
MOST_OF_SEVERAL = 800
"""For what looks into several indexes for each row of a page."""
SMALL_TABLES = frozenset({"workspaces", "policies", "api_keys", "event_counters", "hook_tokens"})

JOB = "job=job_0192f3a400057000800000000000{:04x}"
MANY, FEW, NONE = (JOB.format(n) for n in (1, 999, 1000))
LATE = "2025-03-11T20:00:00Z"
NEVER = "2030-01-01T00:00:00Z"


def _id(kind: str, digits: str, n: int) -> str:
    return f"{kind}_0192f3a4{digits}70008000{n:012x}"


ALONE = [
    "",
    *(MANY, FEW, NONE),
    *(f"candidate={_id('candidate', '0002', n)}" for n in (60001, 50001, 99999)),
    *(f"member={_id('person', '0001', n)}" for n in (60501, 60502, 60503, 60504, 60505, 99999)),
    *(f"referrer={_id('referrer', '0003', n)}" for n in (1, 2, 3)),
    *(f"advocate={_id('advocate', '0004', n)}" for n in (1, 2, 3)),
    *(f"state={value}" for value in ("open", "on_hold", "closed")),
    *(f"stage={value}" for value in ("applied", "offer", "preparing")),
    *(f"outcome={value}" for value in ("rejected", "hired", "withdrawn")),
    *(f"level={value}" for value in ("none", "championed", "recommended")),
    *(f"championing={value}" for value in ("none", "at_risk", "lost")),
    *(f"confidence={value}" for value in ("claimed", "confirmed", "self_reported")),
    *("exposed=true", "exposed=false"),
    *(f"waiting={value}" for value in ("waiting", "waiting_long", "none", "waiting&waiting=waiting_long")),
    *(f"follow_up_state={value}" for value in ("scheduled", "overdue", "due", "none", "scheduled&follow_up_state=due")),
]
PAIRS = [
    f"{MANY}&candidate={_id('candidate', '0002', 7)}",
    *(f"{job}&{other}" for job in (MANY, FEW) for other in ("state=open", "state=on_hold", "stage=applied")),
    *(f"{MANY}&{other}" for other in ("stage=offer", "level=none", "level=championed")),
    *(
        f"member={_id('person', '0001', n)}&{other}"
        for n in (60501, 60504)
        for other in ("state=on_hold", "state=closed", "stage=applied", "level=none", "level=championed")
    ),
    *("state=open&stage=applied", "state=open&stage=offer", "state=on_hold&stage=offer"),
    *("state=open&level=none", "state=open&level=championed", "state=open&exposed=true", "state=open&exposed=false"),
    *("state=on_hold&exposed=true", "state=closed&level=referred"),
    *(f"member={_id('person', '0001', n)}&state=open&exposed=true" for n in (60501, 60504)),
    *(
        f"{whose}&{other}"
        for whose in (MANY, FEW, *(f"member={_id('person', '0001', n)}" for n in (60501, 60504)))
        for other in ("waiting=waiting", "waiting=waiting_long&waiting=none", "follow_up_state=overdue")
    ),
    *(
        f"{others}stage={stage}&level={level}"
        for others in (
            "",
            "state=open&",
            "state=on_hold&",
            f"{MANY}&",
            f"{FEW}&",
            f"member={_id('person', '0001', 60504)}&",
        )
        for stage in ("applied", "offer")
        for level in ("none", "championed")
    ),
]
ORDERED = [
    *(f"order_by={column}{direction}" for column in ("created_at", "updated_at") for direction in ("", " desc")),
    *(
        f"order_by={column}{direction}{filters}"
        for column in ("level_changed_at", "next_change_at")
        for direction in ("", " desc")
        for filters in ("", f"&{MANY}", f"&{FEW}", f"&{NONE}", "&level=none", "&level=championed", "&level=recommended")
    ),
    *(f"order_by=updated_at{direction}&{job}" for direction in ("", " desc") for job in (MANY, FEW, NONE)),
    *(
        f"order_by={column}{direction}&{whose}"
        for column in ("changed_at", "next_change_at")
        for direction in ("", " desc")
        for whose in (MANY, FEW, *(f"member={_id('person', '0001', n)}" for n in (60501, 60503, 60504)))
    ),
    *("order_by=changed_at", "order_by=changed_at desc"),
    *("order_by=created_at desc,id", f"order_by=created_at&{FEW}", "order_by=created_at&state=closed"),
]
RANGES = [
    *(
        f"{column}[{end}]={moment}&order_by={column}{direction}{filters}"
        for column, filters in (
            ("updated_at", ""),
            ("updated_at", f"&{MANY}"),
            ("changed_at", ""),
            ("changed_at", f"&member={_id('person', '0001', 60501)}"),
            ("level_changed_at", ""),
            ("level_changed_at", "&level=championed"),
            ("next_change_at", f"&{MANY}"),
            ("next_change_at", ""),
        )
        for end in ("gte", "lt")
        for moment in (LATE, NEVER)
        for direction in ("", " desc")
    ),
    f"updated_at[gte]={LATE}&updated_at[lt]=2025-03-11T20:30:00Z",
]
APPLICATIONS = [f"/v1/applications?limit=50&{query}" for query in (*ALONE, *PAIRS, *ORDERED, *RANGES)]

FOLLOW_UPS = [
    *("", "order_by=due_at desc", "order_by=updated_at", "order_by=created_at desc", f"updated_at[gte]={LATE}"),
    *(f"owner={_id('person', '0001', n)}" for n in (60501, 60502, 60503, 60700)),
    *(
        f"owner={_id('person', '0001', n)}&{other}"
        for n in (60501, 60502, 60700)
        for other in ("state=open", "state=completed", "standing=overdue", "standing=none", f"due_at[gte]={LATE}")
    ),
    *(f"type={value}" for value in ("update_supporters", "answer_ask", "hand_over")),
    *(f"type={value}&state=open" for value in ("update_supporters", "answer_ask", "thank_supporters")),
    *(f"state={value}" for value in ("open", "completed", "skipped", "cancelled")),
    *(f"standing={value}" for value in ("none", "scheduled", "due", "overdue")),
    *(f"due_at[{end}]={moment}&state=open" for end in ("gte", "lt") for moment in (LATE, NEVER)),
    *(f"{kind}={_id(kind, digits, 9)}" for kind, digits in (("application", "0006"), ("person", "0001"))),
    *(f"referrer={_id('referrer', '0003', n)}{other}" for n in (9, 99999) for other in ("", "&state=open")),
    f"person={_id('person', '0001', 9)}&owner={_id('person', '0001', 60501)}&order_by=updated_at desc",
    f"application={_id('application', '0006', 9)}&standing=scheduled&type=thank_supporters",
    *(f"{kind}={_id(kind, '0099', 1)}" for kind in ("capture", "referral", "advocacy", "advocate")),
]

INVITATIONS = [
    *("", "order_by=invited_at", "order_by=expires_at", "order_by=updated_at desc", f"updated_at[gte]={LATE}"),
    *(
        f"asker={_id('person', '0001', n)}{other}"
        for n in (60501, 60502, 60503)
        for other in ("", "&state=open", "&state=expired", "&state=taken", f"&invited_at[gte]={LATE}")
    ),
    *(
        f"type={value}{other}"
        for value in ("act", "hand_over", "none")
        for other in ("", "&state=open", "&state=taken")
    ),
    *(f"state={value}{other}" for value in ("open", "expired", "passed") for other in ("", "&order_by=expires_at")),
    *(f"state=open&expires_at[{end}]={moment}" for end in ("gte", "lt") for moment in (LATE, NEVER)),
    *(f"expires_at[{end}]={moment}" for end in ("gte", "lt") for moment in (LATE, NEVER)),
    *(f"{kind}={_id(kind, digits, 9)}" for kind, digits in (("application", "0006"), ("person", "0001"))),
    *(f"{kind}={_id(kind, '0009', n)}" for kind in ("advocacy", "referral") for n in (9, 99999)),
    f"person={_id('person', '0001', 9)}&asker={_id('person', '0001', 60501)}&order_by=expires_at",
    f"application={_id('application', '0006', 9)}&state=open&type=hand_over&order_by=updated_at desc",
]

OTHERS = [
    *(
        f"/v1/{name}?limit=50&order_by={order}"
        for name in ("people", "jobs", "referrals", "advocacies", "candidates")
        for order in ("created_at desc", "created_at")
    ),
    *("/v1/people?limit=50&order_by=updated_at", "/v1/people?limit=50&email=p77@example.com"),
    *(f"/v1/people?limit=50&notice_due_before={at}" for at in (NEVER, "2025-02-01T02:10:00Z", "2020-01-01T00:00:00Z")),
    f"/v1/people?limit=50&notice_due_before={NEVER}&order_by=notice_due_at desc",
    *(f"/v1/candidates?limit=50&person_id={_id('person', '0001', n)}" for n in (1, 60900)),
    *("/v1/external_refs?limit=50", "/v1/external_refs?limit=50&order_by=created_at"),
    *(f"/v1/external_refs?limit=50&external_id={value}" for value in ("7", "shared", "shared&system=ats", "none")),
    *(f"/v1/external_refs?limit=50&resource_id={_id('person', '0001', n)}" for n in (1, 60900)),
    f"/v1/external_refs?limit=50&resource_id={_id('candidate', '0002', 7)}&kind=candidate",
    "/v1/references?limit=50",
    *(f"/v1/jobs?limit=50&state={state}" for state in ("open", "paused", "filled", "cancelled")),
    *(f"/v1/referrals?limit=50&state={state}" for state in ("submitted", "expired", "declined")),
    *(f"/v1/referrals?limit=50&{job}" for job in (MANY, FEW, NONE)),
    *(f"/v1/referrals?limit=50&referrer={_id('referrer', '0003', n)}" for n in (1, 2, 3)),
    f"/v1/referrals?limit=50&candidate={_id('candidate', '0002', 9)}",
    f"/v1/referrals?limit=50&application={_id('application', '0006', 9)}",
    *(f"/v1/advocacies?limit=50&state={state}" for state in ("active", "declined", "withdrawn")),
    *(f"/v1/advocacies?limit=50&follow_through={value}" for value in ("on_track", "lapsed")),
    *(f"/v1/advocacies?limit=50&advocate={_id('advocate', '0004', n)}" for n in (1, 2, 3)),
    f"/v1/advocacies?limit=50&application={_id('application', '0006', 9)}",
    *("/v1/captures?limit=50", "/v1/captures?limit=50&order_by=created_at"),
    *(f"/v1/captures?limit=50&state={state}" for state in ("completed", "needs_details", "discarded")),
    *(f"/v1/captures?limit=50&application={_id('application', '0006', n)}" for n in (1, 30001, 99999)),
    f"/v1/captures?limit=50&application={_id('application', '0006', 1)}&state=completed",
    *("/v1/interactions?limit=50", "/v1/interactions?limit=50&order_by=occurred_at"),
    *(f"/v1/interactions?limit=50&person={_id('person', '0001', n)}" for n in (1, 30001, 60900)),
    *(f"/v1/interactions?limit=50&counterpart={_id('person', '0001', n)}" for n in (60501, 60502, 60503)),
    *(f"/v1/interactions?limit=50&application={_id('application', '0006', n)}" for n in (1, 30001, 99999)),
    *(f"/v1/interactions?limit=50&kind={kind}" for kind in ("mail", "coaching", "promise")),
    *(f"/v1/interactions?limit=50&direction={way}" for way in ("to_person", "from_person", "both_ways")),
    *(f"/v1/interactions?limit=50&occurred_at[{end}]={at}" for end in ("gte", "lt") for at in (LATE, NEVER)),
    *(f"/v1/follow_ups?limit=50&{query}" for query in FOLLOW_UPS),
    *(f"/v1/invitations?limit=50&{query}" for query in INVITATIONS),
    *("/v1/action_links?limit=50", "/v1/action_links?limit=50&order_by=created_at"),
    *(
        f"/v1/action_links?limit=50&{purpose}state={state}{order}"
        for purpose in ("", "purpose=agree&", "purpose=not_me&", "purpose=record_act&")
        for state in ("open", "used", "revoked", "expired")
        for order in ("", "&order_by=created_at")
    ),
    *(f"/v1/action_links?limit=50&purpose={purpose}" for purpose in ("agree", "not_me", "hand_over")),
    *(f"/v1/action_links?limit=50&person={_id('person', '0001', n)}" for n in (60501, 60502, 99999)),
    f"/v1/action_links?limit=50&application={_id('application', '0006', 9)}",
    *("/v1/events?limit=50", "/v1/events?limit=50&after=60000", "/v1/events?limit=50&after=99999"),
    *(f"/v1/events?limit=50&types={kind}" for kind in ("application.created", "act.recorded", "act.retracted")),
    "/v1/events?limit=50&types=application.created&after=49990",
]


OWED = [
    *(
        f"/v1/{name}?limit=50&follow_up_state={state}{order}"
        for name in ("referrals", "referrers", "advocacies", "advocates")
        for state in ("scheduled", "due", "overdue")
        for order in ("", "&order_by=created_at")
    ),
    *(f"/v1/{name}?limit=50{order}" for name in ("referrers", "advocates") for order in ("", "&order_by=created_at")),
]


@pytest.mark.parametrize("path", [*OTHERS, *OWED])
async def test_a_page_of_any_other_list_touches_few_buffers(
    path: str, get: Callable[..., Any], sent: Sent, service: asyncpg.Connection
) -> None:
    await check_two_pages(path, get, sent, service)


@pytest.mark.parametrize("path", APPLICATIONS)
async def test_a_page_of_applications_touches_few_buffers(
    path: str, get: Callable[..., Any], sent: Sent, service: asyncpg.Connection
) -> None:
    await check_two_pages(path, get, sent, service)


@pytest.mark.parametrize("query", ["", "state=all", MANY, FEW, f"member={_id('person', '0001', 60501)}"])
async def test_the_pipeline_is_counted_in_an_index(
    query: str, get: Callable[..., Any], sent: Sent, service: asyncpg.Connection
) -> None:
    answer = await get(f"/v1/pipeline?{query}")
    assert answer.status_code == 200, answer.text
    ((sql, values),) = [(sql, values) for sql, values in sent if "count(*)" in sql]
    for mode in MODES:
        carried = await carry_out(service, mode, sql, values)
        assert not carried.scanned - SMALL_TABLES, f"{mode}: {sql}\n{carried.text}"
        assert carried.buffers <= MOST_BUFFERS, f"{mode}: {sql}\n{carried.text}"


@pytest.mark.parametrize("person", ["", *(f"&person={_id('person', '0001', n)}" for n in (60501, 60502, 60503, 60504))])
@pytest.mark.parametrize("since", ["2025-12-10T00:00:00Z", "2026-02-20T00:00:00Z"])
async def test_each_statement_of_the_briefing_touches_few_buffers(
    person: str, since: str, get: Callable[..., Any], sent: Sent, service: asyncpg.Connection
) -> None:
    answer = await get(f"/v1/briefing?since={since}{person}")
    assert answer.status_code == 200, answer.text
    await check_plans(sent, service)


async def check_two_pages(path: str, get: Callable[..., Any], sent: Sent, service: asyncpg.Connection) -> None:
    """Carry out the statements of the first page and of the one after it."""
    answer = await get(path)
    for _ in range(2):
        assert answer.status_code == 200, answer.text
        await check_plans(sent, service)
        cursor = answer.json().get("next_cursor")
        if cursor is None:
            return
        answer = await get(f"{path}&cursor={cursor}")


async def check_plans(sent: Sent, service: asyncpg.Connection) -> None:
    """Carry out what the last request read under both kinds of plan, and start over with an empty list."""
    statements = [(sql, values) for sql, values in sent if _reads_a_page(sql)]
    assert statements
    sent.clear()
    for sql, values in statements:
        for mode in MODES:
            carried = await carry_out(service, mode, sql, values)
            assert not carried.scanned - SMALL_TABLES, f"{mode}: {sql}\n{carried.text}"
            assert carried.buffers <= _most(sql), f"{mode}: {sql}\n{carried.text}"


def _most(sql: str) -> int:
    return MOST_OF_SEVERAL if "unnest(" in sql or "follow_up_subjects" in sql else MOST_BUFFERS


def _reads_a_page(sql: str) -> bool:
    """Whether it is a statement of the list itself, rather than one of the driver about types or of the clock."""
    text = sql.lower()
    return "limit" in text and "pg_type" not in text and "from policies" not in text
