"""Plain text in the members of a capture: who and what it names is checked, lists and words of closed sets are read."""

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, RootModel, StringConstraints
from pydantic_core import PydanticCustomError

from api.captures.meanings import HIRING_MANAGER, OurId, is_hiring_manager, meant, pieces, reason_lines, word
from api.domain.vocabulary import AskKind, Basis
from api.platform.ids import InvalidId
from api.platform.schemas import Flag

MOST_LISTENERS = 50
_FLAGS = {"true": True, "false": False}
MOST_CHARACTERS = 10_000
"""In one text that stands for a list."""


def _naming(*kinds: str, role: bool = False) -> Callable[[str], str]:
    """Checks a text that names somebody or something; an id in it must be of one of the kinds."""

    def check(text: str) -> str:
        if role and is_hiring_manager(text):
            return HIRING_MANAGER
        meant(text, kinds)
        return text.strip()

    return check


def _ask_id(text: str) -> str:
    if not isinstance(meant(text, ["ask"]), OurId):
        raise PydanticCustomError(InvalidId.code, "Send the id of an ask, such as ask_0192f3a4...")
    return text.strip()


def is_blank(value: object) -> bool:
    """Whether it is text without anything in it."""
    return isinstance(value, str) and not value.strip()


def as_word(value: object) -> object:
    """A text as it would stand in a closed set; anything else as it is."""
    return word(value) if isinstance(value, str) else value


def _as_flag(value: object) -> object:
    return _FLAGS.get(word(value), value) if isinstance(value, str) else value


def _as_list(value: object) -> object:
    if isinstance(value, str):
        return pieces(_bounded(value))
    return [each for each in value if not is_blank(each)] if isinstance(value, list) else value


def as_reasons(value: object) -> object:
    """Text as reasons, one a line, also where it stands in a list; anything else as it is."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list):
        return given
    return [each for part in given for each in (reason_lines(_bounded(part)) if isinstance(part, str) else [part])]


def _bounded(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise PydanticCustomError("string_too_long", f"Text should have at most {MOST_CHARACTERS:,} characters")
    return text


_Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]
ApplicationText = Annotated[_Text, AfterValidator(_naming("application"))]
CandidateText = Annotated[_Text, AfterValidator(_naming("candidate", "person"))]
JobText = Annotated[_Text, AfterValidator(_naming("job"))]
PersonText = Annotated[_Text, AfterValidator(_naming("person", "advocate"))]
ListenerText = Annotated[_Text, AfterValidator(_naming("person", "advocate", role=True))]
AskText = Annotated[_Text, AfterValidator(_ask_id)]
BasisWord = Annotated[Basis, BeforeValidator(as_word)]
FlagWord = Annotated[Flag, BeforeValidator(_as_flag)]
AskWord = Annotated[AskKind, BeforeValidator(as_word)]
ListText = Annotated[str, Field(max_length=MOST_CHARACTERS)]


class CaptureListeners(RootModel[ListText | Annotated[list[_Text], Field(max_length=MOST_LISTENERS)]]):
    """Who heard it: a list, or one text with commas."""


Listeners = Annotated[
    list[ListenerText],
    Field(max_length=MOST_LISTENERS),
    BeforeValidator(_as_list, json_schema_input_type=CaptureListeners),
]
