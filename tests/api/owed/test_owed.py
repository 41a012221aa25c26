"""What is owed to referrals, referrers, advocacies and advocates, where each is shown and by which each is found."""

from datetime import timedelta

import httpx
import pytest

from api.domain.vocabulary import FollowUpState, Owed
from api.platform.db import Databases
from tests.api.applications.scene import make_person
from tests.api.owed.copies import KINDS, ids, owe_to, subject
from tests.api.referrals.scene import read
from tests.cast import START, Company
from tests.conftest import ClientFor, SetClock

pytestmark = pytest.mark.parametrize("collection", KINDS)

IN_A_DAY = START + timedelta(days=1)


async def test_it_owes_nothing_where_no_follow_up_is_open(
    client: httpx.AsyncClient, databases: Databases, acme: Company, collection: str
) -> None:
    made = await subject(client, databases, collection)
    await owe_to(databases, acme, made, state=FollowUpState.COMPLETED, standing=Owed.NONE)
    row = await read(client, f"/v1/{collection}/{made}")
    assert (row["follow_up_state"], row["next_follow_up"]) == ("none", None)


async def test_the_most_pressing_follow_up_is_the_next(
    client: httpx.AsyncClient, databases: Databases, acme: Company, collection: str
) -> None:
    made, owner = await subject(client, databases, collection), await make_person(client)
    await owe_to(databases, acme, made, standing=Owed.SCHEDULED, due_at=START)
    await owe_to(databases, acme, made, standing=Owed.DUE, due_at=IN_A_DAY)
    due = await owe_to(databases, acme, made, standing=Owed.DUE, due_at=START, owner_id=owner)
    shown = await read(client, f"/v1/{collection}/{made}")
    next_one = {"id": due, "type": "check_in_advocate", "owner_id": owner, "due_at": "2026-03-02T11:00:00Z"}
    assert (shown["follow_up_state"], shown["next_follow_up"]) == ("due", next_one)
    (row,) = [row for row in (await read(client, f"/v1/{collection}"))["data"] if row["id"] == made]
    assert (row["follow_up_state"], row["next_follow_up"]) == ("due", next_one)


async def test_of_two_due_at_once_the_earlier_in_the_table_is_the_next(
    client: httpx.AsyncClient, databases: Databases, acme: Company, collection: str
) -> None:
    made = await subject(client, databases, collection)
    for place in (5, 2, 7):
        await owe_to(databases, acme, made, standing=Owed.OVERDUE, place=place, type=f"type_{place}")
    assert (await read(client, f"/v1/{collection}/{made}"))["next_follow_up"]["type"] == "type_2"


async def test_it_is_found_by_what_is_owed(
    client: httpx.AsyncClient, databases: Databases, acme: Company, collection: str
) -> None:
    quiet, scheduled, due, overdue = [await subject(client, databases, collection) for _ in range(4)]
    standings = {scheduled: ["scheduled"] * 2, due: ["scheduled", "due", "due"], overdue: ["due", "overdue"]}
    for made, owed in standings.items():
        for standing in owed:
            await owe_to(databases, acme, made, standing=Owed(standing))
    path = f"/v1/{collection}"
    assert await ids(client, path, follow_up_state="scheduled") == [scheduled]
    assert await ids(client, path, follow_up_state="due") == [due]
    assert await ids(client, path, follow_up_state="overdue") == [overdue]
    assert await ids(client, path, follow_up_state=["overdue", "due"]) == [overdue, due]
    assert await ids(client, path, follow_up_state=["none", "due"]) == [due, quiet]
    assert set(await ids(client, path, follow_up_state=["none", "scheduled", "due", "overdue"])) >= {quiet, overdue}


@pytest.mark.parametrize("order_by", ["created_at", "created_at desc"])
async def test_pages_go_on_where_the_one_before_ended(
    client: httpx.AsyncClient,
    databases: Databases,
    acme: Company,
    clock: SetClock,
    collection: str,
    order_by: str,
) -> None:
    made = []
    for _ in range(3):
        clock.advance(minutes=1)
        made.append(await subject(client, databases, collection))
    for each in made:
        await owe_to(databases, acme, each, standing=Owed.OVERDUE, due_at=START)
    found = await ids(client, f"/v1/{collection}", follow_up_state="overdue", order_by=order_by, limit=1)
    assert found == (made if order_by == "created_at" else made[::-1])


async def test_the_etag_differs_with_what_is_owed_and_a_change_needs_the_version_alone(
    client: httpx.AsyncClient, databases: Databases, acme: Company, collection: str
) -> None:
    path = f"/v1/{collection}/{await subject(client, databases, collection)}"
    before = (await client.get(path)).headers["etag"]
    await owe_to(databases, acme, path.rpartition("/")[2], standing=Owed.DUE)
    answer = await client.get(path, headers={"If-None-Match": before})
    assert (answer.status_code, answer.json()["follow_up_state"]) == (200, "due")
    now = answer.headers["etag"]
    assert now != before
    assert (await client.get(path, headers={"If-None-Match": now})).status_code == 304
    if collection != "referrals":
        body = {"metadata": {"a": "1"}}
        assert (await client.patch(path, json=body, headers={"If-Match": now})).status_code == 200
        assert (await client.patch(path, json=body, headers={"If-Match": now})).status_code == 412


async def test_another_workspace_sees_nothing_of_it(
    client: httpx.AsyncClient,
    client_for: ClientFor,
    databases: Databases,
    acme: Company,
    globex: Company,
    collection: str,
) -> None:
    theirs = client_for(globex)
    made, other = await subject(client, databases, collection), await subject(theirs, databases, collection)
    await owe_to(databases, acme, made, standing=Owed.OVERDUE)
    assert await ids(theirs, f"/v1/{collection}", follow_up_state="overdue") == []
    assert (await read(theirs, f"/v1/{collection}/{other}"))["follow_up_state"] == "none"
