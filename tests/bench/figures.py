"""Figures of interleaved rounds: medians, and how far apart the rounds were."""

from collections.abc import Sequence
from statistics import median
from typing import Any

Figure = dict[str, float]


def figure(values: Sequence[float]) -> Figure:
    """The median of the rounds, with the lowest and the highest."""
    return {"median": round(median(values), 3), "low": round(min(values), 3), "high": round(max(values), 3)}


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Figure:
    """How many times theirs ours is, round by round."""
    return figure([a / b for a, b in zip(ours, theirs, strict=True)])


def of_rounds(rounds: Sequence[dict[str, float]]) -> dict[str, Any]:
    """The figure of each measured thing."""
    return {name: figure([each[name] for each in rounds]) for name in rounds[0]}
