from collections.abc import Callable

import httpx

from tests.api.applications.scene import make_application
from tests.api.reasons.scene import make_reason
from tests.cast import Company


async def test_it_is_invisible_to_another_workspace(
    client: httpx.AsyncClient, client_for: Callable[..., httpx.AsyncClient], globex: Company
) -> None:
    made = await make_reason(client, await make_application(client))
    other = client_for(globex)
    assert (await other.get(f"/v1/reasons/{made['id']}")).status_code == 404
    assert (await other.patch(f"/v1/reasons/{made['id']}", json={})).status_code == 404


async def test_it_answers_304_to_whoever_has_it(client: httpx.AsyncClient) -> None:
    made = await make_reason(client, await make_application(client))
    response = await client.get(f"/v1/reasons/{made['id']}", headers={"If-None-Match": '"1"'})
    assert response.status_code == 304
