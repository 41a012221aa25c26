import asyncio

from sqlalchemy import event

from api.platform.db import Databases
from tests.api.referrals.scene import REASON, Scene, sent

ROUNDS = 5


async def test_a_referral_and_its_application_made_at_once_find_each_other(scene: Scene) -> None:
    for number in range(ROUNDS):
        job = (await sent(scene.client, "/v1/jobs", {"title": f"Job {number}"}))["id"]
        made, application = await asyncio.gather(scene.refer(job_id=job), scene.apply(job_id=job))
        assert (await scene.again(made))["application_id"] == application["id"]
        assert await scene.level(application) == "referred"


async def test_of_two_alike_at_once_one_is_the_duplicate(scene: Scene) -> None:
    for number in range(ROUNDS):
        job = (await sent(scene.client, "/v1/jobs", {"title": f"Job {number}"}))["id"]
        pair = await asyncio.gather(scene.refer(job_id=job), scene.refer(job_id=job))
        assert sorted(each["state"] for each in pair) == ["duplicate", "submitted"]


async def test_of_two_links_at_once_one_wins(scene: Scene) -> None:
    other = (await sent(scene.client, "/v1/jobs", {"title": "Other"}))["id"]
    applications = [await scene.apply(), await scene.apply(job_id=other)]
    made = await scene.refer(job_id=None)
    answers = await asyncio.gather(*(scene.tell(made, "link", application_id=each["id"]) for each in applications))
    assert sorted(each.status_code for each in answers) == [200, 409]


async def test_a_write_takes_at_most_twenty_round_trips(scene: Scene, databases: Databases) -> None:
    application = await scene.apply()
    await scene.refer(job_id=None)  # the first time it is noted, too, by when the candidate is to be told
    sent_statements: list[str] = []

    def count(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent_statements.append(statement)

    event.listen(databases.engine.sync_engine, "before_cursor_execute", count)
    scene.client.headers["Idempotency-Key"] = "one"
    made = await scene.refer(relationship="same_team", reasons=[REASON, {**REASON, "requirement": "Mentoring"}])
    assert made["application_id"] == application["id"]
    assert len(sent_statements) <= 20
