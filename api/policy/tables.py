"""The tables of follow-ups and invitations as they are edited: whole, or a number of one row by a key of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.domain.errors import Unprocessable
from api.domain.follow_up_checks import SenselessRules, check_tables
from api.domain.policy import Policy

Row = Mapping[str, Any]

_DUE = (
    "acknowledge_referral",
    "complete_capture",
    "answer_ask",
    "update_supporters",
    "check_in_advocate",
    "confirm_act",
    "brief_new_decider",
    "thank_supporters",
    "answer_candidate",
    "widen_coverage",
    "request_reference",
    "thank_reference",
)
NUMBERS: Mapping[str, tuple[str, str]] = {
    "escalate_answer_ask": ("answer_ask", "escalate_after"),
    **{f"due_{name}": (name, "due") for name in _DUE},
    "due_hand_over_before": ("hand_over", "due"),
}
"""The numbers that have a key of their own: the type of follow-up, and the member of its row."""

TABLES = ("follow_up_types", "invitation_types")


class InvalidPolicy(Unprocessable):
    """Two numbers of the policy contradict each other, or one names something that does not exist."""

    code = "invalid_policy"
    title = "The policy contradicts itself"


def with_numbers(values: Mapping[str, Any]) -> dict[str, Any]:
    """Stored values with the numbers of the table's rows beside them; null for a type that is not in it."""
    rows = {row["type"]: row for row in values["follow_up_types"]}
    numbers = {key: rows.get(name, {}).get(member) for key, (name, member) in NUMBERS.items()}
    return {**values, **numbers}


def edited(before: Sequence[Row], changes: Mapping[str, Any]) -> list[Row]:
    """The table of follow-ups after changes, of which one may replace it whole and others numbers of its rows.

    Raises InvalidPolicy where a number belongs to a type that is not there, or differs from the table beside it.
    """
    rows = {row["type"]: dict(row) for row in before}
    if "follow_up_types" in changes:
        return _agreeing(changes["follow_up_types"], changes)
    for key, (name, member) in NUMBERS.items():
        if key in changes:
            _check_present(key, name, rows)
            rows[name][member] = changes[key]
    return list(rows.values())


def _agreeing(given: Sequence[Row], changes: Mapping[str, Any]) -> list[Row]:
    rows = {row["type"]: row for row in given}
    for key, (name, member) in NUMBERS.items():
        if key in changes:
            _check_present(key, name, rows)
            if rows[name][member] != changes[key]:
                raise InvalidPolicy(
                    f"'{member}' of '{name}' in follow_up_types is another number; send one of the two.",
                    pointer=f"#/{key}",
                )
    return list(given)


def _check_present(key: str, name: str, rows: Mapping[str, Row]) -> None:
    if name not in rows:
        raise InvalidPolicy(f"There is no type '{name}' in follow_up_types.", pointer=f"#/{key}")


def check(policy: Policy, changes: Mapping[str, Any]) -> None:
    """Refuse tables, as they would be after the changes, that could not work: SenselessRules."""
    try:
        check_tables(policy.follow_up_types, policy.invitation_types)
    except SenselessRules as error:
        pointer = _in_request(error.pointer or "", policy, changes)
        raise SenselessRules(error.detail, pointer=pointer) from None


def _in_request(pointer: str, policy: Policy, changes: Mapping[str, Any]) -> str:
    """Where in the request a fault lies: in a table, or in what was sent that makes one wrong."""
    table, *place = pointer.removeprefix("/").split("/")
    if table in changes:
        return f"#{pointer}"
    if table != "follow_up_types":
        return "#/follow_up_types"  # which no longer has what the other table names
    kind = policy.follow_up_types[int(place[0])].type
    return f"#/{next(key for key, (name, _) in NUMBERS.items() if name == kind and key in changes)}"
