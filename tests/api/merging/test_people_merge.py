import httpx

from tests.api.advocacies.scene import SEEN, Scene, got, make_person, sent
from tests.api.merging.scene import advocate, champion, events, make_candidate, merged, refused
from tests.cast import Company
from tests.conftest import ClientFor, SetClock, Work


async def test_it_answers_with_the_record_and_whom_it_leads_to(client: httpx.AsyncClient) -> None:
    one, two = await make_person(client, "Ada Okafor"), await make_person(client, "A. Okafor")
    answer = await merged(client, "people", two, one)
    assert (answer["id"], answer["merged_into"]) == (two, one)
    assert await got(client, f"/v1/people/{two}") == answer
    assert (await got(client, f"/v1/people/{one}"))["merged_into"] is None


async def test_it_is_told_by_an_event_with_ids_alone(client: httpx.AsyncClient) -> None:
    one, two = await make_person(client, "Ada Okafor"), await make_person(client, "A. Okafor")
    await merged(client, "people", two, one, recorded_by=one)
    (event,) = await events(client, "person.merged")
    assert event["data"] == {"id": two, "object": "person", "merged_into": one, "recorded_by": one}
    assert (event["subject"]["id"], event["subject_version"]) == (two, 2)


async def test_once_more_writes_nothing(client: httpx.AsyncClient) -> None:
    one, two = await make_person(client, "Ada Okafor"), await make_person(client, "A. Okafor")
    first = await merged(client, "people", two, one)
    assert await merged(client, "people", two, one) == first
    assert len(await events(client, "person.merged")) == 1


async def test_it_follows_the_winner_to_whom_they_were_merged_into(client: httpx.AsyncClient) -> None:
    one, two, three = [await make_person(client, f"Ada {number}") for number in range(3)]
    await merged(client, "people", two, one)
    assert (await merged(client, "people", three, two))["merged_into"] == one
    assert (await merged(client, "people", three, two))["merged_into"] == one


async def test_nobody_is_merged_into_themself(client: httpx.AsyncClient) -> None:
    one, two = await make_person(client, "Ada Okafor"), await make_person(client, "A. Okafor")
    assert await refused(client, "people", one, one) == (409, "merged_into_itself")
    await merged(client, "people", two, one)
    response = await client.post(f"/v1/people/{one}/merge", json={"into": two})
    assert (response.status_code, response.json()["code"]) == (409, "merged_into_itself")
    assert response.json()["detail"] == "The two ids mean one record already; there is nothing to merge."


async def test_nobody_is_merged_into_two(client: httpx.AsyncClient) -> None:
    one, two, three = [await make_person(client, f"Ada {number}") for number in range(3)]
    await merged(client, "people", two, one)
    response = await client.post(f"/v1/people/{two}/merge", json={"into": three})
    assert (response.status_code, response.json()["code"]) == (409, "merged_already")
    assert response.json()["merged_into"] == one


async def test_it_takes_an_admin(client_for: ClientFor, acme: Company, client: httpx.AsyncClient) -> None:
    one, two = await make_person(client, "Ada Okafor"), await make_person(client, "A. Okafor")
    response = await client_for(acme, "write").post(f"/v1/people/{two}/merge", json={"into": one})
    assert (response.status_code, response.json()["needed_scope"]) == (403, "admin")


async def test_an_unknown_person_is_refused(client: httpx.AsyncClient) -> None:
    one = await make_person(client, "Ada Okafor")
    unknown = f"person_{'0' * 32}"
    assert await refused(client, "people", one, unknown) == (422, "unknown_reference")
    assert await refused(client, "people", unknown, one) == (404, "not_found")


async def test_the_address_finds_whom_they_were_merged_into(client: httpx.AsyncClient) -> None:
    one = await make_person(client, "Ada Okafor")
    two = (await sent(client, "/v1/people", {"name": "A. Okafor", "email": "ada@example.com"}))["id"]
    await merged(client, "people", two, one)
    response = await client.post("/v1/people", json={"name": "Ada", "email": "Ada@example.com"})
    assert (response.status_code, response.json()["existing_id"]) == (409, one)


async def test_external_ids_of_both_name_the_one_that_stays(client: httpx.AsyncClient) -> None:
    one, two = await make_person(client, "Ada Okafor"), await make_person(client, "A. Okafor")
    for number, person in enumerate((one, two)):
        await sent(client, "/v1/external_refs", {"system": "hris", "external_id": f"{number}", "resource_id": person})
    await merged(client, "people", two, one)
    found = [
        (await got(client, f"/v1/external_refs?system=hris&external_id={number}"))["data"][0]["resource_id"]
        for number in range(2)
    ]
    assert found == [one, one]


async def test_somebody_who_spoke_to_themself_was_heard_by_nobody(scene: Scene, work: Work, clock: SetClock) -> None:
    act = await champion(scene)
    assert act["qualifies"]
    clock.advance(hours=1)
    await merged(scene.client, "people", scene.hana, scene.ada)
    assert (await scene.support())["level"] == "none"
    await work()
    shown = await got(scene.client, f"/v1/applications/{scene.application}")
    assert shown["support"]["level"] == "none"
    assert not (await got(scene.client, f"/v1/acts/{act['id']}"))["qualifies"]


async def test_what_was_known_before_stays_the_answer_for_then(scene: Scene, clock: SetClock) -> None:
    await champion(scene)
    then = clock.now.isoformat()
    clock.advance(days=1)
    path = f"/v1/applications/{scene.application}/support"
    before = (await scene.client.get(path, params={"as_of": then, "known_at": then})).json()
    await merged(scene.client, "people", scene.hana, scene.ada)
    clock.advance(days=1)
    after = (await scene.client.get(path, params={"as_of": then, "known_at": then})).json()
    assert (before["level"], after) == ("recommended", before | {"provisional": after["provisional"]})
    known_now = (await scene.client.get(path, params={"as_of": then})).json()
    assert known_now["level"] == "none"


async def test_two_advocacies_of_one_person_are_one_persons(scene: Scene, work: Work) -> None:
    await champion(scene)
    ann = await make_person(scene.client, "A. Okafor")
    other = await advocate(scene.client, scene.application, ann)
    assert not (await scene.support())["sole_advocate"]
    await merged(scene.client, "people", ann, scene.ada)
    support = await scene.support()
    assert support["sole_advocate"]
    assert {each["advocacy_id"] for each in support["advocates"]} == {scene.advocacy, other["id"]}
    await work()
    assert (await got(scene.client, f"/v1/applications/{scene.application}"))["sole_advocate"]


async def test_what_holds_of_either_holds_of_both(scene: Scene, work: Work) -> None:
    await champion(scene)
    ann = await make_person(scene.client, "A. Okafor")
    await merged(scene.client, "people", ann, scene.ada)
    left = await sent(scene.client, f"/v1/people/{ann}/leave")
    assert left["consequences"]["affected_count"] == 1
    await work()
    shown = await got(scene.client, f"/v1/applications/{scene.application}")
    assert shown["exposed"]
    assert (await got(scene.client, f"/v1/people/{scene.ada}"))["availability"]["state"] == "left"


async def test_a_wish_recorded_of_either_stands_for_both(client: httpx.AsyncClient) -> None:
    one, two = await make_person(client, "Ada Okafor"), await make_person(client, "A. Okafor")
    await sent(client, f"/v1/people/{two}/availability", {"state": "do_not_contact"})
    await merged(client, "people", two, one)
    response = await client.post(f"/v1/people/{one}/availability", json={"state": "available"})
    assert (response.status_code, response.json()["code"]) == (409, "do_not_contact_stands")


async def test_either_id_confirms_an_act(scene: Scene) -> None:
    act = await champion(scene)
    manager = await make_person(scene.client, "Hana L.")
    await merged(scene.client, "people", scene.hana, manager)
    confirmed = await scene.on(act, "confirm", scene.hana)
    assert (confirmed["rung"], confirmed["confirmed_by"]) == ("confirmed", [manager])
    denied = await scene.on(act, "deny", manager)
    assert (denied["qualifies"], denied["denied_by"]) == (False, [manager])


async def test_a_second_advocacy_of_the_same_human_is_refused(scene: Scene) -> None:
    await scene.begin()
    ann = await make_person(scene.client, "A. Okafor")
    other = (await sent(scene.client, "/v1/advocates", {"person_id": ann}))["id"]
    await merged(scene.client, "people", ann, scene.ada)
    body = {"application_id": scene.application, "advocate_id": other}
    answer = await sent(scene.client, "/v1/advocacies", body, 409)
    assert (answer["code"], answer["existing_id"]) == ("advocacy_exists", scene.advocacy)


async def test_nobody_becomes_their_own_advocate(scene: Scene) -> None:
    await scene.begin()
    for loser, into in ((scene.ada, scene.sam), (scene.sam, scene.ada)):
        response = await scene.client.post(f"/v1/people/{loser}/merge", json={"into": into})
        assert (response.status_code, response.json()["code"]) == (409, "own_supporter")
        assert response.json()["existing_id"] == scene.advocacy


async def test_nobody_becomes_their_own_referrer_or_referee(scene: Scene) -> None:
    candidate = (await got(scene.client, f"/v1/applications/{scene.application}"))["candidate"]["id"]
    referrer = (await sent(scene.client, "/v1/referrers", {"person_id": scene.rita}))["id"]
    await sent(scene.client, "/v1/referrals", {"candidate_id": candidate, "referrer_id": referrer})
    body = {"application_id": scene.application, "person_id": scene.hana}
    await sent(scene.client, "/v1/references", body)
    for other in (scene.rita, scene.hana):
        assert await refused(scene.client, "people", other, scene.sam) == (409, "own_supporter")


async def test_nobody_advocates_for_themself_under_another_id(scene: Scene) -> None:
    twin = await make_person(scene.client, "S. Reyes")
    other = (await sent(scene.client, "/v1/advocates", {"person_id": twin}))["id"]
    await merged(scene.client, "people", twin, scene.sam)
    body = {"application_id": scene.application, "advocate_id": other}
    assert (await sent(scene.client, "/v1/advocacies", body, 409))["code"] == "candidate_cannot_advocate"
    body = {"application_id": scene.application, "person_id": twin}
    assert (await sent(scene.client, "/v1/references", body, 422))["code"] == "self_reference"
    referrer = await sent(scene.client, "/v1/referrers", {"person_id": twin})
    assert referrer["person"]["id"] == scene.sam


async def test_a_referrer_known_by_another_id_cannot_refer_themself(scene: Scene) -> None:
    twin = await make_person(scene.client, "S. Reyes")
    referrer = (await sent(scene.client, "/v1/referrers", {"person_id": twin}))["id"]
    await merged(scene.client, "people", twin, scene.sam)
    candidate = (await got(scene.client, f"/v1/applications/{scene.application}"))["candidate"]["id"]
    body = {"candidate_id": candidate, "referrer_id": referrer}
    assert (await sent(scene.client, "/v1/referrals", body, 422))["code"] == "self_referral"


async def test_a_candidate_is_handed_over_where_the_other_is_none(client: httpx.AsyncClient, work: Work) -> None:
    candidate, person = await make_candidate(client, "S. Reyes")
    job = (await sent(client, "/v1/jobs", {"title": "Data engineer"}))["id"]
    application = await sent(client, "/v1/applications", {"candidate_id": candidate, "job_id": job})
    into = await make_person(client, "Sam Reyes")
    await merged(client, "people", person, into)
    shown = await got(client, f"/v1/candidates/{candidate}")
    assert (shown["person"]["id"], shown["merged_into"]) == (into, None)
    await work()
    assert (await got(client, f"/v1/applications/{application['id']}"))["candidate"]["name"] == "Sam Reyes"
    answer = await sent(client, "/v1/candidates", {"person_id": person}, 409)
    assert answer["existing_id"] == candidate


async def test_two_candidates_become_one(client: httpx.AsyncClient) -> None:
    (losing, person), (winning, into) = [await make_candidate(client, name) for name in ("S. Reyes", "Sam Reyes")]
    await merged(client, "people", person, into)
    assert (await got(client, f"/v1/candidates/{losing}"))["merged_into"] == winning
    assert [event["type"] for event in await events(client, "person.merged", "candidate.merged")] == [
        "person.merged",
        "candidate.merged",
    ]


async def test_an_act_beside_its_own_actor_still_needs_a_listener(scene: Scene) -> None:
    """Hana and Pam both hear it; once Hana is the actor, Pam is who is left."""
    pam = await make_person(scene.client, "Pam")
    member = {"person_id": pam, "power": "influences", "effective_on": "2026-01-05"}
    await sent(scene.client, f"/v1/jobs/{scene.job}/members", member)
    await scene.begin("agreed")
    await scene.act(audience=[scene.hana, pam], reasons=[{**SEEN, "before_process": True}])
    await merged(scene.client, "people", scene.hana, scene.ada)
    assert (await scene.support())["level"] == "recommended"


async def test_one_human_is_told_once_and_by_the_earlier_day(client: httpx.AsyncClient, clock: SetClock) -> None:
    people = []
    for name in ("Ada Okafor", "A. Okafor", "Ada O."):
        people.append((await sent(client, "/v1/advocates", {"person": {"name": name}}))["person"]["id"])
        clock.advance(days=1)
    one, two, three = people
    due, given = (await got(client, f"/v1/people/{one}"))["notice_due_at"], "2026-03-03T09:00:00Z"
    await merged(client, "people", one, two)
    assert (await got(client, f"/v1/people/{two}"))["notice_due_at"] == due
    owed = await got(client, "/v1/people?notice_due_before=2026-05-01T00:00:00Z")
    assert [each["id"] for each in owed["data"]] == [two, three]
    await sent(client, f"/v1/people/{three}/record_notice", {"given_at": given})
    await merged(client, "people", three, two)
    assert (await got(client, f"/v1/people/{two}"))["notice_given_at"] == given
    assert (await got(client, "/v1/people?notice_due_before=2026-05-01T00:00:00Z"))["data"] == []
