from collections.abc import Callable

import httpx

from tests.api.advocacies.scene import Scene, got, make_person, make_scene, sent
from tests.cast import Company

PATH = "/v1/advocacies"


async def make_other(scene: Scene) -> str:
    """Another advocate's advocacy for the same application, in which they agreed."""
    person = await make_person(scene.client, "Bo")
    advocate = await sent(scene.client, "/v1/advocates", {"person_id": person})
    body = {"application_id": scene.application, "advocate_id": advocate["id"], "word": "agreed"}
    return str((await sent(scene.client, PATH, body))["id"])


async def test_it_lists_the_latest_first(scene: Scene) -> None:
    first = (await scene.begin())["id"]
    other = await make_other(scene)
    assert [row["id"] for row in (await got(scene.client, PATH))["data"]] == [other, first]
    assert [row["id"] for row in (await got(scene.client, f"{PATH}?order_by=created_at"))["data"]] == [first, other]


async def test_it_filters(scene: Scene) -> None:
    mine = (await scene.begin())["id"]
    other = await make_other(scene)
    elsewhere = await make_scene(scene.client)
    third = (await elsewhere.begin("declined"))["id"]
    for query, wanted in {
        f"application={scene.application}": [other, mine],
        f"advocate={scene.advocate}": [mine],
        "state=agreed": [other],
        "state=agreed&state=declined": [third, other],
        "follow_through=on_track": [],
    }.items():
        assert [row["id"] for row in (await got(scene.client, f"{PATH}?{query}"))["data"]] == wanted


async def test_it_finds_those_who_keep_at_it(scene: Scene) -> None:
    await scene.begin()
    await scene.act()
    (row,) = (await got(scene.client, f"{PATH}?follow_through=on_track"))["data"]
    assert (row["state"], row["is_volunteered"]) == ("active", True)


async def test_it_goes_on_with_the_cursor(scene: Scene) -> None:
    mine = (await scene.begin())["id"]
    other = await make_other(scene)
    page = await got(scene.client, f"{PATH}?limit=1")
    assert [row["id"] for row in page["data"]] == [other]
    rest = await got(scene.client, f"{PATH}?limit=1&cursor={page['next_cursor']}")
    assert ([row["id"] for row in rest["data"]], rest["has_more"]) == ([mine], False)


async def test_it_shows_nothing_to_another_company(
    scene: Scene, client_for: Callable[..., httpx.AsyncClient], globex: Company
) -> None:
    made = await scene.begin()
    stranger = client_for(globex)
    assert (await got(stranger, PATH))["data"] == []
    assert (await stranger.get(f"{PATH}/{made['id']}")).status_code == 404
    assert (await stranger.post(f"{PATH}/{made['id']}/agree")).status_code == 404
