"""Tasks over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import select

from api import models
from api.platform import rows
from api.platform.deps import Reading
from api.platform.ids import TaskId
from api.platform.listing import Following, fetch_page
from api.platform.pages import Orders
from api.platform.problems import responses
from api.platform.transactions import ServiceRoute
from api.webhooks import task_schemas as schemas

router = APIRouter(prefix="/v1/tasks", tags=["tasks"], route_class=ServiceRoute)

ORDERS = Orders("tasks", {"created_at": datetime}, default="created_at desc")


@router.get("")
async def tasks_list(
    query: Annotated[schemas.TasksQuery, Query()], session: Reading, following: Following
) -> schemas.TaskList:
    """List tasks, the latest first."""
    statement = select(models.Task)
    if query.webhook_endpoint is not None:
        statement = statement.where(models.Task.endpoint_id == query.webhook_endpoint)
    page = await fetch_page(session, models.Task, statement, query, order=ORDERS.parse(None))
    following(page)
    data = [schemas.Task.of(row) for row in page.rows]
    return schemas.TaskList(data=data, has_more=page.has_more, next_cursor=page.next_cursor)


@router.get("/{task_id}", responses=responses(404))
async def tasks_retrieve(task_id: TaskId, session: Reading) -> schemas.Task:
    """Retrieve a task: whether it is done, and how much it has looked at and changed so far."""
    return schemas.Task.of(await rows.find(session, models.Task, task_id))
