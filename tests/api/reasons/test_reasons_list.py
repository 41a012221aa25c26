import httpx

from tests.api.applications.scene import make_application
from tests.api.reasons.scene import make_reason


async def test_it_lists_the_oldest_first(client: httpx.AsyncClient) -> None:
    application = await make_application(client)
    made = [await make_reason(client, application, claim=claim) for claim in ("One.", "Two.", "Three.")]
    path = f"/v1/applications/{application['id']}/reasons"
    page = (await client.get(path, params={"limit": 2})).json()
    rest = (await client.get(path, params={"limit": 2, "cursor": page["next_cursor"]})).json()
    assert [*page["data"], *rest["data"]] == made
    assert (page["has_more"], rest["has_more"]) == (True, False)
