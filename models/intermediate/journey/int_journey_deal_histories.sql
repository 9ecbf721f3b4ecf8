-- One row is a deal with a history of its stages: what it was worth when that was first known, when it was last
-- reopened, and when and at what amount it was closed after that. Also what lies after the run's clock.
with

stage_history as (
    select * from {{ ref('int_canonical_deal_stage_history') }}
),

closings as (
    select * from {{ ref('int_journey_deal_closings') }}
),

ranked as (
    select
        {{ stable_key(['source_system', 'deal_id']) }} as deal_key,
        amount,
        row_number() over by_deal as amount_number
    from stage_history
    window by_deal as (
        partition by source_system, deal_id
        order by case when amount is null then 1 else 0 end, entered_at, stage
    )
),

reopenings as (
    select
        deal_key,
        max(reopened_at) as reopened_at
    from closings
    group by deal_key
),

histories as (
    select
        ranked.deal_key,
        ranked.amount as first_amount,
        last_closings.amount as closing_amount,
        reopenings.reopened_at,
        last_closings.closed_at
    from ranked
    left join reopenings
        on ranked.deal_key = reopenings.deal_key
    left join closings as last_closings
        on ranked.deal_key = last_closings.deal_key and last_closings.recency = 1 and last_closings.reopened_at is null
    where ranked.amount_number = 1
)

select * from histories
