"""What a vendor's stage or source is likely to be here, by its name alone. A proposal: a person decides."""

import re

from api.domain.vocabulary import Stage

_SAYING: dict[Stage, tuple[str, ...]] = {
    Stage.OFFER: ("offer", "offers", "verbal offer", "offer extended", "contract"),
    Stage.SCREENING: (
        "screen",
        "screening",
        "phone",
        "phone screen",
        "phone interview",
        "recruiter interview",
        "recruiter call",
        "intro call",
        "introductory call",
        "hr interview",
    ),
    Stage.INTERVIEWING: (
        "interview",
        "interviews",
        "interviewing",
        "onsite",
        "on site",
        "take home",
        "final",
        "final round",
        "panel",
        "face to face",
        "assessment",
        "case study",
        "work sample",
        "homework",
        "coding",
        "technical",
        "team fit",
        "debrief",
        "reference check",
        "reference checks",
    ),
    Stage.IDENTIFIED: ("prospect", "prospects", "sourced", "sourcing", "lead", "leads", "contacted", "reached out"),
    Stage.APPLIED: (
        "application review",
        "applied",
        "applicant",
        "applicants",
        "application",
        "applications",
        "resume review",
        "resume screen",
        "cv review",
        "cv screen",
        "new",
        "inbox",
        "review",
    ),
}
_ENDED = frozenset({"hired", "rejected", "declined", "withdrawn", "archived", "closed"})
"""Words of what is an outcome here, and no stage."""
_REFERRING = re.compile(r"\b(referral|referrals|referred|referrer|refer|cooptation)\b")
_NOT_BY_A_PERSON = re.compile(r"\b(agency|agencies|non|not|no)\b")


def proposed_stage(name: str) -> Stage | None:
    """Our stage whose words occur in the vendor's name; of several the longest phrase decides. None where none does."""
    words = re.findall(r"[a-z]+", name.casefold().replace("é", "e"))
    if _ENDED.intersection(words):
        return None
    text = f" {' '.join(words)} "
    said = [
        (len(phrase.split()), stage)
        for stage, phrases in _SAYING.items()
        for phrase in phrases
        if f" {phrase} " in text
    ]
    # `max` keeps the first of equals: the stages stand in the order in which one word outdoes another.
    return max(said, key=lambda each: each[0])[1] if said else None


def looks_like_referral(name: str) -> bool:
    """Whether the name of a source says that somebody referred the candidate, who was no agency."""
    said = name.casefold()
    return bool(_REFERRING.search(said)) and not _NOT_BY_A_PERSON.search(said)
