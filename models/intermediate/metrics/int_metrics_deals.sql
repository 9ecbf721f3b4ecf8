-- One row is a deal with what the metrics ask of it: its days, its original touch, whether marketing met its people.
with

deals as (
    select * from {{ ref('int_journey_deals') }}
),

deal_contacts as (
    select * from {{ ref('int_journey_deal_contacts') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
),

original_touches as (
    select * from {{ ref('int_journey_original_touches') }}
),

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
    where conversion_type = 'won'
),

paths as (
    select * from {{ ref('int_attribution_paths') }}
),

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

contacts_by_age as (
    select
        deal_contacts.deal_key,
        deal_contacts.lead_key,
        row_number() over by_age as age_number
    from deal_contacts
    inner join leads
        on deal_contacts.lead_key = leads.lead_key
    window by_age as (partition by deal_contacts.deal_key order by leads.created_at, deal_contacts.lead_key)
),

influenced as (
    select distinct conversions.deal_key
    from conversions
    inner join paths
        on conversions.conversion_number = paths.conversion_number
    inner join touchpoints
        on paths.touch_number = touchpoints.touch_number
    where touchpoints.is_marketing
),

described as (
    select
        deals.deal_key,
        primary_touches.campaign_key,

        coalesce(primary_touches.channel, 'unattributed') as channel,

        deals.amount_reporting,
        deals.pipeline_reporting,
        case when deals.is_won and deals.closed_at >= deals.created_at
            then {{ seconds_between('deals.created_at', 'deals.closed_at') }} / cast(86400 as double)
        end as sales_cycle_days,

        deals.is_won,
        deals.is_closed,
        deals.amount is not null and deals.amount_reporting is null as lacks_amount_rate,
        deals.amount is not null and deals.pipeline_reporting is null as lacks_pipeline_rate,
        coalesce(oldest_touches.is_marketing, false) as is_marketing_sourced,
        influenced.deal_key is not null as is_marketing_influenced,

        {{ local_date('deals.created_at', 'run_settings.reporting_time_zone') }} as created_date,
        {{ local_date('deals.closed_at', 'run_settings.reporting_time_zone') }} as closed_date
    from deals
    cross join run_settings
    left join deal_contacts
        on deals.deal_key = deal_contacts.deal_key and deal_contacts.is_primary
    left join original_touches as primary_touches
        on deal_contacts.lead_key = primary_touches.lead_key
    left join contacts_by_age
        on deals.deal_key = contacts_by_age.deal_key and contacts_by_age.age_number = 1
    left join original_touches as oldest_touches
        on contacts_by_age.lead_key = oldest_touches.lead_key
    left join influenced
        on deals.deal_key = influenced.deal_key
)

select * from described
