-- One row is a customer on its day, by the original touch of its first won deal's primary lead.
{{ config(materialized='view') }}

with

customers as (
    select * from {{ ref('int_metrics_customers') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

dated_customers as (
    select
        {{ local_date('customers.customer_at', 'run_settings.reporting_time_zone') }} as date_day,
        customers.channel,
        customers.campaign_key,
        customers.is_paid
    from customers
    cross join run_settings
),

customer_measures as (
    select
        'customers' as measure,
        date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from dated_customers
    union all
    select
        'paid_customers' as measure,
        date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as measure_value
    from dated_customers
    where is_paid
)

select * from customer_measures
