"""Random histories, told to the service over HTTP. Its modules explain their failures as test files do."""

import pytest

for name in (
    "ending",
    "feed",
    "lapses",
    "playing",
    "rules_of_acts",
    "rules_of_applications",
    "rules_of_people",
    "sight",
):
    pytest.register_assert_rewrite(f"{__name__}.{name}")
