"""Blanking free text about one person or by them, in rows that are linked to them by ids. Every row and id stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from api.domain.erasure import REMOVED, REMOVED_CLAIM, REMOVED_LINK
from api.platform.sessions import WriteSession
from api.privacy.subject import Subject

MOST_ROWS = 2_000
"""How many rows of one table are blanked by one statement."""


@dataclass(frozen=True, slots=True)
class Blank:
    """Rows of a table: how they may be linked to the person, which of these say something still, and what then.

    Each link is a condition of its own, so that each is found by its index.
    """

    table: str
    links: Sequence[str]
    says: str
    sets: str
    is_versioned: bool = False

    def statement(self) -> str:
        """Blanks some of the rows, at most `:most` of them."""
        sets = self.sets + (", version = t.version + 1, updated_at = :now" if self.is_versioned else "")
        linked = " union ".join(
            f"select x.id from {self.table} x where x.workspace_id = :w and {link}" for link in self.links
        )
        return f"""
            update {self.table} t set {sets} from (
                select b.id from {self.table} b where b.workspace_id = :w and b.id in ({linked}) and ({self.says})
                order by b.id limit :most for no key update) due
            where t.workspace_id = :w and t.id = due.id"""


def _within(column: str, table: str, condition: str) -> str:
    """The link by way of a row of another table, for which the condition holds."""
    return f"x.{column} in (select y.id from {table} y where y.workspace_id = :w and y.{condition})"


def _answering(told: str) -> str:
    """The link of an attempt to an event for which the condition holds. In arrays, so that each step uses its index."""
    events = f"select e.id from events e where e.workspace_id = :w and e.{told}"
    sent = f"select d.id from deliveries d where d.workspace_id = :w and d.event_id = any(array({events}))"
    return f"x.delivery_id = any(array({sent}))"


def _reason_of(table: str, *links: str) -> Blank:
    return Blank(table, links, "b.reason is not null", "reason = null")


_ABOUT_THEM = "application_id = any(:applications)"
_BY_THEM = "advocacy_id = any(:advocacies)"

_OWED = (f"x.{_ABOUT_THEM}", "x.person_id = any(:people)", "x.referral_id = any(:referrals)")
_INVITED = (f"x.{_ABOUT_THEM}", "x.person_id = any(:people)")
_TOLD_OF = (
    _ABOUT_THEM,
    *(f"subject_id = any(:{each})" for each in ("people", "candidates", "referrers", "advocates")),
    *(f"subject_id = any(:{each})" for each in ("advocacies", "referrals", "given_references")),
    f"subject_id in (select z.id from acts z where z.workspace_id = :w and z.{_BY_THEM})",
)
_HAS_TEXT = "num_nonnulls(b.title, b.result) > 0"
_ADVOCATED = "select y.application_id from advocacies y where y.workspace_id = :w and y.advocate_id = any(:advocates)"
_STILL_NAMED = f"b.advocate_id = any(:advocates) and b.advocate_name <> '{REMOVED}'"

BLANKS = (
    Blank(
        "applications",
        ("x.candidate_id = any(:candidates)",),
        f"b.candidate_name <> '{REMOVED}'",
        f"candidate_name = '{REMOVED}'",
        is_versioned=True,
    ),
    Blank(
        "applications",
        (f"x.id in ({_ADVOCATED})",),
        _STILL_NAMED,
        f"advocate_name = '{REMOVED}'",
        is_versioned=True,
    ),
    Blank(
        "acts",
        (f"x.{_ABOUT_THEM}", f"x.{_BY_THEM}"),
        f"b.text is not null or b.evidence_url <> '{REMOVED_LINK}'",
        f"text = null, evidence_url = case when t.evidence_url is not null then '{REMOVED_LINK}' end",
    ),
    _reason_of(
        "act_statements",
        "x.person_id = any(:people)",
        _within("act_id", "acts", _ABOUT_THEM),
        _within("act_id", "acts", _BY_THEM),
    ),
    _reason_of("advocacy_statements", f"x.{_BY_THEM}", _within("advocacy_id", "advocacies", _ABOUT_THEM)),
    Blank(
        "reasons",
        (f"x.{_ABOUT_THEM}",),
        f"b.claim <> '{REMOVED_CLAIM}' or num_nonnulls(b.challenge, b.action, b.result, b.link) > 0",
        # The hash keeps two reasons of one requirement apart.
        f"claim = '{REMOVED_CLAIM}', claim_hash = sha256(uuid_send(t.id)), challenge = null, action = null,"
        " result = null, link = null",
        is_versioned=True,
    ),
    Blank(
        '"references"',
        (f"x.{_ABOUT_THEM}", "x.person_id = any(:people)"),
        "b.content is not null",
        "content = null",
        is_versioned=True,
    ),
    _reason_of(
        "reference_statements",
        "x.reference_id = any(:given_references)",
        _within("reference_id", '"references"', _ABOUT_THEM),
    ),
    Blank(
        "referral_reasons",
        ("x.referral_id = any(:referrals)",),
        f"b.claim <> '{REMOVED_CLAIM}'",
        f"claim = '{REMOVED_CLAIM}'",
    ),
    _reason_of("referral_statements", "x.referral_id = any(:referrals)"),
    Blank(
        "interactions",
        (f"x.{_ABOUT_THEM}", "x.person_id = any(:people)", "x.counterpart_id = any(:people)"),
        f"b.note is not null or b.channel is not null or b.source_url <> '{REMOVED_LINK}'",
        f"note = null, channel = null, source_url = case when t.source_url is not null then '{REMOVED_LINK}' end",
    ),
    Blank("follow_ups", _OWED, _HAS_TEXT, "title = null, result = null", is_versioned=True),
    Blank(
        "follow_up_changes",
        tuple(_within("follow_up_id", "follow_ups", each.removeprefix("x.")) for each in _OWED),
        "b.text is not null",
        "text = null",
    ),
    Blank("invitations", _INVITED, "b.note is not null", "note = null", is_versioned=True),
    Blank(
        "captures",
        (f"x.{_ABOUT_THEM}",),
        "b.discard_reason is not null",
        "discard_reason = null",
        is_versioned=True,
    ),
    Blank(
        # Receivers may answer with what they were sent, or a part of it.
        "attempts",
        tuple(_answering(told) for told in _TOLD_OF),
        "b.response_body is not null",
        "response_body = null",
    ),
)

_LOCK = text(f"""
    select a.id from applications a where a.workspace_id = :w and a.id in (
        select i.id from applications i where i.workspace_id = :w and i.candidate_id = any(:candidates)
        union (select b.id from applications b where b.workspace_id = :w and b.id in ({_ADVOCATED}) and {_STILL_NAMED}
            order by b.id limit :most)
        union (select e.application_id from "references" e
            where e.workspace_id = :w and e.person_id = any(:people) and e.content is not null
            order by e.id limit :most)
        union (select b.application_id from follow_ups b where b.workspace_id = :w
            and (b.person_id = any(:people) or b.referral_id = any(:referrals)) and {_HAS_TEXT}
            order by b.id limit :most)
        union (select n.application_id from invitations n
            where n.workspace_id = :w and n.person_id = any(:people) and n.note is not null order by n.id limit :most))
    order by a.id for no key update""")


async def blank(session: WriteSession, subject: Subject, *, now: datetime) -> int:
    """Blank what is linked to the person, up to a bound for each table; answers how many rows, 0 when none is left.

    The names that applications show go with it. Locks these and what guards the rest, in the order of their ids.
    """
    wanted = {"w": session.workspace.id, **subject.arrays(), "most": MOST_ROWS, "now": now}
    await session.execute(_LOCK, wanted)
    return sum([await _blank(session, each, wanted) for each in BLANKS])


async def _blank(session: WriteSession, rows: Blank, wanted: dict[str, Any]) -> int:
    blanked = await session.execute(text(rows.statement() + " returning t.id"), wanted)
    return len(blanked.all())
