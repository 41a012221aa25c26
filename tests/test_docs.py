"""The manual is complete and says what the code does: settings, codes, event types, numbers, commands, worked dates."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer

import api.main
from api.cli import app as cli
from api.domain.events import EVENT_TYPES
from api.domain.levels import LABELS
from api.domain.policy import Policy
from api.domain.vocabulary import AskKind, AskState, Availability, Stage, StageVerb
from api.platform.problems import error_classes
from api.platform.settings import Settings
from api.policy.schemas import PolicyValues
from api.policy.tables import with_numbers
from api.support.policies import stored
from tests.domain.story import Story
from tests.domain.story_checks import standing
from tests.domain.story_words import R1, R2, day

ROOT = Path(api.__file__).parents[1]
GUIDE = ROOT / "openapi" / "guide"
PAGES = [ROOT / "README.md", ROOT / "openapi" / "CHANGELOG.md", *sorted(GUIDE.glob("*.md"))]

DEFAULTS = with_numbers(stored(Policy()))
NOT_IN_FRONT_OF_PEOPLE = ("only referred", "merely referred", "unsupported")


def page(name: str) -> str:
    return (GUIDE / f"{name}.md").read_text(encoding="utf-8")


def table_rows(text: str) -> Iterator[list[str]]:
    """The cells of every row of every table, headings included."""
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| ---"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def names_in(cell: str) -> list[str]:
    return re.findall(r"`([a-zA-Z_.]+)`", cell)


# Settings and commands


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    documented = {row[0].strip("`"): row[1] for row in table_rows((ROOT / "README.md").read_text())}
    for name, setting in Settings.model_fields.items():
        variable = str(setting.validation_alias or f"CHAMPIONED_{name.upper()}")
        assert variable in documented, variable
        if setting.default_factory is None and setting.default is not None:
            default = str(setting.default)
            assert documented[variable].strip("`").lower() == default.lower(), variable


def test_the_readme_names_no_setting_that_does_not_exist() -> None:
    known = {str(each.validation_alias or f"CHAMPIONED_{name.upper()}") for name, each in Settings.model_fields.items()}
    for text in (path.read_text() for path in PAGES):
        assert set(re.findall(r"\bCHAMPIONED_[A-Z_]+\b", text)) <= known


def commands(command: Any, path: str = "championed") -> Iterator[tuple[str, Any]]:
    """Every command with the words that call it."""
    for name, each in getattr(command, "commands", {}).items():
        yield from commands(each, f"{path} {name}")
    if not hasattr(command, "commands"):
        yield path, command


def test_every_command_is_in_the_readme_with_its_options() -> None:
    rows = {row[0].strip("`"): row[1] for row in table_rows((ROOT / "README.md").read_text())}
    existing = dict(commands(typer.main.get_command(cli)))
    assert {name for name in rows if name.startswith("championed ")} == set(existing)
    for name, command in existing.items():
        options = [option for each in command.params for option in each.opts if option.startswith("--")]
        assert not [option for option in options if option not in rows[name]], name


# Codes, event types, numbers


def documented_codes() -> dict[str, str]:
    """The status of each code in the page of errors, empty for those of the command line."""
    codes = {}
    for row in table_rows(page("errors")):
        status = row[0] if row[0].isdigit() else ""
        codes.update(dict.fromkeys(names_in(row[1] if status else row[0]), status))
    return codes


def own_errors() -> dict[str, int]:
    return {code: each.status for code, each in error_classes().items() if each.__module__.startswith("api.")}


def test_every_error_code_is_documented_and_no_other() -> None:
    assert set(documented_codes()) == set(own_errors())


def test_every_error_code_is_documented_with_its_status() -> None:
    existing = own_errors()
    wrong = {code for code, status in documented_codes().items() if status and int(status) != existing[code]}
    assert not wrong


def test_every_event_type_is_documented_and_no_other() -> None:
    documented = [name for row in table_rows(page("events")) for name in names_in(row[0]) if "." in name]
    assert sorted(documented) == sorted(EVENT_TYPES)


def as_documented(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def bounds(name: str) -> tuple[int, int] | None:
    """The least and the most that the policy allows for a number."""
    member = PolicyValues.model_json_schema(mode="serialization")["properties"][name]
    number = next((each for each in member.get("anyOf", [member]) if each["type"] == "integer"), {})
    return (number["minimum"], number["maximum"]) if number else None


def test_every_number_of_the_policy_is_documented_with_its_default_and_bounds() -> None:
    documented = {row[0].strip("`"): row for row in table_rows(page("policy")) if row[0].startswith("`")}
    assert set(documented) == set(PolicyValues.model_fields)
    numbers = {name: default for name, default in DEFAULTS.items() if isinstance(default, int)}
    assert len(numbers) > 40
    for name, default in numbers.items():
        row = documented[name]
        assert row[1].strip("`") == as_documented(default), name
        if (allowed := bounds(name)) is not None:
            assert row[2] == f"{allowed[0]} to {allowed[1]}", name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_number_beside_its_key_is_the_default(path: Path) -> None:
    """Pages write `min_reasons` (2)."""
    for name, value in re.findall(r"`([a-z_]+)` \((\d+)\)", path.read_text()):
        assert DEFAULTS[name] == int(value), name


# Words


def test_levels_are_called_by_their_labels() -> None:
    highest_first = [(row[0].strip("`"), row[1]) for row in table_rows(page("levels"))][1:6]
    assert highest_first == [(level.value, LABELS[level]) for level in reversed(list(LABELS))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_nobody_is_called_merely_referred(path: Path) -> None:
    for line in path.read_text().lower().splitlines():
        is_said = any(words in line.replace("unsupported_media_type", "") for words in NOT_IN_FRONT_OF_PEOPLE)
        assert not is_said or "never write" in line, line


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        file, _, anchor = target.partition("#")
        found = path.parent / file if file else path
        assert found.is_file(), target
        assert not anchor or anchor in anchors(found.read_text()), target


# The worked dates of the page about the clock


def told(policy: dict[str, Any] | None = None) -> Story:
    """In `applied`, with a window of 7 days: on 8 June a reason and an ask, on 11 June another reason."""
    story = Story(policy=replace(Story().policy, **(policy or {})))
    ada = story.advocate()
    ada.act("8 June", "Hanna", R1, ask=AskKind.INTERVIEW)
    ada.act("11 June", "Hanna", R2)
    return story


def away(story: Story) -> None:
    story.advocate().be(Availability.AWAY, "15 June", "22 June")


def held(story: Story) -> None:
    story.stage("16 June", StageVerb.HOLD, until="6 July")


def moved(story: Story) -> None:
    story.stage("15 June", StageVerb.MOVE, stage=Stage.SCREENING)


def granted(story: Story) -> None:
    ada = story.advocate()
    ada.answer(ada.facts.acts[0], AskState.GRANTED, "12 June")
    story.set_next_step("12 June", "19 June")


def chased(story: Story) -> None:
    ada = story.advocate()
    first = ada.facts.acts[0]
    for when in ("12 June", "15 June"):
        ada.act(when, "Hanna", chases=first)


def untouched(story: Story) -> None:
    return


COURSES: list[tuple[Callable[[Story], None], dict[str, Any], str, str, str]] = [
    (untouched, {}, "18 June", "19 June", "26 June"),
    (away, {}, "29 June", "30 June", "7 July"),
    (held, {}, "13 July", "14 July", "21 July"),
    (moved, {}, "25 June", "26 June", "6 July"),
    (untouched, {"holidays": frozenset({day("15 June")})}, "19 June", "20 June", "27 June"),
    (granted, {}, "27 June", "28 June", "5 July"),
    (chased, {}, "22 July", "23 July", "30 July"),
]


@pytest.mark.parametrize(("happens", "policy", "on_track", "at_risk", "lapsed"), COURSES)
def test_the_worked_dates_of_the_clock_are_right(
    happens: Callable[[Story], None], policy: dict[str, Any], on_track: str, at_risk: str, lapsed: str
) -> None:
    story = told(policy)
    happens(story)
    written = page("clock")
    for when in (on_track, at_risk, lapsed):
        assert when in written
    assert standing(story, f"{on_track} 23:59") == "on_track"
    assert standing(story, f"{at_risk} 00:00") == "at_risk"
    assert standing(story, f"{lapsed} 00:00") == "lapsed"


def test_the_other_worked_dates_are_right() -> None:
    story = told()
    assert standing(story, "25 June 23:59") == "at_risk"
    story.advocate().act("29 June", "Rita")
    assert standing(story, "29 June") == "on_track"

    waiting = told()
    chased(waiting)
    assert standing(waiting, "15 July 23:59") == "awaiting_answer"
    assert standing(waiting, "16 July 00:00") == "on_track"

    started = Story()
    started.advocate().act("8 June", "Hanna", R1, R2, ask=AskKind.INTERVIEW)
    assert started.ada("9 June").come_back_by == day("15 June")
    assert standing(started, "22 June 23:59") == "started"
    assert standing(started, "23 June 00:00") == "lapsed"
