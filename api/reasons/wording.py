"""How claims and requirements are compared, and what is noticed about their wording. Pure functions over text."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping

EVIDENCE = ("challenge", "action", "result", "link")

_WORD = re.compile(r"\w+")
_TOGETHER = frozenset({"we", "us", "our", "ours"})
_SINGLY = frozenset({"i", "my", "she", "he", "they", "her", "his", "their", "hers", "theirs", "single", "alone"})


def normalised(text: str) -> str:
    """The form in which requirements and claims are compared: NFKC, case folded, white space single and trimmed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def claim_hash(claim: str) -> bytes:
    """The SHA-256 of the normalised claim."""
    return hashlib.sha256(normalised(claim).encode()).digest()


def evidence_warnings(evidence: Mapping[str, str | None], *, candidate_name: str) -> list[str]:
    """What the evidence of a reason lacks, as codes; without any evidence nothing is said."""
    if not any(evidence.values()):
        return []
    warnings = [f"{part}_missing" for part in EVIDENCE if not evidence.get(part)]
    if _says_only_we(evidence.get("action") or "", candidate_name):
        warnings.append("action_says_only_we")
    return warnings


def _says_only_we(action: str, name: str) -> bool:
    """Whether the action is told of a group and never of this person, neither by a pronoun nor by their name."""
    words = set(_WORD.findall(normalised(action)))
    person = _SINGLY | set(_WORD.findall(normalised(name)))
    return bool(words & _TOGETHER) and not words & person
