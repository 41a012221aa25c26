"""The lines of the story: what can happen in it. Each is played by calling the service as any tool would."""

from dataclasses import dataclass
from typing import Any, Protocol

from api.demo.stage import Stage


class Line(Protocol):
    """Something that happens to one application, or to a person."""

    async def play(self, stage: Stage, application: str, /) -> None:
        """Call the service; raises StoryBroken when it refuses."""


@dataclass(frozen=True, slots=True)
class Because:
    """A reason: a requirement of the job, a claim, and what it is known from."""

    requirement: str
    claim: str
    basis: str = "observed_directly"
    before_process: bool = False

    def body(self) -> dict[str, Any]:
        """As a body has it."""
        return {
            "requirement": self.requirement,
            "claim": self.claim,
            "basis": self.basis,
            "before_process": self.before_process,
        }


@dataclass(frozen=True, slots=True)
class Applies:
    """A candidate appears, and is considered for a job."""

    name: str
    job: str
    stage: str = "applied"
    origin: str = "cold"

    async def play(self, stage: Stage, application: str) -> None:
        """Make the candidate and the application."""
        person = {"name": self.name, "email": f"{self.name.lower().replace(' ', '.')}@example.com"}
        candidate = await stage.post("candidates", {"person": person})
        stage.candidates[application] = candidate["id"]
        stage.job_of[application] = self.job
        body = {
            "candidate_id": candidate["id"],
            "job_id": stage.jobs[self.job],
            "stage": self.stage,
            "origin": self.origin,
        }
        stage.applications[application] = (await stage.post("applications", body))["id"]


@dataclass(frozen=True, slots=True)
class Refers:
    """Somebody attaches their name, by a form or in person."""

    who: str
    relationship: str = "none"
    because: tuple[Because, ...] = ()
    from_form: bool = True
    consent: str = "given"

    async def play(self, stage: Stage, application: str) -> None:
        """Record the referral."""
        body = {
            "candidate_id": stage.candidates[application],
            "referrer_id": await stage.role("referrers", self.who),
            "job_id": stage.jobs[stage.job_of[application]],
            "relationship": self.relationship,
            "reasons": [each.body() for each in self.because],
            "consent": self.consent,
            "from_form": self.from_form,
            "recorded_by": stage.people[self.who],
        }
        stage.referrals[application, self.who] = (await stage.post("referrals", body))["id"]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The referrer is told that the referral arrived."""

    who: str

    async def play(self, stage: Stage, application: str) -> None:
        """Acknowledge the referral."""
        await stage.post(f"referrals/{stage.referrals[application, self.who]}/acknowledge", {})


@dataclass(frozen=True, slots=True)
class IsAsked:
    """Somebody is asked to advocate."""

    who: str
    by: str

    async def play(self, stage: Stage, application: str) -> None:
        """Record the asking."""
        await stage.advocacy(application, self.who, word="asked", recorded_by=stage.people[self.by])


@dataclass(frozen=True, slots=True)
class Says:
    """An advocate's word: agree, decline or withdraw."""

    who: str
    verb: str

    async def play(self, stage: Stage, application: str) -> None:
        """Record the word."""
        advocacy = await stage.advocacy(application, self.who)
        await stage.post(f"advocacies/{advocacy}/{self.verb}", {"recorded_by": stage.people[self.who]})


@dataclass(frozen=True, slots=True)
class SpeaksUp:
    """An advocate does something for the candidate. `chases` repeats the ask of their earlier act."""

    who: str
    to: tuple[str, ...]
    because: tuple[Because, ...] = ()
    ask: str | None = None
    kind: str = "spoke"
    link: str | None = None
    told_by: str | None = None
    chases: bool = False

    async def play(self, stage: Stage, application: str) -> None:
        """Record the act."""
        audience = [person if person == "hiring_manager" else stage.people[person] for person in self.to]
        key = application, self.who
        body: dict[str, Any] = {
            "kind": "chased" if self.chases else self.kind,
            "audience": audience,
            "reasons": [each.body() for each in self.because],
            "recorded_by": stage.people[self.told_by or self.who],
        }
        if self.ask is not None:
            body["ask"] = {"kind": self.ask, "to": audience[0]}
        if self.chases:
            body["chases"] = stage.acts[key]["ask"]["id"]
        if self.link is not None:
            body["evidence_url"] = self.link
        advocacy = await stage.advocacy(application, self.who, word="proposed")
        made = await stage.post(f"advocacies/{advocacy}/acts", body)
        if self.ask is not None or key not in stage.acts:
            stage.acts[key] = made


@dataclass(frozen=True, slots=True)
class Answers:
    """An ask is granted, refused or deferred."""

    of: str
    answer: str
    by: str

    async def play(self, stage: Stage, application: str) -> None:
        """Record the answer."""
        body = {"answer": self.answer, "recorded_by": stage.people[self.by]}
        await stage.post(f"acts/{stage.acts[application, self.of]['id']}/answer", body)


@dataclass(frozen=True, slots=True)
class Confirms:
    """A person of the audience says that an act happened."""

    of: str
    by: str

    async def play(self, stage: Stage, application: str) -> None:
        """Record the confirmation."""
        await stage.post(
            f"acts/{stage.acts[application, self.of]['id']}/confirm", {"recorded_by": stage.people[self.by]}
        )


@dataclass(frozen=True, slots=True)
class Moves:
    """The application does something in its own life: `move`, `hold`, `resume`, `close`, `reopen`."""

    verb: str
    stage: str | None = None
    outcome: str | None = None

    async def play(self, stage: Stage, application: str) -> None:
        """Call the verb."""
        body = {name: value for name, value in (("stage", self.stage), ("outcome", self.outcome)) if value is not None}
        await stage.post(f"applications/{stage.applications[application]}/{self.verb}", body)


@dataclass(frozen=True, slots=True)
class GivesReference:
    """A person confirms facts when asked."""

    who: str

    async def play(self, stage: Stage, application: str) -> None:
        """Ask for the reference, and record that it was given."""
        body = {"application_id": stage.applications[application], "person_id": stage.people[self.who]}
        reference = await stage.post("references", body)
        await stage.post(f"references/{reference['id']}/give", {"content": "Dates and duties confirmed."})


@dataclass(frozen=True, slots=True)
class Leaves:
    """A person leaves the company; belongs to no application."""

    who: str

    async def play(self, stage: Stage, _application: str) -> None:
        """Record the leaving, from today."""
        await stage.post(f"people/{stage.people[self.who]}/leave", {"recorded_by": stage.people[self.who]})
