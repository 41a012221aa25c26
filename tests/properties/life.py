"""The random life of a workspace, day by day: what people tell the service, and what they do about what it made."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

import httpx

from tests.properties.house import Body, House
from tests.properties.ingredients import BOTH

Deed = Callable[[], Awaitable[httpx.Response | None]]

STAGES = ("applied", "screening", "interviewing", "interviewing", "offer")
MOST_A_DAY = 3
KEEPS_UP = 0.6


class Life:
    """One workspace in the course of time. The same seed lives the same life."""

    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.chance = Random(seed)
        self.deeds: list[Deed] = [
            self.move, self.move, self.hold, self.resume, self.close, self.reopen, self.reopen, self.plan,
            self.act, self.act, self.act, self.act, self.answer, self.say_of_act, self.refer, self.say_of_referral,
            self.say_of_referral, self.ask_for_reference, self.say_of_reference, self.be_away, self.be_back,
            self.join, self.leave_job, self.change_policy, self.contact, self.contact, self.contact, self.capture,
            self.follow_up, self.follow_up, self.follow_up, self.owe_by_hand, self.pass_on, self.invite,
        ]  # fmt: skip

    async def begin(self) -> None:
        """Two people apply, one of them for two jobs, and people agree to speak up for them."""
        house = self.house
        await house.furnish()
        at = house.moment((12, 9))
        for candidate, job in (("cleo", "engineer"), ("dan", "engineer"), ("dan", "analyst")):
            await house.apply(candidate, job, {"stage": "applied", "occurred_at": at})
        for application in house.applications:
            await house.name_advocate(application, "ada", {"word": "agreed"})
        await house.name_advocate(house.applications[0], "bo", {"word": "asked"})
        zone = {"time_zone": "America/New_York"}
        await house.send("PATCH", f"/v1/people/{house.ids['hanna']}", zone)

    async def day(self) -> None:
        """Some deeds at some moments of the day, in order; now and then the worker has kept up before."""
        for _ in range(self.chance.randint(0, MOST_A_DAY)):
            self.until(self.house.now + timedelta(minutes=self.chance.randint(1, 400)))
            if self.chance.random() < KEEPS_UP:
                await self.house.stage.work()
            await self.chance.choice(self.deeds)()

    def next_day(self) -> None:
        """The clock goes on to the next midnight, or a little later."""
        tomorrow = datetime.combine(self.house.today + timedelta(days=1), time(), self.house.zone)
        self.until(tomorrow + timedelta(minutes=self.chance.choice([0, 0, 7, 545])))

    def until(self, moment: datetime) -> None:
        """Time passes."""
        self.house.stage.clock.now = max(self.house.stage.clock.now, moment.astimezone(self.house.now.tzinfo))

    def _some(self, ids: list[Any]) -> Any:
        return self.chance.choice(ids) if ids else None

    async def _verb(self, verb: str, body: Body) -> httpx.Response:
        return await self.house.post(f"/v1/applications/{self._some(self.house.applications)}/{verb}", body)

    def _ago(self) -> str | None:
        return self.house.moment(self.chance.choice([None, None, None, (self.chance.randint(0, 12), 9)]))

    def _who(self, *names: str) -> str:
        return self.house.ids[self.chance.choice(names)]

    async def move(self) -> httpx.Response:
        return await self._verb("move", {"stage": self.chance.choice(STAGES), "occurred_at": self._ago()})

    async def hold(self) -> httpx.Response:
        return await self._verb("hold", {"until": self.house.day(self.chance.choice([None, 6, 15]))})

    async def resume(self) -> httpx.Response:
        return await self._verb("resume", {})

    async def close(self) -> httpx.Response:
        return await self._verb("close", {"outcome": self.chance.choice(["rejected", "withdrawn"])})

    async def reopen(self) -> httpx.Response:
        return await self._verb("reopen", {})

    async def plan(self) -> httpx.Response:
        at = (self.house.now + timedelta(days=self.chance.randint(1, 12))).isoformat()
        path = f"/v1/applications/{self._some(self.house.applications)}"
        return await self.house.send("PATCH", path, {"next_step_at": at, "next_step_kind": "interview"})

    async def act(self) -> httpx.Response:
        """An advocate speaks up, is told to have done so, or chases an ask."""
        advocacy, actor = self._some(self.house.advocacies)
        to = self.chance.choice([["hanna"], ["hanna", "pam"], ["pam"], ["rita"], ["hiring_manager"]])
        audience = [self.house.ids.get(name, name) for name in to]
        kind = self.chance.choice([None, "interview", "hire"])
        asked = [each.ask for each in self.house.acts if each.ask and each.advocacy == advocacy]
        chases = self._some(asked) if self.chance.random() < 0.3 else None
        body = {
            "kind": "chased" if chases else "spoke",
            "audience": audience,
            "reasons": self.chance.choice([BOTH, BOTH, []]),
            "ask": {"kind": kind, "to": audience[0]} if kind and not chases else None,
            "chases": chases,
            "occurred_at": self._ago(),
            "evidence_url": self.chance.choice([None, "https://chat.example/1"]),
            "recorded_by": self._who(actor, actor, "rita"),
        }
        return await self.house.act(advocacy, actor, body)

    async def answer(self) -> httpx.Response | None:
        acts = [each for each in self.house.acts if each.ask]
        if not acts:
            return None
        body = {"answer": self.chance.choice(["granted", "refused", "deferred"]), "recorded_by": self._who("hanna")}
        return await self.house.post(f"/v1/acts/{self._some(acts).id}/answer", body)

    async def say_of_act(self) -> httpx.Response | None:
        act = self._some(self.house.acts)
        if act is None:
            return None
        word = self.chance.choice(["confirm", "confirm", "deny", "dispute", "retract"])
        who = self.house.ids[act.actor] if word in ("dispute", "retract") else self._who("hanna", "pam")
        return await self.house.post(f"/v1/acts/{act.id}/{word}", {"recorded_by": who})

    async def refer(self) -> httpx.Response:
        ids, (candidate, job) = self.house.ids, self.chance.choice([("cleo", "engineer"), ("dan", "analyst")])
        body = {
            "candidate_id": ids[f"candidate.{candidate}"],
            "referrer_id": ids[f"referrer.{self.chance.choice(['ada', 'bo', 'rita'])}"],
            "job_id": ids[job],
            "relationship": "same_team",
            "reasons": self.chance.choice([BOTH, []]),
            "consent": self.chance.choice(["given", "pending"]),
        }
        return await self.house.refer(body)

    async def say_of_referral(self) -> httpx.Response | None:
        referral = self._some(self.house.referrals)
        if referral is None:
            return None
        verb = self.chance.choice(["acknowledge", "acknowledge", "withdraw", "consent"])
        return await self.house.post(f"/v1/referrals/{referral}/{verb}", {"given": True} if verb == "consent" else {})

    async def ask_for_reference(self) -> httpx.Response:
        given = self.chance.random() < 0.4
        body = {
            "application_id": self._some(self.house.applications),
            "person_id": self._who("olga", "bo"),
            "given": given,
            "praise": True if given else None,
        }
        return await self.house.request_reference(body)

    async def say_of_reference(self) -> httpx.Response | None:
        reference = self._some(self.house.references)
        if reference is None:
            return None
        return await self.house.post(f"/v1/references/{reference}/{self.chance.choice(['agree', 'give', 'decline'])}")

    async def be_away(self) -> httpx.Response:
        state = self.chance.choice(["away", "away", "left", "do_not_contact", "unreachable"])
        start = self.chance.randint(0, 12)
        body = {
            "state": state,
            "effective_on": self.house.day(start),
            "until": self.house.day(start + self.chance.randint(2, 15)) if state == "away" else None,
        }
        return await self.house.post(f"/v1/people/{self._who('ada', 'bo', 'rita')}/availability", body)

    async def be_back(self) -> httpx.Response:
        body = {"state": "available", "is_own_word": True}
        return await self.house.post(f"/v1/people/{self._who('ada', 'bo', 'rita')}/availability", body)

    async def join(self) -> httpx.Response:
        body = {
            "person_id": self._who("olga", "pam", "bo"),
            "power": self.chance.choice(["decides", "administers"]),
            "effective_on": self.house.day(self.chance.choice([0, 0, 3])),
            "recorded_by": self.house.ids["hanna"],
        }
        return await self.house.post(f"/v1/jobs/{self.house.ids['engineer']}/members", body)

    async def leave_job(self) -> httpx.Response:
        body = {"effective_on": self.house.day(self.chance.choice([0, 2])), "recorded_by": self.house.ids["hanna"]}
        who = self._who("olga", "pam", "rita")
        return await self.house.post(f"/v1/jobs/{self.house.ids['engineer']}/members/{who}/end", body)

    async def change_policy(self) -> httpx.Response:
        numbers = self.chance.choice(
            [
                {"holidays": [self.house.day(2), self.house.day(9)]},
                {"supporter_quiet_days": self.chance.choice([5, 10, 20])},
                {"waiting_applied": 5, "waiting_interviewing": 4},
                {"due_update_supporters": self.chance.choice([1, 4])},
                {"invitation_gap_days": self.chance.choice([3, 14])},
            ]
        )
        return await self.house.send("PATCH", "/v1/policy", numbers)

    async def contact(self) -> httpx.Response:
        body = {
            "person_id": self._who("ada", "bo", "cleo", "dan", "rita"),
            "application_id": self._some(self.house.applications),
            "kind": "call",
            "direction": self.chance.choice(["to_person", "both_ways", "from_person"]),
            "automatic": self.chance.random() < 0.15,
            "occurred_at": self._ago(),
            "recorded_by": self._who("rita", "hanna"),
        }
        return await self.house.post("/v1/interactions", body)

    async def capture(self) -> httpx.Response:
        body = {
            "application": self._some(self.house.applications),
            "advocate": "ada@example.com",
            "text": "Spoke to somebody about it.",
            "recorded_by": "ada@example.com",
        }
        return await self.house.post("/v1/captures", body)

    async def _open(self, collection: str) -> list[Body]:
        found = await self.house.client.get(f"/v1/{collection}", params={"state": "open", "limit": 100})
        assert found.status_code == 200, found.text
        rows: list[Body] = found.json()["data"]
        return sorted(rows, key=self._place)

    def _place(self, row: Body) -> tuple[object, ...]:
        """A place in an order that is the same in every life of the same seed."""
        person, applications = row["person"], [*self.house.applications, None]
        due = row.get("due_at") or row["expires_at"]
        return row["type"], person["name"] if person else "", applications.index(row["application_id"]), due

    async def follow_up(self) -> httpx.Response | None:
        """Something is done by hand about what is owed."""
        row = self._some(await self._open("follow_ups"))
        if row is None:
            return None
        verb = self.chance.choice(["complete", "skip", "snooze", "snooze", "cancel", "reassign"])
        until = (self.house.now + timedelta(hours=self.chance.randint(2, 200))).isoformat()
        body: Body = {
            "complete": {"result": "Done."},
            "skip": {"reason": "Not now."},
            "snooze": {"until": until},
            "cancel": {},
            "reassign": {"owner_id": self._who("hanna", "rita", "pam")},
        }[verb]
        return await self.house.post(f"/v1/follow_ups/{row['id']}/{verb}", {**body, "recorded_by": self._who("rita")})

    async def owe_by_hand(self) -> httpx.Response:
        body = {
            "type": self.chance.choice(["update_supporters", "send_contract"]),
            "application_id": self._some(self.house.applications),
            "person_id": self._who("ada", "cleo"),
            "owner_id": self._who("hanna", "rita"),
            "due_on": self.house.day(self.chance.randint(0, 8)),
            "recorded_by": self._who("rita"),
        }
        return await self.house.post("/v1/follow_ups", body)

    async def pass_on(self) -> httpx.Response | None:
        """Somebody who was invited says no, thank you."""
        row = self._some(await self._open("invitations"))
        if row is None:
            return None
        return await self.house.post(f"/v1/invitations/{row['id']}/pass", {"recorded_by": row["person"]["id"]})

    async def invite(self) -> httpx.Response:
        advocacy, actor = self._some(self.house.advocacies)
        body = {
            "type": "act",
            "application_id": (await self.house.client.get(f"/v1/advocacies/{advocacy}")).json()["application_id"],
            "person_id": self.house.ids[actor],
            "asker_id": self._who("rita"),
        }
        return await self.house.post("/v1/invitations", body)
