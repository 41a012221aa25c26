"""Rules about acts and what is said of them, referrals and references."""

from datetime import datetime
from uuid import UUID

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from api.domain.support import derive_support
from api.platform.ids import decode
from tests.properties import ingredients as some
from tests.properties.house import REFERRERS, ActTold, Ago, Body
from tests.properties.playing import Playing
from tests.properties.sight import Sight


class Acts(Playing):
    """What advocates do, and what is said of it."""

    @precondition(lambda self: self.house.advocacies)
    @rule(
        pick=some.picks,
        audience=some.audiences,
        reasons=some.uses,
        ask=some.asks,
        chased=st.one_of(st.none(), some.picks),
        has_link=st.booleans(),
        recorder=some.recorders,
        ago=some.agos,
        twice=st.booleans(),
    )
    def act(
        self,
        pick: int,
        audience: list[str],
        reasons: list[Body],
        ask: str | None,
        chased: int | None,
        has_link: bool,
        recorder: str,
        ago: Ago,
        twice: bool,
    ) -> None:
        """An act never lowers the level at its moment, and saying the same again on that day adds nothing."""
        advocacy, actor = self.house.advocacies[pick % len(self.house.advocacies)]
        heard_by = [name if name == some.ROLE else self.house.ids[name] for name in audience]
        body = {
            "kind": "spoke",
            "occurred_at": self.house.moment(ago),
            "audience": heard_by,
            "reasons": reasons,
            "ask": ask and {"kind": ask, "to": heard_by[0]},
            "chases": self._ask(advocacy, chased),
            "evidence_url": "https://example.com/thread/42" if has_link else None,
            "recorded_by": self.house.ids[actor if recorder == "actor" else recorder],
        }
        self.tick()
        before = self.before()
        response = self.tell(self.house.act(advocacy, actor, body))
        if response.status_code == 201:
            made = response.json()
            self._lowers_nothing(before, made)
            if twice:
                self._adds_nothing(advocacy, actor, {**body, "ask": None, "occurred_at": made["occurred_at"]})

    @precondition(lambda self: self.house.advocacies)
    @rule(pick=some.picks, ago=some.agos)
    def speak_up(self, pick: int, ago: Ago) -> None:
        """All that makes an advocacy start, so that much of a history is about championed candidates."""
        advocacy, actor = self.house.advocacies[pick % len(self.house.advocacies)]
        body = {**self.spoken_by(actor), "occurred_at": self.house.moment(ago)}
        self.tell(self.house.act(advocacy, actor, body))

    def spoken_by(self, actor: str) -> Body:
        """A word to somebody who decides, with reasons and an ask."""
        hanna = self.house.ids["hanna"]
        ask = {"kind": "interview", "to": hanna}
        recorded_by = self.house.ids[actor]
        return {"kind": "spoke", "audience": [hanna], "reasons": some.BOTH, "ask": ask, "recorded_by": recorded_by}

    def _ask(self, advocacy: str, pick: int | None) -> str | None:
        asks = [act.ask for act in self.house.acts if act.advocacy == advocacy and act.ask is not None]
        return asks[pick % len(asks)] if asks and pick is not None else None

    def _lowers_nothing(self, before: dict[UUID, Sight], made: Body) -> None:
        application_id = decode("application", made["application_id"])
        moment, now = datetime.fromisoformat(made["occurred_at"]), self.house.now
        without, after = before[application_id], self.seen[application_id]
        was = derive_support(without.facts, as_of=moment, known_at=now)
        is_ = derive_support(after.facts, as_of=moment, known_at=now)
        assert is_.level.rank >= was.level.rank
        outcome = without.support.at_outcome
        if outcome is not None and moment >= outcome.outcome_at:
            assert after.told == without.told

    def _adds_nothing(self, advocacy: str, actor: str, body: Body) -> None:
        was = self.seen
        ticks, self.ticks = self.ticks, False
        self.tell(self.house.act(advocacy, actor, body))
        self.ticks = ticks
        for application_id, sight in was.items():
            now = self.seen[application_id]
            assert (now.told, now.support.next_change_at) == (sight.told, sight.support.next_change_at)

    def told_act(self, pick: int) -> ActTold:
        """One of the acts."""
        return self.house.acts[pick % len(self.house.acts)]

    @precondition(lambda self: self.house.acts)
    @rule(pick=some.picks, answer=some.answers, recorder=some.recorders, ago=some.agos)
    def answer(self, pick: int, answer: str, recorder: str, ago: Ago) -> None:
        """No actor answers their own ask."""
        act = self.told_act(pick)
        name = act.actor if recorder == "actor" else recorder
        body = {"answer": answer, "recorded_by": self.house.ids[name], "occurred_at": self.house.moment(ago)}
        response = self.tell(self.house.post(f"/v1/acts/{act.id}/answer", body))
        assert response.is_error or name != act.actor

    @precondition(lambda self: self.house.acts)
    @rule(pick=some.picks, word=some.act_words, recorder=some.recorders)
    def say_of_act(self, pick: int, word: str, recorder: str) -> None:
        """Only those of the audience confirm or deny, never the actor; only the actor disputes."""
        act = self.told_act(pick)
        name = act.actor if recorder == "actor" else recorder
        response = self.tell(self._say(act, word, self.house.ids[name]))
        if response.is_success and word in ("confirm", "deny"):
            assert name != act.actor
            assert self.house.ids[name] in act.audience or some.ROLE in act.audience
        if response.is_success and word in ("dispute", "withdraw_dispute"):
            assert name == act.actor

    async def _say(self, act: ActTold, word: str, person: str) -> httpx.Response:
        return await self.house.post(f"/v1/acts/{act.id}/{word}", {"recorded_by": person})


class Referrals(Playing):
    """What others do for the candidate. That it makes no advocacy is seen by counting after every step."""

    @rule(
        referrer=st.sampled_from(REFERRERS),
        candidate=st.sampled_from(["cleo", "cleo", "dan"]),
        job=st.one_of(st.none(), some.jobs),
        relationship=some.relationships,
        reasons=some.uses,
        consent=some.consents,
        from_form=st.booleans(),
        teller=some.tellers,
        ago=some.agos,
    )
    def refer(
        self,
        referrer: str,
        candidate: str,
        job: str | None,
        relationship: str,
        reasons: list[Body],
        consent: str,
        from_form: bool,
        teller: str | None,
        ago: Ago,
    ) -> None:
        ids = self.house.ids
        body = {
            "candidate_id": ids[f"candidate.{candidate}"],
            "referrer_id": ids[f"referrer.{referrer}"],
            "job_id": job and ids[job],
            "relationship": relationship,
            "reasons": reasons,
            "consent": consent,
            "from_form": from_form,
            "submitted_at": self.house.moment(ago),
            "recorded_by": teller and ids[teller],
        }
        self.tell(self.house.refer(body))

    @precondition(lambda self: self.house.referrals)
    @rule(pick=some.picks, verb=some.referral_verbs, given=st.booleans(), ago=some.agos)
    def say_of_referral(self, pick: int, verb: str, given: bool, ago: Ago) -> None:
        referral = self.house.referrals[pick % len(self.house.referrals)]
        more: Body = {"consent": {"given": given}, "mark_ineligible": {"reason": "Already known."}}.get(verb, {})
        body = {"occurred_at": self.house.moment(ago), **more}
        self.tell(self.house.post(f"/v1/referrals/{referral}/{verb}", body))

    @precondition(lambda self: self.house.referrals)
    @rule(pick=some.picks, application=some.picks, ago=some.agos)
    def link(self, pick: int, application: int, ago: Ago) -> None:
        referral = self.house.referrals[pick % len(self.house.referrals)]
        to = self.house.applications[application % len(self.house.applications)]
        body = {"application_id": to, "occurred_at": self.house.moment(ago)}
        self.tell(self.house.post(f"/v1/referrals/{referral}/link", body))

    @rule(pick=some.picks, name=some.people, given=st.booleans(), ago=some.agos)
    def request_reference(self, pick: int, name: str, given: bool, ago: Ago) -> None:
        body = {
            "application_id": self.house.applications[pick % len(self.house.applications)],
            "person_id": self.house.ids[name],
            "given": given,
            "occurred_at": self.house.moment(ago),
        }
        self.tell(self.house.request_reference(body))

    @precondition(lambda self: self.house.references)
    @rule(pick=some.picks, verb=some.reference_verbs, ago=some.agos)
    def say_of_reference(self, pick: int, verb: str, ago: Ago) -> None:
        reference = self.house.references[pick % len(self.house.references)]
        self.tell(self.house.post(f"/v1/references/{reference}/{verb}", {"occurred_at": self.house.moment(ago)}))
