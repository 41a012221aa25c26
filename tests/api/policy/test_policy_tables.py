"""The tables of follow-ups and invitations: shown, edited, and refused where they make no sense."""

from typing import Any

import httpx
import pytest
from sqlmodel import select

from api.domain.policy import Policy
from api.models import PolicyVersion
from api.platform.db import Databases
from api.policy.schemas import PolicyUpdate, PolicyValues
from api.policy.tables import NUMBERS
from api.support.policies import policy_from, stored
from api.support.queries import current_policy
from tests.cast import Company

Row = dict[str, Any]
Table = list[Row]


async def values(client: httpx.AsyncClient) -> dict[str, Any]:
    shown: dict[str, Any] = (await client.get("/v1/policy")).json()["values"]
    return shown


async def follow_up_types(client: httpx.AsyncClient, edits: dict[str, Row] | None = None) -> Table:
    table: Table = (await values(client))["follow_up_types"]
    return [{**row, **(edits or {}).get(row["type"], {})} for row in table]


async def invitation_types(client: httpx.AsyncClient, edits: dict[str, Row]) -> Table:
    table: Table = (await values(client))["invitation_types"]
    return [{**row, **edits.get(row["type"], {})} for row in table]


def row_of(table: Table, name: str) -> Row:
    return next(row for row in table if row["type"] == name)


def refusal(answer: httpx.Response) -> tuple[int, str, str]:
    return answer.status_code, answer.json()["code"], answer.json()["errors"][0]["pointer"]


async def test_it_starts_with_the_tables_of_the_service(client: httpx.AsyncClient) -> None:
    shown = await values(client)
    assert row_of(shown["follow_up_types"], "answer_ask") == {
        "type": "answer_ask",
        "owner": "addressee",
        "triggers": ["ask_open"],
        "due": 3,
        "closed_by": ["answer"],
        "counts_back": False,
        "escalate_after": 5,
        "escalate_to": "recruiter",
        "outlives_outcome": False,
        "reaches_person": False,
    }
    assert row_of(shown["invitation_types"], "hand_over")["replaces"] == "act"
    assert (shown["supporter_quiet_days"], shown["invitation_gap_days"], shown["decider_digests_per_week"]) == (
        10,
        14,
        3,
    )


async def test_every_number_of_a_row_with_its_own_key_is_shown_as_in_the_table(client: httpx.AsyncClient) -> None:
    shown = await values(client)
    for key, (name, member) in NUMBERS.items():
        assert shown[key] == row_of(shown["follow_up_types"], name)[member], key
    assert {name for name, _ in NUMBERS.values()} == {row["type"] for row in shown["follow_up_types"]}


def test_whatever_is_shown_can_be_changed() -> None:
    assert list(PolicyUpdate.model_fields) == list(PolicyValues.model_fields)
    assert {*stored(Policy()), *NUMBERS} == set(PolicyValues.model_fields)


async def test_a_number_by_its_own_key_changes_the_table(client: httpx.AsyncClient, databases: Databases) -> None:
    answer = await client.patch("/v1/policy", json={"due_answer_ask": 4, "due_hand_over_before": 10})
    shown = answer.json()["values"]
    assert (answer.json()["version"], shown["due_answer_ask"], shown["due_hand_over_before"]) == (2, 4, 10)
    assert row_of(shown["follow_up_types"], "answer_ask")["due"] == 4
    assert row_of(shown["follow_up_types"], "hand_over")["due"] == 10
    feed = (await client.get("/v1/events", params={"types": "policy.changed"})).json()["data"]
    assert set(feed[0]["data"]["changed"]) == {"due_answer_ask", "due_hand_over_before", "follow_up_types"}
    assert feed[0]["previous"]["due_answer_ask"] == 3


async def test_a_table_changes_the_number_beside_it(client: httpx.AsyncClient) -> None:
    table = await follow_up_types(client, {"answer_ask": {"due": 1, "escalate_after": 2}})
    shown = (await client.patch("/v1/policy", json={"follow_up_types": table})).json()["values"]
    assert (shown["due_answer_ask"], shown["escalate_answer_ask"]) == (1, 2)
    assert shown["follow_up_types"] == table


async def test_the_rules_read_what_was_written(client: httpx.AsyncClient, databases: Databases, acme: Company) -> None:
    rows = await invitation_types(client, {"act": {"with_follow_ups": []}})
    body = {"invitation_types": rows, "due_thank_reference": 7, "invitation_open_max": 3}
    assert (await client.patch("/v1/policy", json=body)).status_code == 200
    async with databases.open_reading(acme.workspace) as session:
        policy = await current_policy(session)
    assert policy.invitation_open_max == 3
    assert policy.invitation_types[0].with_follow_ups == ()
    thanks = next(row for row in policy.follow_up_types if row.type == "thank_reference")
    assert thanks.due == 7


async def test_the_same_table_makes_no_version(client: httpx.AsyncClient) -> None:
    shown = await values(client)
    answer = await client.patch("/v1/policy", json={**shown, "time_zone": shown["time_zone"]})
    assert (answer.status_code, answer.json()["version"]) == (200, 1)


async def test_members_with_a_usual_value_may_be_left_out(client: httpx.AsyncClient) -> None:
    own = {"type": "cheer_up", "owner": "decider", "triggers": ["waiting", "waiting"], "due": 1, "closed_by": ["move"]}
    answer = await client.patch("/v1/policy", json={"follow_up_types": [*await follow_up_types(client), own]})
    made = row_of(answer.json()["values"]["follow_up_types"], "cheer_up")
    usual = {"counts_back": False, "escalate_after": None, "escalate_to": "recruiter", "outlives_outcome": False}
    assert made == {**own, **usual, "triggers": ["waiting"], "reaches_person": True}


async def test_a_type_may_be_dropped_with_its_number(client: httpx.AsyncClient) -> None:
    table = [row for row in await follow_up_types(client) if row["type"] != "confirm_act"]
    answer = await client.patch("/v1/policy", json={"follow_up_types": table})
    assert answer.json()["values"]["due_confirm_act"] is None
    answer = await client.patch("/v1/policy", json={"due_confirm_act": 1})
    assert refusal(answer) == (422, "invalid_policy", "#/due_confirm_act")


async def test_it_takes_the_same_number_twice_and_refuses_two_numbers(client: httpx.AsyncClient) -> None:
    table = await follow_up_types(client, {"answer_ask": {"due": 4}})
    answer = await client.patch("/v1/policy", json={"follow_up_types": table, "due_answer_ask": 2})
    assert refusal(answer) == (422, "invalid_policy", "#/due_answer_ask")
    answer = await client.patch("/v1/policy", json={"follow_up_types": table, "due_answer_ask": 4})
    assert (answer.status_code, answer.json()["values"]["due_answer_ask"]) == (200, 4)


@pytest.mark.parametrize(
    ("edit", "pointer", "reason"),
    [
        ({"answer_ask": {"closed_by": []}}, "2/closed_by", "could never end"),
        ({"answer_ask": {"closed_by": ["move"]}}, "2/closed_by", "could never end"),
        ({"answer_ask": {"escalate_after": 3}}, "2/escalate_after", "later than it is due"),
        ({"answer_ask": {"escalate_to": "addressee"}}, "2/escalate_to", "to themself"),
        ({"update_supporters": {"closed_by": ["interaction", "move"]}}, "3/closed_by", "a move triggers it"),
        ({"update_supporters": {"outlives_outcome": False}}, "3/outlives_outcome", "cancel it at once"),
        ({"answer_ask": {"triggers": []}}, "2/triggers", "never happen"),
        ({"thank_supporters": {"owner": "recruiter"}}, "", "overlap"),
        ({"thank_supporters": {"type": "answer_ask"}}, "", "there twice"),
    ],
)
async def test_it_refuses_a_table_that_could_not_work(
    client: httpx.AsyncClient, edit: dict[str, Row], pointer: str, reason: str
) -> None:
    answer = await client.patch("/v1/policy", json={"follow_up_types": await follow_up_types(client, edit)})
    assert refusal(answer) == (422, "senseless_rules", f"#/follow_up_types/{pointer}".rstrip("/"))
    assert reason in answer.json()["detail"]
    assert (await client.get("/v1/policy")).json()["version"] == 1


@pytest.mark.parametrize(
    ("edit", "pointer"),
    [
        ({"answer_ask": {"owner": "mother"}}, "2/owner"),
        ({"answer_ask": {"triggers": ["full_moon"]}}, "2/triggers/0"),
        ({"answer_ask": {"closed_by": ["silence"]}}, "2/closed_by/0"),
        ({"answer_ask": {"due": 31}}, "2/due"),
        ({"answer_ask": {"due": "3"}}, "2/due"),
        ({"answer_ask": {"escalate_after": 61}}, "2/escalate_after"),
        ({"answer_ask": {"type": "Answer ask"}}, "2/type"),
        ({"answer_ask": {"colour": "red"}}, "2/colour"),
    ],
)
async def test_it_refuses_words_it_does_not_know(client: httpx.AsyncClient, edit: dict[str, Row], pointer: str) -> None:
    answer = await client.patch("/v1/policy", json={"follow_up_types": await follow_up_types(client, edit)})
    assert refusal(answer) == (422, "invalid_request", f"#/follow_up_types/{pointer}")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"due_answer_ask": 5}, "#/due_answer_ask"), ({"escalate_answer_ask": 3}, "#/escalate_answer_ask")],
)
async def test_a_number_that_spoils_its_row_is_pointed_at(
    client: httpx.AsyncClient, body: dict[str, int], pointer: str
) -> None:
    assert refusal(await client.patch("/v1/policy", json=body)) == (422, "senseless_rules", pointer)
    together = {"due_answer_ask": 5, "escalate_answer_ask": 6}
    assert (await client.patch("/v1/policy", json=together)).status_code == 200


async def test_a_type_that_an_invitation_comes_with_stays_or_goes_with_it(client: httpx.AsyncClient) -> None:
    table = [row for row in await follow_up_types(client) if row["type"] != "hand_over"]
    answer = await client.patch("/v1/policy", json={"follow_up_types": table})
    assert refusal(answer) == (422, "senseless_rules", "#/follow_up_types")
    invitations = await invitation_types(client, {"hand_over": {"with_follow_ups": ["gone"]}})
    answer = await client.patch("/v1/policy", json={"invitation_types": invitations})
    assert refusal(answer) == (422, "senseless_rules", "#/invitation_types/2/with_follow_ups")
    left = [row for row in invitations if row["type"] != "hand_over"]
    body = {"follow_up_types": table, "invitation_types": left}
    assert (await client.patch("/v1/policy", json=body)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"supporter_quiet_days": 2},
        {"invitation_open_max": 4},
        {"invitation_unanswered_max": 0},
        {"decider_digests_per_week": 8},
        {"due_confirm_act": -1},
        {"escalate_answer_ask": 61},
        {"follow_up_types": None},
        {"follow_up_types": [{"type": "bare"}]},
    ],
)
async def test_it_refuses_what_is_not_allowed(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await client.patch("/v1/policy", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["pointer"].startswith(f"#/{next(iter(body))}")


async def test_a_version_from_before_there_were_tables_reads_as_the_defaults(
    client: httpx.AsyncClient, databases: Databases, acme: Company
) -> None:
    later = ("supporter_quiet_days", "decider_digests_per_week", "follow_up_types", "invitation_types")
    async with databases.open_writing(acme.workspace, actor={}) as session:
        row = (await session.execute(select(PolicyVersion))).scalar_one()
        row.values = {name: value for name, value in row.values.items() if name not in later}
        await session.flush()
        assert policy_from(row.values) == Policy(time_zone=row.values["time_zone"])
        await session.commit()
    assert (await values(client))["due_answer_ask"] == 3
    assert (await client.patch("/v1/policy", json={"due_answer_ask": 3})).json()["version"] == 1
    assert (await client.patch("/v1/policy", json={"due_answer_ask": 4})).json()["values"]["due_answer_ask"] == 4


# What is owed by it


async def offer(client: httpx.AsyncClient, name: str, job: str) -> str:
    candidate = (await client.post("/v1/candidates", json={"person": {"name": name}})).json()["id"]
    body = {"candidate_id": candidate, "job_id": job, "stage": "offer"}
    return str((await client.post("/v1/applications", json=body)).json()["id"])


async def owed(client: httpx.AsyncClient, application: str) -> list[tuple[str, str]]:
    rows = (await client.get("/v1/follow_ups", params={"application": application})).json()["data"]
    return [(row["type"], row["due_on"]) for row in rows]


async def test_a_follow_up_keeps_the_rule_by_which_it_was_made(client: httpx.AsyncClient, work: Any) -> None:
    job = (await client.post("/v1/jobs", json={"title": "Data engineer"})).json()["id"]
    first = await offer(client, "Cara", job)
    assert await owed(client, first) == [("request_reference", "2026-03-03")]
    await client.patch("/v1/policy", json={"due_request_reference": 5})
    await work()
    second = await offer(client, "Dora", job)
    assert await owed(client, first) == [("request_reference", "2026-03-03")]
    assert await owed(client, second) == [("request_reference", "2026-03-09")]


async def test_a_type_that_was_added_is_made_from_then_on(client: httpx.AsyncClient, work: Any) -> None:
    job = (await client.post("/v1/jobs", json={"title": "Data engineer"})).json()["id"]
    before = await offer(client, "Cara", job)
    own = {"type": "plan_start", "owner": "decider", "triggers": ["offer_without_reference"], "due": 3}
    table = [*await follow_up_types(client), {**own, "closed_by": ["move"]}]
    assert (await client.patch("/v1/policy", json={"follow_up_types": table})).status_code == 200
    await work()
    after = await offer(client, "Dora", job)
    assert await owed(client, before) == [("request_reference", "2026-03-03")]
    assert sorted(await owed(client, after)) == [("plan_start", "2026-03-05"), ("request_reference", "2026-03-03")]
    await client.post(f"/v1/applications/{after}/move", json={"stage": "interviewing"})
    rows = (await client.get("/v1/follow_ups", params={"application": after})).json()["data"]
    assert {row["type"]: row["state"] for row in rows}["plan_start"] == "completed"
