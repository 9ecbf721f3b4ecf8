-- One row is something that metrics add up: a measure, the day it counts on, its channel and campaign, and its value.
-- Counts of people and deals go by the original touch; money of the agreed model by the touch that it is credited to.
with

stage_flows as (
    select * from {{ ref('int_metrics_stage_flows') }}
),

deal_flows as (
    select * from {{ ref('int_metrics_deal_flows') }}
),

customer_flows as (
    select * from {{ ref('int_metrics_customer_flows') }}
),

credit_flows as (
    select * from {{ ref('int_metrics_credit_flows') }}
),

spend_flows as (
    select * from {{ ref('int_metrics_spend_flows') }}
),

flows as (
    select * from stage_flows
    union all
    select * from deal_flows
    union all
    select * from customer_flows
    union all
    select * from credit_flows
    union all
    select * from spend_flows
)

select * from flows
where flow_value is not null
