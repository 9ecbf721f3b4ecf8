-- One row is a source of web events: how many there are, how many of them are machines', which take no part in anything
-- else, and how many had no consent, whose visits are nobody's.
with

events as (
    select * from {{ ref('int_canonical_web_events') }}
),

crawlers as (
    select * from {{ ref('int_web_crawlers') }}
),

totals as (
    select
        events.source_system,
        count(*) as event_count,
        count(case when crawlers.user_agent is not null or events.is_bot then 1 end) as machine_event_count,
        count(case when not events.consent then 1 end) as refused_event_count
    from events
    left join crawlers
        on events.user_agent = crawlers.user_agent
    group by events.source_system
)

select * from totals
