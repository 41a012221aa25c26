import asyncio

from tests.api.advocacies.scene import Scene, make_person, sent

PATH = "/v1/advocacies"


async def test_it_records_that_somebody_could_advocate(scene: Scene) -> None:
    made = await scene.begin(relationship="same_team", worked_from="2021-01-01", basis="observed_directly")
    assert made["state"] == "proposed"
    assert made["advocate"] == {"id": scene.advocate, "name": "Ada Okafor"}
    assert (made["championing"], made["follow_through"], made["is_volunteered"]) == ("none", None, False)
    assert (made["relationship"], made["worked_from"]) == ("same_team", "2021-01-01")
    assert made["allowed_transitions"] == ["agree", "ask", "decline", "withdraw"]
    assert await scene.read() == made


async def test_it_answers_with_location_and_etag(scene: Scene) -> None:
    body = {"application_id": scene.application, "advocate_id": scene.advocate}
    response = await scene.client.post(PATH, json=body)
    assert response.headers["location"] == f"{PATH}/{response.json()['id']}"
    assert response.headers["etag"] == '"1"'


async def test_it_begins_with_any_word_but_withdrawn(scene: Scene) -> None:
    for word in ("asked", "agreed", "declined"):
        person = await make_person(scene.client, word)
        advocate = await sent(scene.client, "/v1/advocates", {"person_id": person})
        body = {"application_id": scene.application, "advocate_id": advocate["id"], "word": word}
        assert (await sent(scene.client, PATH, body))["state"] == word
    await sent(scene.client, PATH, {**body, "word": "withdrawn"}, 422)


async def test_it_is_no_answer_from_the_start_when_asked_long_ago(scene: Scene) -> None:
    assert (await scene.begin("asked", occurred_at="2026-02-03T09:00:00Z"))["state"] == "no_answer"


async def test_it_is_concluded_at_once_on_a_closed_application(scene: Scene) -> None:
    await scene.tell("close", outcome="rejected")
    made = await scene.begin("agreed")
    assert (made["state"], made["allowed_transitions"]) == ("concluded", [])


async def test_it_refuses_a_second_one_of_the_same_advocate(scene: Scene) -> None:
    made = await scene.begin()
    body = {"application_id": scene.application, "advocate_id": scene.advocate}
    problem = await sent(scene.client, PATH, body, 409)
    assert (problem["code"], problem["existing_id"]) == ("advocacy_exists", made["id"])


async def test_it_refuses_the_candidate_as_their_own_advocate(scene: Scene) -> None:
    sam = await sent(scene.client, "/v1/advocates", {"person_id": scene.sam})
    body = {"application_id": scene.application, "advocate_id": sam["id"]}
    assert (await sent(scene.client, PATH, body, 409))["code"] == "candidate_cannot_advocate"


async def test_it_lets_an_agency_advocate(scene: Scene) -> None:
    await sent(scene.client, f"/v1/people/{scene.ada}/affiliations", {"affiliation": "agency"})
    assert (await scene.begin("agreed"))["state"] == "agreed"


async def test_it_refuses_what_does_not_exist(scene: Scene) -> None:
    nobody = "0" * 32
    body = {"application_id": scene.application, "advocate_id": scene.advocate}
    for member, value in {
        "application_id": f"application_{nobody}",
        "advocate_id": f"advocate_{nobody}",
        "recorded_by": f"person_{nobody}",
    }.items():
        problem = await sent(scene.client, PATH, {**body, member: value}, 422)
        assert (problem["code"], problem["errors"][0]["pointer"]) == ("unknown_reference", f"#/{member}")


async def test_it_refuses_a_referrer_for_an_advocate(scene: Scene) -> None:
    body = {"application_id": scene.application, "advocate_id": "referrer_" + "0" * 32}
    assert (await sent(scene.client, PATH, body, 422))["code"] == "wrong_id_kind"


async def test_it_refuses_the_future_and_an_end_before_the_start(scene: Scene) -> None:
    body = {"application_id": scene.application, "advocate_id": scene.advocate}
    late = {**body, "occurred_at": "2027-01-01T00:00:00Z"}
    assert (await sent(scene.client, PATH, late, 422))["code"] == "in_the_future"
    span = {**body, "worked_from": "2025-01-01", "worked_until": "2024-01-01"}
    assert (await sent(scene.client, PATH, span, 422))["errors"][0]["pointer"] == "#/worked_until"


async def test_it_keeps_what_it_came_out_of(scene: Scene) -> None:
    made = await scene.begin(origin={"kind": "conversation", "id": "thread 42"})
    assert made["origin"] == {"kind": "conversation", "id": "thread 42"}


async def test_it_refuses_a_referral_that_does_not_exist_as_origin(scene: Scene) -> None:
    body = {"application_id": scene.application, "advocate_id": scene.advocate}
    unknown = {**body, "origin": {"kind": "referral", "id": "referral_" + "0" * 32}}
    assert (await sent(scene.client, PATH, unknown, 422))["errors"][0]["pointer"] == "#/origin/id"
    wrong = {**body, "origin": {"kind": "referral", "id": "reference_" + "0" * 32}}
    assert (await sent(scene.client, PATH, wrong, 422))["errors"][0]["pointer"] == "#/origin/id"


async def test_it_records_one_event_without_the_name(scene: Scene) -> None:
    made = await scene.begin("agreed")
    (event,) = await scene.events("advocacy.created")
    assert (event["subject"]["id"], event["subject_version"]) == (made["id"], 1)
    assert (event["data"]["state"], event["data"]["advocate_id"]) == ("agreed", scene.advocate)
    assert "Ada" not in str(event)
    assert await scene.event_types("advocacy.") == ["advocacy.created"]


async def test_it_makes_neither_a_referral_nor_a_level(scene: Scene) -> None:
    await scene.begin("agreed")
    assert (await scene.support())["level"] == "none"
    assert await scene.event_types("referral.") == []


async def test_it_is_made_once_when_the_request_is_repeated(scene: Scene) -> None:
    body = {"application_id": scene.application, "advocate_id": scene.advocate}
    headers = {"Idempotency-Key": "advocacy-1"}
    first = await scene.client.post(PATH, json=body, headers=headers)
    again = await scene.client.post(PATH, json=body, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())


async def test_it_is_made_once_when_two_try_at_once(scene: Scene) -> None:
    body = {"application_id": scene.application, "advocate_id": scene.advocate}
    answers = await asyncio.gather(*(scene.client.post(PATH, json=body) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
