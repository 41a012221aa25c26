"""What others sent may have any shape; going through it for a person's sake never fails."""

import pytest

from api.privacy.structure import Theirs, emptied


@pytest.mark.parametrize("shown", [[], {}, [{}], None, 7, True, ["person_1"]])
def test_it_passes_over_ids_that_are_no_text(shown: object) -> None:
    document = {"id": shown, "name": "Zed", "subject": {"id": shown}, "previous": {"name": "Zed"}}
    assert emptied(document, Theirs(selves=frozenset({"person_1"}), things=frozenset())) == document


def test_it_empties_what_has_the_persons_id() -> None:
    theirs = Theirs(selves=frozenset({"person_1"}), things=frozenset())
    assert emptied({"id": "person_1", "name": "Zed"}, theirs)["name"] != "Zed"
