"""What is kept until somebody says more."""

from tests.api.advocacies.scene import sent
from tests.api.captures.company import GOOD, REASON, Office
from tests.conftest import SetClock

LINK = "https://example.slack.com/archives/C01/p17"


async def test_it_says_everything_that_is_needed_at_once(office: Office) -> None:
    kept = await office.told(202, {"reasons": "good person", "ask": "hire"})
    assert [need["name"] for need in kept["needs"]] == [
        "application",
        "advocate",
        "to",
        "reasons",
        "basis",
        "recorded_by",
    ]
    assert (kept["state"], kept["given"]) == (
        "needs_details",
        {"reasons": [{"claim": "good person"}], "ask": "hire"},
    )


async def test_it_suggests_what_may_be_meant(office: Office) -> None:
    kept = await office.capture(
        202,
        application="",
        candidate="kim lee",
        advocate="Ada Okafor",
        to="hana@example.com,pam@example.com",
        ask="hire",
    )
    needs = {need["name"]: need["suggestions"] for need in kept["needs"]}
    assert sorted(needs["application"]) == sorted([office.ids["application_kim"], office.ids["application_kim2"]])
    assert needs["advocate"] == [office.ids["ada"]]
    assert sorted(needs["ask_to"]) == sorted([office.ids["hana"], office.ids["pam"]])


async def test_it_names_the_systems_that_are_known(office: Office) -> None:
    kept = await office.capture(202, application="lever:7")
    (need,) = kept["needs"]
    assert "greenhouse, slack" in need["detail"]


async def test_it_says_what_an_external_id_names_and_which_names_say_too_little(office: Office) -> None:
    kept = await office.capture(202, application="greenhouse:c1", to="hana@example.com, Pam, <@U02AB>", advocate="")
    details = [need["detail"] for need in kept["needs"]]
    assert "names a candidate" in details[0]
    assert "`candidate`" in details[0]
    assert [detail.partition(":")[0] for detail in details[2:]] == ['"Pam"', '"<@U02AB>"']
    assert kept["needs"][1]["suggestions"] == [office.ids["rita"]], "who tells us may have spoken up"
    done = await office.on(kept, "complete", 202, application=None, candidate="greenhouse:c1")
    assert done["application_id"] == office.ids["application_sam"]


async def test_it_counts_for_nothing_and_makes_nobody(office: Office) -> None:
    before = (await office.read("people?limit=100"))["data"]
    kept = await office.capture(202, application="", advocate="quinn@else.com", to="lou@else.com")
    assert (kept["made"], (await office.read("people?limit=100"))["data"]) == ([], before)
    assert (await office.read("advocates"))["data"] == []


async def test_it_is_completed_by_what_was_missing(office: Office, clock: SetClock) -> None:
    kept = await office.capture(202, application="", recorded_by="")
    told_at = clock.now
    clock.advance(days=3)
    still = await office.on(kept, "complete", 202, application=office.ids["application_sam"])
    assert ([need["name"] for need in still["needs"]], still["application_id"]) == (
        ["recorded_by"],
        office.ids["application_sam"],
    )
    done = await office.on(kept, "complete", recorded_by="rita@example.com")
    assert (done["state"], done["matched_by"], done["needs"]) == ("completed", "id", [])
    act = await office.read(f"acts/{done['act_id']}")
    assert act["occurred_at"] == told_at.isoformat().replace("+00:00", "Z"), "it happened when it was told"
    assert await office.level() == "recommended"
    assert await office.event_types("capture.") == ["capture.created", "capture.completed"]


async def test_completing_again_writes_nothing(office: Office) -> None:
    kept = await office.capture(202, recorded_by="")
    done = await office.on(kept, "complete", recorded_by="rita@example.com")
    assert await office.on(kept, "complete", recorded_by="rita@example.com") == done
    refused = await office.on(kept, "complete", 409, recorded_by="ada@example.com")
    assert (refused["code"], refused["current_state"]) == ("invalid_state_transition", "completed")


async def test_null_takes_something_back_and_blanks_do_not(office: Office) -> None:
    kept = await office.capture(202, ask="hire", to="hana@example.com, pam@example.com")
    assert [need["name"] for need in kept["needs"]] == ["ask_to"]
    still = await office.on(kept, "complete", 202, ask=" ")
    assert [need["name"] for need in still["needs"]] == ["ask_to"]
    done = await office.on(kept, "complete", ask=None)
    assert (await office.read(f"acts/{done['act_id']}"))["ask"] is None


async def test_blanks_in_a_list_are_nobody(office: Office) -> None:
    kept = await office.capture(202, to=["", " "])
    assert [(need["name"], need["code"]) for need in kept["needs"]] == [("to", "missing")]


async def test_completing_obeys_if_match(office: Office) -> None:
    kept = await office.capture(202, recorded_by="")
    path = f"/v1/captures/{kept['id']}/complete"
    stale = await office.client.post(path, json={}, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["current_version"]) == (412, 1)
    right = await office.client.post(path, json={"recorded_by": "rita@example.com"}, headers={"If-Match": '"1"'})
    assert (right.status_code, right.headers["etag"]) == (200, '"2"')


async def test_the_candidate_is_refused_there_too_and_it_stays(office: Office) -> None:
    kept = await office.capture(202, advocate="")
    refused = await office.on(kept, "complete", 409, advocate="sam@example.com")
    assert refused["code"] == "candidate_cannot_advocate"
    assert await office.read(f"captures/{kept['id']}") == kept


async def test_the_same_message_is_tried_again(office: Office) -> None:
    body = {**GOOD, "application": "lever:7", "source_url": LINK}
    kept = await office.told(202, body)
    assert await office.told(202, body) == kept
    ref = {"system": "lever", "external_id": "7", "resource_id": office.ids["application_sam"]}
    await sent(office.client, "/v1/external_refs", ref)
    done = await office.told(200, body)
    assert (done["id"], done["state"], done["version"]) == (kept["id"], "completed", 2)
    assert await office.told(200, body) == done


async def test_without_evidence_the_same_words_of_a_day_are_one_message_while_it_waits(
    office: Office, clock: SetClock
) -> None:
    body = {**GOOD, "recorded_by": ""}
    kept = await office.told(202, body)
    assert (await office.told(202, body))["id"] == kept["id"]
    clock.advance(days=1)
    later = await office.told(202, body)
    assert later["id"] != kept["id"]
    await office.on(later, "complete", recorded_by="rita@example.com")
    assert (await office.told(202, body))["id"] not in (kept["id"], later["id"])


async def test_one_that_turns_out_to_be_an_act_captured_before_becomes_that_act(office: Office) -> None:
    first = await office.capture(source_url=LINK)
    kept = await office.capture(202, source_url=LINK, application="", candidate="nobody@example.com")
    done = await office.on(kept, "complete", application="greenhouse:1")
    assert (done["act_id"], done["made"], done["warnings"]) == (first["act_id"], [], ["captured_before"])
    assert done["support"] == first["support"]
    assert len((await office.read(f"advocacies/{first['advocacy_id']}/acts"))["data"]) == 1


async def test_it_is_discarded_for_good(office: Office) -> None:
    kept = await office.capture(202, application="", source_url=LINK)
    gone = await office.on(kept, "discard", reason="Not about a candidate.")
    assert (gone["state"], gone["needs"], gone["discard_reason"]) == ("discarded", [], "Not about a candidate.")
    assert await office.on(kept, "discard") == gone
    assert await office.capture(200, application="", source_url=LINK) == gone
    refused = await office.on(kept, "complete", 409, application="greenhouse:1")
    assert refused["code"] == "invalid_state_transition"


async def test_what_has_become_an_act_is_not_discarded(office: Office) -> None:
    done = await office.capture()
    assert (await office.on(done, "discard", 409))["code"] == "invalid_state_transition"


async def test_an_ask_can_be_chased(office: Office, clock: SetClock) -> None:
    asked = await office.capture(ask="interview", reasons=f"{REASON}\nMentors others: Taught three juniors.")
    clock.advance(days=1)
    kept = await office.capture(202, kind="chased", reasons="")
    ask = (await office.read(f"acts/{asked['act_id']}"))["ask"]["id"]
    assert kept["needs"][0]["suggestions"] == [ask]
    wrong = await office.on(kept, "complete", 202, chases=f"ask_{'0' * 32}")
    assert [need["code"] for need in wrong["needs"]] == ["unknown"]
    done = await office.on(kept, "complete", chases=ask)
    assert (await office.read(f"acts/{done['act_id']}"))["chases"] == ask
    assert done["support"]["after"]["level"] == "championed"


async def test_a_list_shows_what_waits(office: Office) -> None:
    done = await office.capture()
    kept = await office.capture(202, recorded_by="")
    await office.on(await office.capture(202, to=""), "discard")
    waiting = await office.read("captures?state=needs_details")
    assert waiting["data"] == [kept]
    about_sam = await office.read(f"captures?application={office.ids['application_sam']}&state=completed")
    assert about_sam["data"] == [done]
    assert (await office.read(f"captures?application={office.ids['application_jo']}"))["data"] == []
    first = await office.read("captures?limit=2&order_by=created_at")
    assert (len(first["data"]), first["has_more"]) == (2, True)
