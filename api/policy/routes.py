"""The policy, its versions, and changing it."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi import Query as Parameter
from sqlmodel import col, select

from api.domain.errors import NotFound
from api.domain.follow_up_checks import SenselessRules
from api.models import PolicyVersion
from api.platform.deps import Administering, Reading, Tag
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.queries import IN_DIGITS, ListQuery
from api.platform.transactions import ServiceRoute
from api.policy import schemas
from api.policy.service import TimeZoneFixed, TooManyPolicyVersions, change_policy, lock_policy
from api.policy.tables import InvalidPolicy

router = APIRouter(prefix="/v1/policy", tags=["policy"], route_class=ServiceRoute)

VERSIONS = Orders("policy_versions", {"version": int}, default="version desc")
VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1, description="The version."), IN_DIGITS]


class VersionsQuery(ListQuery):
    """What the list of versions accepts."""


@router.get("")
async def policy_retrieve(session: Reading, tag: Tag) -> schemas.Policy:
    """What is in force: what a level needs, how the clocks run, what is owed when, and who is invited to what."""
    newest = select(PolicyVersion).order_by(col(PolicyVersion.version).desc()).limit(1)
    row = (await session.execute(newest)).scalar_one()
    tag(row.version)
    return schemas.Policy.of(row)


@router.patch("", responses=responses(InvalidPolicy, SenselessRules, TimeZoneFixed, TooManyPolicyVersions, 412))
async def policy_update(session: Administering, tag: Tag, changes: schemas.PolicyUpdate) -> schemas.Policy:
    """Change numbers or tables: makes a new version, in force from now on. Scope `admin`.

    It heals no lapse and moves no closed application; a follow-up keeps the rule by which it was made. A table with
    something that could never end, or that would be owed twice, is refused with the reason. Open applications are
    derived again within seconds; until then lists show what was announced before, while `support` already answers by
    the new version.
    """
    latest = await lock_policy(session)
    tag.check(latest.version)
    row = await change_policy(session, latest, changes.changes(), now=await session.now())
    tag(row.version)
    return schemas.Policy.of(row)


@router.get("/versions")
async def policy_versions_list(
    session: Reading, query: Annotated[VersionsQuery, Parameter()], following: Following
) -> schemas.PolicyVersions:
    """Every version there has been, the newest first."""
    page = await fetch_page(session, PolicyVersion, select(PolicyVersion), query, order=VERSIONS.parse(None))
    following(page)
    rows = [schemas.Policy.of(row) for row in page.rows]
    return schemas.PolicyVersions(data=rows, has_more=page.has_more, next_cursor=page.next_cursor)


@router.get("/versions/{version}", responses=responses(NotFound))
async def policy_versions_retrieve(session: Reading, version: VersionNumber, tag: Tag) -> schemas.Policy:
    """One version, as answers name it in `policy_version`."""
    found = await session.execute(select(PolicyVersion).where(col(PolicyVersion.version) == version))
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound("There is no such version of the policy.")
    tag(row.version)
    return schemas.Policy.of(row)
