"""What a replay of a story reads at a moment, and the stories that most examples begin with."""

from datetime import datetime, timedelta

from api.domain.vocabulary import AskKind
from tests.replay import ReplayedSupport, replay_support
from tests.replay.judgement import Judgement
from tests.replay.story import INCIDENTS, MENTORING, Story, at

INTERVIEW = AskKind.INTERVIEW


def asked(story: Story, as_of: datetime, known_at: datetime | None = None) -> ReplayedSupport:
    return replay_support(story.facts, as_of=as_of, known_at=known_at or as_of)


def reads(story: Story, as_of: datetime, known_at: datetime | None = None) -> str:
    answer = asked(story, as_of, known_at)
    return f"{answer.level} {answer.championing}"


def spells(story: Story, first: datetime, last: datetime) -> list[str]:
    """The changes of championing while no outcome stands, judged at 00:00 and 12:00 of each day."""
    found: list[str] = []
    days = (last - first).days + 1
    for number in range(days):
        day = (first + timedelta(days=number)).date()
        for clock in ("00:00", "12:00"):
            moment = at(day.month, day.day, clock)
            value = Judgement(story.facts, as_of=moment, known_at=moment).championing(moment).value
            if not found or found[-1].split(" ")[-1] != value:
                found.append(f"{day.month}-{day.day} {clock} {value}")
    return found


def h1() -> Story:
    story = Story()
    story.act(at(2, 26), "Hanna", INCIDENTS, ask=INTERVIEW)
    story.act(at(3, 1), "Hanna", MENTORING)
    return story


def h2() -> Story:
    story = Story()
    story.act(at(3, 2), "Hanna", INCIDENTS, MENTORING, ask=INTERVIEW)
    return story


def row_1() -> Story:
    story = Story()
    story.act(at(3, 2), "Hanna", INCIDENTS, ask=INTERVIEW)
    story.act(at(3, 5), "Hanna", MENTORING)
    return story
