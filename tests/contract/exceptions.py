"""Where the service and the fuzzer differ on purpose. This list may only shrink: an entry that no longer fires fails.

Each entry: the operation, the check by the name of its failure, and why the service is right.
"""

from typing import NamedTuple


class Exemption(NamedTuple):
    """A check that one operation may fail."""

    operation: str
    check: str
    reason: str


EXEMPTIONS: tuple[Exemption, ...] = ()
