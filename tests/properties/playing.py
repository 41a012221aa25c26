"""The frame of a history: every step is told, worked off, looked at, and compared with what was seen before."""

from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from api.domain.derived import Support
from tests.cast import START
from tests.properties import ingredients as some
from tests.properties.ending import judge_the_end
from tests.properties.house import House
from tests.properties.sight import Sight, counted, look
from tests.properties.stage import Stage

T = TypeVar("T")

CREATES = {"/v1/advocacies": "Advocacy", "/v1/referrals": "Referral", "/v1/references": "Reference"}
TICK = timedelta(seconds=41)


class Playing(RuleBasedStateMachine):
    """What all rules stand on. `seen` is how each application looked after the last step."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.seen: dict[UUID, Sight] = {}
        self.answers: list[tuple[UUID, datetime, Support]] = []
        self.counts: dict[str, int] = {}
        self.ticks = self.works = True
        self.is_whole = False

    @initialize(zone=some.zones, is_sandbox=st.booleans(), stage=some.stages)
    def begin(self, zone: str, is_sandbox: bool, stage: str) -> None:
        """A furnished workspace, one application, and Ada, who has agreed to advocate."""
        since = START - timedelta(days=90)
        workspace, client = self.stage.open(time_zone=zone, is_sandbox=is_sandbox, since=since)
        self.house = House(self.stage, workspace, client, ZoneInfo(zone))
        self.run(self.house.furnish())
        self.counts = self.run(counted(self.house))
        self.is_whole = True
        self.tell(self.house.apply("cleo", "engineer", {"stage": stage, "occurred_at": self.house.moment((12, 9))}))
        self.tell(self.house.name_advocate(self.house.applications[0], "ada", {"word": "agreed"}))

    @rule(ticks=st.booleans(), works=st.booleans())
    def change_pace(self, ticks: bool, works: bool) -> None:
        """Whether time passes between steps, and whether the worker keeps up."""
        self.ticks, self.works = ticks, works

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for what the house does."""
        return self.stage.run(work)

    def before(self) -> dict[UUID, Sight]:
        """The facts of the last step, judged now: what only time has changed is in it."""
        return {each: sight.at(self.house.now) for each, sight in self.seen.items()}

    def tell(self, step: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
        """Take a step and look at what it makes. A step that the service refuses changes nothing."""
        self.is_whole = False
        self.tick()
        before = self.before()
        response = self.run(step)
        self.settle()
        self._count(response)
        for application_id, was in before.items():
            now = self.seen[application_id]
            if response.is_error:
                assert now.support == was.support
            self.judge_always(now)
        return response

    def settle(self) -> None:
        """Let the worker follow, if it does, and look at everything."""
        if self.works:
            self.run(self.stage.work())
        self.seen = self.run(look(self.house))
        self.is_whole = True

    def tick(self) -> None:
        """Let a little time pass, so that the next step has a moment of its own."""
        if self.ticks:
            self.remember()
            self.stage.clock.now += TICK

    def remember(self) -> None:
        """Keep the answers for now, as time goes on: they hold for ever."""
        self.answers += [(each, sight.moment, sight.support) for each, sight in self.seen.items()]

    def judge_always(self, now: Sight) -> None:
        """What must hold of each application after every step."""
        positions = [referral.credit_position for referral in now.support.referrals]
        assert positions.count(1) <= 1
        for referral in now.support.referrals:
            assert referral.credit_position is None or not (referral.is_job_member or referral.after_application)
        candidate = now.facts.candidate_person_id
        assert all(advocacy.person_id != candidate for advocacy in now.facts.advocacies)
        if now.support.at_outcome is not None:
            assert now.support.next_change_at is None

    def _count(self, response: httpx.Response) -> None:
        """One record more where one was made, and no other record anywhere."""
        counts = self.run(counted(self.house))
        path = response.request.url.path
        made = CREATES.get(path) or {"/v1/applications": "Application"}.get(path)
        made = "Act" if path.endswith("/acts") else made
        expected = dict(self.counts)
        if made is not None and response.status_code == 201:
            expected[made] += 1
        assert counts == expected
        self.counts = counts

    def teardown(self) -> None:
        """At the end of a history everything is asked about its past."""
        if not self.is_whole:
            return
        self.run(self.stage.work())
        self.seen = self.run(look(self.house))
        self.remember()
        self.run(judge_the_end(self.house, self.seen, self.answers))
        self.run(self.house.client.aclose())
