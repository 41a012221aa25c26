"""What plain text means."""

import pytest
from pydantic_core import PydanticCustomError

from api.captures.meanings import Address, ExternalId, Name, is_written, meant, pieces, reason_lines, word

PERSON = ["person", "advocate"]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("ada@example.com", Address("ada@example.com", None)),
        (" Ada Okafor <ada@example.com> ", Address("ada@example.com", "Ada Okafor")),
        ('"Okafor, Ada" <ada@example.com>', Address("ada@example.com", "Okafor, Ada")),
        ("<ada@example.com>", Address("ada@example.com", None)),
        ("<mailto:ada@example.com|Ada>", Address("ada@example.com", None)),
        ("mailto:ada@example.com", Address("ada@example.com", None)),
        ("slack:U02AB", ExternalId("slack", "U02AB")),
        ("hris:a b:c", ExternalId("hris", "a b:c")),
        ("idp:ada@example.com", ExternalId("idp", "ada@example.com")),
        ("Ada  Okafor", Name("Ada Okafor")),
        ("<@U02AB>", Name("<@U02AB>")),
        ("<@U02AB|ada> and <@W7>", Name("<@U02AB|ada> and <@W7>")),
        ("Team: Billing", Name("Team: Billing")),
    ],
)
def test_it_tells_addresses_ids_and_names_apart(text: str, meaning: object) -> None:
    assert meant(text, PERSON) == meaning


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ada@", "email_parsing"),
        ("Ada <ada at example>@", "email_parsing"),
        (f"job_{'0' * 32}", "wrong_id_kind"),
        ("person_00000000", "invalid_id"),
        (f"person_{'A' * 32}", "invalid_id"),
    ],
)
def test_it_refuses_what_is_malformed(text: str, fault: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        meant(text, PERSON)
    assert refused.value.type == fault


def test_it_splits_lists_and_keeps_quoted_names_whole() -> None:
    assert pieces(' a@x.com,; "Doe, Jo" <jo@x.com>\nhiring manager,') == [
        "a@x.com",
        '"Doe, Jo" <jo@x.com>',
        "hiring manager",
    ]


def test_it_reads_reasons_line_by_line() -> None:
    text = "1. Runs systems: Kept billing up: always\n\n• Mentors:  juniors\nhttps://example.com/x\ngood: \n- plain"
    assert reason_lines(text) == [
        {"requirement": "Runs systems", "claim": "Kept billing up: always"},
        {"requirement": "Mentors", "claim": "juniors"},
        {"claim": "https://example.com/x"},
        {"claim": "good:"},
        {"claim": "plain"},
    ]


def test_it_knows_words_and_written_channels() -> None:
    assert [word(text) for text in ("Speed up", "speed-up", " KEEP__OPEN ")] == ["speed_up", "speed_up", "keep_open"]
    assert [is_written(each) for each in ("#Slack", "E-Mail", "MS Teams", None, "hallway", "Teams call")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
