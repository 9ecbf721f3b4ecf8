-- One row is a time at which a deal was won or lost by its history, with when it was reopened, if ever; also what lies
-- after the run's clock. Stages of which nobody knows the phase neither close nor reopen a deal, nor does what was
-- followed by another outcome in the same moment.
with

deal_stages as (
    select * from {{ ref('int_journey_deal_stages') }}
    where deal_phase is not null
),

by_outcome as (
    select
        deal_key,
        case when deal_phase in ('won', 'lost') then deal_phase else 'open' end as outcome,
        amount,
        entry_number,
        entered_at
    from deal_stages
),

followers as (
    select
        *,
        lag(outcome) over (partition by deal_key order by entry_number) as previous_outcome
    from by_outcome
),

changes as (
    select
        deal_key,
        outcome,
        amount,
        entry_number,
        entered_at as closed_at,
        lead(entered_at) over (partition by deal_key order by entry_number) as reopened_at
    from followers
    where previous_outcome is null or outcome != previous_outcome
),

closings as (
    select
        deal_key,
        outcome,
        amount,
        row_number() over (partition by deal_key order by entry_number desc) as recency,
        closed_at,
        reopened_at
    from changes
    where outcome != 'open' and (reopened_at is null or closed_at < reopened_at)
)

select * from closings
