-- Gives the newest applications of workspace $W everything that a row can have, and workspace $OTHER some of its own.
create temporary table dressed as
select id, row_number() over (order by created_at desc) as n from applications where workspace_id = $W
order by created_at desc limit 5000;

update applications a
set candidate_id = c.id, candidate_name = 'Person ' || d.n, job_title = j.title, stage_label = 'Phone screen',
    state = 'open', stage = 'interviewing', outcome = null, next_step_at = a.created_at + interval '9 days',
    next_step_kind = 'interview', last_act_at = a.created_at + interval '2 days', level = 'championed',
    confidence = 'documented', documented_level = 'recommended', championing = 'on_track',
    since = a.created_at + interval '1 day', next_change_at = date_trunc('second', now()) + d.n * interval '1 minute',
    changed_at = date_trunc('second', now()) - d.n * interval '1 minute', exposed = d.n % 3 = 0, waiting = 'waiting',
    waiting_since = a.created_at + interval '8 days', waiting_changes_at = date_trunc('second', now()), follow_up_state = 'due',
    next_follow_up_id = ('0192f3a4-000d-7000-8000-' || lpad(to_hex(d.n), 12, '0'))::uuid,
    next_follow_up_type = 'update_supporters', next_follow_up_due_at = a.created_at + interval '10 days',
    next_follow_up_owner_id = ('0192f3a4-0001-7000-8000-' || lpad(to_hex(60501), 12, '0'))::uuid,
    advocacy_id = ('0192f3a4-0008-7000-8000-' || lpad(to_hex(d.n), 12, '0'))::uuid, advocate_id = v.id,
    advocate_name = 'Person ' || 1 + d.n % 3000
from dressed d
join candidates c on c.workspace_id = $W and c.id = ('0192f3a4-0002-7000-8000-' || lpad(to_hex(d.n), 12, '0'))::uuid
join advocates v on v.workspace_id = $W
    and v.id = ('0192f3a4-0004-7000-8000-' || lpad(to_hex(1 + d.n % 3000), 12, '0'))::uuid,
    jobs j
where a.workspace_id = $W and a.id = d.id and j.workspace_id = $W and j.id = a.job_id;

-- Person 60504, who is on twelve jobs, owes two hundred things.
update follow_ups f
set owner_id = ('0192f3a4-0001-7000-8000-' || lpad(to_hex(60504), 12, '0'))::uuid, application_id = d.id, state = 'open',
    standing = case when d.n % 2 = 0 then 'overdue' else 'due' end, due_at = now() - d.n * interval '1 hour',
    due_on = (now() - d.n * interval '1 hour')::date, overdue_at = now() + (d.n % 2 - d.n) * interval '1 hour'
from dressed d
where f.workspace_id = $W and d.n <= 200 and f.id = ('0192f3a4-000d-7000-8000-' || lpad(to_hex(59000 + d.n), 12, '0'))::uuid;

update event_counters set last = (select max(number) from events where workspace_id = $W) where workspace_id = $W;

create temporary table elsewhere as
select * from applications where workspace_id = $W order by created_at desc limit 10000;
update elsewhere set workspace_id = $OTHER;
insert into applications select * from elsewhere;
drop table dressed, elsewhere;
