"""Requests that touch many applications beside requests that touch one: none deadlocks and none is missed."""

from collections import Counter
from functools import partial

import httpx

from tests.api.advocacies.scene import SEEN, sent
from tests.concurrency.house import Answer, Call, House, at_once

ROUNDS = 3
APPLICATIONS = 10


class Team:
    """Ada, an employee, could advocate for ten candidates for a job on which Hana decides."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.advocacies: list[str] = []

    async def gather(self) -> "Team":
        """Make them all."""
        house = self.house
        employee = {"affiliation": "employee", "effective_on": "2020-01-01"}
        advocate = await sent(house.client, "/v1/advocates", {"person": {"name": "Ada", "affiliation": employee}})
        self.advocate, self.ada = advocate["id"], advocate["person"]["id"]
        self.hana = (await sent(house.client, "/v1/people", {"name": "Hana"}))["id"]
        member = {"person_id": self.hana, "power": "decides", "effective_on": "2026-01-05"}
        self.job = (await sent(house.client, "/v1/jobs", {"title": "Data engineer", "members": [member]}))["id"]
        self.applications = [await self._application(number) for number in range(APPLICATIONS)]
        return self

    async def _application(self, number: int) -> str:
        candidate = await sent(self.house.client, "/v1/candidates", {"person": {"name": f"Candidate {number}"}})
        body = {"candidate_id": candidate["id"], "job_id": self.job}
        return str((await sent(self.house.client, "/v1/applications", body))["id"])

    def begin(self, number: int) -> Call[httpx.Response]:
        """Ada's advocacy for one of the candidates."""
        body = {"application_id": self.applications[number], "advocate_id": self.advocate, "word": "agreed"}
        return self.house.post(number, "/v1/advocacies", body)

    async def begin_all(self) -> None:
        """Her advocacies for all of them, each with an act, so that lists show her name."""
        for number in range(APPLICATIONS):
            self.advocacies.append((await self.begin(number)()).json()["id"])
            assert (await self.act(number)()).is_success

    def act(self, number: int) -> Call[httpx.Response]:
        """An act of Ada's, recorded by her."""
        body = {"kind": "spoke", "audience": [self.hana], "reasons": [SEEN], "recorded_by": self.ada}
        return self.house.post(number, f"/v1/advocacies/{self.advocacies[number]}/acts", body)

    def leave(self) -> Call[httpx.Response]:
        """Ada leaves the company."""
        return self.house.post(1, f"/v1/people/{self.ada}/leave")

    def change(self, path: str, **members: object) -> Call[httpx.Response]:
        """A PATCH."""
        return partial(self.house.through(0).patch, path, json=members)


def _refused(answers: list[httpx.Response]) -> list[Answer]:
    return [answer.json() for answer in answers if not answer.is_success]


async def test_a_leave_misses_no_advocacy_begun_meanwhile(house: House) -> None:
    for _ in range(ROUNDS):
        team = await Team(house).gather()
        calls = [team.begin(number) for number in range(APPLICATIONS)]
        calls.insert(APPLICATIONS // 2, team.leave())
        assert _refused(await at_once(*calls)) == []
    await house.work()
    shown = Counter([(row.sole_advocate, row.exposed) for row in await house.rows(EXPOSURE)])
    assert shown == {(True, True): ROUNDS * APPLICATIONS}
    assert await house.damage() == []


EXPOSURE = "select sole_advocate, exposed from applications where workspace_id = :w"


async def test_a_leave_beside_acts_does_not_deadlock(house: House) -> None:
    team = await Team(house).gather()
    await team.begin_all()
    acts = [team.act(number) for number in reversed(range(APPLICATIONS))]
    assert _refused(await at_once(team.leave(), *acts)) == []
    await house.work()
    assert await house.damage() == []


async def test_changes_that_many_applications_show_do_not_deadlock(house: House) -> None:
    team = await Team(house).gather()
    await team.begin_all()
    for number in range(ROUNDS):
        answers = await at_once(
            team.change(f"/v1/jobs/{team.job}", title=f"Engineer {number}"),
            team.change(f"/v1/people/{team.ada}", name=f"Ada {number}", email=f"ada{number}@example.com"),
            house.post(1, f"/v1/jobs/{team.job}/members", {"person_id": team.hana, "power": "decides"}),
            team.change("/v1/policy", window_applied=8 + number),
            *(team.act(each) for each in reversed(range(APPLICATIONS))),
        )
        assert _refused(answers) == []
        await house.work()
    assert await house.damage() == []
    shown = await house.rows("select distinct job_title, advocate_name from applications where workspace_id = :w")
    assert {(row.job_title, row.advocate_name) for row in shown} == {(f"Engineer {number}", f"Ada {number}")}
