-- One row is a measure of a deal on the day it counts on, by its primary lead's original touch.
{{ config(materialized='view') }}

with

deals as (
    select * from {{ ref('int_metrics_deals') }}
),

deal_measures as (
    select
        'opportunities' as measure,
        created_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from deals
    union all
    select
        'pipeline' as measure,
        created_date as date_day,
        channel,
        campaign_key,
        pipeline_reporting as measure_value
    from deals
    union all
    select
        'pipeline_without_rate' as measure,
        created_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from deals
    where lacks_pipeline_rate
    union all
    select
        'won_deals' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from deals
    where is_won
    union all
    select
        'lost_deals' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from deals
    where is_closed and not is_won
)

select * from deal_measures
