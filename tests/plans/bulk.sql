-- A workspace with 100,000 applications. $W stands for its id. Every filter has values that match half of the rows, thirty
-- and none; what matches half is the oldest half, so that a scan of the newest first that skips what does not match is seen.
create function pg_temp.id(kind text, n bigint) returns uuid language sql immutable as
$$ select ('0192f3a4-' || kind || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;

insert into people (workspace_id, id, version, created_at, updated_at, name, email, email_normalised, metadata,
    notice_due_at, notice_given_at)
select $W, pg_temp.id('0001', n), 1, t, t, 'Person ' || n, 'p' || n || '@example.com', 'p' || n || '@example.com', '{}',
    case when n <= 30000 then t + interval '1 month' end, case when n <= 100 then t end
from generate_series(1, 61000) n, lateral (select timestamptz '2025-01-01' + n * interval '1 minute' as t) at;

insert into candidates (workspace_id, id, version, created_at, updated_at, person_id, metadata)
select workspace_id, pg_temp.id('0002', n), 1, created_at, created_at, id, '{}'
from people, lateral (select substr(name, 8)::int as n) number where workspace_id = $W and n <= 60001;

-- Half of the ids are those of candidates; thirty systems share one of people.
insert into external_refs (workspace_id, id, system, external_id, kind, person_id, candidate_id, created_at, is_merged)
select $W, gen_random_uuid(), 'ats', n::text, 'candidate', null, pg_temp.id('0002', n), t, false
from generate_series(1, 50000) n, lateral (select timestamptz '2025-01-01' + n * interval '1 minute' as t) at
union all
select $W, gen_random_uuid(), 'hris', n::text, 'person', pg_temp.id('0001', n), null, t, false
from generate_series(1, 50000) n, lateral (select timestamptz '2025-03-01' + n * interval '1 minute' as t) at
union all
select $W, gen_random_uuid(), 'tool' || n, 'shared', 'person', pg_temp.id('0001', n), null, timestamptz '2025-06-01', false
from generate_series(1, 30) n;

insert into referrers (workspace_id, id, version, created_at, updated_at, person_id, metadata)
select $W, pg_temp.id('0003', n), 1, t, t, pg_temp.id('0001', n), '{}'
from generate_series(1, 40000) n, lateral (select timestamptz '2025-01-01' + n * interval '1 minute' as t) at;

insert into advocates (workspace_id, id, version, created_at, updated_at, person_id, metadata)
select $W, pg_temp.id('0004', n), 1, t, t, pg_temp.id('0001', n), '{}'
from generate_series(1, 40000) n, lateral (select timestamptz '2025-01-01' + n * interval '1 minute' as t) at;

insert into jobs (workspace_id, id, version, created_at, updated_at, title, kind, state, metadata)
select $W, pg_temp.id('0005', n), 1, t, t, 'Job ' || n, 'hire',
    case when n <= 500 then 'filled' when n <= 530 then 'paused' else 'open' end, '{}'
from generate_series(1, 1000) n, lateral (select timestamptz '2025-01-01' + n * interval '1 hour' as t) at;

-- Person 60501 is on the job with half of the applications, 60502 on the one with thirty, 60503 on one without any,
-- 60504 on twelve, and 60505 was on the first and left.
insert into job_members (workspace_id, id, recorded_at, job_id, person_id, power, is_hiring_manager, effective_on)
select $W, gen_random_uuid(), timestamptz '2025-01-01', pg_temp.id('0005', job), pg_temp.id('0001', person), power, false, day::date
from (values (1, 60501, 'decides', '2025-01-01'), (999, 60502, 'influences', '2025-01-01'),
    (1000, 60503, 'administers', '2025-01-01'), (1, 60505, 'decides', '2025-01-01'), (1, 60505, null, '2025-02-01')
    ) fixed (job, person, power, day)
union all
select $W, gen_random_uuid(), timestamptz '2025-01-01', pg_temp.id('0005', n * 7), pg_temp.id('0001', 60504), 'decides', false,
    date '2025-01-01' from generate_series(1, 12) n
union all
select $W, gen_random_uuid(), timestamptz '2025-01-01', pg_temp.id('0005', n % 1000 + 1),
    pg_temp.id('0001', 60600 + n % 300), 'influences', false, date '2025-01-01' from generate_series(1, 5000) n;

insert into applications (workspace_id, id, version, created_at, updated_at, candidate_id, job_id, origin,
    seen_by_hiring_manager, metadata, candidate_name, job_title, state, stage, stage_entered_at, outcome, outcome_at,
    level, level_changed_at, championing, confidence, documented_level, exposed, sole_advocate, next_change_at,
    derived_at, policy_version, recheck_at, changed_at, waiting, follow_up_state, followed)
select $W, pg_temp.id('0006', n), 1, t, t + (n::bigint * 7919 % 100000) * interval '1 second',
    pg_temp.id('0002', case when old then n when n > 99500 then 60001 else 50001 + n % 9999 end),
    pg_temp.id('0005', case when old then 1 when n <= 50030 then 999 else 2 + n % 990 end), 'referred', 'unknown', '{}',
    'Candidate ' || n, 'Job', case when old then 'open' when rare then 'on_hold' else 'closed' end,
    case when old then 'applied' when rare then 'offer' else 'screening' end, t,
    case when old or rare then null when n % 1600 = 1 then 'hired' else 'rejected' end, null,
    case when old then 'none' when rare then 'championed' else 'referred' end,
    case when n % 2 = 0 then t + (n::bigint * 31 % 100000) * interval '1 second' end,
    case when old then 'none' when rare then 'at_risk' else 'started' end,
    case when old then 'claimed' when rare then 'confirmed' else 'documented' end, 'none', rare, false,
    case when n % 2 = 1 then t + interval '1 year' + (n::bigint * 17 % 100000) * interval '1 second' end, t, 1, null,
    t + interval '350 days' + (n::bigint * 13 % 100000) * interval '1 second',
    case when old then 'waiting' when rare then 'waiting_long' else 'none' end,
    case when old then 'scheduled' when rare then 'overdue' else 'none' end, '{}'
from generate_series(1, 100000) n, lateral (select n <= 50000 as old, n % 1600 = 3 and n > 50040 as rare,
    timestamptz '2025-01-01' + n * interval '1 minute' as t) shape;

-- Referrer and advocate 1 are behind the older half, each application twice by referral; 2 behind thirty; 3 behind none.
insert into referrals (workspace_id, id, version, created_at, updated_at, candidate_id, referrer_id, job_id,
    application_id, application_created_at, submitted_at, recorded_at, relationship, consent_on_entry, consent,
    is_documented, is_duplicate, metadata, state, after_application, is_job_member)
select $W, pg_temp.id('0007', n), 1, a.created_at, a.created_at, a.candidate_id,
    pg_temp.id('0003', case when n <= 50000 then 1 else 2 end), a.job_id, a.id, a.created_at, a.created_at,
    a.created_at, 'same_team', 'given', 'given', false, n % 2 = 0, '{}',
    case when n <= 50000 then 'submitted' else 'expired' end, false, false
from generate_series(1, 50030) n
join applications a on a.workspace_id = $W and a.id = pg_temp.id('0006', case when n <= 50000 then (n + 1) / 2 else n end);

insert into advocacies (workspace_id, id, version, created_at, updated_at, application_id, advocate_id,
    application_created_at, outranks_decider, metadata, state, championing, follow_through, is_volunteered)
select $W, pg_temp.id('0008', n), 1, a.created_at, a.created_at, a.id,
    pg_temp.id('0004', case when n <= 50000 then 1 else 2 end), a.created_at, false, '{}',
    case when n <= 50000 then 'active' else 'declined' end, 'none', case when n <= 50000 then 'on_track' end, false
from generate_series(1, 50030) n join applications a on a.workspace_id = $W and a.id = pg_temp.id('0006', n);

insert into "references" (workspace_id, id, version, created_at, updated_at, application_id, person_id, metadata, state)
select $W, pg_temp.id('000a', n), 1, t, t, pg_temp.id('0006', n), pg_temp.id('0001', 60700), '{}',
    case when n <= 1500 then 'given' when n <= 1530 then 'agreed' else 'declined' end
from generate_series(1, 3000) n, lateral (select timestamptz '2025-01-01' + n * interval '1 minute' as t) at;

insert into captures (workspace_id, id, version, created_at, updated_at, state, source, given, needs, warnings,
    application_id)
select $W, pg_temp.id('000c', n), 1, t, t,
    case when n <= 30000 then 'completed' when n <= 30030 then 'needs_details' else 'discarded' end, 'api', '{}', '[]',
    '[]', pg_temp.id('0006', case when n <= 30000 then 1 else n end)
from generate_series(1, 60000) n, lateral (select timestamptz '2025-01-01' + n * interval '1 minute' as t) at;

-- Person 1 and application 1 have the older half, with person 60501; the next thirty were with person 60502.
insert into interactions (workspace_id, id, recorded_at, recorded_by, occurred_at, application_id, person_id,
    counterpart_id, kind, direction, is_automatic, is_hiring_side, metadata)
select $W, pg_temp.id('000d', n), t, pg_temp.id('0001', 60501), t, pg_temp.id('0006', case when old then 1 else n end),
    pg_temp.id('0001', case when old then 1 else n end), pg_temp.id('0001', case when old then 60501 when rare then 60502 end),
    case when old then 'mail' when rare then 'coaching' else 'call' end,
    case when old then 'to_person' when rare then 'from_person' else 'both_ways' end, false, true, '{}'
from generate_series(1, 60000) n, lateral (select n <= 30000 as old, n > 30000 and n <= 30030 as rare,
    timestamptz '2025-01-01' + n * interval '1 minute' as t) shape;

-- Person 60501 asked the older half, all of which expired; 60502 thirty, which are open.
insert into invitations (workspace_id, id, version, created_at, updated_at, application_id, person_id, asker_id, is_by_hand, type,
    rule, trigger_id, advocacy_id, named, invited_at, expires_at, state, is_unanswered)
select $W, pg_temp.id('0010', n), 1, t, t + (n::bigint * 7919 % 100000) * interval '1 second', pg_temp.id('0006', 1 + n % 6000),
    pg_temp.id('0001', 1 + n % 3000), pg_temp.id('0001', case when old then 60501 when rare then 60502 else 60600 + n % 300 end),
    false, case when old then 'act' when rare then 'hand_over' else 'confirm' end, '{}', pg_temp.id('0010', n),
    pg_temp.id('0009', 1 + n % 6000), '[]', t, t + interval '14 days' + (n::bigint * 31 % 1000) * interval '1 hour',
    case when old then 'expired' when rare then 'open' else 'taken' end, old
from generate_series(1, 60000) n, lateral (select n <= 30000 as old, n > 30000 and n <= 30030 as rare,
    timestamptz '2025-01-01' + n * interval '1 minute' as t) shape;

-- Person 60501 owes the older half, all of it done; 60502 owes thirty, which are overdue. Whoever is named is named twenty times.
insert into follow_ups (workspace_id, id, version, created_at, updated_at, application_id, person_id, owner_id, is_assigned,
    audience, type, rule, place, trigger, trigger_id, triggered_at, noticed_at, due_on, due_at, overdue_at, escalated, is_next,
    standing, state, ended_by_outcome)
select $W, pg_temp.id('000f', n), 1, t, t + (n::bigint * 7919 % 100000) * interval '1 second', pg_temp.id('0006', 1 + n % 6000),
    pg_temp.id('0001', 1 + n % 3000), pg_temp.id('0001', case when old then 60501 when rare then 60502 else 60600 + n / 100 % 300 end),
    false, '[]', case when old then 'update_supporters' when rare then 'answer_ask' else 'thank_supporters' end, '{}', 3,
    'moved_on', pg_temp.id('000f', n), t, t, t::date, t, t + interval '8 hours', false, false,
    case when old then 'none' when rare then 'overdue' when n % 2 = 0 then 'scheduled' else 'none' end,
    case when old then 'completed' when rare or n % 2 = 0 then 'open' else 'skipped' end, false
from generate_series(1, 60000) n, lateral (select n <= 30000 as old, n > 30000 and n <= 30030 as rare,
    timestamptz '2025-01-01' + n * interval '1 minute' as t) shape;

insert into follow_up_subjects (workspace_id, id, follow_up_id, subject_id, standing, due_at, kind, listed_at)
select workspace_id, gen_random_uuid(), id, replace(person_id::text, '0192f3a4-0001', '0192f3a4-0003')::uuid, standing, due_at,
    null, null
from follow_ups where workspace_id = $W;

insert into stage_changes (workspace_id, id, recorded_at, occurred_at, application_id, verb, stage)
select $W, pg_temp.id('000b', n), t, t, pg_temp.id('0006', n % 100000 + 1), case when n <= 100000 then 'create' else 'move' end,
    'applied' from generate_series(1, 150000) n,
    lateral (select timestamptz '2025-12-17' + n * interval '30 seconds' as t) at;

insert into support_changes (workspace_id, id, application_id, occurred_at, recorded_at, level, previous_level,
    championing, documented_level, policy_version)
select $W, pg_temp.id('000f', n), pg_temp.id('0006', n % 100000 + 1), t, t, 'referred', 'none', 'none', 'none', 1
from generate_series(1, 150000) n, lateral (select timestamptz '2025-12-17' + n * interval '30 seconds' as t) at;

-- As many again, with referrals and advocacies: the older half is scheduled, thirty are overdue, the rest is done.
insert into follow_ups (workspace_id, id, version, created_at, updated_at, application_id, person_id, owner_id,
    is_assigned, audience, type, rule, place, trigger, trigger_id, triggered_at, noticed_at, due_on, due_at, overdue_at,
    escalated, is_next, standing, state, ended_by_outcome)
select $W, pg_temp.id('000d', n), 1, t, t, pg_temp.id('0006', n), pg_temp.id('0001', n),
    pg_temp.id('0001', case when n <= 50000 then 60501 when n <= 50030 then 60502 else 60503 end), false, '[]',
    case when n <= 50000 then 'update_supporters' when n <= 50030 then 'answer_ask' else 'thank_reference' end, '{}', 1,
    'moved_on', pg_temp.id('000e', n), t, t, due::date, due, due + interval '8 hours', false, n <= 50030,
    case when n <= 50000 then 'scheduled' when n <= 50030 then 'overdue' else 'none' end,
    case when n <= 50030 then 'open' else 'completed' end, false
from generate_series(1, 60000) n, lateral (select timestamptz '2025-01-01' + n * interval '1 minute' as t) at,
    lateral (select t + interval '1 year' as due) owed;

-- Each names one referral and one advocacy. The older half of the referrers and advocates share what is scheduled, thirty
-- have something overdue, and the last of them everything that is done.
insert into follow_up_subjects (workspace_id, id, follow_up_id, subject_id, standing, due_at, kind, listed_at)
select f.workspace_id, gen_random_uuid(), f.id, s.id, f.standing, f.due_at, s.kind, s.created_at
from generate_series(1, 60000) n join follow_ups f on f.workspace_id = $W and f.id = pg_temp.id('000d', n),
    lateral (select case when n <= 50000 then n % 20000 + 1 when n <= 50030 then n - 30000 else 40000 end as role) r,
    lateral (
        select id, created_at, 'referral' as kind from referrals where workspace_id = $W and id = pg_temp.id('0007', n)
        union all
        select id, created_at, 'advocacy' from advocacies where workspace_id = $W and id = pg_temp.id('0008', n)
        union all
        select id, created_at, 'referrer' from referrers where workspace_id = $W and id = pg_temp.id('0003', r.role)
        union all
        select id, created_at, 'advocate' from advocates where workspace_id = $W and id = pg_temp.id('0004', r.role)
    ) s;

-- The older half is used up, thirty are revoked, and all others have expired, which nothing stored says.
insert into action_links (workspace_id, id, version, created_at, updated_at, purpose, person_id, application_id, advocacy_id,
    state, is_single_use, expires_at, uses)
select $W, pg_temp.id('0010', n), 1, t, t,
    case when n <= 20000 then 'agree' when n <= 20030 then 'not_me' else 'record_act' end,
    pg_temp.id('0001', case when n <= 20000 then 60501 when n <= 20030 then 60502 else n end), a.application_id, a.id,
    case when n <= 20000 then 'used' when n <= 20030 then 'revoked' else 'open' end, n <= 20030, t + interval '14 days', 0
from generate_series(1, 40000) n join advocacies a on a.workspace_id = $W and a.id = pg_temp.id('0008', n),
    lateral (select timestamptz '2025-01-01' + n * interval '1 minute' as t) at;

insert into events (workspace_id, id, number, type, subject_type, subject_id, application_id, occurred_at, recorded_at,
    body)
select $W, pg_temp.id('0009', n), n, case when n <= 50000 then 'application.created' when n <= 50030 then 'act.recorded'
    else 'application.support.changed' end, 'application', a.id, a.id, a.created_at, a.created_at, '{}'
from generate_series(1, 100000) n join applications a on a.workspace_id = $W and a.id = pg_temp.id('0006',
    case when n <= 50000 then 1 else n end);

update event_counters set last = 100000 where workspace_id = $W;

create function pg_temp.id_at(t timestamptz, kind text, n bigint) returns uuid language sql immutable as
$$ select (lpad(to_hex((extract(epoch from t) * 1000)::bigint), 12, '0') || '7000' || kind || lpad(to_hex(n), 12, '0'))::uuid $$;

-- Endpoint 1 takes everything, 2 nothing: all that it is to get is pending and due, and ten are being sent. 3 fails for good, 4 is
-- new, 5 has nothing, 6 is behind and wants order, and thirty of 7 are held. The others are deleted.
insert into webhook_endpoints (workspace_id, id, version, created_at, updated_at, url, state, event_types, job_ids, levels,
    payload, ordering, ordering_hold_seconds, max_in_flight, secrets, metadata, enabled_at, consecutive_failures, taken_at, taken,
    subject_ids, payload_format)
select $W, pg_temp.id('0020', n), 1, t, t, 'https://receiver.example/' || n,
    case when n <= 6 then 'active' when n = 7 then 'paused' else 'deleted' end, '{*}', '{}', '{}', 'full',
    case when n = 6 then 'per_subject' else 'none' end, 60, 10, '[]', '{}', t, 0, '{}', '{}', '{}', 'standard'
from generate_series(1, 3000) n, lateral (select timestamptz '2025-06-01' + n * interval '1 minute' as t) at;

-- Each is of the event of its number. Those of 4 have every state, thirty each.
insert into deliveries (workspace_id, id, endpoint_id, event_id, event_number, event_type, subject_id, state, trigger, priority,
    attempts, tries, created_at, next_attempt_at, lease_until, first_failure_at, last_attempt_at, last_http_status,
    last_error_code, status_class, finished_at)
select $W, pg_temp.id_at(t, '802' || endpoint, n), pg_temp.id('0020', endpoint), e.id, n, e.type, e.subject_id, state,
    'schedule', case when n % 3 = 0 then 2 else 1 end, tried, tried, t, case state when 'pending' then t end,
    case when endpoint = 2 and n % 10000 = 0 then timestamptz '2026-03-02 11:00:30+00' end, case when tried > 1 then t end,
    case when tried > 0 then t end, case state when 'succeeded' then 200 when 'failed' then 503 end,
    case state when 'failed' then 'http_status' end, case state when 'succeeded' then 2 when 'failed' then 5 end,
    case when state in ('succeeded', 'failed', 'canceled') then t end
from (values (1, 1, 100000), (2, 1, 100000), (3, 1, 100000), (4, 1, 150), (6, 40001, 60000), (7, 1, 30)
    ) many (endpoint, first, last),
    generate_series(first, last) n join events e on e.workspace_id = $W and e.number = n,
    lateral (select timestamptz '2025-06-01' + n * interval '1 minute' as t) at,
    lateral (select case endpoint when 1 then 'succeeded' when 3 then 'failed'
        when 4 then (array['pending', 'succeeded', 'failed', 'held', 'canceled'])[1 + n % 5] when 7 then 'held' else 'pending' end
        as state) stands,
    lateral (select case state when 'succeeded' then 1 when 'failed' then 10 else 0 end as tried) tries;

-- The first delivery of endpoint 3 was tried two thousand times.
insert into attempts (workspace_id, id, delivery_id, number, trigger, url, request_headers, body_sha256, started_at, duration_ms,
    http_status, is_truncated, error_code)
select $W, pg_temp.id_at(t, '8030', n), pg_temp.id_at(timestamptz '2025-06-01' + minute * interval '1 minute', '802' || endpoint, minute),
    n - first + 1, 'schedule', 'https://receiver.example/', '{}', '', t, 20, 200, false, null
from (values (1, 1, 100000), (3, 100001, 102000)) many (endpoint, first, last), generate_series(first, last) n,
    lateral (select timestamptz '2026-02-20' + n * interval '1 second' as t) at,
    lateral (select case endpoint when 1 then n else 1 end as minute) of;

-- Half are of endpoint 1, thirty of 2; four are not done.
insert into tasks (workspace_id, id, endpoint_id, kind, state, event_types, states, after_number, last_number, examined, changed,
    created_at, finished_at, due_at)
select $W, pg_temp.id('0023', n), pg_temp.id('0020', case when n <= 20000 then 1 when n <= 20030 then 2 else 3 end),
    (array['recover', 'replay', 'replay_missing', 'resume'])[1 + n % 4], case when n > 39996 then 'running' else 'succeeded' end,
    '{}', '{}', n, n, 0, 0, t, case when n <= 39996 then t end, case when n > 39996 then t end
from generate_series(1, 40000) n, lateral (select timestamptz '2025-06-01' + n * interval '1 minute' as t) at;
