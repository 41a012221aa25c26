"""Candidates whom the vendor found to be one."""

from collections.abc import Iterable

from api.candidates.service import present
from api.external_refs import service as external_refs
from api.inbound.work import Work
from api.merging.people import merge_candidates
from api.models import Candidate
from api.platform import rows


async def settle_merges(work: Work, merged: Iterable[tuple[str, str]]) -> None:
    """Merge ours where the vendor merged theirs. One whom we do not know is only named, by its id, like the other."""
    for loser, winner in merged:
        losing, winning = await _ours(work, loser), await _ours(work, winner)
        if losing is not None and winning is not None and losing.id != winning.id:
            await merge_candidates(work.session, losing, winning, recorded_by=None)
            work.note("candidate", losing.id, "merged")


async def _ours(work: Work, external_id: str) -> Candidate | None:
    found = await external_refs.find(work.session, "candidate", work.system, external_id)
    return None if found is None else await present(work.session, await rows.find(work.session, Candidate, found))
