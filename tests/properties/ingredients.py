"""What histories are made of: small sets, with the telling values more often."""

from hypothesis import strategies as st

from api.domain.vocabulary import (
    Affiliation,
    AskKind,
    Availability,
    Basis,
    Consent,
    Outcome,
    Power,
    Relationship,
    Stage,
)
from tests.properties.house import JOBS, PEOPLE, REQUIREMENTS

ROLE = "hiring_manager"

zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
picks = st.integers(0, 11)
people = st.sampled_from(PEOPLE)
volunteers = st.sampled_from(["ada", "ada", "ada", "bo", "pam", "cleo"])
tellers = st.sampled_from(["olga", "rita", "hanna", "ada", "bo", None])
jobs = st.sampled_from(JOBS[:1] * 3 + JOBS[1:])
agos = st.one_of(st.none(), st.none(), st.tuples(st.integers(0, 30), st.sampled_from([None, None, 0, 9, 23])))
future_days = st.integers(1, 30)
near_days = st.one_of(st.none(), st.integers(-25, 15))

powers = st.sampled_from(Power)
stages = st.sampled_from([*Stage, Stage.APPLIED, Stage.APPLIED])
outcomes = st.sampled_from(Outcome)
relationships = st.sampled_from([Relationship.NONE, Relationship.SAME_TEAM, Relationship.SAME_TEAM])
consents = st.sampled_from([*Consent, Consent.GIVEN, Consent.GIVEN])
availabilities = st.sampled_from([*Availability, Availability.AWAY, Availability.AWAY, Availability.LEFT])
affiliations = st.sampled_from([*Affiliation, Affiliation.EMPLOYEE, Affiliation.EMPLOYEE])
answers = st.sampled_from(["granted", "granted", "refused", "deferred"])
words = st.sampled_from(["ask", "agree", "decline", "withdraw"])
act_words = st.sampled_from(["confirm", "deny", "dispute", "withdraw_dispute", "retract"])
referral_verbs = st.sampled_from(["consent", "consent", "acknowledge", "decline", "withdraw", "mark_ineligible"])
reference_verbs = st.sampled_from(["agree", "give", "decline"])

spans = st.one_of(
    st.tuples(st.just("hours"), st.integers(1, 40)),
    st.tuples(st.just("days"), st.integers(1, 25)),
    st.tuples(st.just("midnights"), st.integers(1, 16)),
)
"""How far time goes on; `midnights` stops at the very beginning of a day."""

numbers = st.sampled_from(
    [
        {"window_applied": 3, "window_screening": 4},
        {"window_applied": 14, "lapse_factor": 3},
        {"window_on_hold": 5, "window_interviewing": 20},
        {"min_reasons": 1, "min_act_days": 1},
        {"min_reasons": 2, "min_act_days": 2},
        {"min_reasons": 3},
        {"chase_days": 1, "awaiting_answer_max_days": 6},
        {"advocacy_no_answer_days": 3, "reference_no_answer_days": 5},
        {"referral_consent_required": True, "referral_consent_days": 4},
        {"referral_consent_required": False, "referral_valid_days": 30},
        {"next_step_grace_days": 0},
        {"holidays": ["2026-03-06", "2026-03-17", "2026-04-03", "2026-04-06"]},
    ]
)

_requirement = st.sampled_from([*REQUIREMENTS[:2], *REQUIREMENTS])
_use = st.fixed_dictionaries(
    {
        "requirement": _requirement,
        "claim": st.sampled_from(["Led it.", "Taught three."]),
        "basis": st.sampled_from([*Basis, Basis.OBSERVED_DIRECTLY, Basis.HEARD_FROM]),
        "before_process": st.booleans(),
    }
)
BOTH = [
    {"requirement": REQUIREMENTS[0], "claim": "Led it.", "basis": "observed_directly", "before_process": True},
    {"requirement": REQUIREMENTS[1], "claim": "Taught three.", "basis": "heard_from"},
]
uses = st.one_of(st.just(BOTH), st.just([]), st.lists(_use, max_size=3))

_listener = st.sampled_from(["hanna", "hanna", "pam", "rita", ROLE, *PEOPLE])
audiences = st.one_of(st.just(["hanna"]), st.lists(_listener, min_size=1, max_size=3, unique=True))
asks = st.one_of(st.none(), st.sampled_from([AskKind.INTERVIEW, AskKind.HIRE, *AskKind]))
recorders = st.sampled_from(["actor", "actor", "olga", "rita", "hanna", *PEOPLE])
