"""Checks a story day by day."""

from datetime import datetime, timedelta

from api.domain.derived import Support
from api.domain.vocabulary import Championing, Level
from tests.domain.story import Story
from tests.domain.story_words import at

_CHAMPIONED = {Championing.ON_TRACK, Championing.AT_RISK, Championing.AWAITING_ANSWER}


def standing(story: Story, when: str | datetime) -> str:
    """Championing at a moment, whose level is the one that goes with it."""
    support = story.support(when)
    expected = Level.CHAMPIONED if support.championing in _CHAMPIONED else Level.RECOMMENDED
    assert support.level is expected
    return support.championing.value


def levels(story: Story, *moments: str) -> list[str]:
    """Level and championing at each moment."""
    answers = [story.support(moment) for moment in moments]
    return [f"{each.level} {each.championing}" for each in answers]


def runs(story: Story, *courses: str) -> None:
    """Check a course, written as "on_track 1 March 12:00 to 8 March" or "lapsed 16 March".

    A day without a time begins at its first moment and ends at its last second. The value is asked at both ends and at
    noon and midnight of every day between, and each time the next change is checked as well.
    """
    for course in courses:
        value, span = course.split(" ", 1)
        for moment in _moments(span):
            assert standing(story, moment) == value, f"{course}: at {moment}"
            assert next_change_is_exact(story, moment), f"{course}: next change after {moment}"


def _moments(span: str) -> list[datetime]:
    first, _, last = span.partition(" to ")
    last = last or first
    start = at(first if ":" in first else f"{first} 00:00")
    end = at(last if ":" in last else f"{last} 23:59:59")
    noon = at(" ".join(first.split()[:2]))
    edges = [start, end]
    while noon <= end + timedelta(days=1):
        edges += [noon, noon + timedelta(hours=12)]
        noon += timedelta(days=1)
    return sorted({moment for moment in edges if start <= moment <= end})


def next_change_is_exact(story: Story, when: str | datetime) -> bool:
    """Whether nothing changes until one second before the next change, and something does at it.

    What has not happened by `when` is left out of the story, since it is no matter of time.
    """
    moment = at(when) if isinstance(when, str) else when
    told = story.until(moment)
    now = told.support(moment)
    if now.next_change_at is None:
        return _gist(now) == _gist(told.support(moment + timedelta(days=400)))
    just_before = told.support(now.next_change_at - timedelta(seconds=1))
    return _gist(now) == _gist(just_before) != _gist(told.support(now.next_change_at))


def _gist(support: Support) -> object:
    return support.level, support.championing, support.confidence
