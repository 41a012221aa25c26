from tests.api.applications.scene import Answer, events
from tests.api.interactions.scene import Scene
from tests.api.problem import problem
from tests.conftest import SetClock


async def told(scene: Scene, interaction: Answer, verb: str) -> Answer:
    response = await scene.tell(interaction, verb)
    assert response.status_code == 200, response.text
    answer: Answer = response.json()
    return answer


async def test_what_did_not_arrive_bounced_when_that_was_told(scene: Scene, clock: SetClock) -> None:
    made = await scene.record(kind="mail")
    clock.advance(hours=2)
    bounced = await told(scene, made, "bounce")
    assert (bounced["bounced_at"], bounced["bounced_by"]) == ("2026-03-02T13:00:00Z", scene.rita)
    assert bounced["occurred_at"] == made["occurred_at"]


async def test_what_did_not_happen_is_taken_back_for_good(scene: Scene, clock: SetClock) -> None:
    made = await scene.record()
    clock.advance(hours=2)
    retracted = await told(scene, made, "retract")
    assert (retracted["retracted_at"], retracted["retracted_by"]) == ("2026-03-02T13:00:00Z", scene.rita)
    assert await scene.listed() == [made["id"]]


async def test_saying_it_again_writes_nothing(scene: Scene, clock: SetClock) -> None:
    made = await scene.record()
    for verb in ("bounce", "retract"):
        first = await told(scene, made, verb)
        clock.advance(hours=1)
        assert await told(scene, made, verb) == first
    types = [each["type"] for each in await events(scene.client, "interaction.")]
    assert types == ["interaction.recorded", "interaction.bounced", "interaction.retracted"]


async def test_what_was_taken_back_does_not_bounce(scene: Scene) -> None:
    made = await scene.record()
    await told(scene, made, "retract")
    refusal = problem(await scene.tell(made, "bounce"), 409, "invalid_state_transition")
    assert (refusal["current_state"], refusal["allowed_transitions"]) == ("retracted", [])


async def test_one_without_an_application_is_taken_back_too(scene: Scene) -> None:
    made = await scene.record(application_id=None)
    assert (await told(scene, made, "bounce"))["bounced_at"]
    assert (await told(scene, made, "retract"))["retracted_at"]


async def test_only_people_of_the_workspace_say_so(scene: Scene) -> None:
    path = f"/v1/interactions/{(await scene.record())['id']}"
    for verb in ("bounce", "retract"):
        answer = await scene.client.post(f"{path}/{verb}", json={"recorded_by": f"person_{1:032x}"})
        problem(answer, 422, "unknown_reference")
    unknown = f"/v1/interactions/interaction_{1:032x}"
    problem(await scene.client.post(f"{unknown}/bounce", json={"recorded_by": scene.rita}), 404, "not_found")
    problem(await scene.client.get(unknown), 404, "not_found")


async def test_the_timeline_shows_all_of_it(scene: Scene) -> None:
    made = await scene.record(occurred_at="2026-02-10T10:00:00Z")
    await told(scene, made, "bounce")
    await told(scene, made, "retract")
    shown = [each["type"] for each in await scene.timeline() if each["type"].startswith("interaction.")]
    assert shown == ["interaction.recorded", "interaction.bounced", "interaction.retracted"]
