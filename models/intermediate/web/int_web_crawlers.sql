-- One row is the name of a browser by which a crawler is known.
with

batch_crawlers as (
    select * from {{ ref('int_web_batch_crawlers') }}
),

crawlers as (
    select distinct user_agent
    from batch_crawlers
    where user_agent is not null
)

select * from crawlers
