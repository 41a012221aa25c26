"""Many changes that name the same version in If-Match: one wins, the others learn that they read too early."""

from collections import Counter
from functools import partial

import httpx
import pytest

from tests.api.advocacies.scene import make_scene
from tests.concurrency.house import House, at_once, take_row_locks_away

RIVALS = 12


async def _rival_changes(house: House, path: str) -> Counter[int]:
    etag = (await house.client.get(path)).headers["ETag"]

    async def change(number: int) -> httpx.Response:
        body = {"metadata": {"winner": str(number)}}
        return await house.through(number).patch(path, json=body, headers={"If-Match": etag})

    answers = await at_once(*(partial(change, number) for number in range(RIVALS)))
    won = [answer.json()["metadata"] for answer in answers if answer.is_success]
    assert (await house.get(path))["metadata"] in won
    return Counter(answer.status_code for answer in answers)


async def _paths(house: House) -> list[str]:
    scene = await make_scene(house.client)
    await scene.begin()
    return [
        f"/v1/applications/{scene.application}",
        f"/v1/people/{scene.ada}",
        f"/v1/jobs/{scene.job}",
        f"/v1/advocacies/{scene.advocacy}",
    ]


async def test_one_version_has_one_winner(house: House) -> None:
    for path in await _paths(house):
        assert await _rival_changes(house, path) == {200: 1, 412: RIVALS - 1}, path


async def test_without_the_lock_it_has_several(unprotected_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The protection taken away: several are told that they won, which shows that the test above would notice."""
    take_row_locks_away(monkeypatch)
    paths = await _paths(unprotected_house)
    assert max([(await _rival_changes(unprotected_house, path))[200] for path in paths]) > 1
