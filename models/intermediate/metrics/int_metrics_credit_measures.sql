-- One row is money that the agreed model credits to a touch, on the day on which it was booked or given back.
{{ config(materialized='view') }}

with

credit as (
    select * from {{ ref('int_attribution_credit') }}
    where is_agreed_model
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

credit_measures as (
    select
        case when credit.conversion_type = 'opportunity' then 'attributed_pipeline' else 'attributed_revenue' end
            as measure,
        {{ local_date('credit.booked_at', 'run_settings.reporting_time_zone') }} as date_day,
        credit.channel,
        credit.campaign_key,
        credit.attributed_money as measure_value
    from credit
    cross join run_settings
    where credit.conversion_type in ('won', 'order', 'opportunity')
)

select * from credit_measures
