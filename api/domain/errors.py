"""Errors a caller can cause: each has a fixed status and code, and is raised with the facts it needs.

The status is a hint to the edge that renders it; nothing here knows HTTP. `title` is the same for every occurrence,
`detail` says what to do about this one. Extra members of the answer go into `members`.
"""

from collections.abc import Mapping
from typing import ClassVar


class DomainError(Exception):
    """Base of every error a caller can cause."""

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str, *, pointer: str | None = None, **members: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer
        self.members: Mapping[str, object] = members


class NotFound(DomainError):
    """The resource does not exist in this workspace."""

    status = 404
    code = "not_found"
    title = "Not found"


class Unprocessable(DomainError):
    """The request is well-formed but what it says is invalid."""

    status = 422
    code = "invalid_request"
    title = "The request is invalid"


class Conflict(DomainError):
    """A rule refuses the request in the present state."""

    status = 409
    code = "conflict"
    title = "The request conflicts with the present state"


class InvalidStateTransition(Conflict):
    """The verb makes no sense from the present state; the answer says which verbs do."""

    code = "invalid_state_transition"
    title = "The state does not allow this"

    def __init__(self, verb: str, *, current_state: str, allowed: list[str], advice: str = "") -> None:
        hint = f"allowed now: {', '.join(allowed)}" if allowed else "nothing is allowed now"
        super().__init__(
            f"'{verb}' is not possible in state '{current_state}'; {hint}.{advice and f' {advice}'}",
            current_state=current_state,
            allowed_transitions=allowed,
        )
