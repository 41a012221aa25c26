"""How an application is backed, now and in the past, and why."""

from typing import Any

import httpx

from tests.api.advocacies.scene import HEARD, SEEN, Scene, got
from tests.cast import Company
from tests.conftest import ClientFor, SetClock

INTERVIEW = {"kind": "interview"}


def parts(answer: dict[str, Any]) -> dict[str, bool]:
    return {part["rule"]: part["satisfied"] for part in answer["parts"]}


async def champion(scene: Scene, clock: SetClock) -> None:
    """Ada speaks up on two days, with an ask on the first."""
    await scene.act(ask={"kind": "interview", "to": scene.hana})
    clock.advance(days=2)
    await scene.act(reasons=[])


async def test_it_says_what_is_missing_from_nothing(scene: Scene) -> None:
    answer = await scene.support()
    assert (answer["level"], answer["confidence"], answer["label"]) == ("none", None, "Applied directly")
    assert parts(answer) == {"referral": False}
    assert answer["advocate"] is None


async def test_it_says_what_is_missing_for_more(scene: Scene) -> None:
    await scene.act(ask={"kind": "interview", "to": scene.hana})
    answer = await scene.support()
    assert (answer["level"], answer["championing"], answer["confidence"]) == ("recommended", "started", "self_reported")
    assert parts(answer) == {
        "qualifying_act": True,
        "active": True,
        "reasons": True,
        "ask": True,
        "return": False,
        "clock": True,
    }
    assert answer["advocates"][0]["come_back_by"] == "2026-03-09"


async def test_it_names_the_advocate_and_the_evidence(scene: Scene, clock: SetClock) -> None:
    await champion(scene, clock)
    answer = await scene.support()
    assert (answer["level"], answer["championing"]) == ("championed", "on_track")
    assert answer["advocate"] == {"id": scene.advocate, "name": "Ada Okafor"}
    assert answer["sentence"] == "Championed by Ada Okafor since 4 March 2026; on track."
    assert all(part["evidence"] for part in answer["parts"])


async def test_it_answers_for_the_past(scene: Scene, clock: SetClock) -> None:
    await champion(scene, clock)
    before = (clock.now.replace(day=3)).isoformat().replace("+00:00", "Z")
    answer = await got(scene.client, f"/v1/applications/{scene.application}/support?as_of={before}")
    assert answer["level"] == "recommended"
    known = await got(scene.client, f"/v1/applications/{scene.application}/support?known_at={before}")
    assert (known["as_of"], known["known_at"], known["provisional"]) == (before, before, False)


async def test_the_past_stays_as_it_was_known(scene: Scene, clock: SetClock) -> None:
    await champion(scene, clock)
    asked = clock.now.isoformat().replace("+00:00", "Z")
    acts = await got(scene.client, f"/v1/advocacies/{scene.advocacy}/acts")
    clock.advance(days=1)
    first = await got(scene.client, f"/v1/applications/{scene.application}/support?known_at={asked}")
    await scene.on(acts["data"][0], "retract", scene.ada)
    again = await got(scene.client, f"/v1/applications/{scene.application}/support?known_at={asked}")
    assert first == again
    assert (await scene.support())["level"] != "championed"


async def test_it_is_provisional_for_ten_seconds(scene: Scene, clock: SetClock) -> None:
    asked = clock.now.isoformat().replace("+00:00", "Z")
    clock.advance(seconds=9)
    path = f"/v1/applications/{scene.application}/support?known_at={asked}"
    assert (await got(scene.client, path))["provisional"] is True
    clock.advance(seconds=1)
    assert (await got(scene.client, path))["provisional"] is False


async def test_it_refuses_what_cannot_have_been_known(scene: Scene) -> None:
    path = f"/v1/applications/{scene.application}/support"
    times = {"as_of": "2026-03-02T10:00:00Z", "known_at": "2026-03-02T09:00:00Z"}
    answer = await scene.client.get(path, params=times)
    assert (answer.status_code, answer.json()["code"]) == (422, "known_before_as_of")


async def test_it_refuses_the_future(scene: Scene) -> None:
    path = f"/v1/applications/{scene.application}/support"
    answer = await scene.client.get(path, params={"as_of": "2027-01-01T00:00:00Z"})
    assert (answer.status_code, answer.json()["code"]) == (422, "asked_in_the_future")


async def test_it_lists_requirements_without_a_reason(scene: Scene) -> None:
    stated = {"text": "Designs data models"}
    assert (await scene.client.post(f"/v1/jobs/{scene.job}/requirements", json=stated)).status_code == 201
    same = {"text": SEEN["requirement"]}
    await scene.client.post(f"/v1/jobs/{scene.job}/requirements", json=same)
    await scene.act(reasons=[SEEN, HEARD])
    assert (await scene.support())["requirements_without_reason"] == ["Designs data models"]


async def test_it_shows_what_an_advocate_may_gain(scene: Scene) -> None:
    record = {"affiliation": "agency", "effective_on": "2026-03-02"}
    assert (await scene.client.post(f"/v1/people/{scene.ada}/affiliations", json=record)).status_code == 201
    await scene.act()
    shown = (await scene.support())["advocates"][0]
    assert (shown["interest"], shown["championing"]) == (["paid"], "none")


async def test_it_freezes_when_the_application_ends(scene: Scene, clock: SetClock) -> None:
    await champion(scene, clock)
    clock.advance(minutes=1)
    await scene.tell("close", outcome="hired")
    clock.advance(days=90)
    answer = await scene.support()
    assert (answer["level"], answer["championing"], answer["next_change_at"]) == ("championed", "on_track", None)
    assert answer["at_outcome"]["outcome"] == "hired"


async def test_globex_cannot_see_it(scene: Scene, client_for: ClientFor, globex: Company) -> None:
    answer = await client_for(globex).get(f"/v1/applications/{scene.application}/support")
    assert answer.status_code == 404


async def test_history_keeps_what_was_announced(scene: Scene, clock: SetClock, client: httpx.AsyncClient) -> None:
    await champion(scene, clock)
    rows = (await got(client, f"/v1/applications/{scene.application}/support_history"))["data"]
    assert [(row["previous_level"], row["level"], row["championing"]) for row in rows] == [
        ("none", "recommended", "started"),
        ("recommended", "championed", "on_track"),
    ]


async def test_the_timeline_is_in_the_order_of_what_happened(scene: Scene, client: httpx.AsyncClient) -> None:
    await scene.act(occurred_at="2026-02-20T09:00:00Z")
    entries = (await got(client, f"/v1/applications/{scene.application}/timeline?limit=100"))["data"]
    moments = [entry["occurred_at"] for entry in entries]
    assert moments == sorted(moments)
    act = next(entry for entry in entries if entry["type"] == "act.recorded")
    assert (act["occurred_at"], act["recorded_at"]) == ("2026-02-20T09:00:00Z", "2026-03-02T11:00:00Z")
