"""Policy changes from both processes: every one a version, numbered without a gap."""

from functools import partial

import httpx

from tests.concurrency.house import House, at_once

CHANGES = 16


async def test_changes_from_two_processes_make_versions_without_a_gap(house: House) -> None:
    async def change(number: int) -> httpx.Response:
        return await house.through(number).patch("/v1/policy", json={"awaiting_answer_max_days": 31 + number})

    answers = await at_once(*(partial(change, number) for number in range(CHANGES)))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["version"] for answer in answers) == list(range(2, CHANGES + 2))
    versions = (await house.get("/v1/policy/versions", limit=100))["data"]
    assert [version["version"] for version in versions] == list(range(CHANGES + 1, 0, -1))
    shown = {version["version"]: version["values"] for version in versions}
    assert all(shown[answer.json()["version"]] == answer.json()["values"] for answer in answers)
    events = await house.feed(types="policy.changed")
    assert [event["subject_version"] for event in events] == list(range(2, CHANGES + 2))
