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
        'transactions' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from deals
    where is_won
    union all
    -- an average is of the deals whose money is known
    select
        'valued_transactions' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from deals
    where is_won and amount_reporting is not null
    union all
    select
        'lost_deals' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from deals
    where is_closed and not is_won
    union all
    select
        'revenue' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        amount_reporting as measure_value
    from deals
    where is_won
    union all
    select
        'revenue_without_rate' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from deals
    where is_won and lacks_amount_rate
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
        'marketing_sourced_revenue' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        amount_reporting as measure_value
    from deals
    where is_won and is_marketing_sourced
    union all
    select
        'marketing_influenced_revenue' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        amount_reporting as measure_value
    from deals
    where is_won and is_marketing_influenced
)

select * from deal_measures
