"""External ids over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from api import models
from api.domain.errors import Unprocessable
from api.external_refs import schemas, service
from api.external_refs.service import ExternalRefTaken
from api.platform.deps import Reading, Tag, Writing
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.references import UnknownReference
from api.platform.transactions import ServiceRoute

router = APIRouter(prefix="/v1/external_refs", tags=["external_refs"], route_class=ServiceRoute)

ORDERS = Orders("external_refs", {"created_at": datetime}, default="created_at desc")


@router.get("")
async def external_refs_list(
    query: Annotated[schemas.ExternalRefsQuery, Query()], session: Reading, following: Following
) -> schemas.ExternalRefList:
    """List the ids that other systems have for people, candidates, jobs and applications, the latest first.

    By `external_id` it finds what an id names, by `resource_id` all ids of one resource. `system` and `kind` narrow
    either; alone they are refused.
    """
    page = await fetch_page(session, models.ExternalRef, _wanted(query), query, order=ORDERS.parse(query.order_by))
    following(page)
    data = [schemas.ExternalRef.of(row) for row in page.rows]
    return schemas.ExternalRefList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.post(
    "",
    status_code=201,
    responses={
        200: {"model": schemas.ExternalRef, "description": "The id names this already."},
        **responses(ExternalRefTaken, UnknownReference),
    },
)
async def external_refs_create(
    session: Writing, data: schemas.ExternalRefCreate, tag: Tag, response: Response
) -> schemas.ExternalRef:
    """Let an id of another system name a person, candidate, job or application, beside the ids it has.

    Where it names that already, the answer is 200 and nothing is written. One id of a system names one resource of each
    kind; several ids may name the same. What was merged into another gives the id to that other.
    """
    kind, resource_id = await service.present_resource(session, data.resource_id, "#/resource_id")
    if await service.attach(session, kind, resource_id, data.system, data.external_id, now=await session.now()):
        tag.created("/v1/external_refs")
    else:
        response.status_code = 200
    return schemas.ExternalRef.of(await service.attached(session, kind, data.system, data.external_id))


def _wanted(query: schemas.ExternalRefsQuery) -> SelectOfScalar[models.ExternalRef]:
    ref = models.ExternalRef
    statement = select(ref)
    for name in ("system", "external_id", "kind"):
        if (value := getattr(query, name)) is not None:
            statement = statement.where(col(getattr(ref, name)) == value)
    if query.resource_id is not None:
        kind, resource_id = service.resource_of(query.resource_id)
        return statement.where(col(getattr(ref, f"{kind}_id")) == resource_id)
    for name in ("system", "kind"):
        if query.external_id is None and getattr(query, name) is not None:
            raise Unprocessable(f"'{name}' narrows 'external_id' or 'resource_id'; send one of these.", parameter=name)
    return statement
