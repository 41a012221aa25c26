import httpx

from tests.api.referrals.scene import Scene, event_types, make_person, sent


async def given(scene: Scene) -> str:
    """The path of a reference that was given."""
    application = await scene.apply()
    body = {"application_id": application["id"], "person_id": await make_person(scene.client), "given": True}
    return f"/v1/references/{(await sent(scene.client, '/v1/references', body))['id']}"


async def test_it_changes_what_was_said(scene: Scene, client: httpx.AsyncClient) -> None:
    path = await given(scene)
    body = {"content": "Would work with her again.", "praise": True, "metadata": {"ats_id": "7"}}
    changed = (await client.patch(path, json=body)).json()
    assert (changed["content"], changed["praise"]) == ("Would work with her again.", True)
    assert (changed["metadata"], changed["version"]) == ({"ats_id": "7"}, 2)
    assert (await client.get(path)).json() == changed
    assert (await event_types(client, "reference."))[-1] == "reference.updated"


async def test_null_clears_and_what_is_left_out_stays(scene: Scene, client: httpx.AsyncClient) -> None:
    path = await given(scene)
    await client.patch(path, json={"content": "Confirms dates.", "praise": True})
    changed = (await client.patch(path, json={"content": None})).json()
    assert (changed["content"], changed["praise"]) == (None, True)


async def test_an_empty_change_changes_nothing(scene: Scene, client: httpx.AsyncClient) -> None:
    path = await given(scene)
    assert (await client.patch(path, json={})).json()["version"] == 1
    assert "reference.updated" not in await event_types(client, "reference.")


async def test_the_state_is_not_written(scene: Scene, client: httpx.AsyncClient) -> None:
    assert (await client.patch(await given(scene), json={"state": "declined"})).status_code == 422
