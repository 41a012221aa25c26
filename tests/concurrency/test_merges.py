"""Merges beside each other and beside what is recorded of the two meanwhile, from two processes."""

from functools import partial

import httpx

from tests.api.advocacies.scene import HEARD, SEEN, Scene, make_person, make_scene, sent
from tests.api.merging.scene import make_candidate
from tests.concurrency.house import Call, House, at_once

ROUNDS = 5


def _merge(house: House, number: int, what: str, loser: str, into: str) -> Call[httpx.Response]:
    return house.post(number, f"/v1/{what}/{loser}/merge", {"into": into})


def _outcome(response: httpx.Response) -> tuple[int, str | None]:
    body = response.json()
    return response.status_code, body.get("code")


async def _insist(call: Call[httpx.Response]) -> httpx.Response:
    """The answer once the service is not busy."""
    while (response := await call()).status_code == 503:
        pass
    return response


async def _merged(house: House) -> dict[str, str]:
    """Who was merged into whom."""
    rows = await house.rows("select id, merged_into_id from people where workspace_id = :w")
    return {row.id: row.merged_into_id for row in rows if row.merged_into_id is not None}


async def test_of_two_merges_across_one_wins(house: House) -> None:
    for _ in range(ROUNDS):
        one, two = await make_person(house.client, "Ada"), await make_person(house.client, "A. Okafor")
        calls = [_merge(house, 0, "people", one, two), _merge(house, 1, "people", two, one)]
        answers = sorted(_outcome(answer) for answer in await at_once(*calls))
        assert answers == [(200, None), (409, "merged_into_itself")]
    merges = await _merged(house)
    assert len(merges) == ROUNDS
    assert not merges.keys() & set(merges.values())


async def test_merges_round_in_a_ring_make_no_circle(house: House) -> None:
    for _ in range(ROUNDS):
        ring = [await make_candidate(house.client, f"Sam {number}") for number in range(4)]
        ids = [candidate for candidate, _ in ring]
        calls = [
            partial(_insist, _merge(house, number, "candidates", each, ids[(number + 1) % len(ids)]))
            for number, each in enumerate(ids)
        ]
        answers = sorted(_outcome(answer) for answer in await at_once(*calls))
        assert answers == [(200, None)] * 3 + [(409, "merged_into_itself")]
    merges = await _merged(house)
    for start in merges:
        seen, person = {start}, merges[start]
        while person in merges:
            assert person not in seen, "a circle"
            seen.add(person)
            person = merges[person]


async def test_a_merge_misses_no_act_that_names_the_loser(house: House) -> None:
    """Hana, who hears each act, turns out to be Ada, who performs it: none qualifies, whichever comes first."""
    for _ in range(ROUNDS):
        scene = await make_scene(house.client)
        await scene.begin("agreed")
        path = f"/v1/advocacies/{scene.advocacy}/acts"
        body = {"kind": "spoke", "audience": [scene.hana], "reasons": [SEEN, HEARD], "recorded_by": scene.ada}
        acts = [partial(house.insist, number, path, body) for number in range(4)]
        merge = partial(house.insist, 1, f"/v1/people/{scene.hana}/merge", {"into": scene.ada})
        await at_once(*acts[:2], merge, *acts[2:])
        await house.work()
        shown = await house.get(f"/v1/applications/{scene.application}")
        assert shown["support"]["level"] == "none"
    assert await house.damage() == []


async def _elsewhere(house: House, scene: Scene) -> str:
    """An advocacy for another candidate, in which nobody has named Rita yet."""
    candidate, _ = await make_candidate(house.client, "Somebody else")
    body = {"candidate_id": candidate, "job_id": (await sent(house.client, "/v1/jobs", {"title": "Analyst"}))["id"]}
    application = (await sent(house.client, "/v1/applications", body))["id"]
    body = {"application_id": application, "advocate_id": scene.advocate, "word": "agreed"}
    return str((await sent(house.client, "/v1/advocacies", body))["id"])


async def test_a_merge_beside_first_mentions_leaves_what_the_facts_give(house: House) -> None:
    """Acts that name somebody for the first time on an application, while they are merged into its advocate."""
    for _ in range(ROUNDS):
        scene = await make_scene(house.client)
        advocacies = [await _elsewhere(house, scene) for _ in range(3)]
        body = {"kind": "spoke", "audience": [scene.rita], "reasons": [SEEN], "recorded_by": scene.rita}
        acts = [
            partial(house.insist, number, f"/v1/advocacies/{each}/acts", body) for number, each in enumerate(advocacies)
        ]
        merge = partial(house.insist, 1, f"/v1/people/{scene.rita}/merge", {"into": scene.ada})
        await at_once(merge, *acts)
        await house.work()
    assert await house.damage() == []


async def test_an_application_made_for_the_loser_meanwhile_is_the_winners(house: House) -> None:
    for _ in range(ROUNDS):
        (losing, _), (winning, _) = [await make_candidate(house.client, name) for name in ("S. Reyes", "Sam Reyes")]
        jobs = [(await sent(house.client, "/v1/jobs", {"title": f"Job {number}"}))["id"] for number in range(4)]
        bodies = [{"candidate_id": losing, "job_id": job} for job in jobs]
        made = [partial(house.insist, number, "/v1/applications", body) for number, body in enumerate(bodies)]
        merge = partial(house.insist, 0, f"/v1/candidates/{losing}/merge", {"into": winning})
        answers = await at_once(*made[:2], merge, *made[2:])
        applications = [answer["id"] for answer in answers if answer["object"] == "application"]
        shown = [(await house.get(f"/v1/applications/{each}"))["candidate"]["id"] for each in applications]
        assert shown == [winning] * len(jobs)
    await house.work()
    assert await house.damage() == []


async def test_an_advocacy_begun_meanwhile_makes_nobody_their_own_advocate(house: House) -> None:
    for _ in range(ROUNDS):
        scene = await make_scene(house.client)
        begin = house.post(0, "/v1/advocacies", {"application_id": scene.application, "advocate_id": scene.advocate})
        answers = [_outcome(each) for each in await at_once(begin, _merge(house, 1, "people", scene.ada, scene.sam))]
        assert answers in (
            [(201, None), (409, "own_supporter")],
            [(409, "candidate_cannot_advocate"), (200, None)],
        )
