from tests.api.advocacies.scene import Scene


async def patched(scene: Scene, status: int = 200, headers: dict[str, str] | None = None, **body: object) -> dict:
    response = await scene.client.patch(f"/v1/advocacies/{scene.advocacy}", json=body, headers=headers)
    assert response.status_code == status, response.text
    return response.json()


async def test_it_changes_how_the_advocate_knows_the_candidate(scene: Scene) -> None:
    await scene.begin(relationship="social", basis="heard_from")
    changed = await patched(scene, relationship="managed", basis=None, outranks_decider=True, worked_until="2025-06-30")
    assert (changed["relationship"], changed["basis"], changed["outranks_decider"]) == ("managed", None, True)
    assert (changed["worked_until"], changed["version"]) == ("2025-06-30", 2)
    assert await scene.read() == changed


async def test_it_records_what_was_before(scene: Scene) -> None:
    await scene.begin(relationship="social", worked_from="2021-01-01")
    await patched(scene, relationship="managed", worked_from="2022-01-01", metadata={"a": "1"})
    (event,) = await scene.events("advocacy.updated")
    assert event["previous"] == {"relationship": "social", "worked_from": "2021-01-01", "metadata": {}}
    assert event["data"]["relationship"] == "managed"


async def test_it_changes_nothing_by_an_empty_patch(scene: Scene) -> None:
    await scene.begin(relationship="social")
    assert (await patched(scene, relationship="social"))["version"] == 1
    assert await scene.events("advocacy.updated") == []


async def test_it_refuses_to_set_the_state(scene: Scene) -> None:
    await scene.begin()
    assert (await patched(scene, 422, state="active"))["errors"][0]["pointer"] == "#/state"


async def test_it_refuses_an_end_before_the_start_it_keeps(scene: Scene) -> None:
    await scene.begin(worked_from="2024-01-01")
    assert (await patched(scene, 422, worked_until="2023-01-01"))["errors"][0]["pointer"] == "#/worked_until"


async def test_it_refuses_another_version(scene: Scene) -> None:
    await scene.begin()
    problem = await patched(scene, 412, {"If-Match": '"7"'}, relationship="managed")
    assert problem["code"] == "precondition_failed"
    assert (await patched(scene, 200, {"If-Match": '"1"'}, relationship="managed"))["version"] == 2
