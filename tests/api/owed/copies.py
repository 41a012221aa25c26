"""Follow-ups written as rows that name somebody, with the copies that their subjects hold."""

from typing import Any

import httpx
from sqlalchemy import text

from api.platform.db import Databases
from tests.api.applications.scene import make_application
from tests.api.applications.support_scene import make_decider, make_referral, speak_up
from tests.api.follow_ups.rows import owe, uuid_of
from tests.api.referrals.scene import Answer, read
from tests.cast import Company

KINDS = {"referrals": "referral", "referrers": "referrer", "advocacies": "advocacy", "advocates": "advocate"}


_COPY = """
    update follow_up_subjects s
    set standing = f.standing, due_at = f.due_at, kind = x.kind, listed_at = x.created_at
    from follow_ups f, (
        select id, created_at, 'referral' as kind from referrals
        union all select id, created_at, 'referrer' from referrers
        union all select id, created_at, 'advocacy' from advocacies
        union all select id, created_at, 'advocate' from advocates
    ) x where s.follow_up_id = :id and f.id = :id and x.id = s.subject_id"""


async def owe_to(databases: Databases, company: Company, *named: str, **columns: Any) -> str:
    """A new open follow-up that names these."""
    made = await owe(databases, company, *named, **columns)
    async with databases.open_system() as owner:
        await owner.execute(text(_COPY), {"id": uuid_of(made)})
    return made


async def subject(client: httpx.AsyncClient, databases: Databases, collection: str) -> str:
    """The id of a new referral, referrer, advocacy or advocate of an application, to whom nothing is owed."""
    made = await _subject(client, collection)
    async with databases.open_system() as owner:
        named = "follow_up_id in (select follow_up_id from follow_up_subjects where subject_id = :id)"
        await owner.execute(text(f"delete from follow_up_subjects where {named}"), {"id": uuid_of(made)})
    return made


async def _subject(client: httpx.AsyncClient, collection: str) -> str:
    made = await make_application(client)
    if collection in ("referrals", "referrers"):
        referral = await make_referral(client, made["candidate"]["id"], made["job"]["id"], application_id=made["id"])
        return str(referral["id"] if collection == "referrals" else referral["referrer"]["id"])
    advocacy = await speak_up(client, made, await make_decider(client, made["job"]["id"]))
    return str(advocacy["id"] if collection == "advocacies" else advocacy["advocate"]["id"])


async def ids(client: httpx.AsyncClient, path: str, **query: Any) -> list[str]:
    """The ids of all pages."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page: Answer = await read(client, path, **query, **cursor)
        found += [row["id"] for row in page["data"]]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}
