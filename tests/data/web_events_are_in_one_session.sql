-- Sessions have as many events as there are, of each browser: none is lost, none is in two.
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
)

select
    events.source_system,
    events.anonymous_id,
    sessions.anonymous_id as in_sessions
from events
full join sessions
    on events.source_system = sessions.source_system and events.anonymous_id = sessions.anonymous_id
where coalesce(events.event_count, 0) != coalesce(sessions.event_count, 0)
