from tests.api.interactions.scene import Scene
from tests.api.problem import problem


async def test_the_latest_come_first_unless_asked_otherwise(scene: Scene) -> None:
    made = [(await scene.record(occurred_at=f"2026-02-{day:02}T10:00:00Z"))["id"] for day in (12, 10, 11)]
    assert await scene.listed() == [made[0], made[2], made[1]]
    assert await scene.listed(order_by="occurred_at") == [made[1], made[2], made[0]]


async def test_it_goes_on_after_a_page(scene: Scene) -> None:
    made = [(await scene.record())["id"] for _ in range(5)]
    found: list[str] = []
    parameters: dict[str, object] = {"limit": 2}
    while len(found) < 5:
        page = (await scene.client.get("/v1/interactions", params=parameters)).json()
        found += [each["id"] for each in page["data"]]
        parameters["cursor"] = page["next_cursor"]
    assert found == made[::-1]
    assert page["has_more"] is False


async def test_it_is_narrowed_by_who_what_and_when(scene: Scene) -> None:
    call = (await scene.record(counterpart_id=scene.rita, occurred_at="2026-02-10T10:00:00Z"))["id"]
    effort = (await scene.record(kind="candidate_effort", direction="from_person"))["id"]
    other = (await scene.record(application_id=None, person_id=scene.ada, kind="mail"))["id"]
    assert await scene.listed(person=scene.ada) == [other]
    assert await scene.listed(counterpart=scene.rita) == [call]
    assert await scene.listed(application=scene.application) == [effort, call]
    assert await scene.listed(kind="mail") == [other]
    assert await scene.listed(direction="from_person") == [effort]
    assert await scene.listed(**{"occurred_at[gte]": "2026-02-10T10:00:01Z"}) == [other, effort]
    assert await scene.listed(**{"occurred_at[lt]": "2026-02-10T10:00:01Z", "person": scene.cleo}) == [call]
    assert await scene.listed(kind="telepathy") == []


async def test_it_refuses_an_unknown_order_or_filter(scene: Scene) -> None:
    problem(await scene.client.get("/v1/interactions?order_by=kind"), 422, "invalid_order_by")
    problem(await scene.client.get("/v1/interactions?note=x"), 422, "unknown_parameter")
