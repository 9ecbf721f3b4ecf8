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

marked as (
    select
        *,
        case when lag(lead_key) over by_browser = lead_key then 0 else 1 end as is_another
    from identifications
    window by_browser as (partition by source_system, anonymous_id order by identified_at, lead_key)
),

numbered as (
    select
        *,
        sum(is_another) over (
            partition by source_system, anonymous_id
            order by identified_at, lead_key
            rows between unbounded preceding and current row
        ) as span_number
    from marked
),

-- identifications of one person without another's between them
grouped as (
    select
        source_system,
        anonymous_id,
        lead_key,
        cast(span_number as bigint) as span_number,
        min(identified_at) as first_identified_at,
        max(identified_at) as last_identified_at
    from numbered
    group by source_system, anonymous_id, lead_key, span_number
),

spans as (
    select
        source_system,
        anonymous_id,
        lead_key,
        span_number,
        count(*) over (partition by source_system, anonymous_id) > 1 as is_shared,
        first_identified_at as identified_at,
        lag(last_identified_at) over by_browser as starts_after,
        case when lead(span_number) over by_browser is not null then last_identified_at end as ends_at
    from grouped
    window by_browser as (partition by source_system, anonymous_id order by span_number)
)

select * from spans
