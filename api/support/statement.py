"""The statement that reads all facts of some applications in one go, as one JSON document each.

Hand-made SQL names the workspace in every subselect: row-level security is the net, not the filter. `:w` is the
workspace, `:ids` the applications, `:known` the latest version of the policy that is not wanted again.
"""

from api.support.statement_owed import KIN, MEMBER, NAMED, OWED, OWED_OF_CAPTURE, OWED_OF_REFERRAL, collected

_HAPPENED = "id occurred_at recorded_at"

_ACT = ", 'listeners', {listeners}, 'uses', {uses}, 'ask', {ask}".format(
    listeners="""coalesce((select json_agg(l.person_id) from act_listeners l
        where l.workspace_id = :w and l.act_id = x.id), '[]')""",
    uses="""coalesce((select json_agg(json_build_object('reason_id', u.reason_id, 'requirement_id', r.requirement_id,
            'basis', u.basis, 'before_process', u.before_process))
        from act_reasons u join reasons r on r.workspace_id = :w and r.id = u.reason_id
        where u.workspace_id = :w and u.act_id = x.id), '[]')""",
    ask="""(select json_build_object('id', k.id, 'kind', k.kind, 'addressee_id', k.addressee_id)
        from asks k where k.workspace_id = :w and k.act_id = x.id)""",
)

_ACT_STATEMENTS = """coalesce((select json_agg(json_build_object('id', x.id, 'act_id', x.act_id, 'word', x.word,
        'person_id', x.person_id, 'recorded_at', x.recorded_at))
    from act_statements x join acts c on c.workspace_id = :w and c.id = x.act_id
    where x.workspace_id = :w and c.advocacy_id = y.id), '[]')"""

_ANSWERS = """coalesce((select json_agg(json_build_object('id', x.id, 'ask_id', x.ask_id, 'answer', x.answer,
        'occurred_at', x.occurred_at, 'recorded_at', x.recorded_at))
    from ask_answers x join asks k on k.workspace_id = :w and k.id = x.ask_id
    join acts c on c.workspace_id = :w and c.id = k.act_id
    where x.workspace_id = :w and c.advocacy_id = y.id), '[]')"""

_ADVOCACIES = f"""coalesce((select json_agg(json_build_object('id', y.id, 'advocate_id', y.advocate_id,
        'person_id', p.person_id, 'relationship', y.relationship, 'name', n.name,
        'outranks_decider', y.outranks_decider,
        'announced', json_build_object('state', y.state, 'championing', y.championing,
            'follow_through', y.follow_through, 'is_volunteered', y.is_volunteered),
        'statements', {collected("advocacy_statements", f"{_HAPPENED} word", "x.advocacy_id = y.id")},
        'acts', {
    collected(
        "acts",
        f"{_HAPPENED} recorded_by chases_id",
        "x.advocacy_id = y.id",
        nested=", 'has_evidence', x.evidence_url is not null" + _ACT,
    )
},
        'act_statements', {_ACT_STATEMENTS},
        'answers', {_ANSWERS},
        'availability', {
    collected("availability_records", "id effective_on recorded_at state until", "x.person_id = p.person_id")
},
        'affiliations', {
    collected("affiliation_records", "id effective_on recorded_at affiliation", "x.person_id = p.person_id")
}))
    from advocacies y join advocates p on p.workspace_id = :w and p.id = y.advocate_id
    join people n on n.workspace_id = :w and n.id = p.person_id
    where y.workspace_id = :w and y.application_id = a.id), '[]')"""

_USES_OF_REFERRAL = """coalesce((select json_agg(json_build_object('reason_id', u.reason_id,
        'requirement_id', r.requirement_id, 'basis', u.basis, 'before_process', u.before_process))
    from referral_reasons u join reasons r on r.workspace_id = :w and r.id = u.reason_id
    where u.workspace_id = :w and u.referral_id = y.id), '[]')"""

_REFERRALS = f"""coalesce((select json_agg(json_build_object('id', y.id, 'occurred_at', y.submitted_at,
        'recorded_at', y.recorded_at, 'referrer_id', y.referrer_id, 'person_id', p.person_id,
        'recorded_by', y.recorded_by, 'relationship', y.relationship, 'consent', y.consent_on_entry,
        'is_documented', y.is_documented, 'is_duplicate', y.is_duplicate,
        'announced', json_build_object('state', y.state, 'after_application', y.after_application,
            'is_job_member', y.is_job_member, 'credit_position', y.credit_position), 'uses', {_USES_OF_REFERRAL},
        'statements', {collected("referral_statements", f"{_HAPPENED} word", "x.referral_id = y.id")}))
    from referrals y join referrers p on p.workspace_id = :w and p.id = y.referrer_id
    where y.workspace_id = :w and {{belongs}}), '[]')"""

_REFERENCES = f"""coalesce((select json_agg(json_build_object('id', y.id,
        'person_id', y.person_id, 'praise', y.praise, 'announced', json_build_object('state', y.state),
        'statements', {collected("reference_statements", f"{_HAPPENED} word", "x.reference_id = y.id")}))
    from "references" y where y.workspace_id = :w and y.application_id = a.id), '[]')"""

_MEMBERS = collected("job_members", MEMBER, "x.job_id = a.job_id")

_OF_KIN = f"""json_build_object('person_id', y.id, 'availability', {
    collected("availability_records", "id effective_on recorded_at state until", "x.person_id = y.id")
}, 'affiliations', {
    collected("affiliation_records", "id effective_on recorded_at affiliation", "x.person_id = y.id")
})"""

_IDENTITIES = f"""(with merged as (select p.id, p.merged_into_id, p.merged_at from people p
        where p.workspace_id = :w and p.id = any(everybody.ids) and p.merged_into_id is not null)
    select json_build_object(
        'merges', json_agg(json_build_object('person_id', id, 'into_id', merged_into_id, 'recorded_at', merged_at)),
        'people', (select json_agg({_OF_KIN}) from (select id from merged union select merged_into_id from merged) y))
    from merged having count(*) > 0)"""

_WHETHER_ANY = "nullif(exists (select 1 from people where workspace_id = :w and merged_into_id is not null), false)"

_POLICIES = """select json_agg(json_build_object('version', version, 'recorded_at', recorded_at, 'values', values)
        order by version)::text
    from policies where workspace_id = :w and version > :known"""


def _application_facts(*, of_merged: bool, with_owed: bool) -> str:
    """Everybody who is named is looked for only where that is needed."""
    ids = KIN if of_merged else NAMED
    everybody = f"cross join lateral ({ids}) everybody" if of_merged or with_owed else ""
    return f"""
select ({_POLICIES}) as policies, null as document
union all
select null, json_build_object('id', a.id, 'candidate_person_id', c.person_id,
    'candidate_name', n.name, 'job_id', a.job_id, 'job_title', j.title,
    'stages', {collected("stage_changes", f"{_HAPPENED} verb stage hold_until outcome", "x.application_id = a.id")},
    'next_steps', {
        collected("next_step_changes", f"{_HAPPENED} next_step_at next_step_kind", "x.application_id = a.id")
    },
    'members', {_MEMBERS}, 'advocacies', {_ADVOCACIES},
    'referrals', {_REFERRALS.format(belongs="y.application_id = a.id")}, 'references', {_REFERENCES},
    'owed', {OWED if with_owed else "null"},
    'identities', {_IDENTITIES if of_merged else _WHETHER_ANY})::text
from applications a join candidates c on c.workspace_id = :w and c.id = a.candidate_id
join people n on n.workspace_id = :w and n.id = c.person_id
join jobs j on j.workspace_id = :w and j.id = a.job_id
{everybody}
where a.workspace_id = :w and a.id = any(:ids)"""


APPLICATION_FACTS = {
    (of_merged, with_owed): _application_facts(of_merged=of_merged, with_owed=with_owed)
    for of_merged in (False, True)
    for with_owed in (False, True)
}
"""By whether anybody is known to have been merged in the workspace, and whether what is owed and proposed is wanted.

Where nobody is known to have been and somebody was, `identities` says `true`. The plan for merged people alone takes a
sixth longer to set up.
"""

REFERRAL_FACTS = f"""
select ({_POLICIES}) as policies, ({_REFERRALS.format(belongs="y.id = any(:ids)")})::text as document"""

LONE_REFERRAL = f"""
select ({_POLICIES}) as policies, ({_REFERRALS.format(belongs="y.id = any(:ids)")})::text as document,
    ({OWED_OF_REFERRAL})::text as owed"""
"""A referral that is linked to no application, with what is owed about it."""

LONE_CAPTURE = f"select ({_POLICIES}) as policies, ({OWED_OF_CAPTURE})::text as owed"
"""What is owed about a capture of which nobody knows the application."""

POLICIES = _POLICIES
