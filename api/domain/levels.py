"""The levels in words, and what each is made of."""

from collections.abc import Mapping

from api.domain.vocabulary import Level, Rule

LABELS: Mapping[Level, str] = {
    Level.NONE: "Applied directly",
    Level.REFERRED: "Referred",
    Level.REFERRED_WITH_CONTEXT: "Referred, with reasons",
    Level.RECOMMENDED: "Recommended",
    Level.CHAMPIONED: "Championed",
}
"""What a level is called in front of people. Support that is absent is never named as a lack."""

RULES: Mapping[Level, tuple[Rule, ...]] = {
    Level.NONE: (),
    Level.REFERRED: (Rule.REFERRAL,),
    Level.REFERRED_WITH_CONTEXT: (Rule.CONTEXT,),
    Level.RECOMMENDED: (Rule.QUALIFYING_ACT,),
    Level.CHAMPIONED: (Rule.ACTIVE, Rule.REASONS, Rule.ASK, Rule.RETURN, Rule.CLOCK),
}
"""The parts each level adds. No level needs the parts of a lower one."""


def label(level: Level) -> str:
    """The name of a level in front of people."""
    return LABELS[level]
