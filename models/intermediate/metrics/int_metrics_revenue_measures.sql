-- One row is a measure of a revenue event on its day, by the original touch of whom it is counted by.
{{ config(materialized='view') }}

with

revenue as (
    select * from {{ ref('int_metrics_revenue') }}
),

revenue_measures as (
    select
        'revenue' as measure,
        booked_date as date_day,
        channel,
        campaign_key,
        amount_reporting as measure_value
    from revenue
    union all
    -- an average is of the bookings whose money is known
    select
        'booked_revenue' as measure,
        booked_date as date_day,
        channel,
        campaign_key,
        amount_reporting as measure_value
    from revenue
    where entry_type = 'booking'
    union all
    select
        'transactions' as measure,
        booked_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from revenue
    where entry_type = 'booking'
    union all
    select
        'valued_transactions' as measure,
        booked_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from revenue
    where entry_type = 'booking' and amount_reporting is not null
    union all
    select
        'revenue_without_rate' as measure,
        booked_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from revenue
    where lacks_rate
    union all
    select
        'marketing_sourced_revenue' as measure,
        booked_date as date_day,
        channel,
        campaign_key,
        amount_reporting as measure_value
    from revenue
    where is_marketing_sourced
    union all
    select
        'marketing_influenced_revenue' as measure,
        booked_date as date_day,
        channel,
        campaign_key,
        amount_reporting as measure_value
    from revenue
    where is_marketing_influenced
)

select * from revenue_measures
