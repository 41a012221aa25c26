from collections.abc import Callable

import httpx

from tests.api.advocacies.scene import Scene, got
from tests.cast import Company


async def test_it_lists_in_the_order_in_which_they_happened(scene: Scene) -> None:
    second = (await scene.act(occurred_at="2026-03-01T10:00:00Z"))["id"]
    first = (await scene.act(occurred_at="2026-02-20T10:00:00Z"))["id"]
    path = f"/v1/advocacies/{scene.advocacy}/acts"
    assert [row["id"] for row in (await got(scene.client, path))["data"]] == [first, second]
    latest = await got(scene.client, f"{path}?order_by=occurred_at desc&limit=1")
    assert [row["id"] for row in latest["data"]] == [second]
    rest = await got(scene.client, f"{path}?order_by=occurred_at desc&limit=1&cursor={latest['next_cursor']}")
    assert ([row["id"] for row in rest["data"]], rest["has_more"]) == ([first], False)


async def test_it_shows_each_as_it_is_read_alone(scene: Scene) -> None:
    act = await scene.act(ask={"kind": "hire", "to": scene.hana}, evidence_url="https://example.com/a")
    await scene.on(act, "confirm", scene.hana)
    (row,) = (await got(scene.client, f"/v1/advocacies/{scene.advocacy}/acts"))["data"]
    assert row == await got(scene.client, f"/v1/acts/{act['id']}")


async def test_it_shows_nothing_to_another_company(
    scene: Scene, client_for: Callable[..., httpx.AsyncClient], globex: Company
) -> None:
    act = await scene.act()
    stranger = client_for(globex)
    assert (await stranger.get(f"/v1/acts/{act['id']}")).status_code == 404
    assert (await stranger.get(f"/v1/advocacies/{scene.advocacy}/acts")).status_code == 404
    body = {"recorded_by": scene.ada}
    assert (await stranger.post(f"/v1/acts/{act['id']}/retract", json=body)).status_code == 404


async def test_it_needs_the_scope(scene: Scene, client_for: Callable[..., httpx.AsyncClient], acme: Company) -> None:
    act = await scene.act()
    reader = client_for(acme, "read")
    assert (await reader.get(f"/v1/acts/{act['id']}")).status_code == 200
    answer = await reader.post(f"/v1/acts/{act['id']}/retract", json={"recorded_by": scene.ada})
    assert answer.status_code == 403
