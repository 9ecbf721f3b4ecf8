-- One row is a measure of a day of a campaign's advertising.
{{ config(materialized='view') }}

with

daily_spend as (
    select * from {{ ref('int_spend_daily') }}
),

spend_measures as (
    select
        'spend' as measure,
        date_day,
        channel,
        campaign_key,
        spend_reporting as measure_value
    from daily_spend
    union all
    select
        'spend_without_rate' as measure,
        date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from daily_spend
    where spend != 0 and spend_reporting is null
    union all
    select
        'impressions' as measure,
        date_day,
        channel,
        campaign_key,
        cast(impressions as decimal(18, 2)) as measure_value
    from daily_spend
    union all
    select
        'clicks' as measure,
        date_day,
        channel,
        campaign_key,
        cast(clicks as decimal(18, 2)) as measure_value
    from daily_spend
)

select * from spend_measures
