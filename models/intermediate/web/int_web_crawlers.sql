-- One row is the name of a browser by which a crawler is known.
with

user_agents as (
    select distinct
        user_agent,
        concat('^', user_agent, '$') as delimited
    from {{ ref('int_canonical_web_events') }}
    where user_agent is not null
),

crawlers as (
    select * from {{ ref('crawlers') }}
),

recognized as (
    select user_agent
    from user_agents
    where
        exists (
            select 1
            from crawlers
            where contains(user_agents.delimited, crawlers.fragment)
        )
)

select * from recognized
