-- Steps of a lead are in the order of time, numbered from 1 without a gap.
with

journey as (
    select * from {{ ref('fct_journey') }}
),

compared as (
    select
        lead_key,
        step_number,
        occurred_at,
        lag(step_number) over by_lead as previous_number,
        lag(occurred_at) over by_lead as previous_at
    from journey
    window by_lead as (partition by lead_key order by step_number)
)

select
    lead_key,
    step_number
from compared
where
    step_number != coalesce(previous_number, 0) + 1
    or previous_at > occurred_at
