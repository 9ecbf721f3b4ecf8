-- One row is something that metrics add up: a measure, the day it counts on, its channel and campaign, and its value.
-- Counts of people and deals go by the original touch; money of the agreed model by the touch that it is credited to.
with

stage_measures as (
    select * from {{ ref('int_metrics_stage_measures') }}
),

deal_measures as (
    select * from {{ ref('int_metrics_deal_measures') }}
),

revenue_measures as (
    select * from {{ ref('int_metrics_revenue_measures') }}
),

customer_measures as (
    select * from {{ ref('int_metrics_customer_measures') }}
),

credit_measures as (
    select * from {{ ref('int_metrics_credit_measures') }}
),

spend_measures as (
    select * from {{ ref('int_metrics_spend_measures') }}
),

measures as (
    select * from stage_measures
    union all
    select * from deal_measures
    union all
    select * from revenue_measures
    union all
    select * from customer_measures
    union all
    select * from credit_measures
    union all
    select * from spend_measures
)

select * from measures
where measure_value is not null
