"""The audit over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import select

from api import models
from api.platform.deps import Admin, Reading
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.transactions import ServiceRoute
from api.privacy import schemas

router = APIRouter(prefix="/v1/privacy_records", tags=["privacy_records"], route_class=ServiceRoute)

ORDER = Orders("privacy_records", {"recorded_at": datetime}, default="recorded_at desc").parse(None)


@router.get("")
async def privacy_records_list(
    query: Annotated[schemas.PrivacyRecordsQuery, Query()], _caller: Admin, session: Reading, following: Following
) -> schemas.PrivacyRecordList:
    """List who anonymised, exported or told people what, the latest first; scope `admin`."""
    statement = select(models.PrivacyRecord)
    if query.person is not None:
        statement = statement.where(models.PrivacyRecord.person_id == query.person)
    page = await fetch_page(session, models.PrivacyRecord, statement, query, order=ORDER)
    following(page)
    data = [schemas.PrivacyRecord.of(row) for row in page.rows]
    return schemas.PrivacyRecordList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)
