"""The statements of tasks. Each does a batch and answers what it looked at and changed, and where to go on.

All lock deliveries by SKIP LOCKED: a batch that waited for one while it holds others could wait for ever.
"""

from sqlalchemy import TextClause, text

from api.platform.outbox import DELIVERY_ID, WANTED

_AGAIN = """state = 'pending', trigger = :trigger, priority = :priority, tries = 0, next_attempt_at = :now,
        first_failure_at = null, finished_at = null, lease_until = null, lease_token = null"""
_CANCELED = "state = 'canceled', finished_at = :now, next_attempt_at = null, lease_until = null, lease_token = null"
_CHOSEN = "d.workspace_id = :workspace_id and d.workspace_id = c.workspace_id and d.id = c.id"

# Where deliveries are sent in order, the next of a subject may have been put off until what it waited for gives up.
# Asked for apart from the update, which would look again after each row and then find the one after it.
_NEXT_OF_CANCELED = """
    select n.id from (select distinct subject_id from canceled) s cross join lateral (
        select w.id from deliveries w
        where w.workspace_id = :workspace_id and w.endpoint_id = :endpoint_id and w.subject_id = s.subject_id
            and w.state = 'pending'
        order by w.event_number limit 1 for no key update skip locked) n"""


def _of_undelivered(chosen: str, *, is_sent: str = "true") -> TextClause:
    """Walk through what failed or is held, in the order of the feed, and send again or cancel what is chosen of it."""
    return text(f"""
with seen as (
    select event_number from deliveries
    where workspace_id = :workspace_id and endpoint_id = :endpoint_id and state in ('failed', 'held')
        and event_number > :after_number and event_number <= :last_number
    order by event_number limit :limit
), chosen as (
    select d.workspace_id, d.id, d.subject_id, {is_sent} as is_sent
    from seen s cross join lateral (
        select * from deliveries d
        where d.workspace_id = :workspace_id and d.endpoint_id = :endpoint_id and d.event_number = s.event_number
            and {chosen}
        for no key update skip locked) d
), sent as (
    update deliveries d set {_AGAIN} from chosen c where {_CHOSEN} and c.is_sent returning 1
), canceled as (
    update deliveries d set {_CANCELED} from chosen c where {_CHOSEN} and not c.is_sent returning d.subject_id
), following as materialized ({_NEXT_OF_CANCELED}
), freed as (
    update deliveries d set next_attempt_at = :now from following n
    where d.workspace_id = :workspace_id and d.id = n.id and d.lease_until is null and d.tries = 0
        and d.next_attempt_at > :now
)
select count(*) as seen, count(*) as examined, (select count(*) from sent) + (select count(*) from canceled) as changed,
    cast(null as timestamptz) as after_at, max(event_number) as after_number
from seen""")


_IS_LATEST = """not exists (
        select from deliveries n
        where n.workspace_id = :workspace_id and n.endpoint_id = :endpoint_id and n.subject_id = d.subject_id
            and n.state = 'held' and n.event_number > d.event_number and n.event_number <= :last_number)"""

RECOVER = _of_undelivered(
    "d.state in ('failed', 'held') and d.created_at >= :since"
    " and d.created_at < coalesce(cast(:until as timestamptz), 'infinity')"
)
SEND_ALL = _of_undelivered("d.state = 'held'")
SEND_LATEST_PER_SUBJECT = _of_undelivered("d.state = 'held'", is_sent=_IS_LATEST)
"""An event about nothing that has an id is the latest of its own."""
DISCARD = _of_undelivered("d.state = 'held'", is_sent="false")

HOLD = text("""
with stranded as (
    select d.id from deliveries d
    where d.workspace_id = :workspace_id and d.endpoint_id = :endpoint_id and d.state = 'pending'
        and d.event_number is not null and (d.lease_until is null or d.lease_until < :now)
    order by d.subject_id, d.event_number limit :limit
    for no key update of d skip locked
)
update deliveries d set state = 'held', next_attempt_at = null, lease_until = null, lease_token = null from stranded s
where d.workspace_id = :workspace_id and d.id = s.id""")
"""Put aside what nobody has put aside yet."""

# What is in flight may still arrive; whoever sends it sees that the endpoint is gone, and cancels it if it does not.
DELETE = text(f"""
with chosen as (
    select d.workspace_id, d.id from deliveries d
    where d.workspace_id = :workspace_id and d.endpoint_id = :endpoint_id and d.state in ('pending', 'held')
        and (d.lease_until is null or d.lease_until < :now)
    order by d.subject_id, d.event_number limit :limit
    for no key update of d skip locked
), canceled as (
    update deliveries d set {_CANCELED} from chosen c where {_CHOSEN} returning 1
)
select count(*) as seen, count(*) as examined, count(*) as changed, cast(null as timestamptz) as after_at,
    cast(null as bigint) as after_number
from canceled""")

_SEEN_EVENTS = """seen as (
    select id, number, type, recorded_at, subject_type, subject_id, job_id, level from events
    where workspace_id = :workspace_id and (recorded_at, number) > (:after_at, :after_number)
        and recorded_at < coalesce(cast(:until as timestamptz), 'infinity')
    order by recorded_at, number limit :limit
)"""
_WHERE_TO_GO_ON = """
select count(*) as seen, count(*) filter (where number <= :last_number) as examined,
    (select count(*) from changed) as changed, max(recorded_at) as after_at,
    (array_agg(number order by recorded_at desc, number desc))[1] as after_number
from seen"""

REPLAY = text(f"""
with {_SEEN_EVENTS}, chosen as (
    select d.workspace_id, d.id
    from seen s cross join lateral (
        select * from deliveries d
        where d.workspace_id = :workspace_id and d.endpoint_id = :endpoint_id and d.event_number = s.number
            and d.state <> 'pending'
            and (cast(:states as text[]) = '{{}}' or d.state = any(cast(:states as text[])))
        for no key update skip locked) d
    where s.number <= :last_number and s.type = any(cast(:types as text[]))
), changed as (
    update deliveries d set {_AGAIN} from chosen c where {_CHOSEN} returning 1
){_WHERE_TO_GO_ON}""")

# An event that can be seen has the deliveries that were made with it; so only another replay can be at the same ones.
REPLAY_MISSING = text(f"""
with {_SEEN_EVENTS}, changed as (
    insert into deliveries (workspace_id, id, endpoint_id, event_id, event_number, event_type, subject_id, state,
        trigger, priority, attempts, tries, created_at, next_attempt_at)
    select :workspace_id, {DELIVERY_ID}, e.id, g.id, g.number, g.type, g.subject_id, 'pending', :trigger, :priority,
        0, 0, :now, :now
    from (
        select s.*, t.names from seen s
        join unnest(cast(:types as text[]), cast(:names as text[])) t (type, names) on t.type = s.type
        where s.number <= :last_number) g
    join webhook_endpoints e on {WANTED} and e.id = :endpoint_id
    order by g.number
    on conflict (workspace_id, endpoint_id, event_number) do nothing
    returning 1
){_WHERE_TO_GO_ON}""")
