from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.api.advocacies.scene import HEARD, SEEN, Scene, make_person, make_scene, sent
from tests.conftest import SetClock

NOBODY = "0" * 32


async def test_it_answers_with_what_the_act_is_worth(scene: Scene) -> None:
    act = await scene.act(ask={"kind": "interview", "to": scene.hana}, channel="hallway", text="Meet her.")
    assert (act["object"], act["kind"], act["channel"], act["text"]) == ("act", "spoke", "hallway", "Meet her.")
    assert (act["counts"], act["qualifies"], act["hiring_side"], act["rung"]) == (True, True, True, "self_reported")
    assert (act["ask"]["kind"], act["ask"]["to"], act["ask"]["state"]) == ("interview", scene.hana, "open")
    assert (act["audience"], act["recorded_by"], act["advocacy_id"]) == ([scene.hana], scene.ada, scene.advocacy)
    assert sorted(reason["basis"] for reason in act["reasons"]) == ["heard_from", "observed_directly"]


async def test_it_answers_with_location_and_reads_back_the_same(scene: Scene) -> None:
    body = {"kind": "spoke", "audience": ["hiring_manager"], "reasons": [SEEN], "recorded_by": scene.rita}
    response = await scene.client.post(f"/v1/advocacies/{scene.advocacy}/acts", json=body)
    made = response.json()
    assert response.headers["location"] == f"/v1/acts/{made['id']}"
    again = (await scene.client.get(f"/v1/acts/{made['id']}")).json()
    assert again == {name: value for name, value in made.items() if name not in ("support", "hints")}


async def test_it_says_what_changed_and_what_is_missing(scene: Scene) -> None:
    support = (await scene.act())["support"]
    assert support["before"] == {"level": "none", "championing": "none"}
    assert support["after"] == {"level": "recommended", "championing": "none"}
    assert [words for words in support["missing"] if words.startswith("An explicit ask")]


async def test_it_champions_on_the_second_day(scene: Scene, clock: SetClock) -> None:
    await scene.act(ask={"kind": "interview", "to": scene.hana})
    clock.advance(days=1)
    support = (await scene.act(reasons=[]))["support"]
    assert support["before"] == {"level": "recommended", "championing": "started"}
    assert support["after"] == {"level": "championed", "championing": "on_track"}
    assert support["missing"] == []
    assert (await scene.support())["level"] == "championed"


async def test_it_makes_the_advocacy_active_and_volunteered(scene: Scene) -> None:
    await scene.act()
    advocacy = await scene.read()
    assert (advocacy["state"], advocacy["is_volunteered"], advocacy["follow_through"]) == ("active", True, "on_track")


async def test_it_is_not_volunteered_where_somebody_asked(scene: Scene) -> None:
    await scene.say("ask")
    await scene.act()
    assert (await scene.read())["is_volunteered"] is False


async def test_it_agrees_by_a_first_act_that_does_not_qualify(scene: Scene) -> None:
    act = await scene.act(reasons=[])
    assert (act["counts"], act["qualifies"], (await scene.read())["state"]) == (True, False, "agreed")


async def test_it_takes_a_withdrawn_advocacy_up_again_by_a_later_act(scene: Scene, clock: SetClock) -> None:
    await scene.say("withdraw")
    clock.advance(days=1)
    await scene.act()
    assert (await scene.read())["state"] == "active"


async def test_it_says_that_recruiters_alone_are_not_enough(scene: Scene) -> None:
    act = await scene.act(audience=[scene.rita])
    assert (act["qualifies"], act["support"]["after"]["level"]) == (False, "none")
    assert act["support"]["missing"] == [
        "What was said reached recruiters alone: reach somebody who decides or influences."
    ]


async def test_it_counts_the_role_of_the_hiring_manager_as_deciding(scene: Scene) -> None:
    act = await scene.act(audience=["hiring_manager", scene.rita])
    assert (act["audience"], act["qualifies"]) == (["hiring_manager", scene.rita], True)


async def test_it_does_not_count_an_agency(scene: Scene) -> None:
    await sent(scene.client, f"/v1/people/{scene.ada}/affiliations", {"affiliation": "agency"})
    act = await scene.act()
    assert (act["counts"], act["qualifies"], act["support"]["after"]["level"]) == (False, False, "none")


async def test_it_does_not_qualify_by_what_is_only_in_the_cv(scene: Scene) -> None:
    assert (await scene.act(reasons=[{**SEEN, "basis": "cv_only"}]))["qualifies"] is False
    assert (await scene.act(reasons=[{**SEEN, "basis": "observed_in_process"}]))["qualifies"] is False


async def test_it_asks_of_a_member_to_have_seen_it_before_the_process(scene: Scene) -> None:
    body = {"person_id": scene.ada, "power": "influences", "effective_on": "2026-01-05"}
    await sent(scene.client, f"/v1/jobs/{scene.job}/members", body)
    assert (await scene.act(reasons=[SEEN, HEARD]))["qualifies"] is False
    assert (await scene.act(reasons=[{**SEEN, "before_process": True}]))["qualifies"] is True


async def test_it_gives_no_power_to_whom_its_recorder_adds_afterwards(scene: Scene, clock: SetClock) -> None:
    cleo = await make_person(scene.client, "Cleo")
    act = await scene.act(audience=[cleo])
    body = {"person_id": cleo, "power": "decides", "effective_on": "2026-01-05"}
    clock.advance(minutes=1)
    await sent(scene.client, f"/v1/jobs/{scene.job}/members", {**body, "recorded_by": scene.ada})
    assert (await scene.client.get(f"/v1/acts/{act['id']}")).json()["qualifies"] is False
    await sent(scene.client, f"/v1/jobs/{scene.job}/members", {**body, "recorded_by": scene.hana})
    assert (await scene.client.get(f"/v1/acts/{act['id']}")).json()["qualifies"] is True


@pytest.mark.parametrize("kind", ["wrote", "introduced", "added_evidence", "answered_concern", "updated_candidate"])
async def test_it_is_worth_the_same_whatever_it_is_called(scene: Scene, kind: str) -> None:
    assert (await scene.act(kind=kind))["qualifies"] is True


async def test_it_climbs_the_rungs_of_evidence(scene: Scene) -> None:
    assert (await scene.act(recorded_by=scene.rita))["rung"] == "claimed"
    assert (await scene.act())["rung"] == "self_reported"
    assert (await scene.act(evidence_url="https://example.com/thread/1"))["rung"] == "documented"
    assert (await scene.act(recorded_by=scene.hana))["rung"] == "confirmed"


async def test_it_lets_the_candidate_tell_of_it(scene: Scene) -> None:
    act = await scene.act(recorded_by=scene.sam)
    assert (act["rung"], act["counts"]) == ("claimed", True)


async def test_it_finds_a_reason_again_that_differs_in_case_and_space_only(scene: Scene) -> None:
    first = await scene.act(reasons=[SEEN])
    again = {**SEEN, "requirement": "runs  SYSTEMS in production ", "claim": " kept BILLING up."}
    assert (await scene.act(reasons=[again]))["reasons"][0]["reason_id"] == first["reasons"][0]["reason_id"]


async def test_it_takes_reasons_by_id_beside_new_ones(scene: Scene) -> None:
    reason = (await scene.act(reasons=[SEEN]))["reasons"][0]
    mixed = [HEARD, {"reason_id": reason["reason_id"], "basis": "heard_from"}]
    act = await scene.act(reasons=mixed)
    assert reason["reason_id"] in [each["reason_id"] for each in act["reasons"]]
    assert len({each["requirement_id"] for each in act["reasons"]}) == 2


async def test_it_refuses_a_reason_of_another_application(scene: Scene) -> None:
    other = await make_scene(scene.client)
    await other.begin()
    foreign = (await other.act(reasons=[SEEN]))["reasons"][0]["reason_id"]
    problem = await scene.act(422, reasons=[{"reason_id": foreign, "basis": "heard_from"}])
    assert problem["errors"][0]["pointer"] == "#/reasons/0/reason_id"


@pytest.mark.parametrize(
    "reason",
    [
        {"basis": "heard_from"},
        {"basis": "heard_from", "requirement": "Mentors"},
        {"basis": "heard_from", "claim": "Taught."},
        {"basis": "heard_from", "claim": "Taught.", "reason_id": "reason_" + NOBODY},
    ],
)
async def test_it_needs_a_reason_by_id_or_in_words(scene: Scene, reason: dict[str, str]) -> None:
    assert (await scene.act(422, reasons=[reason]))["errors"][0]["code"] == "one_reason"


async def test_it_refuses_an_act_addressed_to_nobody(scene: Scene) -> None:
    assert (await scene.act(422, audience=[]))["errors"][0]["pointer"] == "#/audience"


async def test_it_refuses_an_audience_of_the_actor_alone(scene: Scene) -> None:
    problem = await scene.act(422, audience=[scene.ada, scene.ada])
    assert (problem["code"], problem["errors"][0]["pointer"]) == ("audience_is_actor", "#/audience")
    assert (await scene.act(audience=[scene.ada, scene.hana]))["qualifies"] is True


async def test_it_gives_the_actor_no_power_over_their_own_act(scene: Scene) -> None:
    body = {"person_id": scene.ada, "power": "decides", "effective_on": "2026-01-05"}
    await sent(scene.client, f"/v1/jobs/{scene.job}/members", body)
    reasons = [{**SEEN, "before_process": True}]
    assert (await scene.act(audience=[scene.ada, scene.rita], reasons=reasons))["qualifies"] is False


async def test_it_refuses_any_other_role(scene: Scene) -> None:
    assert (await scene.act(422, audience=["recruiter"]))["errors"][0]["pointer"] == "#/audience/0"


async def test_it_asks_only_somebody_who_heard_it(scene: Scene) -> None:
    for addressee in ("hiring_manager", scene.rita):
        problem = await scene.act(422, ask={"kind": "hire", "to": addressee})
        assert (problem["code"], problem["errors"][0]["pointer"]) == ("addressee_not_in_audience", "#/ask/to")
    await scene.act(422, audience=[scene.ada, scene.hana], ask={"kind": "hire", "to": scene.ada})


async def test_it_refuses_people_who_do_not_exist(scene: Scene) -> None:
    nobody = f"person_{NOBODY}"
    problem = await scene.act(422, audience=[scene.hana, nobody], recorded_by=nobody)
    assert problem["code"] == "unknown_reference"
    assert [each["pointer"] for each in problem["errors"]] == ["#/audience/1", "#/recorded_by"]


async def test_it_refuses_the_future(scene: Scene) -> None:
    assert (await scene.act(422, occurred_at="2026-03-02T11:00:01Z"))["code"] == "in_the_future"


async def test_it_takes_an_act_of_the_past(scene: Scene) -> None:
    await scene.act(occurred_at="2026-02-20T10:00:00Z")
    assert (await scene.support())["since"] == "2026-02-20T10:00:00Z"


async def test_it_needs_to_know_what_is_chased(scene: Scene) -> None:
    (fault,) = (await scene.act(422, kind="chased"))["errors"]
    assert (fault["pointer"], fault["code"]) == ("#/chases", "chases_missing")


async def test_it_says_which_kinds_and_roles_there_are(scene: Scene) -> None:
    assert "chased, added_evidence" in (await scene.act(422, kind="sang"))["detail"]
    assert "hiring_manager, which is the only role" in (await scene.act(422, audience=["recruiter"]))["detail"]


async def test_it_chases_an_ask_of_this_advocacy_only(scene: Scene, clock: SetClock) -> None:
    ask = (await scene.act(ask={"kind": "interview", "to": scene.hana}))["ask"]["id"]
    clock.advance(days=1)
    assert (await scene.act(kind="chased", chases=ask, reasons=[]))["chases"] == ask
    other = await make_scene(scene.client)
    await other.begin()
    problem = await other.act(422, kind="chased", chases=ask)
    assert (problem["code"], problem["errors"][0]["pointer"]) == ("unknown_reference", "#/chases")


async def test_it_awaits_an_answer_once_chased_on_two_days(scene: Scene, clock: SetClock) -> None:
    ask = (await scene.act(ask={"kind": "interview", "to": scene.hana}))["ask"]["id"]
    for _ in range(2):
        clock.advance(days=1)
        await scene.act(kind="chased", chases=ask, reasons=[])
    assert (await scene.read())["follow_through"] == "awaiting_answer"


async def test_it_is_history_on_a_closed_application(scene: Scene, clock: SetClock) -> None:
    await scene.tell("close", outcome="rejected")
    clock.advance(hours=1)
    act = await scene.act()
    assert (act["hints"], act["hiring_side"]) == (["application_closed"], False)
    assert act["support"]["before"] == act["support"]["after"] == {"level": "none", "championing": "none"}
    clock.advance(hours=1)
    await scene.tell("reopen")
    assert (await scene.support())["level"] == "recommended"


async def test_it_hints_at_an_actor_recorded_as_gone(scene: Scene, clock: SetClock) -> None:
    assert (await scene.act())["hints"] == []
    await sent(scene.client, f"/v1/people/{scene.ada}/leave", {})
    clock.advance(days=1)
    assert (await scene.act())["hints"] == ["availability_outdated"]


async def test_it_refuses_an_act_of_the_candidate(
    scene: Scene, become_candidate: Callable[[Scene], Awaitable[None]]
) -> None:
    await become_candidate(scene)
    problem = await scene.act(409)
    assert problem["code"] == "candidate_is_no_actor"
    assert "/v1/interactions" in problem["detail"]


async def test_it_records_its_event_without_free_text(scene: Scene) -> None:
    act = await scene.act(text="Between us.")
    (event,) = await scene.events("act.recorded", "act.recorded_by_other")
    assert (event["type"], event["subject"]["id"], event["subject_version"]) == ("act.recorded", act["id"], None)
    assert event["data"]["reasons"] == act["reasons"]
    assert "Between us" not in str(event)


async def test_it_says_so_when_somebody_else_recorded_it(scene: Scene) -> None:
    await scene.act(recorded_by=scene.rita)
    types = await scene.event_types("act.", "advocacy.active", "application.support")
    assert types == ["act.recorded", "act.recorded_by_other", "application.support.changed", "advocacy.active"]


async def test_it_is_recorded_once_when_the_request_is_repeated(scene: Scene) -> None:
    body = {"kind": "spoke", "audience": [scene.hana], "reasons": [SEEN], "recorded_by": scene.ada}
    path, headers = f"/v1/advocacies/{scene.advocacy}/acts", {"Idempotency-Key": "act-1"}
    first, again = [await scene.client.post(path, json=body, headers=headers) for _ in range(2)]
    assert (again.status_code, again.json()) == (201, first.json())
    assert (await scene.event_types("act.")) == ["act.recorded"]


async def test_it_cannot_be_changed_nor_deleted(scene: Scene) -> None:
    act = await scene.act()
    answers: list[httpx.Response] = [
        await scene.client.patch(f"/v1/acts/{act['id']}", json={}),
        await scene.client.delete(f"/v1/acts/{act['id']}"),
    ]
    assert [answer.status_code for answer in answers] == [405, 405]


async def test_it_is_not_found_without_its_advocacy(scene: Scene) -> None:
    scene.advocacy = f"advocacy_{NOBODY}"
    assert (await scene.act(404))["code"] == "not_found"
