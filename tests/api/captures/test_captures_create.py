from tests.api.advocacies.scene import sent
from tests.api.captures.company import GOOD, REASON, Office
from tests.cast import Company
from tests.conftest import ClientFor, SetClock

LINK = "https://example.slack.com/archives/C01/p17"
NOBODY = "0" * 32


async def test_it_becomes_an_act_of_volunteered_advocacy_at_once(office: Office) -> None:
    capture = await office.capture(ask="interview", channel="slack", source_url=LINK)
    assert (capture["object"], capture["state"], capture["matched_by"]) == ("capture", "completed", "external_id")
    assert (capture["made"], capture["needs"], capture["warnings"]) == (["advocate", "advocacy", "act"], [], [])
    assert capture["support"]["before"] == {"level": "none", "championing": "none"}
    assert capture["support"]["after"] == {"level": "recommended", "championing": "none"}
    advocacy = await office.read(f"advocacies/{capture['advocacy_id']}")
    assert (advocacy["state"], advocacy["is_volunteered"]) == ("active", True)
    assert advocacy["origin"] == {"kind": "capture", "id": capture["id"]}
    act = await office.read(f"acts/{capture['act_id']}")
    assert (act["kind"], act["audience"], act["evidence_url"]) == ("wrote", [office.ids["hana"]], LINK)
    assert (act["ask"]["kind"], act["ask"]["to"], act["rung"]) == ("interview", office.ids["hana"], "documented")
    assert act["recorded_by"] == capture["recorded_by"] == office.ids["rita"]


async def test_it_says_where_it_is_and_reads_back_the_same(office: Office) -> None:
    response = await office.client.post("/v1/captures", json=GOOD)
    made = response.json()
    assert response.headers["location"] == f"/v1/captures/{made['id']}"
    assert response.headers["etag"] == '"1"'
    assert await office.read(f"captures/{made['id']}") == made


async def test_it_makes_no_referral_and_says_what_is_missing_for_more(office: Office) -> None:
    capture = await office.capture()
    assert any("ask" in words.lower() for words in capture["support"]["missing"])
    assert (await office.read("referrals"))["data"] == []


async def test_it_is_agreed_where_the_act_does_not_qualify(office: Office) -> None:
    capture = await office.capture(reasons="")
    advocacy = await office.read(f"advocacies/{capture['advocacy_id']}")
    assert (advocacy["state"], advocacy["is_volunteered"]) == ("agreed", False)
    assert capture["support"]["after"]["level"] == "none"


async def test_it_adds_to_the_advocacy_there_is(office: Office, clock: SetClock) -> None:
    first = await office.capture()
    clock.advance(days=1)
    second = await office.capture(advocate="slack:U1", reasons="Mentors others: Taught three juniors.", ask="hire")
    assert second["advocacy_id"] == first["advocacy_id"]
    assert second["made"] == ["act"]
    assert second["support"]["after"] == {"level": "championed", "championing": "on_track"}


async def test_the_same_evidence_for_the_same_advocate_and_application_is_the_same_act(office: Office) -> None:
    first = await office.capture(source_url=LINK)
    events = await office.event_types("")
    again = await office.capture(200, source_url=LINK)
    other_words = await office.capture(
        200, source_url=LINK, application="", candidate="sam@example.com", advocate=office.ids["ada"], to="new@else.com"
    )
    assert first == again
    assert other_words == {**first, "warnings": ["captured_before"]}
    assert await office.event_types("") == events
    assert (await office.read("captures"))["data"] == [first]


async def test_what_the_same_act_said_otherwise_is_not_recorded_and_the_answer_says_so(office: Office) -> None:
    first = await office.capture(source_url=LINK)
    events = await office.event_types("")
    for told in ({"reasons": "Mentors others: Taught three."}, {"ask": "hire"}, {"text": "More."}):
        again = await office.capture(200, source_url=LINK, **told)
        assert again == {**first, "warnings": ["captured_before"]}
    assert (await office.capture(200, source_url=LINK))["warnings"] == []
    assert await office.event_types("") == events
    assert await office.read(f"captures/{first['id']}") == first


async def test_a_reason_says_itself_when_it_was_seen(office: Office) -> None:
    seen = {"requirement": "Runs systems", "claim": "Did.", "before_process": False}
    capture = await office.capture(
        advocate="pam@example.com", reasons=[seen, {**seen, "claim": "Yes."}], before_process=True
    )
    assert capture["warnings"] == ["reason_of_member_needs_before_process"]
    capture = await office.capture(advocate="pam@example.com", reasons=[{**seen, "before_process": True}])
    assert (capture["warnings"], capture["support"]["after"]["level"]) == ([], "recommended")


async def test_other_evidence_or_none_is_another_act(office: Office) -> None:
    acts = {(await office.capture(source_url=link))["act_id"] for link in (LINK, "", "")}
    assert len(acts) == 3


async def test_people_are_made_known_by_address_and_get_no_power(office: Office) -> None:
    capture = await office.capture(advocate="Quinn Abe <quinn@else.com>", to="lou@else.com, Hana <hana@example.com>")
    assert capture["made"] == ["person", "advocate", "advocacy", "act"]
    people = {each["email"]: each["name"] for each in (await office.read("people?limit=100"))["data"]}
    assert people["quinn@else.com"] == "Quinn Abe"
    assert people["lou@else.com"] == "lou@else.com"
    alone = await office.capture(application="", candidate="kim@example.com", to="lou@else.com")
    assert alone["support"]["after"]["level"] == "none"


async def test_the_advocate_may_be_given_a_name(office: Office) -> None:
    capture = await office.capture(advocate="quinn@else.com", advocate_name="Quinn Abe", recorded_by="quinn@else.com")
    advocate = await office.read(f"advocates/{capture['advocate_id']}")
    assert advocate["person"]["name"] == "Quinn Abe"
    assert (await office.read(f"acts/{capture['act_id']}"))["rung"] == "self_reported"


async def test_text_is_kept_and_warned_about(office: Office) -> None:
    capture = await office.capture(text="At her age, and with two small children… a culture fit!")
    expected = ["sensitive_text:age", "sensitive_text:family", "sensitive_text:culture_fit"]
    assert capture["warnings"] == expected
    claim = await office.capture(
        reasons="Runs systems: never on sick leave", application="", candidate="kim@example.com"
    )
    assert claim["warnings"] == ["sensitive_text:health"]


async def test_an_act_gets_the_same_hint(office: Office) -> None:
    capture = await office.capture()
    body = {
        "kind": "spoke",
        "audience": ["hiring_manager"],
        "recorded_by": office.ids["ada"],
        "text": "She is pregnant.",
    }
    act = await sent(office.client, f"/v1/advocacies/{capture['advocacy_id']}/acts", body)
    assert act["hints"] == ["sensitive_text:health"]


async def test_a_candidate_is_not_their_own_advocate(office: Office) -> None:
    for members in ({"advocate": "sam@example.com"}, {"advocate": office.ids["sam"], "to": "", "recorded_by": ""}):
        refused = await office.capture(409, **members)
        assert (refused["code"], refused["errors"][0]["pointer"]) == ("candidate_cannot_advocate", "#/advocate")
    assert (await office.read("captures"))["data"] == []


async def test_what_is_malformed_is_refused_and_not_kept(office: Office, clock: SetClock) -> None:
    wrong = {
        "#/advocate": {"advocate": "ada@"},
        "#/to": {"to": "hana@example.com, @pam"},
        "#/recorded_by": {"recorded_by": f"application_{NOBODY}"},
        "#/application": {"application": f"job_{NOBODY}"},
        "#/kind": {"kind": "shouted"},
        "#/basis": {"basis": "guessed"},
        "#/ask": {"ask": "a beer"},
        "#/occurred_at": {"occurred_at": "2026-03-02T11:00:01Z"},
        "#/source_url": {"source_url": "mid:1@example.com"},
        "#/chases": {"chases": "the other one"},
    }
    for pointer, members in wrong.items():
        refused = await office.capture(422, **members)
        assert refused["errors"][0]["pointer"] == pointer, refused
    assert (await office.read("captures"))["data"] == []


async def test_a_future_moment_is_refused_even_where_more_is_missing(office: Office) -> None:
    refused = await office.told(422, {"occurred_at": "2030-01-01T00:00:00Z"})
    assert refused["code"] == "in_the_future"
    assert (await office.read("captures"))["data"] == []


async def test_ids_that_nobody_has_are_kept_and_asked_about(office: Office) -> None:
    members = {"application": f"application_{NOBODY}", "advocate": f"advocate_{NOBODY}", "to": f"person_{NOBODY}"}
    kept = await office.capture(202, **members)
    assert [(need["name"], need["code"]) for need in kept["needs"]] == [
        ("application", "unknown"),
        ("advocate", "unknown"),
        ("to", "unknown"),
    ]


async def test_ids_of_another_workspace_are_ids_that_nobody_has(
    office: Office, client_for: ClientFor, globex: Company
) -> None:
    body = {**GOOD, "application": office.ids["application_sam"], "advocate": office.ids["ada"]}
    kept = await sent(client_for(globex), "/v1/captures", body, 202)
    assert [(need["name"], need["code"]) for need in kept["needs"]] == [
        ("application", "unknown"),
        ("advocate", "unknown"),
    ]


async def test_events_tell_no_names_and_no_text(office: Office) -> None:
    await office.capture(text="Marvellous.")
    kept = await office.capture(202, application="", candidate="Nobody Known")
    await office.on(kept, "discard", reason="Gone by.")
    assert await office.event_types("capture.") == [
        "capture.created",
        "capture.completed",
        "capture.created",
        "capture.discarded",
    ]
    told = str([each["data"] for each in await office.events("capture.")])
    assert not [word for word in ("Marvellous", "Nobody", "ada@", "Gone", REASON) if word in told]


async def test_it_begins_concluded_where_the_application_is_closed(office: Office) -> None:
    path = f"/v1/applications/{office.ids['application_sam']}/close"
    await sent(office.client, path, {"outcome": "rejected"})
    capture = await office.capture()
    assert capture["warnings"] == ["application_closed"]
    assert (await office.read(f"advocacies/{capture['advocacy_id']}"))["state"] == "concluded"
    assert await office.level() == "none"
