"""When an answer about an application changes by time and plans alone."""

from datetime import datetime
from typing import NamedTuple

from api.domain.backing import judge
from api.domain.coverage import coverage_at
from api.domain.history import History
from api.domain.stages import view_at


class Outlook(NamedTuple):
    """The next moment at which level, championing or confidence differ, and at which anything announced does."""

    next_change_at: datetime | None
    recheck_at: datetime | None


def outlook(history: History) -> Outlook:
    """Look ahead from the judged moment. Null: it never changes if nothing more happens."""
    verdict, announced = _verdict(history, history.judged_at), _announced(history, history.judged_at)
    recheck_at = None
    for moment in history.later_moments():
        if recheck_at is None and _announced(history, moment) != announced:
            recheck_at = moment
        if _verdict(history, moment) != verdict:
            return Outlook(moment, recheck_at)
    return Outlook(None, recheck_at)


def _verdict(history: History, moment: datetime) -> object:
    return judge(history.backings, moment)[:3]


def _announced(history: History, moment: datetime) -> object:
    """Everything that is announced, at a moment."""
    view = view_at(history.changes, moment)
    return (
        judge(history.backings, moment),
        view and view.state,
        coverage_at(history, moment),
        [each.standing(moment) for each in history.advocacies],
        [each.walk.steps.at(moment) for each in history.referrals],
        [each.steps.at(moment) for each in history.references],
    )
