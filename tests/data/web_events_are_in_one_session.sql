-- Sessions have as many events as there are, of each browser: none is lost, none is in two. What is left out is
-- machines'.
with

events as (
    select
        source_system,
        anonymous_id,
        count(*) as event_count
    from {{ ref('int_web_events') }}
    group by source_system, anonymous_id
),

sessions as (
    select
        source_system,
        anonymous_id,
        sum(event_count) as event_count
    from {{ ref('int_web_sessions') }}
    group by source_system, anonymous_id
),

people as (
    select
        source_system,
        sum(event_count) as event_count
    from events
    group by source_system
),

totals as (
    select * from {{ ref('int_web_totals') }}
)

select
    events.source_system,
    events.anonymous_id,
    sessions.anonymous_id as in_sessions
from events
full join sessions
    on events.source_system = sessions.source_system and events.anonymous_id = sessions.anonymous_id
where coalesce(events.event_count, 0) != coalesce(sessions.event_count, 0)
union all
select
    totals.source_system,
    'all but machines' as anonymous_id,
    cast(null as string) as in_sessions
from totals
left join people
    on totals.source_system = people.source_system
where totals.event_count - totals.machine_event_count != coalesce(people.event_count, 0)
