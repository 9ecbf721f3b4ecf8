-- No touch is a visit by a crawler, or by what its source says is a machine.
with

events as (
    select * from {{ ref('int_canonical_web_events') }}
),

crawlers as (
    select * from {{ ref('int_web_crawlers') }}
),

touches as (
    select * from {{ ref('fct_touchpoints') }}
    where touch_type = 'session'
)

select touches.touchpoint_key
from touches
inner join events
    on touches.source_system = events.source_system and touches.touchpoint_id = events.event_id
left join crawlers
    on events.user_agent = crawlers.user_agent
where crawlers.user_agent is not null or events.is_bot
