"""Counts of stage by level, now and at past moments."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from api.pipeline import queries
from tests.api.applications.scene import Answer, make_application, make_job, make_person, sent, told
from tests.api.applications.support_scene import make_decider, make_referral, speak_up
from tests.cast import Company
from tests.conftest import SetClock

STAGES = ["identified", "preparing", "applied", "screening", "interviewing", "offer"]
LEVELS = ["none", "referred", "referred_with_context", "recommended", "championed"]


async def pipeline(client: httpx.AsyncClient, **query: Any) -> Answer:
    """The answer to a question that must be answered."""
    response = await client.get("/v1/pipeline", params=query)
    assert response.status_code == 200, response.text
    answer: Answer = response.json()
    return answer


def cells(answer: Answer) -> dict[tuple[str, str], int]:
    """The counts by stage and level that are not zero."""
    pairs = {(row["stage"], level): count for row in answer["stages"] for level, count in row["levels"].items()}
    return {pair: count for pair, count in pairs.items() if count}


async def test_nothing_is_counted_as_zeros(client: httpx.AsyncClient) -> None:
    answer = await pipeline(client)
    assert [row["stage"] for row in answer["stages"]] == STAGES
    assert all(list(row["levels"]) == LEVELS and not any(row["levels"].values()) for row in answer["stages"])
    assert (answer["total"], answer["provisional"]) == (0, True)


async def test_levels_have_names_for_people(client: httpx.AsyncClient) -> None:
    labels = (await pipeline(client))["labels"]
    assert list(labels.values()) == [
        "Applied directly",
        "Referred",
        "Referred, with reasons",
        "Recommended",
        "Championed",
    ]


async def test_it_counts_stage_by_level(client: httpx.AsyncClient) -> None:
    recommended = await make_application(client, stage="screening")
    await speak_up(client, recommended, await make_decider(client, recommended["job"]["id"]))
    referred = await make_application(client, stage="screening")
    await make_referral(client, referred["candidate"]["id"], referred["job"]["id"], application_id=referred["id"])
    await make_application(client, stage="offer")
    answer = await pipeline(client)
    assert cells(answer) == {
        ("screening", "recommended"): 1,
        ("screening", "referred_with_context"): 1,
        ("offer", "none"): 1,
    }
    screening = answer["stages"][3]
    assert (answer["total"], screening["total"], screening["claimed"]) == (3, 2, 1)


async def test_open_applications_count_unless_all_are_asked_for(client: httpx.AsyncClient) -> None:
    closed, held = await make_application(client), await make_application(client)
    await told(client, closed, "close", outcome="rejected")
    await told(client, held, "hold")
    assert (await pipeline(client))["total"] == 1
    assert (await pipeline(client, state="all"))["total"] == 2


async def test_it_is_narrowed_by_job_and_by_member(client: httpx.AsyncClient) -> None:
    job = await make_job(client)
    member = await make_decider(client, job)
    await make_application(client, job_id=job)
    await make_application(client)
    assert [(await pipeline(client, **narrow))["total"] for narrow in ({}, {"job": job}, {"member": member})] == [
        2,
        1,
        1,
    ]
    assert (await pipeline(client, member=await make_person(client)))["total"] == 0


async def test_another_company_sees_nothing(
    client: httpx.AsyncClient, client_for: Callable[..., httpx.AsyncClient], globex: Company
) -> None:
    await make_application(client)
    assert (await pipeline(client_for(globex)))["total"] == 0


async def test_the_past_is_derived_from_facts(client: httpx.AsyncClient, clock: SetClock) -> None:
    made = await make_application(client, stage="applied")
    clock.advance(days=1)
    await told(client, made, "move", stage="offer")
    clock.advance(days=1)
    await told(client, made, "close", outcome="hired")
    before, between, after = ({"as_of": f"2026-03-0{day}T11:30:00Z"} for day in (1, 2, 3))
    clock.advance(days=1)
    assert cells(await pipeline(client, **before)) == {}
    assert cells(await pipeline(client, **between)) == {("applied", "none"): 1}
    assert cells(await pipeline(client, **after)) == {("offer", "none"): 1}
    now = {"as_of": "2026-03-04T11:30:00Z"}
    assert (cells(await pipeline(client, **now)), (await pipeline(client, **now, state="all"))["total"]) == ({}, 1)


async def test_what_was_not_known_then_is_left_out(client: httpx.AsyncClient, clock: SetClock) -> None:
    clock.advance(days=5)
    await make_application(client, occurred_at="2026-03-02T12:00:00Z")
    assert (await pipeline(client, as_of="2026-03-03T00:00:00Z"))["total"] == 1
    answer = await pipeline(client, known_at="2026-03-03T00:00:00Z")
    assert (answer["total"], answer["as_of"], answer["provisional"]) == (0, "2026-03-03T00:00:00Z", False)


async def test_the_past_counts_what_the_present_did(client: httpx.AsyncClient, clock: SetClock) -> None:
    job = await make_job(client)
    decider = await make_decider(client, job)
    for stage in ("applied", "screening"):
        made = await make_application(client, job_id=job, stage=stage)
        await speak_up(client, made, decider)
    present = await pipeline(client, member=decider)
    clock.advance(minutes=1)
    past = await pipeline(client, member=decider, known_at=present["as_of"])
    assert past["stages"] == present["stages"]


async def test_membership_is_that_of_the_day_asked_about(client: httpx.AsyncClient, clock: SetClock) -> None:
    made = await make_application(client)
    person = await make_person(client)
    clock.advance(days=1)
    await sent(client, f"/v1/jobs/{made['job']['id']}/members", {"person_id": person, "power": "decides"})
    clock.advance(days=1)
    days = ("2026-03-02T12:00:00Z", "2026-03-03T12:00:00Z")
    assert [(await pipeline(client, member=person, as_of=day))["total"] for day in days] == [0, 1]


async def test_too_many_applications_are_refused(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAST_AT_MOST", 1)
    narrow = {"job": (await make_application(client))["job"]["id"]}
    await make_application(client)
    problem = (await client.get("/v1/pipeline", params={"as_of": "2026-03-02T11:00:00Z"})).json()
    assert (problem["code"], problem["limit"]) == ("too_many_applications", 1)
    assert (await pipeline(client, as_of="2026-03-02T11:00:00Z", **narrow))["total"] == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"as_of": "2027-01-01T00:00:00Z"}, "asked_in_the_future"),
        ({"as_of": "2026-03-01T00:00:00Z", "known_at": "2026-02-01T00:00:00Z"}, "known_before_as_of"),
    ],
)
async def test_impossible_moments_are_refused(client: httpx.AsyncClient, query: dict[str, str], code: str) -> None:
    response = await client.get("/v1/pipeline", params=query)
    assert (response.status_code, response.json()["code"]) == (422, code)
