"""Rules about people: members of jobs, availability, ties to the company, leaving; and about what they say."""

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from api.platform.ids import decode
from tests.properties import ingredients as some
from tests.properties.house import Ago
from tests.properties.playing import Playing
from tests.properties.sight import Sight


class People(Playing):
    """What is told about people."""

    def by(self, name: str | None) -> str | None:
        """The id of who tells."""
        return name and self.house.ids[name]

    @rule(
        job=some.jobs,
        name=some.people,
        power=some.powers,
        marked=st.booleans(),
        day=some.near_days,
        teller=some.tellers,
    )
    def add_member(self, job: str, name: str, power: str, marked: bool, day: int | None, teller: str | None) -> None:
        """Whom the recorder of an act makes a member afterwards is no audience of that act."""
        body = {
            "person_id": self.by(name),
            "power": power,
            "is_hiring_manager": marked and power == "decides",
            "effective_on": self.house.day(day),
            "recorded_by": self.by(teller),
        }
        self.tick()
        before = self.before()
        self.tell(self.house.post(f"/v1/jobs/{self.house.ids[job]}/members", body))
        if teller is not None and not body["is_hiring_manager"]:
            recorder = decode("person", self.house.ids[teller])
            for application_id, was in before.items():
                _makes_none_of_their_acts_qualify(recorder, was, self.seen[application_id])

    @rule(job=some.jobs, name=some.people, day=some.near_days, teller=some.tellers)
    def end_membership(self, job: str, name: str, day: int | None, teller: str | None) -> None:
        body = {"effective_on": self.house.day(day), "recorded_by": self.by(teller)}
        self.tell(self.house.post(f"/v1/jobs/{self.house.ids[job]}/members/{self.by(name)}/end", body))

    @rule(
        name=some.volunteers,
        state=some.availabilities,
        day=some.near_days,
        length=st.one_of(st.none(), some.future_days),
        teller=some.tellers,
        own=st.booleans(),
    )
    def record_availability(
        self, name: str, state: str, day: int | None, length: int | None, teller: str | None, own: bool
    ) -> None:
        """An absence from today on lowers no level."""
        until = self.house.day((day or 0) + length) if length and state == "away" else None
        body = {
            "state": state,
            "effective_on": self.house.day(day),
            "until": until,
            "recorded_by": self.by(teller),
            "is_own_word": own,
        }
        self.tick()
        before = self.before()
        self.tell(self.house.post(f"/v1/people/{self.by(name)}/availability", body))
        if state == "away" and (day or 0) >= 0:
            for application_id, was in before.items():
                assert self.seen[application_id].support.level.rank >= was.support.level.rank

    @rule(name=some.volunteers, affiliation=some.affiliations, day=some.near_days, teller=some.tellers)
    def record_affiliation(self, name: str, affiliation: str, day: int | None, teller: str | None) -> None:
        body = {"affiliation": affiliation, "effective_on": self.house.day(day), "recorded_by": self.by(teller)}
        self.tell(self.house.post(f"/v1/people/{self.by(name)}/affiliations", body))

    @rule(name=some.volunteers, day=some.near_days, teller=some.tellers)
    def leave(self, name: str, day: int | None, teller: str | None) -> None:
        """Somebody who leaves takes no fact along: whatever was recorded is still there."""
        self.tick()
        before = self.before()
        body = {"effective_on": self.house.day(day), "recorded_by": self.by(teller)}
        self.tell(self.house.post(f"/v1/people/{self.by(name)}/leave", body))
        for application_id, was in before.items():
            assert _records(self.seen[application_id]) == _records(was)

    @rule(pick=some.picks, name=some.volunteers, word=st.sampled_from(["proposed", "asked", "agreed"]), ago=some.agos)
    def name_advocate(self, pick: int, name: str, word: str, ago: Ago) -> None:
        application = self.house.applications[pick % len(self.house.applications)]
        body = {"word": word, "occurred_at": self.house.moment(ago)}
        self.tell(self.house.name_advocate(application, name, body))

    @precondition(lambda self: self.house.advocacies)
    @rule(pick=some.picks, word=some.words, ago=some.agos, teller=some.tellers)
    def say(self, pick: int, word: str, ago: Ago, teller: str | None) -> None:
        advocacy, _ = self.house.advocacies[pick % len(self.house.advocacies)]
        body = {"occurred_at": self.house.moment(ago), "recorded_by": self.by(teller)}
        self.tell(self.house.post(f"/v1/advocacies/{advocacy}/{word}", body))


def _makes_none_of_their_acts_qualify(recorder: UUID, was: Sight, now: Sight) -> None:
    recorded_by = {act.id: act.recorded_by for advocacy in now.facts.advocacies for act in advocacy.acts}
    assert all(recorded_by[act] != recorder for act in now.qualifying - was.qualifying)


def _records(sight: Sight) -> tuple[object, ...]:
    facts = sight.facts
    kept = [(each.id, each.statements, each.acts, each.answers, each.act_statements) for each in facts.advocacies]
    return kept, facts.referrals, facts.references, facts.stages
