"""What becomes of contact with somebody who is anonymised, and what they get in an export."""

import pytest

from tests.api.applications.scene import sent
from tests.api.interactions.scene import Scene

WRITTEN = {"channel": "phone", "note": "About Thursday.", "source_url": "https://example.com/1"}


@pytest.mark.parametrize("who", ["cleo", "ada"])
async def test_what_was_written_goes_and_the_rest_stays(scene: Scene, who: str) -> None:
    made = await scene.record(**WRITTEN, counterpart_id=scene.ada)
    other = await scene.record(**WRITTEN, application_id=None, person_id=scene.rita)
    await sent(scene.client, f"/v1/people/{getattr(scene, who)}/anonymize")
    left = (await scene.client.get(f"/v1/interactions/{made['id']}")).json()
    assert (left["channel"], left["note"], left["source_url"]) == (None, None, "urn:removed")
    same = ("occurred_at", "recorded_at", "direction", "kind", "application_id", "recorded_by", "is_hiring_side")
    assert [left[name] for name in same] == [made[name] for name in same]
    assert (await scene.client.get(f"/v1/interactions/{other['id']}")).json()["note"] == WRITTEN["note"]


async def test_notes_about_their_application_with_others_go_too(scene: Scene) -> None:
    made = await scene.record(**WRITTEN, person_id=scene.ada)
    await sent(scene.client, f"/v1/people/{scene.cleo}/anonymize")
    left = (await scene.client.get(f"/v1/interactions/{made['id']}")).json()
    assert (left["person"]["name"], left["note"]) == ("Ada Okafor", None)


async def test_no_level_and_no_standing_changes_by_it(scene: Scene) -> None:
    await scene.record(**WRITTEN)
    before = await scene.application_now()
    await sent(scene.client, f"/v1/people/{scene.cleo}/anonymize")
    after = await scene.application_now()
    assert (after["support"], after["waiting"], after["stage"]) == (
        before["support"],
        before["waiting"],
        before["stage"],
    )


async def test_the_export_has_contact_with_them_and_about_them(scene: Scene) -> None:
    with_cleo = await scene.record(**WRITTEN, counterpart_id=scene.ada)
    about_cleo = await scene.record(person_id=scene.rita)
    other = await scene.record(application_id=None, person_id=scene.rita)
    expected = {"cleo": [with_cleo, about_cleo], "ada": [with_cleo], "rita": [about_cleo, other]}
    for who, theirs in expected.items():
        export = (await scene.client.get(f"/v1/people/{getattr(scene, who)}/export")).json()
        assert [each["id"] for each in export["interactions"]] == [each["id"] for each in theirs], who
    assert "interactions" not in export["truncated"]


async def test_the_export_shows_what_was_written(scene: Scene) -> None:
    await scene.record(**WRITTEN)
    (row,) = (await scene.client.get(f"/v1/people/{scene.cleo}/export")).json()["interactions"]
    assert {name: row[name] for name in WRITTEN} == WRITTEN
    assert (row["person_id"], row["application_id"]) == (scene.cleo, scene.application)
