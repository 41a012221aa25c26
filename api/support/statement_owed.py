"""What the statement that reads applications collects beside their facts: who is named, what is owed and proposed."""


def collected(table: str, columns: str, on: str, *, nested: str = "") -> str:
    """A subselect that collects the rows of `table` belonging to the outer row as a JSON array; `on` joins x to it."""
    members = ", ".join(f"'{column}', x.{column}" for column in columns.split())
    return (
        f"coalesce((select json_agg(json_build_object({members}{nested}))"
        f" from \"{table}\" x where x.workspace_id = :w and {on}), '[]')"
    )


_NAMED = """select c.person_id
    union all select x.person_id from job_members x where x.workspace_id = :w and x.job_id = a.job_id
    union all select p.person_id from advocacies x join advocates p on p.workspace_id = :w and p.id = x.advocate_id
        where x.workspace_id = :w and x.application_id = a.id
    union all select l.person_id from acts x join act_listeners l on l.workspace_id = :w and l.act_id = x.id
        where x.workspace_id = :w and x.application_id = a.id and l.person_id is not null
    union all select p.person_id from referrals x join referrers p on p.workspace_id = :w and p.id = x.referrer_id
        where x.workspace_id = :w and x.application_id = a.id
    union all select x.person_id from "references" x where x.workspace_id = :w and x.application_id = a.id
    union all select x.person_id from follow_ups x
        where x.workspace_id = :w and x.application_id = a.id and x.person_id is not null
    union all select x.owner_id from follow_ups x
        where x.workspace_id = :w and x.application_id = a.id and x.owner_id is not null
    union all select x.person_id from invitations x where x.workspace_id = :w and x.application_id = a.id"""
"""Everybody who may own something or be contacted."""

_TELLERS = """select x.recorded_by from job_members x
        where x.workspace_id = :w and x.job_id = a.job_id and x.recorded_by is not null
    union all select x.recorded_by from acts x
        where x.workspace_id = :w and x.application_id = a.id
    union all select s.person_id from acts x join act_statements s on s.workspace_id = :w and s.act_id = x.id
        where x.workspace_id = :w and x.application_id = a.id
    union all select x.recorded_by from referrals x
        where x.workspace_id = :w and x.application_id = a.id and x.recorded_by is not null
    union all select x.person_id from interactions x where x.workspace_id = :w and x.application_id = a.id
    union all select x.asker_id from invitations x
        where x.workspace_id = :w and x.application_id = a.id and x.asker_id is not null"""
"""Everybody else whom a fact of the application names."""

NAMED = f"select array({_NAMED}) as ids"
"""Whom an application names."""


def _kin(named: str) -> str:
    """The ids of whoever is named, and from them along merges in both directions."""
    return f"""array(with recursive kin (id) as (({named})
    union select n.id from kin k cross join lateral (
        select p.merged_into_id as id from people p
            where p.workspace_id = :w and p.id = k.id and p.merged_into_id is not null
        union all select p.id from people p where p.workspace_id = :w and p.merged_into_id = k.id) n)
    select id from kin)"""


KIN = f"select {_kin(f'{_NAMED} union all {_TELLERS}')} as ids"
"""Whom an application names, or a fact of it, under all their ids."""

_FOLLOW_UP = (
    "id version referral_id capture_id advocacy_id act_id ask_id person_id owner_id is_assigned audience type rule"
    " place trigger trigger_id since triggered_at noticed_at due_on due_at overdue_at present_until escalates_on"
    " escalates_at escalated snoozed_until is_next standing state closed_by closed_by_kind closed_at ended_by_outcome"
)
_INVITATION = (
    "id version person_id asker_id type rule trigger_id since advocacy_id referral_id act_id ask_id named absence_id"
    " invited_at expires_at state ended_by ended_by_kind ended_at is_unanswered"
)
_SUBJECTS = """, 'named', coalesce((select json_agg(s.subject_id) from follow_up_subjects s
    where s.workspace_id = :w and s.follow_up_id = x.id), '[]')"""


def follow_ups(belong: str) -> str:
    """A subselect that collects follow-ups; `belong` says which x are meant."""
    return collected("follow_ups", _FOLLOW_UP, belong, nested=_SUBJECTS)


_INTERACTIONS = collected(
    "interactions",
    "id occurred_at recorded_at person_id direction is_automatic",
    "x.application_id = a.id and x.is_hiring_side",
    nested=", 'bounced_at', least(x.bounced_at, x.retracted_at)",
)

# One that was settled is wanted as long as that has not closed what it made owed.
_CAPTURES = """coalesce((select json_agg(json_build_object('id', x.id, 'occurred_at', x.created_at,
        'recorded_at', x.created_at, 'advocacy_id', x.advocacy_id,
        'settled_at', case when x.state <> 'needs_details' then x.updated_at end))
    from captures x where x.workspace_id = :w and x.application_id = a.id and (x.state = 'needs_details'
        or exists (select 1 from follow_ups f
            where f.workspace_id = :w and f.capture_id = x.id and f.state = 'open'))), '[]')"""

_PERSON = ", 'availability', " + collected(
    "availability_records", "id effective_on recorded_at state until", "x.person_id = y.id"
)


def people(meant: str) -> str:
    """A subselect that collects people with their availability; `meant` says which y are."""
    return f"""coalesce((select json_agg(json_build_object('id', y.id, 'time_zone', y.time_zone,
        'anonymized_at', y.anonymized_at, 'merged_into_id', y.merged_into_id, 'merged_at', y.merged_at{_PERSON}))
    from people y where y.workspace_id = :w and {meant}), '[]')"""


OWED = f"""json_build_object('memory', a.followed, 'is_merged', a.merged_into_id is not null,
    'follow_ups', {follow_ups("x.application_id = a.id")},
    'invitations', {collected("invitations", _INVITATION, "x.application_id = a.id")},
    'interactions', {_INTERACTIONS}, 'captures', {_CAPTURES}, 'people', {people("y.id = any(everybody.ids)")})"""
"""What follow-ups and invitations of an application are judged by, beside its facts."""

MEMBER = "id effective_on recorded_at person_id power is_hiring_manager recorded_by"
"""What is collected of a membership of a job."""

_JOB_OF_REFERRAL = "(select r.job_id from referrals r where r.workspace_id = :w and r.id = any(:ids))"

_OF_REFERRAL = f"""select p.person_id from referrals r join referrers p on p.workspace_id = :w and p.id = r.referrer_id
    where r.workspace_id = :w and r.id = any(:ids)
    union all select x.person_id from job_members x where x.workspace_id = :w and x.job_id = {_JOB_OF_REFERRAL}
    union all select x.person_id from follow_ups x
        where x.workspace_id = :w and x.referral_id = any(:ids) and x.person_id is not null"""


def _alone(belong: str, meant: str, members: str) -> str:
    return f"""json_build_object('memory', json_build_object(), 'invitations', json_build_array(), 'members', {members},
    'follow_ups', {follow_ups(f"{belong} and x.application_id is null")}, 'people', {meant})"""


OWED_OF_REFERRAL = _alone(
    "x.referral_id = any(:ids)",
    people(f"y.id = any({_kin(_OF_REFERRAL)})"),
    collected("job_members", MEMBER, f"x.job_id = {_JOB_OF_REFERRAL}"),
)
"""The same for a referral that is linked to no application, with the members of its job."""

OWED_OF_CAPTURE = _alone("x.capture_id = any(:ids)", "json_build_array()", "json_build_array()")
"""The same for a capture of which nobody knows the application."""
