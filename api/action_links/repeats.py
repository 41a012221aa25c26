"""Whether a form came twice, as after a double click: it says what was recorded by the link the last time."""

from collections.abc import Mapping

from sqlmodel import col, select

from api.action_links.pages import ASK_TOO
from api.action_links.telling import SEPARATOR
from api.advocacies.listeners import HIRING_MANAGER
from api.domain.vocabulary import ActionLinkAnswer
from api.models import Act, ActionLink, ActListener, ActReason, Reason
from api.platform import ids, rows
from api.platform.sessions import WorkspaceSession
from api.reasons.wording import normalised


async def says_the_same(session: WorkspaceSession, link: ActionLink, form: Mapping[str, str]) -> bool:
    """Whether the form tells of the act that the link made last, in the same words."""
    if link.result_id is None:
        return False
    act = await rows.find(session, Act, link.result_id)
    about, said = await _told(session, act)
    last = {
        "answer": ASK_TOO if act.kind == "asked" else ActionLinkAnswer.RECORDED.value,
        "to": await _listener(session, act),
        "about": about,
    }
    # A reason is found again by its normalised claim, which may be spelled as it was before.
    is_said = normalised(form.get("said", "")) == normalised(said)
    return is_said and all(form.get(name, "") == value for name, value in last.items())


async def _listener(session: WorkspaceSession, act: Act) -> str:
    found = await session.execute(select(ActListener.person_id).where(col(ActListener.act_id) == act.id))
    person_id = found.scalars().first()
    return HIRING_MANAGER if person_id is None else ids.encode("person", person_id)


async def _told(session: WorkspaceSession, act: Act) -> tuple[str, str]:
    """What the act was about, as the page's list has it, and what was said."""
    statement = (
        select(ActReason.basis, Reason.requirement_id, Reason.claim)
        .join(Reason, col(Reason.id) == col(ActReason.reason_id))
        .where(col(ActReason.act_id) == act.id)
    )
    reason = (await session.execute(statement)).first()
    if reason is None:
        return "", act.text or ""
    return f"{reason.basis}{SEPARATOR}{reason.requirement_id.hex}", reason.claim
