"""Rules about applications, jobs, the policy and time."""

from datetime import datetime, time, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.properties import ingredients as some
from tests.properties.house import Ago, Body
from tests.properties.playing import Playing
from tests.properties.sight import Sight

SECOND = timedelta(seconds=1)


class Applications(Playing):
    """What happens to applications."""

    def application(self, pick: int) -> str:
        """One of the applications."""
        return self.house.applications[pick % len(self.house.applications)]

    def verb(self, pick: int, verb: str, body: Body) -> None:
        """A verb of an application's lifecycle."""
        self.tell(self.house.post(f"/v1/applications/{self.application(pick)}/{verb}", body))

    @rule(candidate=st.sampled_from(["cleo", "dan"]), job=some.jobs, stage=some.stages, ago=some.agos)
    def apply(self, candidate: str, job: str, stage: str, ago: Ago) -> None:
        self.tell(self.house.apply(candidate, job, {"stage": stage, "occurred_at": self.house.moment(ago)}))

    @rule(pick=some.picks, stage=some.stages, ago=some.agos)
    def move(self, pick: int, stage: str, ago: Ago) -> None:
        self.verb(pick, "move", {"stage": stage, "occurred_at": self.house.moment(ago)})

    @rule(pick=some.picks, until=st.one_of(st.none(), some.future_days), ago=some.agos)
    def hold(self, pick: int, until: int | None, ago: Ago) -> None:
        self.verb(pick, "hold", {"until": self.house.day(until), "occurred_at": self.house.moment(ago)})

    @rule(pick=some.picks, ago=some.agos)
    def resume(self, pick: int, ago: Ago) -> None:
        self.verb(pick, "resume", {"occurred_at": self.house.moment(ago)})

    @rule(pick=some.picks, outcome=some.outcomes, ago=some.agos)
    def close(self, pick: int, outcome: str, ago: Ago) -> None:
        self.verb(pick, "close", {"outcome": outcome, "occurred_at": self.house.moment(ago)})

    @rule(pick=some.picks, stage=st.one_of(st.none(), some.stages), ago=some.agos)
    def reopen(self, pick: int, stage: str | None, ago: Ago) -> None:
        self.verb(pick, "reopen", {"stage": stage, "occurred_at": self.house.moment(ago)})

    @rule(pick=some.picks, days=st.integers(-3, 20), kind=st.sampled_from(["interview", "decision"]))
    def plan_next_step(self, pick: int, days: int, kind: str) -> None:
        at = (self.house.now + timedelta(days=days)).isoformat()
        body = {"next_step_at": at, "next_step_kind": kind}
        self.tell(self.house.send("PATCH", f"/v1/applications/{self.application(pick)}", body))

    @rule(numbers=some.numbers)
    def change_policy(self, numbers: Body) -> None:
        """A new policy heals no lapse and moves nothing that is closed."""
        self.tick()
        before = self.before()
        self.tell(self.house.send("PATCH", "/v1/policy", numbers))
        for application_id, was in before.items():
            _heals_nothing(was, self.seen[application_id])

    @rule(span=some.spans, over_http=st.booleans())
    def pass_time(self, span: tuple[str, int], over_http: bool) -> None:
        """Time alone raises no level, moves nothing that is closed, and does what was foretold."""
        self.remember()
        before = list(self.seen.values())
        self.is_whole = False
        self._go_on(span, over_http=over_http)
        for was in before:
            now = was.at(self.house.now)
            assert now.support.level.rank <= was.support.level.rank
            _keeps_its_word(was, now)
        self.settle()

    def _go_on(self, span: tuple[str, int], *, over_http: bool) -> None:
        unit, count = span
        target = self.house.now + timedelta(**{"hours" if unit == "hours" else "days": count})
        if unit == "midnights":
            target = datetime.combine(self.house.today + timedelta(days=count), time(), self.house.zone)
        by = target - self.house.now
        if over_http and self.house.workspace.is_sandbox:
            response = self.run(self.house.post("/v1/clock/advance", {"by": f"PT{int(by.total_seconds())}S"}))
            self.house.offset = datetime.fromisoformat(response.json()["now"]) - self.stage.clock.now
        else:
            self.stage.clock.now += by


def _heals_nothing(was: Sight, now: Sight) -> None:
    if was.support.at_outcome is not None:
        assert (now.told, now.support.exposed) == (was.told, was.support.exposed)
    for advocacy_id, advocacy in was.advocacies.items():
        if advocacy.lapsed_since is not None and advocacy.lapsed_since < now.moment:
            assert now.advocacies[advocacy_id].lapsed_since == advocacy.lapsed_since


def _keeps_its_word(was: Sight, now: Sight) -> None:
    """Nothing changes before `next_change_at`, and at it something does."""
    if was.support.at_outcome is not None:
        assert (now.told, now.support.exposed) == (was.told, was.support.exposed)
    change = was.support.next_change_at
    if change is None or now.moment < change:
        assert now.told == was.told
        return
    assert was.at(max(change - SECOND, was.moment)).told == was.told
    assert was.at(change).told != was.told
