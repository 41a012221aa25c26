"""Messages as people and their tools send them, and what is to become of each. The good message is changed by each."""

from dataclasses import dataclass, field
from typing import Any

from tests.api.captures.company import REASON

SLACK = "https://example.slack.com/archives/C01/p1767200000"
NEEDS_BEFORE = "reason_of_member_needs_before_process"
THREAD = """Definitely talk to her.

On Mon, 2 Mar 2026 at 09:12, Hana Lindqvist <hana@example.com> wrote:
> Runs systems in production: can somebody confirm this?
> observed_directly? Please champion her if so.
"""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, and the answer: its status, what it needs, and the level it leads to.

    `advocacy` is the state of the advocacy afterwards, `counts` whether the act counts. `asked` is the code of a
    refusal.
    """

    name: str
    body: dict[str, Any] = field(default_factory=dict)
    status: int = 201
    needs: tuple[str, ...] = ()
    after: str = "recommended"
    advocacy: str = "active"
    counts: bool = True
    warnings: tuple[str, ...] = ()
    code: str | None = None


def _kept(name: str, body: dict[str, Any], *needs: str, **more: Any) -> Message:
    return Message(name, body, 202, needs, after="none", **more)


def _weak(name: str, body: dict[str, Any], **more: Any) -> Message:
    return Message(name, body, after="none", advocacy="agreed", **more)


def _refused(name: str, body: dict[str, Any], code: str, status: int = 409) -> Message:
    return Message(name, body, status, after="none", code=code)


def _by(candidate: str, **more: Any) -> dict[str, Any]:
    return {"application": "", "candidate": candidate, **more}


MESSAGES = [
    # What lacks nothing
    Message("a chat form, filled in by the recruiter who heard of it", {"channel": "slack", "source_url": SLACK}),
    Message("a colleague tells of herself", {"recorded_by": "ada@example.com"}),
    Message("the hiring manager tells what she heard", {"recorded_by": "hana@example.com"}),
    Message("to the role, without a name", {"to": "Hiring Manager"}),
    Message("to somebody of the panel", {"to": "pam@example.com"}),
    Message("to a decider and the recruiter", {"to": "rita@example.com; hana@example.com"}),
    Message(
        "chat addresses", {"advocate": "<mailto:ada@example.com|ada@example.com>", "to": ["<mailto:hana@example.com>"]}
    ),
    Message("the id that the chat has for her", {"advocate": "slack:U1"}),
    Message("heard from somebody who saw it", {"basis": "heard from"}),
    Message(
        "reasons as a list", {"reasons": [{"requirement": "Runs systems", "claim": "Did.", "basis": "heard_from"}]}
    ),
    Message("bullets in a text field", {"reasons": f"- {REASON}\n* Mentors: Taught three juniors.\n"}),
    Message("the candidate by address", _by("sam@example.com")),
    Message("the candidate by address in the field of the application", {"application": "SAM@example.com"}),
    Message("the candidate by their whole name, of whom there is one", _by("sam  reyes")),
    Message("one of two applications, by the title of the job", _by("jo@example.com", job="data engineer")),
    Message("an ask to the only listener", {"ask": "Speed up"}),
    Message(
        "an ask to one of several",
        {"to": "hana@example.com, pam@example.com", "ask": "hire", "ask_to": "pam@example.com"},
    ),
    Message("of the panel, who saw it before", {"advocate": "pam@example.com", "before_process": True}),
    Message("the same from a form", {"advocate": "pam@example.com", "before_process": "True"}),
    Message("somebody from outside the company", {"advocate": "xen@example.com"}),
    Message("an advocate whom nobody knew", {"advocate": "Lou Berg <lou@else.com>", "recorded_by": "lou@else.com"}),
    Message("with herself in copy", {"to": "ada@example.com, hana@example.com"}),
    Message("told days later", {"occurred_at": "2026-02-25T10:00:00Z"}),
    # What is recorded and makes no level
    _weak("a sentence alone", {"reasons": "", "text": "Sam is great, take her!"}),
    _weak("a whole thread as text, which is not read", {"reasons": "", "text": THREAD}),
    _weak("to the recruiter alone", {"to": "rita@example.com"}),
    _weak("to somebody unknown, who has no power by being named", {"to": "ceo@example.com"}),
    _weak("read in the CV", {"basis": "cv_only"}),
    _weak("judged while interviewing", {"basis": "observed_in_process", "advocate": "pam@example.com"}),
    _weak("of the panel, who does not say when", {"advocate": "pam@example.com"}, warnings=(NEEDS_BEFORE,)),
    _weak(
        "of the panel, who saw it in the process",
        {"advocate": "pam@example.com", "before_process": False},
        warnings=(NEEDS_BEFORE,),
    ),
    _weak("the recruiter herself", {"advocate": "rita@example.com"}, warnings=(NEEDS_BEFORE,)),
    _weak("before the panel was there", {"occurred_at": "2026-01-02T10:00:00Z", "to": "pam@example.com"}),
    Message(
        "an agency, paid for the hire",
        {"advocate": "bo@example.com"},
        after="none",
        advocacy="proposed",
        counts=False,
        warnings=("does_not_count",),
    ),
    _weak("culture fit", {"reasons": "", "text": "Total culture fit."}, warnings=("sensitive_text:culture_fit",)),
    # What is kept until somebody says more
    _kept("no application at all", {"application": ""}, "application:missing"),
    _kept("an application that the system does not have", {"application": "greenhouse:404"}, "application:unknown"),
    _kept("the id of a candidate", {"application": "greenhouse:c1"}, "application:other_kind"),
    _kept("a system that is not known", {"application": "lever:1"}, "application:unknown_system"),
    _kept("a name that two have", _by("Kim Lee"), "application:several"),
    _kept("a first name", _by("Sam"), "application:unknown"),
    _kept("somebody with two applications", _by("jo@example.com"), "application:several"),
    _kept("a job they have not applied for", _by("sam@example.com", job="Chef"), "application:no_open_application"),
    _kept("a nickname for the advocate", {"advocate": "ada from billing"}, "advocate:only_a_name"),
    _kept("a mention in the chat", {"to": "hana@example.com, <@U02AB>"}, "to:only_a_name"),
    _kept("a mention with its name", {"advocate": "<@W9|ada>"}, "advocate:only_a_name"),
    _kept("nobody said who heard it", {"to": ""}, "to:missing"),
    _kept("heard by herself alone", {"to": "ada@example.com"}, "to:only_the_advocate"),
    _kept("nobody said who tells", {"recorded_by": ""}, "recorded_by:missing"),
    _kept("no basis", {"basis": ""}, "basis:missing"),
    _kept("praise without a requirement", {"reasons": "She is simply good"}, "reasons:missing"),
    _kept("an ask to several", {"to": "hana@example.com, pam@example.com", "ask": "interview"}, "ask_to:missing"),
    _kept(
        "an ask to somebody who did not hear it", {"ask": "hire", "ask_to": "pam@example.com"}, "ask_to:not_addressed"
    ),
    _kept("chasing nothing", {"kind": "chased"}, "chases:missing"),
    # What is refused
    _refused("the candidate about themself", {"advocate": "sam@example.com"}, "candidate_cannot_advocate"),
    _refused("tomorrow", {"occurred_at": "2026-03-03T11:00:00Z"}, "in_the_future", 422),
    _refused("half an address", {"to": "hana@"}, "invalid_request", 422),
]
