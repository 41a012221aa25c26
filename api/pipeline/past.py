"""The pipeline of a past moment: every application derived from its facts, in batches."""

import asyncio
from collections.abc import Iterable, Sequence
from uuid import UUID

from api.domain.facts import ApplicationFacts
from api.domain.support import derive_support
from api.domain.vocabulary import ApplicationState
from api.pipeline.counts import Standing, Tally
from api.pipeline.schemas import Which
from api.platform.sessions import ReadSession
from api.support.moments import Past
from api.support.queries import load_facts

BATCH = 500


async def derived(session: ReadSession, application_ids: Sequence[UUID], past: Past, which: Which) -> Tally:
    """How many of these applications stood how at a moment, by what was known at another."""
    tally = Tally()
    for start in range(0, len(application_ids), BATCH):
        facts = await load_facts(session, application_ids[start : start + BATCH])
        # In a thread, so that other requests are answered meanwhile.
        tally += await asyncio.to_thread(_tally, facts.values(), past, which)
    return tally


def _tally(histories: Iterable[ApplicationFacts], past: Past, which: Which) -> Tally:
    tally = Tally()
    for facts in histories:
        support = derive_support(facts, as_of=past.as_of, known_at=past.known_at)
        life = support.application
        if life is None or (which == "open" and life.state is ApplicationState.CLOSED):
            continue
        tally[Standing(life.stage, support.level, support.championing, support.confidence, support.exposed)] += 1
    return tally
