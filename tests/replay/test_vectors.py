"""Examples of the clock with known answers, so that the judge of the fast derivation is itself judged."""

from datetime import date, datetime

from api.domain.policy import Policy
from api.domain.vocabulary import (
    AdvocacyWord,
    AskState,
    Availability,
    Outcome,
    Stage,
    StageVerb,
)
from tests.replay.readings import INTERVIEW, asked, h1, h2, reads, row_1, spells
from tests.replay.story import INCIDENTS, MENTORING, Story, at


def test_vector_1() -> None:
    story = row_1()
    assert reads(story, at(3, 5, "11:59")) == "recommended none"
    answer = asked(story, at(3, 5))
    assert (answer.level, answer.championing) == ("championed", "on_track")
    assert answer.since == at(3, 5)
    assert answer.next_change_at == at(3, 13, "00:00")


def test_vector_2() -> None:
    story = h2()
    story.act(at(3, 20), "Rita")
    assert spells(story, at(3, 2), at(3, 21))[1:] == [
        "3-2 12:00 started",
        "3-17 00:00 lapsed",
        "3-20 12:00 on_track",
    ]


def test_vector_3() -> None:
    story = Story()
    act = story.act(at(3, 2), "Hanna", INCIDENTS, MENTORING, ask=INTERVIEW)
    story.answer(act, AskState.GRANTED, at(3, 3, "11:00"))
    assert reads(story, at(3, 3, "10:59")) == "recommended started"
    assert reads(story, at(3, 3, "11:00")) == "championed on_track"
    assert spells(story, at(3, 3), at(3, 18))[2:] == ["3-10 00:00 at_risk", "3-17 00:00 lapsed"]


def test_vector_5() -> None:
    story = h1()
    story.act(at(3, 20))
    assert spells(story, at(3, 1), at(4, 5))[1:] == [
        "3-1 12:00 on_track",
        "3-9 00:00 at_risk",
        "3-16 00:00 lapsed",
        "3-20 12:00 on_track",
        "3-28 00:00 at_risk",
        "4-4 00:00 lapsed",
    ]
    assert asked(story, at(3, 21)).next_change_at == at(3, 28, "00:00")


def test_vector_6() -> None:
    story = h1()
    story.stage(StageVerb.HOLD, at(3, 17), until=date(2026, 4, 1))
    story.act(at(4, 3))
    assert spells(story, at(3, 16), at(4, 4)) == ["3-16 00:00 lapsed", "4-3 12:00 on_track"]


def test_vector_7() -> None:
    story = h1()
    story.stage(StageVerb.HOLD, at(3, 10), until=date(2026, 4, 1))
    assert spells(story, at(3, 9), at(4, 17)) == [
        "3-9 00:00 at_risk",
        "4-1 00:00 on_track",
        "4-9 00:00 at_risk",
        "4-16 00:00 lapsed",
    ]
    assert {asked(story, at(3, day)).advocacies.popitem()[1].elapsed for day in range(10, 32)} == {9}


def test_vector_8() -> None:
    story = h1()
    story.stage(StageVerb.HOLD, at(3, 10))
    assert spells(story, at(3, 10), at(4, 14))[1:] == ["3-10 12:00 on_track", "3-23 00:00 at_risk", "4-13 00:00 lapsed"]
    story.stage(StageVerb.RESUME, at(3, 25))
    assert spells(story, at(3, 25), at(4, 10))[1:] == ["3-25 12:00 on_track", "4-2 00:00 at_risk", "4-9 00:00 lapsed"]


def test_vector_9() -> None:
    story = h1()
    story.stage(StageVerb.MOVE, at(3, 6), stage=Stage.SCREENING)
    assert spells(story, at(3, 6), at(3, 28)) == ["3-6 00:00 on_track", "3-17 00:00 at_risk", "3-27 00:00 lapsed"]
    late = h1()
    late.stage(StageVerb.MOVE, at(3, 16), stage=Stage.SCREENING)
    assert spells(late, at(3, 16), at(3, 28)) == ["3-16 00:00 lapsed"]


def test_vector_10() -> None:
    story = h1()
    story.availability(Availability.AWAY, date(2026, 3, 5), until=date(2026, 3, 19))
    elapsed = [asked(story, at(3, day)).advocacies.popitem()[1].elapsed for day in range(4, 20)]
    assert elapsed == [3] * 15 + [0]
    assert spells(story, at(3, 4), at(4, 4)) == ["3-4 00:00 on_track", "3-27 00:00 at_risk", "4-3 00:00 lapsed"]


def test_vector_12() -> None:
    story = Story()
    act = story.act(at(2, 26), "Hanna", INCIDENTS, ask=INTERVIEW)
    story.act(at(3, 1), "Hanna", MENTORING)
    story.answer(act, AskState.GRANTED, at(3, 3))
    story.next_step(at(3, 3), at(3, 20))
    elapsed = [asked(story, at(3, day)).advocacies.popitem()[1].elapsed for day in range(3, 24)]
    assert elapsed == [2] * 20 + [3]
    assert spells(story, at(3, 3), at(4, 5)) == ["3-3 00:00 on_track", "3-28 00:00 at_risk", "4-4 00:00 lapsed"]


def chased() -> tuple[Story, list[str]]:
    story = Story()
    act = story.act(at(3, 1), "Hanna", INCIDENTS, MENTORING, ask=INTERVIEW)
    assert act.ask is not None
    story.act(at(3, 4), chases=act.ask.id)
    story.act(at(3, 8), chases=act.ask.id)
    third = Story()
    third.facts = story.facts
    third.act(at(3, 30), chases=act.ask.id)
    assert spells(third, at(3, 9), at(4, 24)) == spells(story, at(3, 9), at(4, 24))
    answered = Story()
    answered.facts = story.facts
    answered.answer(act, AskState.REFUSED, at(3, 20))
    return story, spells(answered, at(3, 20), at(4, 5))


def test_vectors_13_and_14() -> None:
    story, refused = chased()
    assert spells(story, at(3, 4), at(4, 24))[1:] == [
        "3-4 12:00 on_track",
        "3-8 12:00 awaiting_answer",
        "4-8 00:00 on_track",
        "4-15 00:00 at_risk",
        "4-22 00:00 lapsed",
    ]
    assert refused[1:] == ["3-20 12:00 on_track", "3-28 00:00 at_risk", "4-4 00:00 lapsed"]


def test_vector_15() -> None:
    for is_available in (True, False):
        story = h1()
        story.availability(Availability.LEFT, date(2026, 3, 6))
        if is_available:
            story.availability(Availability.AVAILABLE, date(2026, 3, 12))
        story.act(at(3, 14))
        assert spells(story, at(3, 5), at(3, 15)) == ["3-5 00:00 on_track", "3-6 00:00 lost", "3-14 12:00 on_track"]


def test_vector_16() -> None:
    story = h1()
    story.availability(Availability.DO_NOT_CONTACT, date(2026, 3, 6))
    story.availability(Availability.AVAILABLE, date(2026, 3, 16))
    story.act(at(3, 14))
    story.act(at(3, 18))
    assert spells(story, at(3, 6), at(3, 18)) == ["3-6 00:00 lost", "3-18 12:00 on_track"]


def test_vector_17() -> None:
    story = h1()
    story.word(AdvocacyWord.WITHDRAWN, at(3, 6))
    story.act(at(3, 14))
    assert spells(story, at(3, 6), at(3, 14))[1:] == ["3-6 12:00 lost", "3-14 12:00 on_track"]


def test_vector_18() -> None:
    story = h1()
    story.stage(StageVerb.CLOSE, at(3, 12), outcome=Outcome.REJECTED)
    story.act(at(3, 20))
    story.stage(StageVerb.REOPEN, at(6, 2), stage=Stage.APPLIED)
    for moment in (at(3, 12), at(6, 1)):
        answer = asked(story, moment)
        advocacy = next(iter(answer.advocacies.values()))
        assert (answer.level, advocacy.championing, advocacy.elapsed) == ("championed", "at_risk", 11)
        assert answer.next_change_at is None
        assert advocacy.state == "concluded"
    assert spells(story, at(6, 2), at(6, 18))[1:] == ["6-2 12:00 on_track", "6-10 00:00 at_risk", "6-17 00:00 lapsed"]


def test_vector_19() -> None:
    story = h1()
    story.stage(StageVerb.CLOSE, at(3, 18), outcome=Outcome.REJECTED)
    story.stage(StageVerb.REOPEN, at(6, 2), stage=Stage.APPLIED)
    story.act(at(6, 5))
    assert reads(story, at(3, 18)) == reads(story, at(6, 4)) == "recommended lapsed"
    assert reads(story, at(6, 5)) == "championed on_track"


def with_window(days: int, moment: datetime) -> Story:
    story = h1()
    story.policy(moment, Policy(time_zone="Europe/Berlin", window_applied=days))
    return story


def test_vector_20() -> None:
    assert reads(with_window(14, at(3, 17)), at(3, 18)) == "recommended lapsed"
    assert spells(with_window(14, at(3, 12)), at(3, 12), at(3, 31))[1:] == [
        "3-12 12:00 on_track",
        "3-16 00:00 at_risk",
        "3-30 00:00 lapsed",
    ]
    assert spells(with_window(3, at(3, 10)), at(3, 10), at(3, 12))[1:] == ["3-10 12:00 lapsed"]
