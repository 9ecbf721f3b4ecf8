-- What history says by the run's clock; a deal without any stands in its present stage, since it was closed or created.
with

deals as (
    select * from {{ ref('int_journey_deals') }}
),

deal_stages as (
    select * from {{ ref('int_journey_deal_stages') }}
),

deal_phases as (
    select * from {{ ref('int_journey_deal_phases') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

past_stages as (
    select
        deal_stages.deal_key,
        deal_stages.stage,
        deal_stages.deal_phase,
        deal_stages.entered_at,
        case when deal_stages.left_at <= run_settings.as_of then deal_stages.left_at end as left_at,
        deal_stages.amount
    from deal_stages
    cross join run_settings
    where deal_stages.entered_at <= run_settings.as_of
),

deals_with_history as (
    select distinct deal_key
    from deal_stages
),

present_stages as (
    select
        deals.deal_key,
        deals.stage,
        deal_phases.deal_phase,
        coalesce(deals.closed_at, deals.created_at) as entered_at,
        cast(null as timestamp) as left_at,
        deals.amount
    from deals
    left join deals_with_history
        on deals.deal_key = deals_with_history.deal_key
    left join deal_phases
        on deals.stage = deal_phases.stage
    where deals_with_history.deal_key is null and deals.stage is not null
),

final as (
    select * from past_stages
    union all
    select * from present_stages
)

select * from final
