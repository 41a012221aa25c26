"""One follow-up, and the draft of what to say."""

import re
from typing import Any

import httpx
import pytest

from api.domain.follow_up_tables import FOLLOW_UPS
from api.domain.vocabulary import FollowUpState, Owed
from api.follow_ups.draft_words import WORDS
from api.platform.db import Databases
from tests.api.applications.support_scene import make_referral
from tests.api.follow_ups.rows import owe
from tests.api.follow_ups.scene import LIST, Scene, make_scene
from tests.api.problem import problem
from tests.api.referrals.scene import Answer, make_referrer, read, sent
from tests.cast import Company

JUDGING = re.compile(
    r"level|champion|recommend|strong|weak|score|rank|confiden|exposed|only advocate|reject|at risk|lapsed|offer|pay",
    re.IGNORECASE,
)


@pytest.fixture
async def scene(client: httpx.AsyncClient) -> Scene:
    """An application that Rita administers and Hana decides."""
    return await make_scene(client)


async def draft(scene: Scene, databases: Databases, company: Company, person: str, **columns: Any) -> Answer | None:
    """The draft of a follow-up about somebody."""
    columns = {"application_id": scene.application["id"], "owner_id": scene.rita, "person_id": person, **columns}
    found: Answer | None = (await read(scene.client, f"{LIST}/{await owe(databases, company, **columns)}"))["draft"]
    return found


async def person_of(client: httpx.AsyncClient, name: str = "Ravi Menon") -> str:
    """The person behind a new referrer."""
    return str((await read(client, f"/v1/referrers/{await make_referrer(client, name)}"))["person"]["id"])


async def test_there_is_no_other(client: httpx.AsyncClient) -> None:
    problem(await client.get(f"{LIST}/follow_up_{'1' * 32}"), 404, "not_found")
    problem(await client.get(f"{LIST}/person_{'1' * 32}"), 422, "wrong_id_kind")


def test_every_type_of_the_table_has_words() -> None:
    assert set(WORDS) == {row.type for row in FOLLOW_UPS}


@pytest.mark.parametrize("kind", WORDS)
async def test_a_draft_is_short_and_judges_nobody(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene, kind: str
) -> None:
    trigger = next(row.triggers[0] for row in FOLLOW_UPS if row.type == kind)
    person = await person_of(client)
    words = await draft(scene, databases, acme, person, type=kind, trigger=trigger)
    assert words is not None
    assert len(words["points"]) <= 2
    told = [words["why_now"], *words["points"], words["request"]]
    assert words["request"].count("?") == 1
    assert not [line for line in told if JUDGING.search(line) or "{" in line or "\n" in line]
    assert "Sam Reyes" in " ".join(told) or kind in ("complete_capture", "answer_candidate", "request_reference")


async def test_a_draft_says_to_whom(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    ravi = await person_of(client)
    told = [await draft(scene, databases, acme, ravi, type=kind) for kind in ("thank_reference", "confirm_act")]
    assert [each and each["to"]["name"] for each in told] == ["Ravi Menon", "Rita Sands"]
    anybody = await draft(scene, databases, acme, ravi, type="widen_coverage")
    assert anybody is not None
    assert anybody["to"] is None


async def test_a_referrer_hears_how_far_it_is_and_no_more(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    ravi, path = await person_of(client), f"/v1/applications/{scene.application['id']}"
    said = []
    for verb, body in [
        ("move", {"stage": "screening"}),
        ("move", {"stage": "interviewing"}),
        ("move", {"stage": "offer"}),
        ("close", {"outcome": "rejected"}),
    ]:
        await sent(client, f"{path}/{verb}", body)
        words = await draft(scene, databases, acme, ravi, type="update_supporters", trigger="moved_on")
        assert words is not None
        said.append(words["points"][0])
    assert said == [
        "The application for Data engineer is in review.",
        "The application for Data engineer is at the interviews.",
        "The application for Data engineer is at the interviews.",
        "The application for Data engineer is closed.",
    ]


async def test_nothing_is_drafted_for_whoever_wants_no_contact(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    ravi = await person_of(client)
    columns = {"application_id": scene.application["id"], "person_id": ravi, "owner_id": scene.rita}
    path = f"{LIST}/{await owe(databases, acme, **columns)}"
    before = await client.get(path)
    assert before.json()["draft"] is not None
    await scene.forbid(ravi)
    after = await client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.json()["draft"]) == (200, None)
    assert await draft(scene, databases, acme, ravi, type="confirm_act") is None


async def test_nothing_is_drafted_for_an_owner_who_wants_no_contact(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    await scene.forbid(scene.hana)
    assert await draft(scene, databases, acme, await person_of(client), owner_id=scene.hana) is None


async def test_nothing_is_drafted_about_whoever_was_anonymised(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene
) -> None:
    ravi = await person_of(client)
    await sent(client, f"/v1/people/{ravi}/anonymize")
    assert await draft(scene, databases, acme, ravi) is None


@pytest.mark.parametrize(
    "columns", [{"type": "a_word"}, {"trigger": "by_hand"}, {"state": FollowUpState.SKIPPED, "standing": Owed.NONE}]
)
async def test_a_word_of_ones_own_and_what_is_closed_have_no_draft(
    client: httpx.AsyncClient, databases: Databases, acme: Company, scene: Scene, columns: Answer
) -> None:
    assert await draft(scene, databases, acme, await person_of(client), **columns) is None


async def test_a_referral_without_application_or_job_has_a_draft(client: httpx.AsyncClient, scene: Scene) -> None:
    candidate = (await sent(client, "/v1/candidates", {"person": {"name": "Cleo Marsh"}}))["id"]
    await sent(client, "/v1/referrals", {"candidate_id": candidate, "referrer_id": await make_referrer(client)})
    (owed,) = (await read(client, LIST, type="acknowledge_referral"))["data"]
    words = (await read(client, f"{LIST}/{owed['id']}"))["draft"]
    assert words["why_now"] == "Your referral of Cleo Marsh reached us on 2 March 2026."
    assert words["to"]["name"] == "Ravi Menon"


async def test_what_the_service_makes_is_read_alike(client: httpx.AsyncClient, scene: Scene) -> None:
    candidate = scene.application["candidate"]["id"]
    referral = await make_referral(client, candidate, scene.job, application_id=scene.application["id"])
    (owed,) = (await read(client, LIST, referral=referral["id"]))["data"]
    assert (owed["type"], owed["owner"]["id"]) == ("acknowledge_referral", scene.rita)
    assert owed["trigger"] == {"kind": "referral_submitted", "id": referral["id"]}
    await sent(client, f"/v1/referrals/{referral['id']}/acknowledge")
    done = await read(client, f"{LIST}/{owed['id']}")
    assert (done["state"], done["closed_by"]) == ("completed", {"type": "referral", "id": referral["id"]})
