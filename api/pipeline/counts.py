"""Counting: applications that are alike in what the pipeline shows, by stage."""

from collections import Counter
from typing import NamedTuple

from api.domain.vocabulary import Championing, Confidence, Level, Stage
from api.pipeline.schemas import LevelCounts, StageCounts


class Standing(NamedTuple):
    """What is counted of an application."""

    stage: Stage
    level: Level
    championing: Championing
    confidence: Confidence | None
    exposed: bool


Tally = Counter[Standing]


def by_stage(tally: Tally) -> list[StageCounts]:
    """The counts of every stage in order, zeros included."""
    return [_stage(stage, tally) for stage in Stage]


def _stage(stage: Stage, tally: Tally) -> StageCounts:
    here = Counter({standing: count for standing, count in tally.items() if standing.stage is stage})
    levels = {level.value: _sum(here, level=level) for level in Level}
    return StageCounts(
        stage=stage,
        total=here.total(),
        levels=LevelCounts(**levels),
        started=_sum(here, championing=Championing.STARTED),
        lapsed=_sum(here, championing=Championing.LAPSED),
        lost=_sum(here, championing=Championing.LOST),
        exposed=_sum(here, exposed=True),
        claimed=_sum(here, confidence=Confidence.CLAIMED),
    )


def _sum(tally: Tally, **wanted: object) -> int:
    ((name, value),) = wanted.items()
    return sum(count for standing, count in tally.items() if getattr(standing, name) == value)
