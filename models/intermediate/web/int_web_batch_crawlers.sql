-- One row is a batch and the name of a browser in it by which a crawler is known. A row without a name says that the
-- batch was looked through.
{{ config(materialized='incremental', meta={'stamp': 'batch_hash', 'stamps_of': 'int_canonical_web_event_batches'}) }}

with

missing_batches as (
    select batch_hash
    from {{ ref('int_canonical_web_event_batches') }}
    {% if carries_on() %}
    where batch_hash in ({{ missing_stamps() }})
    {% endif %}
),

events as (
    select * from {{ ref('int_canonical_web_events') }}
    where user_agent is not null
    {% if carries_on() -%}
    and batch_hash in ({{ missing_stamps() }})
    {%- endif %}
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
    union all
    select
        batch_hash,
        cast(null as string) as user_agent
    from missing_batches
)

select * from batch_crawlers
