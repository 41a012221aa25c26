from collections.abc import Callable

import httpx

from tests.api.applications.scene import make_application, read
from tests.cast import Company


async def test_it_answers_what_was_made(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    assert await read(client, made) == made


async def test_it_answers_304_to_whoever_has_it(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    response = await client.get(f"/v1/applications/{made['id']}", headers={"If-None-Match": '"1"'})
    assert response.status_code == 304


async def test_it_is_invisible_to_another_workspace(
    client: httpx.AsyncClient, client_for: Callable[..., httpx.AsyncClient], globex: Company
) -> None:
    made = await make_application(client)
    for path in ("", "/stage_changes", "/reasons"):
        response = await client_for(globex).get(f"/v1/applications/{made['id']}{path}")
        assert response.status_code == 404
