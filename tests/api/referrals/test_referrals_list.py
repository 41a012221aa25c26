from collections.abc import Callable

import httpx

from tests.api.referrals.scene import REASON, Scene, make_referrer, read
from tests.cast import Company


async def test_it_shows_the_latest_first_with_names_and_reasons(scene: Scene) -> None:
    first = await scene.refer(reasons=[REASON])
    second = await scene.refer(job_id=None)
    listed = await read(scene.client, "/v1/referrals")
    assert listed["data"] == [await scene.again(second), await scene.again(first)]
    assert (listed["has_more"], listed["next_cursor"]) == (False, None)


async def test_it_filters(scene: Scene) -> None:
    application = await scene.apply()
    linked = await scene.refer()
    other = await scene.refer(job_id=None, referrer_id=await make_referrer(scene.client, "Bo Lind"), consent="pending")
    wanted = {
        "state": "consent_pending",
        "referrer": other["referrer"]["id"],
    }
    for name, value in wanted.items():
        assert [each["id"] for each in (await read(scene.client, "/v1/referrals", **{name: value}))["data"]] == [
            other["id"]
        ]
    for name, value in {"job": scene.job, "application": application["id"]}.items():
        assert [each["id"] for each in (await read(scene.client, "/v1/referrals", **{name: value}))["data"]] == [
            linked["id"]
        ]
    assert len((await read(scene.client, "/v1/referrals", candidate=scene.candidate))["data"]) == 2


async def test_it_pages(scene: Scene) -> None:
    made = [await scene.refer(job_id=None) for _ in range(3)]
    first = await read(scene.client, "/v1/referrals", limit=2, order_by="created_at")
    rest = await read(scene.client, "/v1/referrals", limit=2, order_by="created_at", cursor=first["next_cursor"])
    assert [each["id"] for each in first["data"] + rest["data"]] == [each["id"] for each in made]


async def test_it_shows_nothing_of_another_workspace(
    scene: Scene, client_for: Callable[..., httpx.AsyncClient], globex: Company
) -> None:
    made = await scene.refer()
    stranger = client_for(globex)
    assert (await read(stranger, "/v1/referrals"))["data"] == []
    assert (await stranger.get(f"/v1/referrals/{made['id']}")).status_code == 404
    assert (await stranger.post(f"/v1/referrals/{made['id']}/acknowledge")).status_code == 404
