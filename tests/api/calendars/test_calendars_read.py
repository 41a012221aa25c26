"""The calendar file, as programs read it: a second library reads what the first wrote."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from ical.event import EventStatus

from api.calendars import queries
from api.domain.vocabulary import FollowUpState, Owed
from api.main import attach
from api.platform.db import Databases
from api.platform.ids import encode
from api.platform.settings import Settings
from tests.api.advocacies.scene import make_person, make_scene, sent
from tests.api.calendars.desk import CALENDARS, Desk, make_desk, starts
from tests.cast import Company
from tests.conftest import ClientFor, SetClock


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


async def test_a_follow_up_is_an_event_of_its_day(desk: Desk) -> None:
    follow_up = await desk.owe(person_id=await make_person(desk.client, "Ravi Menon"))
    (event,) = await desk.events()
    assert event.summary == "Tell Ravi Menon how it goes"
    assert (starts(event), event.dtend) == (utc(2026, 3, 3, 8), utc(2026, 3, 3, 16))
    assert event.uid == f"{encode('follow_up', follow_up)}@championed"
    assert (event.sequence, event.status) == (1, EventStatus.CONFIRMED)
    assert event.dtstamp == event.last_modified == utc(2026, 3, 2, 11)


async def test_it_takes_no_time_rings_no_alarm_and_is_private(desk: Desk) -> None:
    await desk.owe()
    file = (await desk.fetch()).text
    assert "\r\nTRANSP:TRANSPARENT\r\n" in file
    assert "\r\nCLASS:PRIVATE\r\n" in file
    assert "VALARM" not in file


async def test_its_answer_is_a_calendar_file(desk: Desk) -> None:
    await desk.owe()
    answer = await desk.fetch()
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = answer.text.split("\r\n")
    assert (lines[:2], lines[-2:]) == (["BEGIN:VCALENDAR", "VERSION:2.0"], ["END:VCALENDAR", ""])
    assert {"REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H", "X-WR-CALNAME:Follow-ups"} <= set(lines)
    assert "\n" not in answer.text.replace("\r\n", "")


async def test_an_empty_desk_is_an_empty_calendar(desk: Desk) -> None:
    assert await desk.events() == []


async def test_it_names_the_candidate_and_the_job(desk: Desk) -> None:
    scene = await make_scene(desk.client)
    await desk.owe(type="answer_ask", application_id=scene.application, person_id=scene.ada)
    (event,) = await desk.events()
    assert event.summary == "Answer what Ada Okafor asked for (Sam Reyes, Data engineer)"


async def test_it_names_those_of_a_referral_without_an_application(desk: Desk) -> None:
    scene = await make_scene(desk.client)
    sam = await sent(desk.client, "/v1/candidates", {"person": {"name": "Kim Doe"}})
    referrer = await sent(desk.client, "/v1/referrers", {"person": {"name": "Ravi Menon"}})
    body = {"candidate_id": sam["id"], "referrer_id": referrer["id"], "job_id": scene.job}
    referral = await sent(desk.client, "/v1/referrals", body)
    ravi = referrer["person"]["id"]
    await desk.owe(type="acknowledge_referral", referral_id=referral["id"], person_id=ravi)
    assert [event.summary for event in await desk.events()] == [
        "Acknowledge the referral by Ravi Menon (Kim Doe, Data engineer)"
    ]


async def test_it_says_nothing_but_what_is_owed(desk: Desk) -> None:
    scene = await make_scene(desk.client)
    await scene.begin("agreed")
    await scene.act(text="The best engineer I know.")
    await desk.owe(application_id=scene.application, person_id=scene.ada, result="Not for the calendar")
    file = (await desk.fetch()).text
    names = set(re.findall(r"^([A-Z-]+)[:;]", file.partition("BEGIN:VEVENT")[2], re.MULTILINE))
    assert names == {
        *("UID", "SEQUENCE", "DTSTAMP", "CREATED", "LAST-MODIFIED", "DTSTART", "DTEND"),
        *("SUMMARY", "STATUS", "TRANSP", "CLASS", "END"),
    }
    for secret in ("best engineer", "billing", "recommended", "self_reported", "Not for", desk.rita, "Rita"):
        assert secret not in file


async def test_one_made_by_hand_has_its_own_title(desk: Desk) -> None:
    title = "Call Ömer; bring coffee, cake \\ tea\r\nBEGIN:VALARM\n👩‍👩‍👧 " + "Überraschung 🎉 " * 12
    await desk.owe(type="call", title=title)
    (event,) = await desk.events()
    assert event.summary == " ".join(title.split())
    file = (await desk.fetch()).text
    assert file.count("\nBEGIN:") == 1
    assert max(len(line.encode()) for line in file.split("\r\n")) <= 75


async def test_signs_of_control_are_left_out(desk: Desk) -> None:
    await desk.owe(type="call", title="Ring\x07 the\x0bbell\u2028and\x85run\x1b")
    (event,) = await desk.events()
    assert event.summary == "Ring the bell and run"


@pytest.mark.parametrize(
    ("day", "zone", "begins"),
    [
        (date(2026, 3, 27), "Europe/Berlin", utc(2026, 3, 27, 8)),  # the Friday before the clocks go forward
        (date(2026, 3, 30), "Europe/Berlin", utc(2026, 3, 30, 7)),
        (date(2026, 10, 23), "Europe/Berlin", utc(2026, 10, 23, 7)),
        (date(2026, 10, 26), "Europe/Berlin", utc(2026, 10, 26, 8)),
        (date(2026, 3, 6), "America/New_York", utc(2026, 3, 6, 14)),
        (date(2026, 3, 9), "America/New_York", utc(2026, 3, 9, 13)),
    ],
)
async def test_it_is_at_nine_by_the_owners_clocks(desk: Desk, day: date, zone: str, begins: datetime) -> None:
    await desk.owe(day, zone=zone)
    (event,) = await desk.events()
    assert starts(event) == begins
    assert event.dtend == begins + timedelta(hours=8)


@pytest.mark.parametrize(("zone", "hour"), [(None, 7), ("America/New_York", 13)])
async def test_a_snoozed_one_is_on_the_day_on_which_it_comes_back(desk: Desk, zone: str | None, hour: int) -> None:
    if zone is not None:
        await desk.client.patch(f"/v1/people/{desk.rita}", json={"time_zone": zone})
    # Monday after the clocks of both zones have gone forward.
    await desk.owe(snoozed_until=utc(2026, 3, 30, 10))
    (event,) = await desk.events()
    assert (starts(event), event.dtend) == (utc(2026, 3, 30, hour), utc(2026, 3, 30, hour + 8))


async def test_one_that_is_snoozed_for_less_than_that_stays_on_its_day(desk: Desk) -> None:
    await desk.owe(date(2026, 3, 6), snoozed_until=utc(2026, 3, 5, 8))
    assert [starts(event) for event in await desk.events()] == [utc(2026, 3, 6, 8)]


async def test_an_overdue_one_says_so_and_stays(desk: Desk) -> None:
    await desk.owe(date(2026, 2, 26), standing=Owed.OVERDUE, type="thank_reference")
    (event,) = await desk.events()
    assert (event.summary, starts(event)) == ("Overdue: Thank somebody for the reference", utc(2026, 2, 26, 8))


@pytest.mark.parametrize("state", [FollowUpState.COMPLETED, FollowUpState.SKIPPED, FollowUpState.CANCELLED])
async def test_a_closed_one_is_gone(desk: Desk, state: FollowUpState) -> None:
    follow_up = await desk.owe()
    await desk.change(follow_up, state=state)
    assert await desk.events() == []


async def test_those_of_others_are_not_in_it(desk: Desk, globex: Company, client_for: ClientFor) -> None:
    await desk.owe(owner_id=await make_person(desk.client, "Hana"))
    await desk.owe(owner_id=None)
    elsewhere = await make_desk(client_for(globex), desk.databases, globex.workspace)
    await elsewhere.owe(title="Theirs")
    assert await desk.events() == []
    assert len(await elsewhere.events()) == 1


async def test_it_shows_what_the_owner_owes_under_every_id(desk: Desk) -> None:
    await desk.owe(type="request_reference")
    other = await make_person(desk.client, "R. Sands")
    await sent(desk.client, f"/v1/people/{desk.rita}/merge", {"into": other})
    await desk.owe(owner_id=other, type="answer_candidate")
    made = await sent(desk.client, CALENDARS, {"owner_id": desk.rita})
    assert made["owner"]["id"] == other
    for address in (desk.made, made):
        desk.made = address
        assert {event.summary for event in await desk.events()} == {"Ask for a reference", "Answer the candidate"}


async def test_it_shows_the_earliest_due_at_most_so_many(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_EVENTS", 2)
    for day in (12, 10, 11):
        await desk.owe(date(2026, 3, day))
    assert [starts(event).day for event in await desk.events()] == [10, 11]


async def test_its_sequence_rises_when_it_changes(desk: Desk, clock: SetClock) -> None:
    follow_up = await desk.owe()
    (before,) = await desk.events()
    await desk.change(follow_up, snoozed_until=utc(2026, 3, 5, 8), updated_at=clock.advance(hours=1))
    (after,) = await desk.events()
    assert (before.uid, before.sequence) == (after.uid, 1)
    assert (after.sequence, after.last_modified) == (2, clock.now)


async def test_a_copy_is_compared(desk: Desk, clock: SetClock) -> None:
    follow_up = await desk.owe()
    first = await desk.fetch()
    clock.advance(hours=3)
    again = await desk.fetch(**{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (await desk.fetch(**{"If-None-Match": f"W/{first.headers['etag']}"})).status_code == 304
    await desk.change(follow_up, state=FollowUpState.COMPLETED)
    changed = await desk.fetch(**{"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_it_answers_head(desk: Desk) -> None:
    answer = await desk.client.head(desk.address)
    assert (answer.status_code, answer.content) == (200, b"")


async def test_reading_it_changes_nothing(desk: Desk) -> None:
    before = await desk.client.get(f"{CALENDARS}/{desk.made['id']}")
    await desk.fetch()
    assert (await desk.client.get(f"{CALENDARS}/{desk.made['id']}")).json() == before.json()


async def test_a_remembered_token_of_a_revoked_calendar_opens_nothing(
    desk: Desk, app: FastAPI, databases: Databases
) -> None:
    attach(app, databases, Settings(key_cache_seconds=5, rate_limit_per_minute=0, rate_limit_burst_per_second=0))
    assert (await desk.fetch()).status_code == 200
    await sent(desk.client, f"{CALENDARS}/{desk.made['id']}/revoke", None, 200)
    assert (await desk.fetch()).status_code == 404


async def test_each_calendar_has_a_rate(desk: Desk, app: FastAPI, databases: Databases) -> None:
    other = await sent(desk.client, CALENDARS, {"owner_id": desk.rita})
    attach(app, databases, Settings(rate_limit_per_minute=1, rate_limit_burst_per_second=0))
    first = await desk.fetch()
    assert first.headers["ratelimit"].startswith('"default";r=0;')
    assert (await desk.fetch()).json()["code"] == "quota_exceeded"
    desk.made = other
    assert (await desk.fetch()).status_code == 200


async def test_a_sandboxs_clock_counts(client_for: ClientFor, cast: Any, databases: Databases) -> None:
    client: httpx.AsyncClient = client_for(cast.sandbox)
    desk = await make_desk(client, databases, cast.sandbox.workspace)
    await sent(client, f"/v1/people/{desk.rita}/leave", {"effective_on": "2026-03-09"})
    assert (await desk.fetch()).status_code == 200
    await sent(client, "/v1/clock/advance", {"by": "P7D"})
    assert (await desk.fetch()).status_code == 404


async def test_ids_tell_nothing_of_whose_it_is(desk: Desk) -> None:
    follow_up = await desk.owe()
    assert isinstance(follow_up, UUID)
    assert desk.made["id"].rpartition("_")[2] not in (await desk.fetch()).text
