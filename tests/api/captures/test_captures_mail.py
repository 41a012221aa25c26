import asyncio
from typing import Any
from urllib.parse import urlencode

import pytest

from api.platform.db import Databases
from api.platform.hook_tokens import mint
from tests.api.advocacies.scene import got, sent
from tests.api.captures.company import Office
from tests.api.captures.mails import (
    ADA,
    HANA,
    PDF,
    PLAIN,
    SAID,
    Post,
    base64,
    envelope,
    is_kept,
    mail,
    multipart,
    open_post,
)
from tests.api.problem import problem
from tests.cast import Company
from tests.conftest import ClientFor, SetClock
from tests.contents import contents

SAM = "Sam Reyes <sam@example.com>"
IGNORED = {"object": "mail_receipt", "state": "ignored", "capture_id": None}


@pytest.fixture
async def post(office: Office) -> Post:
    return await open_post(office.client)


async def capture_of(post: Post, receipt: dict[str, Any]) -> dict[str, Any]:
    return await got(post.client, f"/v1/captures/{receipt['capture_id']}")


def needs(capture: dict[str, Any]) -> list[tuple[str, str]]:
    return [(need["name"], need["code"]) for need in capture["needs"]]


async def test_a_mail_becomes_a_documented_act_without_reasons(post: Post, office: Office) -> None:
    receipt = await post.take(mail())
    assert (receipt["object"], receipt["state"], receipt["reason"]) == ("mail_receipt", "captured", None)
    capture = await capture_of(post, receipt)
    assert (capture["state"], capture["source"], capture["matched_by"]) == ("completed", "mail", "name")
    assert capture["capture_address_id"] == post.made["id"]
    assert capture["application_id"] == office.ids["application_sam"]
    assert capture["recorded_by"] == office.ids["ada"]
    act = await office.read(f"acts/{capture['act_id']}")
    assert (act["kind"], act["channel"], act["rung"], act["text"]) == ("wrote", "email", "documented", None)
    assert (act["audience"], act["reasons"]) == ([office.ids["hana"]], [])
    assert (act["evidence_url"], act["occurred_at"]) == ("mid:one@mail.example.com", "2026-03-02T08:30:00Z")


async def test_it_makes_no_level_and_says_that_reasons_are_missing(post: Post, office: Office) -> None:
    capture = await capture_of(post, await post.take(mail()))
    assert capture["support"]["after"]["level"] == "none"
    assert any("reason" in words.lower() for words in capture["support"]["missing"])
    assert await office.level() == "none"


async def test_reasons_may_follow_it(post: Post, office: Office) -> None:
    first = await capture_of(post, await post.take(mail()))
    later = await office.capture()
    assert later["advocacy_id"] == first["advocacy_id"]
    assert await office.level() == "recommended"


async def test_its_events_name_the_address_as_their_cause(post: Post, office: Office) -> None:
    await post.take(mail())
    caused = await office.events("capture.", "advocacy.", "act.")
    assert {event["type"] for event in caused} >= {"capture.created", "capture.completed", "act.recorded"}
    assert {event["actor"]["id"] for event in caused} == {post.made["id"]}


async def test_the_same_mail_again_is_the_same_act(post: Post, office: Office) -> None:
    first = await post.take(mail())
    assert await post.take(mail()) == first
    assert await post.take(mail("Sam Reyes again.")) == first
    assert (await post.take(mail(message_id="<two@mail.example.com>")))["capture_id"] != first["capture_id"]
    assert len((await office.read("captures"))["data"]) == 2


async def test_one_mail_handed_over_at_once_is_one_act(post: Post, office: Office) -> None:
    receipts = await asyncio.gather(*(post.take(mail()) for _ in range(4)))
    assert len({receipt["capture_id"] for receipt in receipts}) == 1
    assert len((await office.read("captures"))["data"]) == 1


async def test_a_dropped_mail_stays_dropped(post: Post, office: Office) -> None:
    capture = await capture_of(post, await post.take(mail("Talk to her.")))
    await office.on(capture, "discard")
    assert await post.take(mail("Talk to her.")) == {**IGNORED, "reason": "discarded"}


async def test_senders_and_recipients_are_made_known(post: Post, office: Office) -> None:
    raw = mail(**{"from": "=?utf-8?q?J=C3=B6rg_Gr=C3=BCn?= <joerg@example.com>"}, to="Lia Fox <lia@example.com>")
    capture = await capture_of(post, await post.take(raw))
    assert capture["made"] == ["person", "advocate", "advocacy", "act"]
    people = {each["email"]: each["name"] for each in (await office.read("people?limit=100"))["data"]}
    assert (people["joerg@example.com"], people["lia@example.com"]) == ("Jörg Grün", "Lia Fox")


MATCHES: dict[str, dict[str, Any]] = {
    "tag of another system": {"subject": "Re: [greenhouse:1] her", "body": "Talk to her."},
    "address among the recipients": {"to": f"{HANA}, {SAM}", "body": "You two should talk."},
    "address in the text": {"body": "Talk to sam@example.com."},
    "name in the subject": {"subject": "Sam  REYES, Data", "body": "Talk to her."},
    "name in the text": {"body": "I know “Sam Reyes’s” work."},
    "name that HTML splits": {"body": "<p>Sam<br>Reyes</p>", "content_type": "text/html"},
    "tag of nobody beside a name": {"subject": "[EXTERNAL: mail] [jira:OPS-1] Sam Reyes", "body": "Good."},
}


async def test_the_application_is_found(post: Post, office: Office) -> None:
    for name, fields in MATCHES.items():
        receipt = await post.take(mail(**{"message_id": f"<{len(name)}@x>", **fields}))
        assert receipt["state"] == "captured", name
        capture = await capture_of(post, receipt)
        assert capture["application_id"] == office.ids["application_sam"], name
        act = await office.read(f"acts/{capture['act_id']}")
        assert act["audience"] == [office.ids["hana"]], name


async def test_a_tag_with_our_id_says_which(post: Post, office: Office) -> None:
    tag = office.ids["application_jo_platform"]
    capture = await capture_of(post, await post.take(mail(subject=f"[{tag}] Sam Reyes")))
    assert (capture["application_id"], capture["matched_by"]) == (tag, "id")


DOUBTS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "nobody is named": ({"body": "Talk to her."}, [("application", "missing")]),
    "two candidates of one name": ({"body": "Talk to Kim Lee."}, [("application", "several")]),
    "two applications of one": ({"body": "Talk to Jo Park."}, [("application", "several")]),
    "two candidates": ({"body": "Sam Reyes or sam@example.com or jo@example.com"}, [("application", "several")]),
    "two tags": ({"subject": "[greenhouse:1] [application_%s]"}, [("application", "several")]),
    "a tag of ours that names nothing": ({"subject": f"[application_{'0' * 32}]"}, [("application", "unknown")]),
    "a name in the quoted text": ({"body": "Good.\n\n> Sam Reyes"}, [("application", "missing")]),
    "a name in the signature": ({"body": "Good.\n-- \nSam Reyes"}, [("application", "missing")]),
    "a name in an attachment": (
        multipart("mixed", (PLAIN, "Good."), (PDF, base64("Sam Reyes"))),
        [("application", "missing")],
    ),
    "only to our address": ({"to": "Captures <%s>"}, [("to", "missing")]),
    "to the candidate alone": ({"to": SAM}, [("to", "missing")]),
    "to themself": ({"to": ADA}, [("to", "missing")]),
    "an inline forward": (
        {"to": "%s", "body": "Sam Reyes!\n\n-----Original Message-----\nFrom: Ada\nTo: Hana\n"},
        [("advocate", "missing"), ("to", "missing")],
    ),
    "a forward by its subject": (
        {"to": "%s", "subject": "[EXT] Fwd: Sam Reyes"},
        [("advocate", "missing"), ("to", "missing")],
    ),
}


async def test_what_is_in_doubt_waits_for_details(post: Post, office: Office) -> None:
    jo = office.ids["application_jo"].removeprefix("application_")
    for number, (name, (fields, expected)) in enumerate(DOUBTS.items()):
        given = {**fields, "message_id": f"<{number}@x>"}
        given |= {
            key: given[key].replace("%s", to) for key, to in (("to", post.address), ("subject", jo)) if key in given
        }
        receipt = await post.take(mail(**given))
        assert receipt["state"] == "needs_details", name
        capture = await capture_of(post, receipt)
        assert (needs(capture), capture["act_id"]) == (expected, None), name
    assert (await office.read("advocacies"))["data"] == []


async def test_a_waiting_mail_is_completed_by_a_person(post: Post, office: Office) -> None:
    capture = await capture_of(post, await post.take(mail("Talk to her.")))
    done = await office.on(
        capture, "complete", application="greenhouse:1", reasons="Runs systems: Did.", basis="heard_from"
    )
    assert (done["state"], done["support"]["after"]["level"]) == ("completed", "recommended")


async def test_a_mail_about_two_candidates_suggests_both_until_one_is_named(post: Post, office: Office) -> None:
    capture = await capture_of(post, await post.take(mail("Sam Reyes, or jo@example.com.", to=post.address)))
    both = sorted(office.ids[f"application_{each}"] for each in ("sam", "jo", "jo_platform"))
    assert capture["needs"][0]["suggestions"] == both
    still = await office.on(capture, "complete", 202, to="hana@example.com")
    assert [(need["code"], need["suggestions"]) for need in still["needs"]] == [("several", both)]
    done = await office.on(capture, "complete", application=both[0])
    assert (done["state"], done["application_id"]) == ("completed", both[0])


async def test_whoever_completes_a_forward_says_who_spoke_up(post: Post, office: Office) -> None:
    raw = mail(
        "Sam Reyes!\n\n---------- Forwarded message ---------\nFrom: Bo\n",
        **{"from": "Pam Ito <pam@example.com>"},
        to=post.address,
    )
    capture = await capture_of(post, await post.take(raw))
    assert [need["suggestions"] for need in capture["needs"]] == [[office.ids["pam"]], []]
    done = await office.on(capture, "complete", advocate="ada@example.com", to="hana@example.com")
    assert (await office.read(f"advocates/{done['advocate_id']}"))["person"]["id"] == office.ids["ada"]
    assert done["recorded_by"] == office.ids["pam"]


async def test_a_forwarder_whom_nobody_knows_is_suggested_by_address(post: Post, office: Office) -> None:
    raw = mail(**{"from": "Lou Berg <lou@else.com>"}, to=post.address, subject="WG: Data engineer")
    capture = await capture_of(post, await post.take(raw))
    assert capture["needs"][0]["suggestions"] == ["lou@else.com"]
    done = await office.on(capture, "complete", advocate="lou@else.com", to="hana@example.com")
    assert (await office.read(f"advocates/{done['advocate_id']}"))["person"]["name"] == "Lou Berg"


async def test_what_candidates_forward_about_themselves_is_ignored_too(post: Post) -> None:
    raw = mail("See below.", **{"from": SAM}, to=post.address, subject="Fwd: [greenhouse:1]")
    assert await post.take(raw) == {**IGNORED, "reason": "candidate_is_sender"}


async def test_a_waiting_mail_is_recognised_by_its_subject_where_text_is_kept(office: Office) -> None:
    for keeps, expected in ((True, "Coffee chat"), (False, None)):
        post = await open_post(office.client, name=f"Keeps {keeps}", keeps_text=keeps)
        receipt = await post.take(mail("Talk to her.", subject="Coffee chat", message_id=f"<{keeps}@x>"))
        capture = await capture_of(post, receipt)
        assert (capture["state"], capture["given"].get("subject")) == ("needs_details", expected)
        await office.on(capture, "complete", application="greenhouse:1")
        assert (await post.take(mail("Talk to her.", message_id=f"<{keeps}@x>")))["state"] == "captured"


async def test_a_candidate_is_nobodys_advocate(post: Post, office: Office, databases: Databases) -> None:
    before = await contents(databases)
    for body, subject in (("I am Sam Reyes.", "Me"), ("Thanks!", "Re: Data engineer"), ("Hello", "[greenhouse:1]")):
        raw = mail(body, **{"from": SAM}, subject=subject)
        assert await post.take(raw) == {**IGNORED, "reason": "candidate_is_sender"}
    assert await contents(databases) == before


async def test_somebody_who_also_applied_may_speak_up_for_another(post: Post, office: Office) -> None:
    raw = mail(**{"from": "Jo Park <jo@example.com>"})
    capture = await capture_of(post, await post.take(raw))
    assert (capture["state"], capture["application_id"]) == ("completed", office.ids["application_sam"])


async def test_a_person_of_an_agency_counts_for_nothing(post: Post, office: Office) -> None:
    capture = await capture_of(post, await post.take(mail(**{"from": "Bo Ruiz <bo@example.com>"})))
    assert "does_not_count" in capture["warnings"]


async def test_what_nobody_wrote_leaves_nothing(post: Post, databases: Databases) -> None:
    every: dict[str, dict[str, Any]] = {
        "auto_reply": {"auto_submitted": "auto-replied"},
        "bounce": {"return_path": "<>"},
        "mailing_list": {"list_id": "<eng.example.com>"},
        "invitation": {"content_type": "text/calendar"},
        "loop": {"from": post.address},
    }
    before = await contents(databases)
    for reason, fields in every.items():
        assert await post.take(mail(**fields)) == {**IGNORED, "reason": reason}
    assert await contents(databases) == before


async def test_text_is_kept_only_where_the_address_says_so(office: Office, databases: Databases) -> None:
    silent, open_ = await open_post(office.client), await open_post(office.client, name="Kept", keeps_text=True)
    await silent.take(mail("Sam Reyes is silently good."))
    await silent.take(mail("They are silently doubtful.", message_id="<two@x>"))
    assert not await is_kept(databases, "silently")
    raw = mail("Sam Reyes is loudly good.\n\n> quotedly", message_id="<three@x>")
    capture = await capture_of(open_, await open_.take(raw))
    assert (await office.read(f"acts/{capture['act_id']}"))["text"] == "Sam Reyes is loudly good."
    assert not await is_kept(databases, "quotedly")


async def test_no_token_is_kept(office: Office, databases: Databases) -> None:
    post = await open_post(office.client, keeps_text=True)
    await post.take(mail(to=f"{HANA}, {post.address}, x+{mint()}@example.com", cc=post.address))
    assert not await is_kept(databases, post.made["token"])


async def test_sensitive_words_are_pointed_out_though_not_kept(post: Post) -> None:
    capture = await capture_of(post, await post.take(mail("Sam Reyes is pregnant.")))
    assert capture["warnings"] == ["sensitive_text:health"] or "sensitive_text:family" in capture["warnings"]


@pytest.mark.parametrize(
    ("date", "expected"),
    [("Mon, 02 Mar 2026 12:00:01 +0000", "11:00"), ("Sat, 01 Mar 2025 09:00:00 +0000", "11:00"), (None, "11:00")],
    ids=["in the future", "a year ago", "none"],
)
async def test_a_senseless_date_is_that_of_receipt(post: Post, office: Office, date: str | None, expected: str) -> None:
    capture = await capture_of(post, await post.take(mail(date=date)))
    act = await office.read(f"acts/{capture['act_id']}")
    assert act["occurred_at"] == f"2026-03-02T{expected}:00Z"


async def test_a_mail_without_message_id_documents_nothing(post: Post, office: Office) -> None:
    capture = await capture_of(post, await post.take(mail(message_id=None)))
    act = await office.read(f"acts/{capture['act_id']}")
    assert (act["evidence_url"], act["rung"]) == (None, "self_reported")


async def test_a_forwarded_attachment_is_what_was_said(post: Post, office: Office) -> None:
    inner = mail("Sam Reyes is good.", to="pam@example.com", message_id="<inner@x>")
    raw = mail(**multipart("mixed", (PLAIN, "FYI"), ("Content-Type: message/rfc822", inner)), to=post.address)
    capture = await capture_of(post, await post.take(raw))
    act = await office.read(f"acts/{capture['act_id']}")
    assert (act["audience"], act["evidence_url"]) == ([office.ids["pam"]], "mid:inner@x")


FORMS: dict[str, Any] = {
    "sendgrid, address in the envelope": lambda token: {"email": mail(), "envelope": envelope(f"{token}@x.example")},
    "sendgrid, address in to": lambda token: {"email": mail(), "to": f"Box <{token}@x.example>"},
    "mailgun": lambda token: {"body-mime": mail(), "recipient": f"in+{token}@x.example", "sender": "ada@example.com"},
    "address in the header": lambda token: {"message": mail(to=f"{HANA}, {token}@x.example")},
}


async def test_forms_of_mail_services_are_read(post: Post) -> None:
    for name, form in FORMS.items():
        for as_file in (False, True):
            fields = form(post.made["token"])
            response = await post.hand_over_form(fields, as_file=next(iter(fields)) if as_file else None)
            assert (response.status_code, response.json()["state"]) == (200, "captured"), (name, response.text)


async def test_url_encoded_forms_are_read(post: Post) -> None:
    fields = {"recipient": post.address, "body-mime": mail("Für Sam Reyes: 100 % + = gut.")}
    headers = {"Authorization": "", "Content-Type": "application/x-www-form-urlencoded"}
    response = await post.hand_over(urlencode(fields).encode(), **headers)
    assert (response.status_code, response.json()["state"]) == (200, "captured"), response.text


async def test_an_empty_envelope_sender_is_a_bounce(post: Post) -> None:
    fields = {"email": mail(), "envelope": envelope(post.address, sender="")}
    assert (await post.hand_over_form(fields)).json()["reason"] == "bounce"


async def test_the_token_may_stand_in_the_header_of_the_mail(post: Post) -> None:
    for field in ("delivered_to", "x_original_to", "x_forwarded_to", "to", "cc", "bcc"):
        several = [HANA, f"Box <{post.address.upper()}>"] if field == "to" else post.address
        receipt = (await post.hand_over(mail(**{"to": HANA, field: several}), Authorization="")).json()
        assert receipt["state"] == "captured", field


async def test_the_token_may_come_as_basic_credentials(post: Post) -> None:
    for user, password in (("mail", post.made["token"]), (post.made["token"], "")):
        credentials = base64(f"{user}:{password}").decode()
        receipt = (await post.hand_over(mail(), Authorization=f"Basic {credentials}")).json()
        assert receipt["state"] == "captured"


async def test_without_a_token_nothing_is_taken(post: Post, databases: Databases, acme: Company) -> None:
    before = await contents(databases)
    given = ["", f"Bearer {mint()}", acme.headers()["Authorization"], "Basic %%%", f"Basic {base64('a:b').decode()}"]
    for authorization in given:
        problem(await post.hand_over(mail(), Authorization=authorization), 401, "capture_address_unknown")
    in_body = mail(f"{post.made['token']}@x.example", subject=post.address)
    refused = problem(await post.hand_over(in_body, Authorization=""), 401, "capture_address_unknown")
    assert "key" not in f"{refused['title']} {refused['detail']}".lower()
    assert await contents(databases) == before


async def test_a_token_of_another_workspace_reaches_that_one_alone(
    post: Post, office: Office, client_for: ClientFor, globex: Company
) -> None:
    theirs = await open_post(client_for(globex))
    for raw in (mail(), mail(subject="[greenhouse:1]"), mail(to=f"{HANA}, {post.address}"), mail("sam@example.com")):
        assert (await theirs.take(raw))["state"] == "needs_details"
    assert (await office.read("captures"))["data"] == []
    people = (await got(theirs.client, "/v1/people"))["data"]
    assert people == []


async def test_the_token_of_a_connection_takes_no_mail(post: Post) -> None:
    body = {"provider": "greenhouse", "name": "Greenhouse", "system": "greenhouse"}
    made = await sent(post.client, "/v1/connections", body)
    token = made["url"].rpartition("/")[2]
    problem(await post.hand_over(mail(), Authorization=f"Bearer {token}"), 401, "capture_address_unknown")


async def test_the_same_key_again_is_answered_from_memory(post: Post, clock: SetClock) -> None:
    key = {"Idempotency-Key": "k1"}
    first = await post.hand_over(mail(message_id=None), **key)
    again = await post.hand_over(mail(message_id=None), **key)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()


async def test_a_mail_may_be_larger_than_other_bodies(post: Post) -> None:
    cv = base64("x" * 8_000_000)
    assert (await post.take(mail(**multipart("mixed", (PLAIN, SAID), (PDF, cv)))))["state"] == "captured"
    problem(await post.hand_over(mail("x" * 26 * 1024 * 1024)), 413, "payload_too_large")
