import httpx
import pytest

from tests.api.applications.scene import Answer, events, make_application, read


async def patch(client: httpx.AsyncClient, application: Answer, **body: object) -> httpx.Response:
    return await client.patch(f"/v1/applications/{application['id']}", json=body)


async def test_it_changes_labels(client: httpx.AsyncClient) -> None:
    made = await make_application(client, metadata={"ats_id": "42", "team": "B"})
    response = await patch(
        client, made, stage_label="On-site", seen_by_hiring_manager="yes", metadata={"team": None, "x": "y"}
    )
    changed = response.json()
    assert response.status_code == 200
    assert (changed["stage_label"], changed["seen_by_hiring_manager"]) == ("On-site", "yes")
    assert (changed["metadata"], changed["version"]) == ({"ats_id": "42", "x": "y"}, 2)
    assert response.headers["ETag"] == '"2"'
    assert await read(client, made) == changed


async def test_it_says_what_was_before(client: httpx.AsyncClient) -> None:
    made = await make_application(client, metadata={"team": "B"})
    await patch(client, made, stage_label="On-site", metadata={"team": "C"})
    (event,) = await events(client, "application.updated")
    assert event["previous"] == {"stage_label": None, "metadata": {"team": "B"}}
    assert event["subject_version"] == 2


async def test_it_records_another_next_step(client: httpx.AsyncClient) -> None:
    made = await make_application(client, next_step_at="2026-03-05T09:00:00Z", next_step_kind="interview")
    changed = (await patch(client, made, next_step_at="2026-03-06T09:00:00Z")).json()
    assert (changed["next_step_at"], changed["next_step_kind"]) == ("2026-03-06T09:00:00Z", "interview")
    (event,) = await events(client, "application.next_step.changed")
    assert event["previous"] == {"next_step_at": "2026-03-05T09:00:00Z"}
    assert event["subject_version"] == changed["version"] == 2


async def test_it_clears_the_next_step(client: httpx.AsyncClient) -> None:
    made = await make_application(client, next_step_at="2026-03-05T09:00:00Z", next_step_kind="interview")
    changed = (await patch(client, made, next_step_at=None, next_step_kind=None)).json()
    assert (changed["next_step_at"], changed["next_step_kind"]) == (None, None)


async def test_it_writes_nothing_where_nothing_differs(client: httpx.AsyncClient) -> None:
    made = await make_application(client, next_step_at="2026-03-05T09:00:00Z", metadata={"team": "B"})
    response = await patch(client, made, next_step_at="2026-03-05T10:00:00+01:00", metadata={"team": "B"})
    assert response.json() == made
    assert len(await events(client, "application.")) == 1


@pytest.mark.parametrize(
    ("member", "verb"), [("state", "hold, resume, close or reopen"), ("stage", "move"), ("outcome", "close")]
)
async def test_it_points_at_the_verbs(client: httpx.AsyncClient, member: str, verb: str) -> None:
    made = await make_application(client)
    response = await patch(client, made, **{member: "applied"})
    (fault,) = response.json()["errors"]
    assert response.status_code == 422
    assert (fault["pointer"], fault["code"]) == (f"#/{member}", "set_by_verb")
    assert fault["detail"].endswith(f"use {verb}")


async def test_it_refuses_an_origin(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    assert (await patch(client, made, origin="referred")).status_code == 422


async def test_it_refuses_a_stale_version(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    response = await client.patch(
        f"/v1/applications/{made['id']}", json={"stage_label": "On-site"}, headers={"If-Match": '"7"'}
    )
    assert (response.status_code, response.json()["current_version"]) == (412, 1)


async def test_it_refuses_a_next_step_far_away(client: httpx.AsyncClient) -> None:
    made = await make_application(client)
    body = {"next_step_at": "9998-12-31T00:00:00Z"}
    for response in (
        await client.patch(f"/v1/applications/{made['id']}", json=body),
        await client.post(f"/v1/applications/{made['id']}/move", json={"stage": "offer", **body}),
    ):
        assert (response.status_code, response.json()["code"]) == (422, "too_far_ahead")
