-- Gives the newest applications of workspace $W everything that a row can have, and workspace $OTHER some of its own.
create temporary table dressed as
select id, row_number() over (order by created_at desc) as n from applications where workspace_id = $W
order by created_at desc limit 5000;

update applications a
set candidate_id = c.id, candidate_name = 'Person ' || d.n, job_title = j.title, stage_label = 'Phone screen',
    state = 'open', stage = 'interviewing', outcome = null, next_step_at = a.created_at + interval '9 days',
    next_step_kind = 'interview', last_act_at = a.created_at + interval '2 days', level = 'championed',
    confidence = 'documented', documented_level = 'recommended', championing = 'on_track',
    since = a.created_at + interval '1 day', next_change_at = a.created_at + interval '2 years',
    advocacy_id = ('0192f3a4-0008-7000-8000-' || lpad(to_hex(d.n), 12, '0'))::uuid, advocate_id = v.id,
    advocate_name = 'Person ' || 1 + d.n % 3000
from dressed d
join candidates c on c.workspace_id = $W and c.id = ('0192f3a4-0002-7000-8000-' || lpad(to_hex(d.n), 12, '0'))::uuid
join advocates v on v.workspace_id = $W
    and v.id = ('0192f3a4-0004-7000-8000-' || lpad(to_hex(1 + d.n % 3000), 12, '0'))::uuid,
    jobs j
where a.workspace_id = $W and a.id = d.id and j.workspace_id = $W and j.id = a.job_id;

update event_counters set last = (select max(number) from events where workspace_id = $W) where workspace_id = $W;

create temporary table elsewhere as
select * from applications where workspace_id = $W order by created_at desc limit 10000;
update elsewhere set workspace_id = $OTHER;
insert into applications select * from elsewhere;
drop table dressed, elsewhere;
