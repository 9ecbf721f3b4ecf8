-- One row is a time in which a browser was one person's: up to the second in which that person was identified on it,
-- from the second in which another one was before; the first one reaches back and the last one goes on. So what
-- somebody did before the name was known is that person's, and two who share a computer stay two.
with

identifications as (
    select distinct
        source_system,
        anonymous_id,
        lead_key,
        date_trunc('second', identified_at) as identified_at
    from {{ ref('int_web_identifications') }}
),

followed as (
    select
        *,
        lead(lead_key) over by_browser as next_lead_key
    from identifications
    window by_browser as (partition by source_system, anonymous_id order by identified_at, lead_key)
),

-- of several identifications of one person without another's between them the last one
ends as (
    select *
    from followed
    where next_lead_key is null or next_lead_key != lead_key
),

spans as (
    select
        source_system,
        anonymous_id,
        lead_key,
        row_number() over by_browser as span_number,
        count(*) over (partition by source_system, anonymous_id) > 1 as is_shared,
        lag(identified_at) over by_browser as starts_after,
        case when next_lead_key is not null then identified_at end as ends_at
    from ends
    window by_browser as (partition by source_system, anonymous_id order by identified_at, lead_key)
)

select * from spans
