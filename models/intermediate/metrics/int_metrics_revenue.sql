-- One row is a revenue event with what the metrics ask of it: its day, the original touch of whom it is counted by,
-- whether marketing brought the oldest of its people, and whether any marketing touch is on its path.
with

revenue_events as (
    select * from {{ ref('int_revenue_events') }}
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
    where conversion_type in ('won', 'order')
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
    select distinct conversions.conversion_key
    from conversions
    inner join paths
        on conversions.conversion_number = paths.conversion_number
    inner join touchpoints
        on paths.touch_number = touchpoints.touch_number
    where touchpoints.is_marketing
),

described as (
    select
        revenue_events.revenue_key,
        own_touches.campaign_key,

        coalesce(own_touches.channel, 'unattributed') as channel,
        revenue_events.entry_type,

        revenue_events.amount_reporting,

        revenue_events.amount is not null and revenue_events.amount_reporting is null as lacks_rate,
        coalesce(oldest_touches.is_marketing, false) as is_marketing_sourced,
        influenced.conversion_key is not null as is_marketing_influenced,

        {{ local_date('revenue_events.booked_at', 'run_settings.reporting_time_zone') }} as booked_date
    from revenue_events
    cross join run_settings
    left join original_touches as own_touches
        on revenue_events.lead_key = own_touches.lead_key
    left join contacts_by_age
        on revenue_events.deal_key = contacts_by_age.deal_key and contacts_by_age.age_number = 1
    left join original_touches as oldest_touches
        on coalesce(contacts_by_age.lead_key, revenue_events.lead_key) = oldest_touches.lead_key
    left join influenced
        on revenue_events.conversion_key = influenced.conversion_key
)

select * from described
