-- One row is a batch and the name of a browser in it by which a crawler is known.
{{ config(
    materialized='incremental',
    meta={'stamp': 'batch_hash', 'stamps_of': 'int_canonical_web_event_batches', 'may_be_empty': true}
) }}

with

events as (
    select * from {{ ref('int_canonical_web_events') }}
    where
        user_agent is not null
        and {{ is_missing(ref('int_canonical_web_event_batches')) }}
),

crawlers as (
    select * from {{ ref('crawlers') }}
),

used as (
    select distinct
        batch_hash,
        user_agent
    from events
),

user_agents as (
    select distinct
        user_agent,
        concat('^', user_agent, '$') as delimited
    from used
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
),

batch_crawlers as (
    select
        used.batch_hash,
        used.user_agent
    from used
    inner join recognized
        on used.user_agent = recognized.user_agent
)

select * from batch_crawlers
