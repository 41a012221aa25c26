"""Finding a name or an address in a text, and nothing else."""

import pytest

from api.domain.erasure import REMOVED, REMOVED_LINK
from api.privacy.needles import Needles, forms_of

ZOE = forms_of("Zoë Marie Vell", "Zoe.Vell@Example.com")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ask ZOË MARIE VELL.", f"Ask {REMOVED}."),
        ("zoë  marie\nvell's work", f"{REMOVED}'s work"),
        ("Zoe\u0308 Marie Vell", REMOVED),
        ("mail zoe.vell@example.com.", f"mail {REMOVED}."),
        ("<ZOE.VELL@EXAMPLE.COM>", f"<{REMOVED}>"),
        ("Zo%C3%AB%20Marie%20Vell", REMOVED),
        ("https://x.example/in/zoë-marie-vell?a=1", REMOVED_LINK),
        ("https://x.example/?to=zoe.vell%40example.com", REMOVED_LINK),
        ("https://x.example/100%25", "https://x.example/100%25"),
        ("zoe.vell@example.com.au", "zoe.vell@example.com.au"),
        ("mzoe.vell@example.com", "mzoe.vell@example.com"),
        ("Zoë Vell, Marie Vell, Zoë Marie Vellard", "Zoë Vell, Marie Vell, Zoë Marie Vellard"),
        ("100 % Zoë", "100 % Zoë"),
    ],
)
def test_a_name_or_address_is_found_whatever_its_case_and_signs(text: str, expected: str) -> None:
    assert Needles(ZOE).in_text(text) == expected


def test_a_name_of_one_word_is_found_only_as_it_is_written() -> None:
    needles = Needles(forms_of("Will", None))
    assert needles.in_text("Will will do it. Willing? WILL") == f"{REMOVED} will do it. Willing? WILL"
    assert Needles(forms_of("will", None)).in_text("Will will do it") == "Will will do it"
    assert Needles(forms_of("Al", None)).in_text("Al et al") == "Al et al"


def test_a_name_without_capitals_or_spaces_is_found_inside_a_sentence() -> None:
    assert Needles(forms_of("王伟", None)).in_text("我问王伟了") == f"我问{REMOVED}了"


def test_words_that_programs_wrote_are_nobodys_name() -> None:
    needles = Needles(forms_of("Hiring Manager", None))
    value = {"to": "hiring_manager", "said": "the hiring manager", "metadata": {"who": "hiring_manager"}}
    expected = {"to": "hiring_manager", "said": f"the {REMOVED}", "metadata": {"who": REMOVED}}
    assert needles.in_value(value) == expected


def test_a_longer_name_that_others_bear_is_spared() -> None:
    needles = Needles(forms_of("Ann Lee", None), spared=["mary ann lee", "ann lee smith"])
    text = "Ann Lee met Mary Ann Lee and ann lee smith; ann lee left"
    assert needles.in_text(text) == f"{REMOVED} met Mary Ann Lee and ann lee smith; {REMOVED} left"


def test_names_of_members_are_looked_at_as_well() -> None:
    value = [{"Zoë Marie Vell": [1, None, {"x": "Zoë Marie Vell"}]}]
    assert Needles(ZOE).in_value(value) == [{REMOVED: [1, None, {"x": REMOVED}]}]


def test_who_was_anonymised_has_no_forms() -> None:
    assert forms_of(REMOVED, None) == []
    assert Needles([]).in_text("anything") == "anything"
