"""Emptying what an answer or an event of ours says about one person, by its members: a part of a name goes as well."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.domain.erasure import REMOVED, REMOVED_CLAIM, REMOVED_LINK

_EVIDENCE = ("challenge", "action", "result", "link")
_TEXTS = ("text", "content", "reason", "discard_reason", "note")
_TEXTS_OF = {"interaction": ("channel",), "follow_up": ("title", "result")}
"""Members that are free text in things of one kind, and not in others."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """The public ids of a person: of themself in every role (`selves`), and of what is said about them or by them."""

    selves: frozenset[str]
    things: frozenset[str]

    def names(self, document: Mapping[str, Any]) -> bool:
        """Whether an object is about the person: it names one of these ids, or holds an object that does."""
        inner = (each for each in document.values() if isinstance(each, dict))
        return any(self._among(each) for each in (document, *inner))

    def _among(self, document: Mapping[str, Any]) -> bool:
        links = (value for name, value in document.items() if name == "id" or name.endswith("_id"))
        return any(isinstance(link, str) and (link in self.selves or link in self.things) for link in links)


def emptied(value: Any, theirs: Theirs, *, is_about: bool = False) -> Any:
    """The value with the person's name, address and labels, and with free text about them or by them, taken out."""
    if isinstance(value, list):
        return [emptied(each, theirs, is_about=is_about) for each in value]
    if not isinstance(value, dict):
        return value
    is_about = is_about or theirs.names(value)
    document = {name: emptied(each, theirs, is_about=is_about) for name, each in value.items()}
    if is_about:
        document.update(_without_texts(document))
        if isinstance(document.get("previous"), dict):
            document["previous"] = _former(document, theirs)
    if _is_of(document, theirs):
        document.update(_nameless(document))
    return document


def _is_of(document: Mapping[str, Any], theirs: Theirs) -> bool:
    # What others sent may have anything for an id.
    shown = document.get("id")
    return isinstance(shown, str) and shown in theirs.selves


def _former(event: Mapping[str, Any], theirs: Theirs) -> dict[str, Any]:
    """The former values in an event, which say by themselves neither whose nor what they are."""
    former: dict[str, Any] = dict(event["previous"])
    former.update({part: None for part in _EVIDENCE if isinstance(former.get(part), str)})
    subject = event.get("subject")
    if isinstance(subject, dict) and _is_of(subject, theirs):
        former.update(_nameless(former))
    return former


def _nameless(document: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    nothing: dict[str, Any] = {"name": REMOVED, "email": None, "metadata": {}}
    return [(name, nothing[name]) for name in document if name in nothing and document[name] is not None]


def _without_texts(document: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    is_requirement = str(document.get("id")).startswith("requirement_")
    texts = (*_TEXTS, *_TEXTS_OF.get(str(document.get("id")).rpartition("_")[0], ()))
    for name, value in document.items():
        if name == "claim" and isinstance(value, str):
            yield name, REMOVED_CLAIM
        elif name in ("evidence_url", "source_url") and isinstance(value, str):
            yield name, REMOVED_LINK
        elif (name == "evidence" and isinstance(value, dict)) or (
            name in texts and isinstance(value, str) and not is_requirement
        ):
            yield name, None
