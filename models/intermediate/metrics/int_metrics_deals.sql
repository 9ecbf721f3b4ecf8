-- One row is a deal with what the metrics ask of it: its days, and the original touch of its primary lead.
with

deals as (
    select * from {{ ref('int_journey_deals') }}
),

deal_contacts as (
    select * from {{ ref('int_journey_deal_contacts') }}
),

original_touches as (
    select * from {{ ref('int_journey_original_touches') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

described as (
    select
        deals.deal_key,
        primary_touches.campaign_key,

        coalesce(primary_touches.channel, 'unattributed') as channel,

        deals.pipeline_reporting,
        case when deals.is_won and deals.closed_at >= deals.created_at
            then {{ seconds_between('deals.created_at', 'deals.closed_at') }} / cast(86400 as double)
        end as sales_cycle_days,

        deals.is_won,
        deals.is_closed,
        deals.amount_at_creation is not null and deals.pipeline_reporting is null as lacks_pipeline_rate,

        {{ local_date('deals.created_at', 'run_settings.reporting_time_zone') }} as created_date,
        {{ local_date('deals.closed_at', 'run_settings.reporting_time_zone') }} as closed_date
    from deals
    cross join run_settings
    left join deal_contacts
        on deals.deal_key = deal_contacts.deal_key and deal_contacts.is_primary
    left join original_touches as primary_touches
        on deal_contacts.lead_key = primary_touches.lead_key
)

select * from described
