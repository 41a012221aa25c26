"""No list is sorted by how well somebody is backed."""

import httpx
import pytest
from fastapi import FastAPI

SUPPORT = ("level", "documented_level", "confidence", "championing", "support", "exposed", "credit_position")


def ordered_lists(app: FastAPI) -> list[str]:
    """The collections without path parameters that take `order_by`."""
    document = app.openapi()
    shared = document["components"].get("parameters", {})

    def is_ordered(path: str) -> bool:
        parameters = document["paths"][path].get("get", {}).get("parameters", [])
        resolved = (shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in parameters)
        return any(each["name"] == "order_by" for each in resolved)

    return [path for path in document["paths"] if "{" not in path and is_ordered(path)]


@pytest.mark.parametrize("member", SUPPORT)
@pytest.mark.parametrize("direction", ["", " desc"])
async def test_it_refuses_to_sort_by_support(
    client: httpx.AsyncClient, bare_app: FastAPI, member: str, direction: str
) -> None:
    lists = ordered_lists(bare_app)
    assert "/v1/applications" in lists
    for path in lists:
        response = await client.get(path, params={"order_by": member + direction})
        assert response.status_code == 422, f"{path}: {response.text}"
