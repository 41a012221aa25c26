from api.domain.vocabulary import Stage, StageVerb, Waiting
from api.domain.waiting import CandidateWait, candidate_wait
from tests.domain.story import Story
from tests.domain.story_words import POLICY, at


def wait(story: Story, when: str, contact: str | None = None) -> CandidateWait:
    application = story.support(when).application
    assert application is not None
    contact_at = at(contact) if contact else None
    return candidate_wait(application, last_contact_at=contact_at, as_of=at(when), policy=POLICY)


def test_it_counts_from_the_later_of_contact_and_entry() -> None:
    assert wait(Story(), "20 February").waiting is Waiting.WAITING
    assert wait(Story(), "20 February", "10 February") == CandidateWait(
        waiting=Waiting.NONE, days=10, next_change_at=at("25 February 00:00")
    )


def test_nobody_waits_before_applying_on_a_dated_hold_or_with_an_outcome() -> None:
    assert wait(Story(starts_in=Stage.PREPARING), "20 December").waiting is Waiting.NONE
    held = Story()
    held.stage("5 February", StageVerb.HOLD, until="10 March")
    assert wait(held, "9 March") == CandidateWait(waiting=Waiting.NONE, days=36, next_change_at=at("10 March 00:00"))
    assert wait(held, "10 March").waiting is Waiting.WAITING_LONG
    closed = Story()
    closed.close("5 February")
    assert wait(closed, "9 March").waiting is Waiting.NONE


def test_nobody_waits_through_the_day_of_the_next_step() -> None:
    story = Story()
    story.set_next_step("2 February", "20 February 10:00")
    assert wait(story, "20 February 23:59:59").waiting is Waiting.NONE
    assert wait(story, "20 February").next_change_at == at("21 February 00:00")
    assert wait(story, "21 February 00:00").waiting is Waiting.WAITING
