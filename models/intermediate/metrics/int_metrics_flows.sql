-- One row is something that metrics add up: a measure, the day it counts on, its channel and campaign, and its value.
-- Counts of people and deals go by the original touch; money of the agreed model by the touch that it is credited to.
with

lead_stages as (
    select * from {{ ref('int_agreement_judged_stages') }}
),

original_touches as (
    select * from {{ ref('int_journey_original_touches') }}
),

deals as (
    select * from {{ ref('int_metrics_deals') }}
),

customers as (
    select * from {{ ref('int_metrics_customers') }}
),

credit as (
    select * from {{ ref('int_attribution_credit') }}
    where is_agreed_model
),

daily_spend as (
    select * from {{ ref('int_spend_daily') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

stage_flows as (
    select
        concat(lead_stages.stage, 's') as measure,
        {{ local_date('lead_stages.reached_at', 'run_settings.reporting_time_zone') }} as date_day,
        coalesce(original_touches.channel, 'unattributed') as channel,
        original_touches.campaign_key,
        cast(1 as decimal(18, 2)) as flow_value
    from lead_stages
    cross join run_settings
    left join original_touches
        on lead_stages.lead_key = original_touches.lead_key
),

deal_flows as (
    select
        'opportunities' as measure,
        created_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as flow_value
    from deals
    union all
    select
        'pipeline' as measure,
        created_date as date_day,
        channel,
        campaign_key,
        amount_reporting as flow_value
    from deals
    union all
    select
        'transactions' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as flow_value
    from deals
    where is_won
    union all
    select
        'lost_deals' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        cast(1 as decimal(18, 2)) as flow_value
    from deals
    where is_closed and not is_won
    union all
    select
        'revenue' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        amount_reporting as flow_value
    from deals
    where is_won
    union all
    select
        'marketing_sourced_revenue' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        amount_reporting as flow_value
    from deals
    where is_won and is_marketing_sourced
    union all
    select
        'marketing_influenced_revenue' as measure,
        closed_date as date_day,
        channel,
        campaign_key,
        amount_reporting as flow_value
    from deals
    where is_won and is_marketing_influenced
),

customer_flows as (
    select
        'customers' as measure,
        {{ local_date('customers.customer_at', 'run_settings.reporting_time_zone') }} as date_day,
        customers.channel,
        customers.campaign_key,
        cast(1 as decimal(18, 2)) as flow_value
    from customers
    cross join run_settings
    union all
    select
        'paid_customers' as measure,
        {{ local_date('customers.customer_at', 'run_settings.reporting_time_zone') }} as date_day,
        customers.channel,
        customers.campaign_key,
        cast(1 as decimal(18, 2)) as flow_value
    from customers
    cross join run_settings
    where customers.is_paid
),

credit_flows as (
    select
        case when credit.conversion_type = 'won' then 'attributed_revenue' else 'attributed_pipeline' end as measure,
        {{ local_date('credit.converted_at', 'run_settings.reporting_time_zone') }} as date_day,
        credit.channel,
        credit.campaign_key,
        credit.attributed_money as flow_value
    from credit
    cross join run_settings
    where credit.conversion_type in ('won', 'opportunity')
),

spend_flows as (
    select
        'spend' as measure,
        date_day,
        channel,
        campaign_key,
        spend_reporting as flow_value
    from daily_spend
    union all
    select
        'impressions' as measure,
        date_day,
        channel,
        campaign_key,
        cast(impressions as decimal(18, 2)) as flow_value
    from daily_spend
    union all
    select
        'clicks' as measure,
        date_day,
        channel,
        campaign_key,
        cast(clicks as decimal(18, 2)) as flow_value
    from daily_spend
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
