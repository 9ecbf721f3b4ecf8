-- One row is a moment of a deal: it was created, won or lost, also where it was reopened since.
{{ config(materialized='view') }}

with

deals as (
    select * from {{ ref('int_journey_deals') }}
),

closings as (
    select * from {{ ref('int_journey_deal_closings') }}
    where reopened_at is not null
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

moments as (
    select
        deal_key,
        created_at as occurred_at,
        'opportunity' as step_type,
        6 as step_rank
    from deals
    union
    select
        deal_key,
        closed_at as occurred_at,
        case when is_won then 'won' else 'lost' end as step_type,
        7 as step_rank
    from deals
    where is_closed
    union
    select
        closings.deal_key,
        closings.closed_at as occurred_at,
        closings.outcome as step_type,
        7 as step_rank
    from closings
    cross join run_settings
    where closings.closed_at <= run_settings.as_of
)

select * from moments
